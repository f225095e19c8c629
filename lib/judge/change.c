#include <string.h>

#include "judge/changepaths.h"
#include "judge/factscache.h"

static void add_once(
    struct arena *arena, struct oids *list, const struct oid *oid)
{
	if (!oids_have(list, oid))
		ARRAY_PUSH(arena, list, *oid);
}

static int add_merge_bases(const struct gate_facts *facts,
    const struct oid *other, struct oids *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct oids bases = { NULL, 0, 0 };

	if (view->merge_bases(view->git, facts->arena, &facts->candidate, other,
		&bases, err) < 0)
		return -1;
	for (size_t i = 0; i < bases.n; i++)
		add_once(facts->arena, ret, &bases.v[i]);
	return 0;
}

/*
 * "on an entry stage or for a new ref, its merge bases with the present tips
 * of later stages"
 */
static int add_later_bases(const struct gate_facts *facts,
    const struct oids *later, struct oids *ret, struct err *err)
{
	for (size_t i = 0; i < later->n; i++)
		if (add_merge_bases(facts, &later->v[i], ret, err) < 0)
			return -1;
	return 0;
}

/*
 * "every recorded tip of a later stage (withdrawn ones too) that the candidate
 * contains and the step before does not": met on a walk that stops at each,
 * since what lies behind one is not the newest.  What a present tip of a later
 * stage reaches was covered by its merge bases.
 */
static int add_recorded_tips(const struct gate_facts *facts,
    const struct oid *before, const struct oids *later, struct oids *ret,
    struct err *err)
{
	struct range_walk walk = { .tip = facts->candidate };

	if (!oid_is_zero(before))
		ARRAY_PUSH(facts->arena, &walk.hide, *before);
	for (size_t i = 0; i < later->n; i++)
		ARRAY_PUSH(facts->arena, &walk.hide, later->v[i]);
	if (range_walk(facts, &walk, err) < 0)
		return -1;
	for (size_t i = 0; i < walk.met.n; i++)
		add_once(facts->arena, ret, &walk.met.v[i]);
	return 0;
}

/* "let K be the newest among": those that no other one contains. */
static int keep_newest(const struct gate_facts *facts, const struct oids *all,
    struct oids *ret, struct err *err)
{
	const struct view *view = facts->view;
	size_t n = all->n < CHANGE_BASES_MAX ? all->n : CHANGE_BASES_MAX;

	for (size_t i = 0; i < n; i++) {
		bool older = false;

		for (size_t k = 0; k < n && !older; k++)
			if (k != i &&
			    view->is_ancestor(view->git, &all->v[i], &all->v[k],
				&older, err) < 0)
				return -1;
		if (!older)
			ARRAY_PUSH(facts->arena, ret, all->v[i]);
	}
	return 0;
}

int change_bases(
    const struct gate_facts *facts, const struct oids **ret, struct err *err)
{
	struct facts_cache *cache = facts->cache;
	const struct oids none = { NULL, 0, 0 };
	const struct oids *later = &none;
	struct oids all = { NULL, 0, 0 }, newest = { NULL, 0, 0 };
	struct oid before;

	*ret = &cache->bases;
	if (cache->has_bases)
		return 0;
	if (range_before(facts, &before, err) < 0)
		return -1;
	if (!oid_is_zero(&before) &&
	    add_merge_bases(facts, &before, &all, err) < 0)
		return -1;
	if (oid_is_zero(&before) || !facts->stage ||
	    stage_is_entry(facts->stage)) {
		if (range_later(facts, &later, err) < 0 ||
		    add_later_bases(facts, later, &all, err) < 0)
			return -1;
	}
	if (add_recorded_tips(facts, &before, later, &all, err) < 0 ||
	    keep_newest(facts, &all, &newest, err) < 0)
		return -1;
	cache->bases = newest;
	cache->has_bases = true;
	return 0;
}

int facts_change(
    const struct gate_facts *facts, const struct change **ret, struct err *err)
{
	struct facts_cache *cache = facts->cache;
	const struct oids *bases;
	struct change change = { NULL, 0, 0, { NULL, 0, 0 } };

	*ret = &cache->change;
	if (cache->has_change)
		return 0;
	if (change_bases(facts, &bases, err) < 0)
		return -1;
	change.bases = *bases;
	if (change_paths(
		facts->view, facts->arena, &facts->candidate, &change, err) < 0)
		return -1;
	cache->change = change;
	cache->has_change = true;
	return 0;
}
