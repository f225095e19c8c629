#ifndef GATES_NEWBLOBS_H
#define GATES_NEWBLOBS_H

#include "base/oidmap.h"
#include "judge/view.h"

/*
 * The blobs that a commit brings: at some path it has one that none of its
 * parents has there.  One that a parent has at a path which this commit takes
 * away was moved, and is not new.  Submodules are no blobs.
 *
 * fn is called at least once for each that is not in `known` (which saves
 * asking the other parents of a merge about it); the path lives for the call.
 */
struct new_blobs {
	const struct oidmap *known;
	int (*fn)(void *ctx, const char *path, const struct oid *oid,
	    struct err *err);
	void *ctx;
};

int new_blobs(const struct view *view, struct arena *scratch,
    const struct commit *commit, const struct new_blobs *wanted,
    struct err *err);

#endif
