#ifndef RUN_DECIDE_H
#define RUN_DECIDE_H

#include "judge/judge.h"
#include "run/session.h"

/*
 * One push through the judge, with progress for the pusher and the time limit
 * of the policy.  A push that needs a tip which another push is just
 * recording waits for it, at most FLIGHT_WAIT_MS, and is judged again.
 * The programs of its gates are session->commands, which are made unless the
 * caller has.
 */
#define FLIGHT_WAIT_MS 10000u
#define FLIGHT_POLL_MS 100u

int decide(struct session *session, const struct push *push,
    struct verdict *ret, struct err *err);

#endif
