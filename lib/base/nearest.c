#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

#define NAME_MAX_LEN 64 /* bytes; longer names have no neighbours */
#define DISTANCE_MAX 2

static int fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static unsigned min2(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a
 * into b ("optimal string alignment"); both at most NAME_MAX_LEN long. */
static unsigned distance(
    const char *a, size_t a_len, const char *b, size_t b_len)
{
	uint8_t rows[3][NAME_MAX_LEN + 1];

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (uint8_t)j;
	for (size_t i = 1; i <= a_len; i++) {
		uint8_t *row = rows[i % 3];
		const uint8_t *above = rows[(i - 1) % 3];
		const uint8_t *above2 = rows[(i + 1) % 3]; /* i - 2 */

		row[0] = (uint8_t)i;
		for (size_t j = 1; j <= b_len; j++) {
			int ca = fold(a[i - 1]), cb = fold(b[j - 1]);
			unsigned best = above[j - 1] + (ca != cb ? 1u : 0u);

			best = min2(best, above[j] + 1u);
			best = min2(best, row[j - 1] + 1u);
			if (i > 1 && j > 1 && ca == fold(b[j - 2]) &&
			    fold(a[i - 2]) == cb)
				best = min2(best, above2[j - 2] + 1u);
			row[j] = (uint8_t)best;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *nearest_name(const char *name, const struct strings *known)
{
	const char *nearest = NULL;
	size_t len = strlen(name);
	unsigned least = DISTANCE_MAX + 1;

	if (len > NAME_MAX_LEN)
		return NULL;
	for (size_t i = 0; i < known->n; i++) {
		size_t known_len = strlen(known->v[i]);
		unsigned d;

		if (known_len > NAME_MAX_LEN)
			continue;
		d = distance(name, len, known->v[i], known_len);
		if (d < least && (size_t)d * 2 < len) {
			least = d;
			nearest = known->v[i];
		}
	}
	return nearest;
}
