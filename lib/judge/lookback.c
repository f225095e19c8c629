#include "judge/lookback.h"

#include "gates/gate.h"
#include "judge/factscache.h"
#include "judge/passage.h"
#include "judge/when.h"

/* Entries that are searched for the tip before. */
#define BEFORE_MAX 512

/* Where the history of the ref has that tip last; 0 where it is not recorded
 * yet. */
static size_t find_entry(
    const struct view_entry_records *entries, const struct oid *tip)
{
	for (size_t i = 0; i < entries->n; i++)
		if (oid_eq(&entries->v[i].tip, tip))
			return i;
	return 0;
}

/*
 * The accepted tip before that one, for gates that look at the change; zero:
 * none, also where the ref was deleted in between, since it came back as a new
 * one.  A tip that contains it is one that was gone back from: what came before
 * it first came is older.
 */
static int find_before(const struct gate_facts *facts, const char *ref,
    const struct oid *tip, struct oid *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };
	struct oid none = { { 0 } };

	*ret = none;
	if (view->entries(
		view->ledger, facts->arena, ref, BEFORE_MAX, &entries, err) < 0)
		return -1;
	for (size_t i = find_entry(&entries, tip); i < entries.n; i++) {
		const struct view_entry_record *entry = &entries.v[i];
		bool later;

		if (oid_is_zero(&entry->tip))
			return 0;
		if (!passage_state_counts(entry->state))
			continue;
		if (view->is_ancestor(
			view->git, tip, &entry->tip, &later, err) < 0)
			return -1;
		if (later)
			continue;
		*ret = entry->tip;
		return 0;
	}
	return 0;
}

/*
 * The update is looked at as the ref was then.  Later stages may have that tip
 * by now, which would leave nothing of its change; where the ref was new, all
 * that it holds is the change.
 */
static int look_at_change(struct gate_facts *about, struct err *err)
{
	const struct view *view = about->view;
	struct facts_cache *cache = about->cache;

	if (!oid_is_zero(&about->before) &&
	    view->merge_bases(view->git, about->arena, &about->candidate,
		&about->before, &cache->bases, err) < 0)
		return -1;
	cache->has_bases = true;
	return 0;
}

/* New were then commits that are recorded now. */
static int look_at_commits(struct gate_facts *about, struct err *err)
{
	const struct view *view = about->view;
	struct ref_facts *cache = about->cache->ref;
	struct oids tips = { &about->candidate, 1, 1 };
	struct oids hide = { &about->before, 1, 1 };

	if (oid_is_zero(&about->before))
		hide.n = 0;
	if (view->walk(view->git, about->arena, &tips, &hide, NULL, NULL,
		(size_t)about->policy->limit_commits, &cache->new_commits,
		err) < 0)
		return -1;
	cache->has_new = true;
	return 0;
}

/* One of them, or one that can stand in for one of them. */
static bool needs_commits(
    const struct policy *policy, const struct gate_uses *uses)
{
	for (size_t i = 0; i < policy->ngates; i++) {
		const struct gate *gate = &policy->gates[i];
		const struct gate_kind *kind = gate_kind_of(gate);
		struct when_watch watch;

		if (!gate_uses_ask(uses, gate))
			continue;
		when_init(&watch, gate);
		if (when_needs_commits(&watch) ||
		    (kind && kind->family == GATE_OF_COMMITS))
			return true;
	}
	return false;
}

int lookback_begin(const struct gate_facts *facts,
    const struct ref_verdict *ref, const struct oid *tip,
    const struct oid *before, const struct gate_uses *uses,
    struct lookback *ret, struct err *err)
{
	struct gate_facts *about = &ret->facts;

	*ret = (struct lookback){
		.then = { .ref = ref->ref,
		    .shown = ref->shown,
		    .new = *tip,
		    .stage = ref->stage,
		    .stage_name = ref->stage_name,
		    .candidate = *tip },
		.facts = *facts,
		.judging = { .arena = facts->arena,
		    .policy = facts->policy,
		    .push = facts->push,
		    .view = facts->view,
		    .now = facts->now },
	};
	if (before)
		ret->then.old = *before;
	else if (find_before(facts, ref->ref, tip, &ret->then.old, err) < 0)
		return -1;
	about->ref = &ret->then;
	about->candidate = ret->then.new;
	about->before = ret->then.old;
	facts_init(about);
	if (look_at_change(about, err) < 0 ||
	    (needs_commits(facts->policy, uses) &&
		look_at_commits(about, err) < 0))
		return -1;
	oidmap_init(&ret->judging.commits, facts->arena);
	ret->judging.wide = about->wide;
	return 0;
}

void lookback_judge(struct lookback *lookback, const struct gate_uses *uses)
{
	gate_rows_judge(
	    &lookback->judging, &lookback->facts, &lookback->then, uses);
}
