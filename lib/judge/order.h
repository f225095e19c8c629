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

/*
 * The move of a stage's ref that is in order for a candidate, as whoever
 * promotes it has to make it.  Whether it may enter at all is another
 * question, which order_judge answers of what was made.
 */
struct order_way {
	/* Create and fast-forward: the candidate itself.  Merge: of P and the
	 * candidate.  Squash: one commit on P.  The last two have the
	 * candidate's tree where it contains what stands in for P, else what
	 * merging these two gives. */
	enum transition kind;
	struct oid before; /* P; zero: the ref is new */
	struct oid candidate;
	struct oid stands_in; /* for P: P unless that is a revert commit */
	bool contains;
	bool there; /* the ref holds the candidate: there is nothing to make */
	/* By which it was taken out since all the same; zero: it was not. */
	struct oid reverted_by;
};
int order_way(struct arena *arena, const struct policy *policy,
    const struct view *view, const struct stage *stage,
    const struct oid *before, const struct oid *candidate,
    struct order_way *ret, struct err *err);

/* Does the tip stand on the commit and yet lack its work, since a rollback's
 * revert commit took that out and nothing has brought it back? */
int order_was_reverted(struct arena *arena, const struct policy *policy,
    const struct view *view, const struct oid *tip, const struct oid *commit,
    bool *ret, struct err *err);

#endif
