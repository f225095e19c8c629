#ifndef JUDGE_REPORTED_H
#define JUDGE_REPORTED_H

#include "judge/evidence.h"

/*
 * Statements with what they report, for gates that judge by a report: those
 * whose form lists `reports`.  What a report says is the gate's business; here
 * is which one is looked at.
 */
struct reported {
	struct view_evidence evidence;
	struct statement statement; /* report, report_bytes, metrics */
};
struct reporteds {
	struct reported *v;
	size_t n, cap;
};

/* At hand-in: a statement without a report that the gate reads is refused
 * (evidence.report), as is one whose report gate_kind's hand_in can't read.
 * One that revokes needs none. */
int report_judge(struct judging *j, struct ref_verdict *ref,
    const struct gate *gate, const struct statement *statement,
    struct err *err);

/* evidence_stands, and where the row passed the statements that count.  One
 * without such a report (recorded under an older policy) makes it MISSING. */
int reported_stand(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const struct evidence_keys *keys,
    struct gate_row *row, struct reporteds *ret, struct err *err);

/*
 * What a report is compared with: the newest one for this gate (and matrix
 * value; NULL: none) about the present tip of the ref, else about the candidate
 * by which that tip entered.  Passes and fails alike, but none that its person
 * has revoked.  *ret_found false: there is none, or no tip.
 */
int reported_baseline(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const char *matrix, struct reported *ret,
    bool *ret_found, struct err *err);

#endif
