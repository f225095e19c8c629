#include <string.h>

#include "base/oidmap.h"
#include "judge/factscache.h"
#include "judge/passage.h"
#include "judge/stagerefs.h"

/* Entries of a ref that are searched for the last accepted tip. */
#define BEGIN_ENTRIES_MAX 512

/* Newest first; O is zero where that is not to be found: as for a new ref. */
static void last_accepted(
    const struct view_entry_records *entries, struct oid *ret)
{
	for (size_t i = 0; i < entries->n; i++) {
		if (oid_is_zero(&entries->v[i].tip) ||
		    !passage_state_counts(entries->v[i].state))
			continue;
		*ret = entries->v[i].tip;
		return;
	}
	memset(ret, 0, sizeof(*ret));
}

static int find_begin(const struct gate_facts *facts, const struct oid *old,
    struct oid *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };

	if (oid_is_zero(old)) {
		*ret = *old;
		return 0;
	}
	if (view->entries(view->ledger, facts->arena, facts->ref->ref, 1,
		&entries, err) < 0)
		return -1;
	if (entries.n > 0 && oid_eq(&entries.v[0].tip, old) &&
	    passage_state_counts(entries.v[0].state)) {
		*ret = *old;
		return 0;
	}
	if (view->entries(view->ledger, facts->arena, facts->ref->ref,
		BEGIN_ENTRIES_MAX, &entries, err) < 0)
		return -1;
	last_accepted(&entries, ret);
	return 0;
}

int range_begin(
    const struct gate_facts *facts, struct oid *ret, struct err *err)
{
	struct ref_facts *cache = facts->cache->ref;

	if (!facts->stage) {
		*ret = facts->before;
		return 0;
	}
	if (!cache->has_begin) {
		if (find_begin(facts, &facts->ref->old, &cache->begin, err) < 0)
			return -1;
		cache->has_begin = true;
	}
	*ret = cache->begin;
	return 0;
}

int range_before(
    const struct gate_facts *facts, struct oid *ret, struct err *err)
{
	if (oid_eq(&facts->before, &facts->ref->old))
		return range_begin(facts, ret, err);
	*ret = facts->before;
	return 0;
}

/* ---- present tips of later stages ------------------------------------- */

static int add_stage_tips(const struct gate_facts *facts,
    const struct stage *stage, struct oidmap *seen, struct oids *tips,
    struct err *err)
{
	struct view_refs refs;

	if (stage_refs(facts->view, facts->arena, stage, &refs, err) < 0)
		return -1;
	for (size_t i = 0; i < refs.n && tips->n < LATER_TIPS_MAX; i++)
		if (oidmap_put(seen, &refs.v[i].oid, NULL))
			ARRAY_PUSH(facts->arena, tips, refs.v[i].oid);
	return 0;
}

int range_later(
    const struct gate_facts *facts, const struct oids **ret, struct err *err)
{
	struct ref_facts *cache = facts->cache->ref;
	const struct policy *policy = facts->policy;
	struct oids tips = { NULL, 0, 0 };
	struct oidmap seen;

	if (!cache->has_later) {
		oidmap_init(&seen, facts->arena);
		for (size_t i = 0; i < policy->nstages; i++) {
			const struct stage *stage = &policy->stages[i];

			if (facts->stage &&
			    !stage_is_later(stage, facts->stage))
				continue;
			if (add_stage_tips(facts, stage, &seen, &tips, err) < 0)
				return -1;
		}
		cache->later = tips;
		cache->has_later = true;
	}
	*ret = &cache->later;
	return 0;
}

/* ---- walks ------------------------------------------------------------- */

bool range_stage(const struct gate_facts *facts, const char *name, bool here)
{
	const struct stage *stage = policy_stage(facts->policy, name);

	if (!stage)
		return false;
	if (!facts->stage)
		return true;
	return stage_is_later(stage, facts->stage) ||
	    (here && stage == facts->stage);
}

struct stopping {
	const struct gate_facts *facts;
	struct range_walk *walk;
	struct arena scratch;
	bool failed;
	struct err err;
};

/* Recorded as accepted there, taken back since or not: it was judged. */
static bool was_judged(void *ctx, const struct oid *oid)
{
	struct stopping *stopping = ctx;
	const struct gate_facts *facts = stopping->facts;
	const struct view *view = facts->view;
	struct view_passages passages = { NULL, 0, 0 };

	if (stopping->failed)
		return true;
	arena_reset(&stopping->scratch);
	if (view->passages(view->ledger, &stopping->scratch, oid, &passages,
		&stopping->err) < 0) {
		stopping->failed = true;
		return true;
	}
	for (size_t i = 0; i < passages.n; i++) {
		if (!passage_state_counts(passages.v[i].state) ||
		    !range_stage(
			facts, passages.v[i].stage, stopping->walk->here))
			continue;
		ARRAY_PUSH(facts->arena, &stopping->walk->met, *oid);
		return true;
	}
	return false;
}

int range_walk(
    const struct gate_facts *facts, struct range_walk *walk, struct err *err)
{
	const struct view *view = facts->view;
	struct stopping stopping = { .facts = facts, .walk = walk };
	struct oids tips = { &walk->tip, 1, 1 };
	int r;

	arena_init(&stopping.scratch, ARENA_SCRATCH_MAX);
	r = view->walk(view->git, facts->arena, &tips, &walk->hide, was_judged,
	    &stopping, (size_t)facts->policy->limit_commits, &walk->found, err);
	arena_release(&stopping.scratch);
	if (stopping.failed) {
		*err = stopping.err;
		return -1;
	}
	return r;
}

int facts_new_commits(
    const struct gate_facts *facts, const struct oids **ret, struct err *err)
{
	struct ref_facts *cache = facts->cache->ref;
	struct range_walk walk = { .tip = facts->stage ? facts->ref->new
						       : facts->candidate,
		.here = true };
	const struct oids *later;
	struct oid begin;

	*ret = &cache->new_commits;
	if (cache->has_new || oid_is_zero(&walk.tip))
		return 0;
	if (range_begin(facts, &begin, err) < 0 ||
	    range_later(facts, &later, err) < 0)
		return -1;
	if (!oid_is_zero(&begin))
		ARRAY_PUSH(facts->arena, &walk.hide, begin);
	for (size_t i = 0; i < later->n; i++)
		ARRAY_PUSH(facts->arena, &walk.hide, later->v[i]);
	if (range_walk(facts, &walk, err) < 0)
		return -1;
	cache->new_commits = walk.found;
	cache->has_new = true;
	return 0;
}
