#ifndef JUDGE_WHEN_H
#define JUDGE_WHEN_H

#include "judge/facts.h"

/*
 * The `when` of a gate: conditions that must all hold, else the gate is not
 * applicable.
 *
 *	when_init(&watch, gate)
 *	for each new commit: when_commit(&watch, ..)  if when_needs_commits()
 *	for each step: when_judge(&watch, facts, &why_not, err)
 *
 * `paths`, `not_paths`, `stages_from` and `lines_over` speak of a step's change
 * and candidate; `authors` and `trailer` of any new commit of the update.
 */
struct when_watch {
	const struct when *when;
	bool author_seen, trailer_seen;
};

void when_init(struct when_watch *watch, const struct gate *gate);
bool when_needs_commits(const struct when_watch *watch);
void when_commit(struct when_watch *watch, const struct policy *policy,
    struct arena *scratch, const struct commit *commit);
/* What does not need the commits: *ret_why_not NULL when it holds, else words
 * for the report. */
int when_judge_step(const struct when_watch *watch,
    const struct gate_facts *facts, const char **ret_why_not, struct err *err);
/* What needs the commits, which have all been seen. */
bool when_commits_hold(const struct when_watch *watch,
    const struct gate_facts *facts, const char **ret_why_not);
/* All of it. */
int when_judge(const struct when_watch *watch, const struct gate_facts *facts,
    const char **ret_why_not, struct err *err);

#endif
