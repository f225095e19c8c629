#ifndef RECORD_INBOX_H
#define RECORD_INBOX_H

#include "git/repo.h"
#include "record/plan.h"
#include "record/statelock.h"

/* Inbox refs (refs/evidence/..) vanish once their statement is recorded.  One
 * that is not there, or that is at something else, is left alone. */
int inbox_remove(struct arena *arena, struct repo *repo,
    const struct plan *plan, struct err *err);
/* The same by somebody who holds the lock. */
int inbox_remove_under_lock(struct arena *arena, struct state_lock *lock,
    const struct plan *plan, struct err *err);

#endif
