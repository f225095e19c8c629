#ifndef GIT_TREEWALK_H
#define GIT_TREEWALK_H

#include "git/treecache.h"
#include "git/treediff.h"

/* What lib/git itself wants of a comparison: private. */
struct tree_watch {
	/* Called for each tree of the new side that the other side does not
	 * have at that place, before it is looked into: 0 go on, 1 do not
	 * look into it, -1 with err. */
	int (*tree)(void *ctx, struct cached_tree *tree, struct err *err);
	void *ctx;
};

int treediff_watch(struct treediff *diff, const struct oid *old_tree,
    const struct oid *new_tree, const struct tree_watch *watch,
    view_change_fn *fn, void *ctx, struct err *err);
struct tree_cache *treediff_cache(const struct treediff *diff);
/* The tree that was asked for last: the one that failed. */
struct oid treediff_trouble(const struct treediff *diff);

#endif
