#include "judge/facts.h"

#include "judge/factscache.h"

void facts_init(struct gate_facts *facts)
{
	const struct ref_verdict *ref = facts->ref;

	facts->module = NULL;
	facts->stage = ref->stage;
	if (facts->stage)
		policy_stage_of_ref(facts->policy, ref->ref, &facts->module);
	facts->cache = ARENA_NEW(facts->arena, struct facts_cache);
	facts->cache->ref = ARENA_NEW(facts->arena, struct ref_facts);
}

void facts_step(struct gate_facts *facts, const struct gate_facts *first,
    const struct oid *candidate, const struct oid *before)
{
	*facts = *first;
	facts->candidate = *candidate;
	facts->before = *before;
	facts->cache = ARENA_NEW(facts->arena, struct facts_cache);
	facts->cache->ref = first->cache->ref;
}

int facts_each_new_commit(const struct gate_facts *facts, new_commit_fn *fn,
    void *ctx, struct err *err)
{
	const struct view *view = facts->view;
	const struct oids *commits;
	struct arena scratch;
	int r = 0;

	if (facts_new_commits(facts, &commits, err) < 0)
		return -1;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < commits->n && r == 0; i++) {
		const char *complaint = NULL;
		struct commit commit;

		arena_reset(&scratch);
		r = view->commit(view->git, &scratch, &commits->v[i], &commit,
		    &complaint, err);
		if (r == 0 && complaint)
			r = err_set(err, ERR_FORMAT, "commit %s: %s",
			    oid_hex8(&commits->v[i]).s, complaint);
		if (r == 0)
			r = fn(ctx, &scratch, &commit, err);
	}
	arena_release(&scratch);
	return r < 0 ? -1 : 0;
}
