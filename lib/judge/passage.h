#ifndef JUDGE_PASSAGE_H
#define JUDGE_PASSAGE_H

#include "judge/view.h"
#include "policy/model.h"

/*
 * "Having been through": the ledger records the commit as a tip that counted
 * (accepted, recovered, adopted), not withdrawn.
 *
 * A tip recorded as `warned` (it entered against the order) or `unobserved`
 * (nobody judged it) has been through nothing.
 */
bool passage_state_counts(enum passage_state state);
bool passage_counts(const struct view_passage *passage);

struct passed {     /* where a commit has been through, seen from one stage */
	bool from;  /* a stage that may be come from */
	bool here;  /* this stage */
	bool later; /* a later one: a merge back */
	bool withdrawn_here; /* taken back on this very ref: may enter again
			      * only from a `from` stage */
	/* Of the stages that count above, the one where it was a tip last, and
	 * since when; NULL: none. */
	const struct stage *last;
	int64_t last_at;
};
int passed_find(const struct view *view, struct arena *arena,
    const struct policy *policy, const struct stage *stage, const char *ref,
    const struct oid *commit, struct passed *ret, struct err *err);
/* May it enter the ref (any of the three, minding withdrawn_here)? */
bool passed_may_enter(const struct passed *passed);

/* Is the other stage in this one's `from`? */
bool stage_comes_from(const struct stage *stage, const struct stage *other);

#endif
