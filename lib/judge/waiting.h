#ifndef JUDGE_WAITING_H
#define JUDGE_WAITING_H

#include "judge/facts.h"

/*
 * The rows of a report that are not gates: how long a candidate must wait, and
 * for what.
 *
 *	soak		for each step's candidate: long enough where it comes
 *			from.  `5 h of 24 h in testing`
 *	quorum		.. and on enough refs there.  Stands in for soak where
 *			more time alone would not do
 *	settled		one row for each gate of `settled_by`, judged about the
 *			present tip.  `health missing on 1a2b3c4d: ..`
 *	freeze		`until Mon 08:00 UTC`
 *	up-to-date	for each step: against the step before it
 *
 * Adds rows to ref->gates (kind "", state passed, failed, missing, error or
 * not-applicable), the passing ones too: of several steps that all pass one
 * row, of those that fail one each.  A deletion is held by a freeze alone,
 * going back to an earlier tip by nothing.
 *
 * facts: of the update, made by facts_init.
 */
int waiting_judge(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err);

#endif
