#ifndef JUDGE_LOOKBACK_H
#define JUDGE_LOOKBACK_H

#include "judge/facts.h"
#include "judge/judging.h"

/*
 * Gates asked about a tip that a stage's ref has, or once had: the update is
 * judged as the one that brought it.
 */
struct lookback {
	struct ref_verdict then; /* that update; rows are added to it */
	struct gate_facts facts;
	struct judging judging;
};

/*
 * facts: of the update that is being judged now, of which policy, push, view,
 * time and the statements that are handed in hold there too.  ref, stage: whose
 * tip it is.  before: what its change is against; NULL: the accepted tip before
 * it.  uses: the gates that will be asked.  *ret must stay where it is.
 */
int lookback_begin(const struct gate_facts *facts,
    const struct ref_verdict *ref, const struct oid *tip,
    const struct oid *before, const struct gate_uses *uses,
    struct lookback *ret, struct err *err);

/* Rows for the gates, in ret->then.gates. */
void lookback_judge(struct lookback *lookback, const struct gate_uses *uses);

#endif
