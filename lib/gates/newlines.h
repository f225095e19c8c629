#ifndef GATES_NEWLINES_H
#define GATES_NEWLINES_H

#include "gates/coveredtree.h"

/*
 * The lines that a change adds, joined with a coverage report: those that can
 * be executed count, and those that were are covered.  A source file that the
 * report leaves out counts with all lines added to it, none of them covered;
 * so does one that is not the file that the report was made from.
 */
struct line_range {
	uint64_t from, to;
};

struct new_file {
	const char *path;
	uint64_t lines, covered;
	struct {
		struct line_range *v;
		size_t n, cap;
	} uncovered;
	const char *why; /* why nothing is covered; NULL: the report says so */
};

struct new_lines {
	struct new_file *v; /* the most uncovered lines first */
	size_t n, cap;
	uint64_t lines, covered;
	bool unknown; /* a file's lines can't be told: not enough is covered,
		       * whatever the others are */
};

/* ignore: globs of paths that count for nothing. */
int new_lines_count(struct arena *arena, const struct gate_facts *facts,
    const struct covered_tree *tree, const struct strings *ignore,
    struct new_lines *ret, struct err *err);

/* "src/a.c: 14-19, 33 (2 of 9 covered)" */
const char *new_file_words(struct arena *arena, const struct new_file *file);

#endif
