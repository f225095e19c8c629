#ifndef GIT_NWAY_H
#define GIT_NWAY_H

#include "git/treewalk.h"

/*
 * A tree against several at once: what none of the parents of a merge has at
 * that place.  Private to lib/git.
 *
 * watch: as treediff_watch, for each tree that no old tree has there.  fn is
 * called for each path whose entry no old tree has there; change->from is
 * empty.  An old tree that is not canonical counts as empty.
 */
int nway_run(struct treediff *diff, const struct oids *old_trees,
    const struct oid *new_tree, const struct tree_watch *watch,
    view_change_fn *fn, void *ctx, struct err *err);

#endif
