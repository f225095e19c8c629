#ifndef GIT_MERGEWAYS_H
#define GIT_MERGEWAYS_H

#include "git/merge.h"
#include "git/scratch.h"

/* The two ways of merging: private to merge*.c. */

/* Is each path changed by one side alone, or alike, and nothing renamed that
 * concerns the other side?  Then there is one way of merging. */
int merge_is_plain(struct repo *repo, const struct oid *base,
    const struct oid *ours, const struct oid *theirs, bool *ret,
    struct err *err);
/* By libgit2, in memory, of three trees.  Sets state and tree alone. */
int merge_by_library(struct repo *repo, const struct oid *base,
    const struct oid *ours, const struct oid *theirs, struct view_merge *ret,
    struct err *err);
/* By git, of two commits.  expect may be NULL. */
int merge_by_git(struct repo *repo, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err);

/* A bare repository to work in (mergescratch.c), removed by scratch_remove.
 * store: what is written in it goes to the real one. */
int merge_scratch_make(struct repo *repo, struct arena *arena, bool store,
    const char **ret_path, struct err *err);

#endif
