#include "gates/gate.h"

/* Of a stage that is promoted into, the merges that this push makes: those of
 * the candidate's own history were the business of the stages before. */
bool merge_enters(const struct gate_facts *facts, const struct commit *commit)
{
	const struct steps *steps = &facts->ref->steps;

	if (commit->parents.n < 2)
		return false;
	if (!facts->stage || stage_is_entry(facts->stage))
		return true;
	for (size_t i = 0; i < steps->n; i++)
		if (oid_eq(&steps->v[i].commit, &commit->id))
			return true;
	return false;
}
