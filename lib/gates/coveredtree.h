#ifndef GATES_COVEREDTREE_H
#define GATES_COVEREDTREE_H

#include "judge/reported.h"
#include "reports/coverage.h"

/*
 * A coverage report laid over the tree that it was made from: the tree of the
 * commit that its statement speaks of.
 *
 * A file of the report is the file of the tree that has the longest end of the
 * path in common with it (reports/treepaths.h); one that is ambiguous is an
 * error that names both.  What lies outside the tree, system headers say,
 * counts for nothing: of several files of a report that mean one file of the
 * tree only those with the longest common end do, and where these are not the
 * whole path and differ, that is ambiguous too.
 */
struct covered_tree {
	struct oid commit, tree;
	struct coverage files; /* by their paths in the tree; no ignored ones */
	struct strings extensions; /* of its files in the tree, sorted */
	uint64_t lines, covered;   /* of all files */
	const char *misfit;        /* the report was made from other files:
				    * how that shows; NULL: it does not */
};

/* Any format that the gate takes, by the name that the statement gives. */
int coverage_read(struct arena *arena, const struct statement *statement,
    struct coverage *ret, struct err *err);

/* ignore: globs of paths in the tree or in the report (without
 * a slash before them).  work: for what nobody
 * needs afterwards; *ret lives in it. */
int covered_tree_read(struct arena *work, const struct view *view,
    const struct reported *reported, const struct strings *ignore,
    struct covered_tree *ret, struct err *err);

/* Has a file of the report that extension? */
bool covered_tree_has_kind(
    const struct covered_tree *tree, const char *extension);
/* "c" of "src/a.c", in lower case; NULL: it has none. */
const char *path_extension(struct arena *arena, const char *path);

#endif
