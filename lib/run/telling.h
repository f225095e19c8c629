#ifndef RUN_TELLING_H
#define RUN_TELLING_H

#include "judge/push.h"
#include "judge/verdict.h"
#include "run/session.h"

/*
 * What the hooks do so that people and programs hear of a push
 * (notify/spool.h).  Nothing here is in the way of a push: what fails is made
 * up for by the next hook, from the ledger.  Where the policy has no `notify`,
 * it costs one look at whether there is a spool.
 *
 * pre-receive catches up before it decides, so that there is a place in the
 * ledger to go on from whatever happens to the push; post-receive, which need
 * not even read the policy where there is none, when all is recorded.
 */

/* Has pre-receive found rules, so that there is a spool? */
int telling_is_on(struct session *session, bool *ret, struct err *err);

/* Spools what the ledger says that is not spooled yet.  `begin`: where to begin
 * when there is no spool yet: the ledger's tip before this push; only what
 * comes after it is told. */
int telling_catch_up(
    struct session *session, const struct oid *begin, struct err *err);
/* Spools that a push is refused. */
int telling_refused(struct session *session, const struct push *push,
    const struct verdict *verdict, struct err *err);
/* Starts a sender where anything waits: a process of its own that holds nothing
 * of the push, so that whoever pushes does not wait for it. */
void telling_start(struct session *session);

#endif
