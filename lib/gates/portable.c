#include "gates/portable.h"

#include <string.h>

#include "base/text.h"

static char fold_ascii(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(const char *p, size_t len, const char *word)
{
	if (strlen(word) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (fold_ascii(p[i]) != word[i])
			return false;
	return true;
}

/* com1 to com9 and lpt1 to lpt9; Windows takes superscript digits (Latin-1,
 * two bytes in UTF-8) for digits there. */
static bool is_port(const char *p, size_t len)
{
	if (len < 4 || (!is_word(p, 3, "com") && !is_word(p, 3, "lpt")))
		return false;
	p += 3;
	if (len == 4)
		return *p >= '1' && *p <= '9';
	return len == 5 && p[0] == '\xc2' &&
	    (p[1] == '\xb9' || p[1] == '\xb2' || p[1] == '\xb3');
}

/* Names of devices, whatever follows the first dot. */
static bool is_reserved(const char *p, size_t len)
{
	static const char *const words[] = { "con", "prn", "aux", "nul",
		"conin$", "conout$" };
	const char *dot = memchr(p, '.', len);

	if (dot)
		len = (size_t)(dot - p);
	while (len > 0 && p[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word(p, len, words[i]))
			return true;
	return is_port(p, len);
}

static const char *name_complaint(const char *p, size_t len)
{
	if (len > PORTABLE_NAME_MAX)
		return "has a name of more than 255 bytes";
	if (!utf8_valid(p, len))
		return "is not UTF-8";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f ||
		    strchr("<>:\"|?*\\", p[i]))
			return "has a character that Windows forbids";
	if (len > 0 && (p[len - 1] == '.' || p[len - 1] == ' '))
		return "has a name that ends in a dot or a blank";
	if (is_reserved(p, len))
		return "has a name that Windows reserves";
	return NULL;
}

const char *portable_complaint(struct arena *arena, const char *path)
{
	size_t length = utf8_length(path, strlen(path));

	if (length > PORTABLE_PATH_MAX)
		return arena_printf(arena, "has %zu characters, at most %d",
		    length, PORTABLE_PATH_MAX);
	for (const char *p = path;;) {
		size_t len = strcspn(p, "/");
		const char *complaint = name_complaint(p, len);

		if (complaint)
			return complaint;
		if (!p[len])
			return NULL;
		p += len + 1;
	}
}

/* ---- case --------------------------------------------------------------- */

/* Upper-case letters that lie at a distance from their lower-case ones. */
static const struct {
	uint32_t first, last, distance;
} shifted[] = {
	{ 0x0041, 0x005a, 0x20 },
	{ 0x00c0, 0x00d6, 0x20 },
	{ 0x00d8, 0x00de, 0x20 },
	{ 0x0391, 0x03a1, 0x20 },
	{ 0x03a3, 0x03ab, 0x20 },
	{ 0x0400, 0x040f, 0x50 },
	{ 0x0410, 0x042f, 0x20 },
};

/* Upper and lower case in turn; the upper one is even, or odd. */
static const struct {
	uint32_t first, last, upper;
} paired[] = {
	{ 0x0100, 0x0137, 0 },
	{ 0x0139, 0x0148, 1 },
	{ 0x014a, 0x0177, 0 },
	{ 0x0179, 0x017e, 1 },
	{ 0x0460, 0x0481, 0 },
	{ 0x048a, 0x04bf, 0 },
	{ 0x04d0, 0x052f, 0 },
	{ 0x1e00, 0x1e95, 0 },
	{ 0x1ea0, 0x1eff, 0 },
};

static uint32_t fold_char(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} single[] = { { 0x0178, 0xff }, { 0x017f, 's' }, { 0x03c2, 0x03c3 },
		{ 0x1e9e, 0xdf }, { 0x212a, 'k' }, { 0x212b, 0xe5 } };

	for (size_t i = 0; i < sizeof(shifted) / sizeof(*shifted); i++)
		if (c >= shifted[i].first && c <= shifted[i].last)
			return c + shifted[i].distance;
	for (size_t i = 0; i < sizeof(paired) / sizeof(*paired); i++)
		if (c >= paired[i].first && c <= paired[i].last)
			return c % 2 == paired[i].upper ? c + 1 : c;
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++)
		if (c == single[i].from)
			return single[i].to;
	return c;
}

const char *portable_fold(struct arena *arena, const char *path)
{
	size_t len = strlen(path);
	/* No letter here grows in UTF-8 by being folded. */
	char *folded = arena_alloc(arena, len + 1), *to = folded;
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = (unsigned char)path[i] < 0x80
		    ? 0
		    : utf8_decode(path + i, len - i, &c);

		if (n == 0) {
			*to = path[i++];
			if (*to >= 'A' && *to <= 'Z')
				*to += 'a' - 'A';
			to++;
			continue;
		}
		i += n;
		to += utf8_put(fold_char(c), to);
	}
	return folded;
}
