#ifndef RECORD_KEPT_H
#define RECORD_KEPT_H

#include "git/repo.h"
#include "record/statelock.h"

/* Makes an old tip reachable under refs/stagegate/kept/<full ref>/<oid>,
 * durably.  One that is there already is fine. */
#define KEPT_PREFIX "refs/stagegate/kept/"
int kept_add(struct arena *arena, struct repo *repo, const char *ref,
    const struct oid *tip, struct err *err);
/* The same by somebody who holds the lock. */
int kept_add_under_lock(struct arena *arena, struct state_lock *lock,
    const char *ref, const struct oid *tip, struct err *err);

#endif
