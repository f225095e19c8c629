#ifndef JUDGE_INCIDENT_H
#define JUDGE_INCIDENT_H

#include "judge/facts.h"

/*
 * Incidents: what a rollback or a bypass leaves to be done.  Until every gate
 * of `then` has passed for the incident's subject, by statements recorded
 * after it opened and about that very commit, its ref takes no new candidates;
 * rollbacks are always possible.
 */

/*
 * How the gates of an incident stand: a row for each, by the policy that holds
 * now.  One that this policy does not define any more is missing: only an
 * administrator can put it back.  *ret_done: all of them let pass.
 *
 * A gate that looks at a change (`review`, who made it) is given all that a
 * rollback took out, from the tip that was restored on; of a bypass what the
 * new tip brought.
 *
 * policy, push, view and now are those of facts; where facts->verdict is set,
 * statements that its push hands in count too.
 */
int incident_stands(const struct gate_facts *facts,
    const struct view_incident *incident, struct gate_rows *ret_rows,
    bool *ret_done, struct err *err);

/* The same for somebody who judges no push: push may be empty. */
int incident_ask(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct view_incident *incident,
    struct gate_rows *ret_rows, bool *ret_done, struct err *err);

/* stage.locked for each open incident of the ref that is not done.  facts: of
 * the update. */
int incident_lock(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err);

/* "incident 7 (rollback by dana at 2026-11-28 10:00 UTC: INC-42 latency)" */
const char *incident_named(
    struct arena *arena, const struct view_incident *incident);

#endif
