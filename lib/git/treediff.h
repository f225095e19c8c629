#ifndef GIT_TREEDIFF_H
#define GIT_TREEDIFF_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * A comparison of raw trees: equal ids skipped, paths made only for what
 * differs, no attributes, no renames.  Trees must be canonical; one that is
 * not (unsorted, duplicate) is ERR_FORMAT.
 */
struct treediff; /* keeps the trees read last, shared by a run */

struct treediff *treediff_new(struct arena *arena, struct repo *repo);
void treediff_free(struct treediff *diff); /* NULL is allowed */

/* Calls fn for every path (of a file, link or submodule) whose entry differs.
 * old_tree may be NULL: the empty tree.  Paths live until fn returns.  fn
 * answers 0, or -1 with err set, which ends the walk. */
int treediff_run(struct treediff *diff, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *ctx, struct err *err);
/* The entry at a path; mode 0 when there is none. */
int treediff_entry(struct treediff *diff, const struct oid *tree,
    const char *path, struct view_entry *ret, struct err *err);
/* Calls fn for every entry of a whole tree, folders included (their path and
 * mode 040000), which are not looked into when it answers 1. */
int treediff_list(struct treediff *diff, const struct oid *tree,
    view_change_fn *fn, void *ctx, struct err *err);

#endif
