#ifndef RECORD_STATELOCK_H
#define RECORD_STATELOCK_H

#include "git/repo.h"

/*
 * stagegate/lock: whoever writes the ledger, removes inbox refs or keeps old
 * tips holds it (flock), so that all of these happen one after the other.
 *
 * While a ref is written its name stands in the lock file.  A process that is
 * killed just then leaves git's "<ref>.lock" behind, and that of packed-refs
 * perhaps, which would refuse every later write; who takes the lock next finds
 * the name, sees that nobody is at work on that ref, and removes them.
 */
#define STATE_LOCK_WAIT_MS 30000u

struct state_lock {
	struct repo *repo;
	const char *path;
	int fd; /* -1: not held */
};

int state_lock_take(struct arena *arena, struct repo *repo,
    struct state_lock *ret, struct err *err);
void state_lock_release(struct state_lock *lock); /* not held: harmless */

/* ref_update and ref_remove (git/refs.h), under the lock. */
int state_lock_update(struct state_lock *lock, const char *ref,
    const struct oid *old, const struct oid *target, const char *why,
    struct err *err);
int state_lock_remove(struct state_lock *lock, const char *ref,
    const struct oid *old, struct err *err);

#endif
