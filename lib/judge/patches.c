#include "judge/patches.h"

#include "judge/stagerefs.h"

struct search {
	struct judging *j;
	const struct oid *commit;
	struct strings *found;
};

static bool asks_for(const struct policy *policy, const struct stage *stage,
    const struct gate *gate)
{
	return gate_uses_ask(&stage->gates, gate) ||
	    gate_uses_ask(&stage->settled_by, gate) ||
	    gate_uses_ask(&policy->always, gate);
}

/*
 * The change that an update of that ref would be judged by.  before: its tip,
 * zero for a new one.  More commits than the policy allows could not be pushed
 * there either.
 */
static int add_change(struct search *s, struct arena *scratch,
    const struct ref_verdict *update, struct err *err)
{
	const struct judging *j = s->j;
	struct gate_facts facts = { .arena = scratch,
		.policy = j->policy,
		.push = j->push,
		.view = j->view,
		.now = j->now,
		.ref = update,
		.candidate = update->new,
		.before = update->old };
	const char *digest;
	struct err why;

	facts_init(&facts);
	if (patch_digest(&facts, &digest, &why) < 0) {
		if (why.kind == ERR_LIMIT)
			return 0;
		*err = why;
		return -1;
	}
	if (digest)
		strings_add(j->arena, s->found, arena_strdup(j->arena, digest));
	return 0;
}

static int add_update(struct search *s, const struct stage *stage,
    const char *ref, const struct oid *tip, struct err *err)
{
	struct ref_verdict update = { .ref = ref,
		.shown = ref,
		.new = *s->commit,
		.stage = stage,
		.stage_name = stage->name,
		.candidate = *s->commit };
	struct arena scratch;
	int r;

	if (tip)
		update.old = *tip;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	r = add_change(s, &scratch, &update, err);
	arena_release(&scratch);
	return r;
}

/* A stage with a single ref that is there will have no other one. */
static bool may_be_new(const struct stage *stage, const struct view_refs *refs)
{
	return !stage_single_ref(stage) || refs->n == 0;
}

/* A ref that has the commit already leaves nothing to compare. */
static int add_refs(struct search *s, const struct stage *stage,
    const struct view_refs *refs, struct err *err)
{
	const struct view *view = s->j->view;

	for (size_t i = 0; i < refs->n && i < PATCH_REFS_MAX; i++) {
		const struct view_named_ref *ref = &refs->v[i];
		bool contains;

		if (judging_expired(s->j))
			return 0;
		if (view->is_ancestor(
			view->git, s->commit, &ref->oid, &contains, err) < 0)
			return -1;
		if (!contains &&
		    add_update(s, stage, ref->name, &ref->oid, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * Refs of an entry stage are anybody's: with half of a change on one of them
 * the other half would be what was reviewed, and count alone.  A rebased commit
 * is judged there against later stages, whatever the ref had before: as a new
 * one is.
 */
static int add_stage(
    struct search *s, const struct stage *stage, struct err *err)
{
	const struct view *view = s->j->view;
	struct view_refs refs = { NULL, 0, 0 };

	if (!stage_is_entry(stage) &&
	    (stage_refs(view, s->j->arena, stage, &refs, err) < 0 ||
		add_refs(s, stage, &refs, err) < 0))
		return -1;
	if (judging_expired(s->j) || !may_be_new(stage, &refs))
		return 0;
	return add_update(s, stage, "", NULL, err);
}

int statement_patches(struct judging *j, const struct gate *gate,
    const struct oid *commit, struct strings *ret, struct err *err)
{
	struct search s = { .j = j, .commit = commit, .found = ret };
	const struct policy *policy = j->policy;

	for (size_t i = 0; i < policy->nstages; i++)
		if (asks_for(policy, &policy->stages[i], gate) &&
		    add_stage(&s, &policy->stages[i], err) < 0)
			return -1;
	return 0;
}
