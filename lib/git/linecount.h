#ifndef GIT_LINECOUNT_H
#define GIT_LINECOUNT_H

#include "git/repo.h"
#include "judge/view.h"

/* struct view's `lines`: added and removed from one blob to another (zero: an
 * empty one), every blob being text. */
int line_count(struct repo *repo, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err);

#endif
