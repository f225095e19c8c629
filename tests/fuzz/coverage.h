#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include <string.h>

#include "fuzz/fuzz.h"
#include "reports/coverage.h"
#include "reports/treepaths.h"

/*
 * What every reader of coverage promises: files and lines are sorted and
 * distinct, each can be found, and each path finds itself in a tree that holds
 * it.
 */
typedef int fuzz_coverage_fn(struct arena *arena, const char *bytes, size_t len,
    struct coverage *ret, struct err *err);

static inline void fuzz_coverage_file(
    const struct coverage *coverage, size_t i, struct arena *arena)
{
	const struct coverage_file *file = &coverage->v[i];
	const char *normal = treepath_normal(arena, file->path);
	struct treepaths paths = { 0 };
	struct treepath_match match;

	MUST(*file->path);
	MUST(i == 0 || strcmp(file[-1].path, file->path) < 0);
	MUST(coverage_file(coverage, file->path) == file);
	for (size_t k = 0; k < file->n; k++) {
		MUST(file->v[k].number > (k > 0 ? file->v[k - 1].number : 0));
		MUST(coverage_line(file, file->v[k].number) == &file->v[k]);
	}
	MUST(strcmp(treepath_normal(arena, normal), normal) == 0);
	treepaths_add(arena, &paths, normal + (*normal == '/'));
	treepaths_find(&paths, normal, &match);
	MUST(!*normal || (match.whole && !match.other));
}

static inline int fuzz_coverage(
    fuzz_coverage_fn *reader, const uint8_t *data, size_t size)
{
	struct coverage coverage;
	struct arena arena;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	if (reader(&arena, fuzz_text(&arena, data, size), size, &coverage,
		&err) < 0) {
		MUST(err.kind == ERR_LIMIT ||
		    strncmp(err.text, "line ", 5) == 0);
	} else {
		MUST(coverage.n > 0);
		for (size_t i = 0; i < coverage.n; i++)
			fuzz_coverage_file(&coverage, i, &arena);
	}
	arena_release(&arena);
	return 0;
}

#endif
