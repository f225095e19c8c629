#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "judge/push.h"
#include "judge/verdict.h"
#include "judge/view.h"
#include "policy/model.h"

/*
 * The judge: from a policy, a push, a view and a time to a verdict.  Pure: it
 * opens no file, reads no clock, prints nothing, never exits.  Everything
 * wrong with a push is in the verdict, not only the first thing.
 *
 * progress (may be NULL) is told about long work.  expired (may be NULL)
 * answers true when the time that the policy allows is over; the rest is then
 * refused with limit.time.
 */
struct judge_env {
	void (*progress)(
	    void *ctx, const char *what, size_t done, size_t total);
	bool (*expired)(void *ctx);
	void *ctx;
};

void judge(struct arena *arena, const struct policy *policy,
    const struct push *push, const struct view *view, int64_t now,
    const struct judge_env *env, struct verdict *ret);

#endif
