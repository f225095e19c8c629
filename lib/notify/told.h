#ifndef NOTIFY_TOLD_H
#define NOTIFY_TOLD_H

#include "git/repo.h"

/*
 * refs/stagegate/told: the commit of the ledger up to which everything has been
 * delivered or given up, and so where a spool begins again that was lost.  It
 * is made when the spool is, and moves on when a sender has nothing left.  An
 * empty blob stands for the time before the first record, which has no commit.
 */
#define TOLD_REF "refs/stagegate/told"

/* *ret_there false: nobody was ever to be told of anything. */
int told_read(struct arena *arena, struct repo *repo, bool *ret_there,
    struct oid *ret, struct err *err);
/* told: zero for the time before the first record. */
int told_write(struct arena *arena, struct repo *repo, const struct oid *told,
    struct err *err);
int told_forget(struct arena *arena, struct repo *repo, struct err *err);

#endif
