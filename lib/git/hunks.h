#ifndef GIT_HUNKS_H
#define GIT_HUNKS_H

#include "git/repo.h"
#include "judge/view.h"

/* struct view's `hunks`: the lines that differ between two blobs (zero: none),
 * and those around them.  1: they are compared by their ids alone. */
int hunks_read(struct repo *repo, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *ctx, struct err *err);

/* struct view's `added`. */
int added_lines_read(struct repo *repo, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *ctx, struct err *err);

#endif
