/*
 * The fold of a path: always the same one, in as many folders, without a
 * capital of ASCII.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "gates/portable.h"

static size_t slashes(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == '/';
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *path, *folded;

	arena_init(&arena, ARENA_RUN_MAX);
	path = fuzz_text(&arena, data, size);
	folded = portable_fold(&arena, path);
	MUST(strcmp(folded, portable_fold(&arena, path)) == 0);
	MUST(slashes(folded) == slashes(path));
	for (const char *p = folded; *p; p++)
		MUST(*p < 'A' || *p > 'Z');
	MUST(*portable_difference(&arena, path, folded));
	portable_complaint(&arena, path);
	arena_release(&arena);
	return 0;
}
