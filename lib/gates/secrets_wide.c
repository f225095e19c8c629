#include "gates/secrets_scan.h"

/*
 * A byte beside a zero one is a character, whichever of the two comes first:
 * then nothing depends on a mark, on where the text begins or on whether all
 * of the file is text.  A character outside of Latin-1 is no part of a
 * credential, and leaves a sign that no pattern matches.
 */
void secret_narrow(struct arena *arena, const struct secret_text *wide,
    struct secret_text *ret)
{
	const char *p = wide->p;
	char *to = arena_alloc(arena, wide->len + 1);
	size_t n = 0, i = 0;

	while (i + 1 < wide->len) {
		if ((p[i] == '\0') == (p[i + 1] == '\0')) {
			to[n++] = '\x01';
			i++;
			continue;
		}
		to[n++] = p[i] ? p[i] : p[i + 1];
		i += 2;
	}
	ret->p = to;
	ret->len = n;
}
