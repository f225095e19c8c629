#ifndef JUDGE_WAITS_H
#define JUDGE_WAITS_H

#include "judge/waiting.h"

/*
 * What the files behind waiting.h share; nobody else includes this.
 *
 *	waiting.c	 which of them apply to a move
 *	waiting_soak.c	 soak and quorum: rows
 *	standing.c	 how a candidate stands in the stages it comes from
 *	runs.c		 since when a candidate has been on a ref
 *	waiting_settled.c  settled_by
 *	waiting_freeze.c freeze
 *	waiting_fresh.c	 up_to_date
 */
#define WAIT_ROWS_MAX 10 /* failing steps that get a row of their own */

int waiting_soak(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err);
int waiting_settled(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err);
void waiting_freeze(const struct gate_facts *facts, struct ref_verdict *ref);
int waiting_fresh(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err);

/* When a freeze that holds at `now` lifts; false where none holds.  *ret zero:
 * never. */
bool freeze_lifts(const struct stage *stage, int64_t now, int64_t *ret);

/*
 * Since when a ref's tip has been a commit or a descendant of it, without a
 * break: "`soak` runs while the `from` ref's tip is the candidate or descends
 * from it".  Tips that were never judged break it, and so does a rollback that
 * took the commit out, though its revert commit descends from it.
 */
struct run {
	bool on;       /* it is now, or was until the ref was deleted */
	bool over;     /* the ref was deleted */
	int64_t since; /* at the latest: the search ends at `enough` */
	int64_t until; /* now, or when it was deleted */
};
int run_find(const struct gate_facts *facts, const char *ref,
    const struct oid *commit, uint64_t enough_s, struct run *ret,
    struct err *err);

#endif
