#ifndef RECORD_RECONCILE_H
#define RECORD_RECONCILE_H

#include "policy/model.h"
#include "record/append.h"

/*
 * What a hook that starts does first: plans whose push is no longer running
 * are settled.  A planned ref that moved as planned becomes `recovered`,
 * entered now; one that did not is dropped.  Then each stage ref named in
 * `refs` whose tip nobody recorded, and that no live plan explains, becomes
 * `unobserved`; one that vanished, a deletion that is.  policy may be NULL:
 * plans only.
 *
 * All of it happens under the lock that appends take, so that several hooks
 * that come at once, or the post-receive of a push whose receive-pack was
 * killed, do no harm.  The order in which things are looked at matters: first
 * the ref, then the plans, then the ledger.  A push writes its plan before its
 * ref moves and removes it after it is recorded, so whoever looks in that
 * order finds either the plan or the record.
 *
 * With nothing to do no lock is taken.
 */
int reconcile(struct arena *arena, struct repo *repo,
    const struct policy *policy, const struct strings *refs, int64_t now,
    struct err *err);

#endif
