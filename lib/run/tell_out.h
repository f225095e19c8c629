#ifndef RUN_TELL_OUT_H
#define RUN_TELL_OUT_H

#include "judge/push.h"
#include "judge/verdict.h"
#include "run/session.h"

/* What the hooks say to the pusher, on standard error.  Each returns the exit
 * code that goes with it (base/exit.h). */
int say_undecided(struct arena *arena, const char *why);
int say_policy_broken(struct session *session);
int say_policy_unusable(struct arena *arena, const char *why);
/* What post-receive could not record now; the next hook does. */
int say_unrecorded(struct arena *arena, const char *why);
int say_verdict(struct arena *arena, const struct push *push,
    const struct verdict *verdict);

#endif
