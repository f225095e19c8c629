#include "tell/phrase.h"

#include <stdbool.h>
#include <string.h>

#include "base/oid.h"
#include "base/text.h"

#define OID_SHOWN 8 /* digits */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

static bool is_oid(const char *word, size_t len)
{
	return len == OID_HEX && strspn(word, "0123456789abcdef") >= OID_HEX;
}

const char *phrase_shown(struct arena *arena, const char *text)
{
	char *clean = arena_strdup(arena, text_clean_s(arena, text));
	char *to = clean;
	const char *from = clean;

	while (*from) {
		size_t len = 0, keep;

		while (is_word(from[len]))
			len++;
		if (len == 0)
			len = 1;
		keep = is_oid(from, len) ? OID_SHOWN : len;
		memmove(to, from, keep);
		to += keep;
		from += len;
	}
	*to = '\0';
	return clean;
}

const char *phrase_without_paths(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text), *to = copy;
	const char *from = copy;
	bool begins = true; /* a word may begin here */

	while (*from) {
		if (begins && *from == '/') {
			size_t len = strcspn(from, " '\",;:()");

			for (size_t i = len - 1; i > 0; i--) {
				if (from[i - 1] != '/')
					continue;
				from += i;
				len -= i;
				break;
			}
			memmove(to, from, len);
			to += len;
			from += len;
			begins = false;
			continue;
		}
		begins = strchr(" '\"(:=", *from) != NULL;
		*to++ = *from++;
	}
	*to = '\0';
	return copy;
}

const char *phrase_count(struct arena *arena, size_t n, const char *what)
{
	return arena_printf(arena, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

const char *phrase_place(struct arena *arena, const struct mark *mark)
{
	const char *name, *slash;

	if (!mark->source || !mark->source->name || mark->line == 0)
		return NULL;
	name = mark->source->name;
	slash = strrchr(name, '/');
	return arena_printf(arena, "%s:%zu",
	    phrase_shown(arena, slash ? slash + 1 : name), mark->line);
}
