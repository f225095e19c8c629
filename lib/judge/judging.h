#ifndef JUDGE_JUDGING_H
#define JUDGE_JUDGING_H

#include "base/oidmap.h"
#include "judge/facts.h"
#include "judge/judge.h"
#include "judge/refname.h"

/*
 * One judgement on its way; nobody but the judge's own files includes this.
 *
 * judge.c sees to the push as a whole, judge_ref.c to one update,
 * judge_objects.c to what it brings, gate_rows.c to its gates.  In all of
 * them -1 means that the update can't be judged any further: err says why
 * where err->kind is not ERR_NONE, else a finding does.
 */
struct judging {
	struct arena *arena;
	const struct policy *policy;
	const struct push *push;
	const struct view *view;
	int64_t now;
	const struct judge_env *env; /* NULL: none */
	struct verdict *verdict;
	struct refname_index *names;
	struct oidmap commits;       /* that are new in this push so far */
	struct push_wide *wide;      /* gates/pushwide.c */
	struct standings *standings; /* standing.h */
	bool expired; /* time was over: what was left is refused */
};

/* judge_ref.c: one update that is not evidence, or is. */
void judge_ref(struct judging *j, struct ref_verdict *ref, enum ref_kind kind);
/* From findings and rows to refused, with what `status: draft` lets pass. */
void judge_settle(struct judging *j, struct ref_verdict *ref);

/* judge_objects.c: the new tip is there and of the right kind; *ret_commit is
 * what it peels to.  False: a finding says why not. */
int judge_tip(struct judging *j, struct ref_verdict *ref,
    struct oid *ret_commit, bool *ret_ok, struct err *err);
/* The new commits are not too many, complete and canonical; each that is goes
 * on to the gates (asking may be NULL). */
struct asking;
int judge_objects(struct judging *j, const struct gate_facts *facts,
    struct ref_verdict *ref, struct asking *asking, bool *ret_ok,
    struct err *err);

/*
 * gate_rows.c: the gates that are asked of an update, the stage's in the
 * policy's order before the `always` ones; then a row for each.  first: facts
 * of the update; its steps are in ref->steps.
 *
 *	uses = gate_rows_asked(j, ref, true);
 *	asking = gate_rows_begin(j, &facts, ref, &uses);
 *	for each new commit, if gate_rows_read(asking):
 *		gate_rows_commit(asking, ..)
 *	gate_rows_finish(asking, ref);
 *
 * gate_rows_judge does all of it, for commits known to be canonical.
 */
struct gate_uses gate_rows_asked(
    struct judging *j, const struct ref_verdict *ref, bool stage_too);
struct asking *gate_rows_begin(struct judging *j,
    const struct gate_facts *first, const struct ref_verdict *ref,
    const struct gate_uses *uses);
bool gate_rows_read(const struct asking *asking);
void gate_rows_commit(
    struct asking *asking, struct arena *scratch, const struct commit *commit);
void gate_rows_finish(struct asking *asking, struct ref_verdict *ref);
void gate_rows_judge(struct judging *j, const struct gate_facts *first,
    struct ref_verdict *ref, const struct gate_uses *uses);

/* bypass.c: turns rows that refuse into overridden ones, where the push asks
 * for it and may.  After all rows of the update are there; facts: its first. */
void bypass_judge(
    struct judging *j, const struct gate_facts *facts, struct ref_verdict *ref);
/* Warns that there was nothing to go around. */
void bypass_warn(struct judging *j, const struct ref_verdict *ref);

/* push_options.c: findings about what our options say, warnings about those
 * that nearly are one. */
void push_options_judge(struct judging *j);

/* Is the time over?  Remembers it. */
bool judging_expired(struct judging *j);
void judging_progress(
    const struct judging *j, const char *what, size_t done, size_t total);

#endif
