#ifndef REPORTS_TREEPATHS_H
#define REPORTS_TREEPATHS_H

#include "base/array.h"

/*
 * Which file of a tree does a path in a report mean?  Reports are made in some
 * folder of some machine, so what is certain is the end of a path: the file
 * meant is the one that shares the longest end with it, in whole components.
 *
 *	/home/ci/job-4/src/a.c		src/a.c
 *	a.c				src/a.c, when no other folder has an a.c
 *	../lib/./b.c			lib/b.c
 *	C:\job\src\a.c			src/a.c
 *
 * Of several files that share as long an end, the one whose whole path that end
 * is is meant (/job/src/a.c: src/a.c before old/src/a.c).  Else it is
 * ambiguous.
 *
 *	struct treepaths t = { 0 };
 *	treepaths_add(arena, &t, "src/a.c");	for each file of the tree
 *	treepaths_sort(&t);
 *	treepaths_find(&t, treepath_normal(arena, reported), &match);
 *
 * Finding takes the logarithm of the number of paths, whatever they look like.
 */
struct treepath {
	const char *path; /* the caller's: outlives the index */
	size_t len;
};

struct treepaths {
	struct treepath *v; /* by their ends, once sorted */
	size_t n, cap;
};

struct treepath_match {
	const char *path;  /* of the tree; NULL: none has that name */
	const char *other; /* as good as path: ambiguous; NULL: none */
	size_t parts;      /* components that are shared */
	bool whole;        /* all components of path are */
};

void treepaths_add(
    struct arena *arena, struct treepaths *paths, const char *path);
void treepaths_sort(struct treepaths *paths);
/* reported: as treepath_normal makes it. */
void treepaths_find(const struct treepaths *paths, const char *reported,
    struct treepath_match *ret);

/* A path with slashes alone (`\` becomes one), without empty parts and `.`;
 * `..` takes the part before it away.  It begins with a slash where it was
 * absolute.  "" where nothing is left. */
const char *treepath_normal(struct arena *arena, const char *path);

#endif
