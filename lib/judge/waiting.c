#include "judge/waiting.h"

#include "judge/waits.h"

int waiting_judge(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err)
{
	const struct stage *stage = ref->stage;
	bool entry;

	if (!stage)
		return 0;
	if (oid_is_zero(&ref->new)) {
		waiting_freeze(facts, ref);
		return 0;
	}
	/* On an entry stage there is no candidate that comes from anywhere,
	 * and a forced push brings what was never there. */
	entry = stage_is_entry(stage);
	if (ref->kind == TRANSITION_REWIND && !entry)
		return 0;
	if (!entry && waiting_soak(facts, ref, err) < 0)
		return -1;
	if (waiting_settled(facts, ref, err) < 0)
		return -1;
	waiting_freeze(facts, ref);
	if (!entry && waiting_fresh(facts, ref, err) < 0)
		return -1;
	return 0;
}
