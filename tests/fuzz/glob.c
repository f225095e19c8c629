/*
 * Globs, three lines: two patterns and a text.  A pattern without wildcards
 * matches its text alone; every match begins with the prefix; patterns that
 * match the same text overlap, whichever comes first, and each with itself.
 */
#include <string.h>

#include "base/glob.h"
#include "fuzz/fuzz.h"

/* A product of two such patterns is more than an input's worth of time. */
#define LINE_MAX_BYTES 512

static const char *take_line(struct arena *arena, const char **at)
{
	size_t len = strcspn(*at, "\n");
	const char *line = arena_strndup(
	    arena, *at, len < LINE_MAX_BYTES ? len : 0);

	*at += len + ((*at)[len] == '\n');
	return line;
}

static void check_one(struct arena *arena, const char *glob, const char *text)
{
	const char *prefix = glob_prefix(arena, glob);

	if (glob_match(glob, text))
		MUST(strncmp(text, prefix, strlen(prefix)) == 0);
	if (glob_is_literal(glob)) {
		MUST(glob_match(glob, prefix));
		MUST(glob_match(glob, text) == (strcmp(text, prefix) == 0));
	}
	MUST(glob_overlap(glob, glob));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at, *a, *b, *text;
	struct arena arena;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	at = fuzz_text(&arena, data, size);
	a = take_line(&arena, &at);
	b = take_line(&arena, &at);
	text = take_line(&arena, &at);
	if (glob_check(a, &err) == 0 && glob_check(b, &err) == 0) {
		check_one(&arena, a, text);
		check_one(&arena, b, text);
		MUST(glob_overlap(a, b) == glob_overlap(b, a));
		if (glob_match(a, text) && glob_match(b, text))
			MUST(glob_overlap(a, b));
	}
	arena_release(&arena);
	return 0;
}
