#ifndef JUDGE_ORDER_H
#define JUDGE_ORDER_H

#include "judge/facts.h"

/*
 * Stage order: does this move of a stage's ref follow the flow?
 *
 * order_judge looks at one update of a ref that belongs to a stage: role,
 * held client, lock, unobserved tip, rewind, deletion, then the walk down the
 * first parents to steps, each of which must be a fast-forward, a merge or a
 * squash in order (policy-language: Entering).  It fills ref->kind, candidate,
 * steps, findings, keep, and answers -1 only when it could not find out.
 * Soak, quorum, freeze and settled_by are in waiting.h, gates in judge.c.
 */
int order_judge(struct arena *arena, const struct policy *policy,
    const struct push *push, const struct view *view, int64_t now,
    struct ref_verdict *ref, struct err *err);

#endif
