#include "gates/gate.h"
#include "judge/factscache.h"
#include "judge/judging.h"
#include "judge/passage.h"
#include "judge/waits.h"
#include "judge/when.h"

/*
 * "gates that the stage's *present* tip must have passed before anything new
 * enters": the update is judged as the one that brought the present tip.
 */

/* Entries that are searched for the tip before. */
#define BEFORE_MAX 512

/*
 * The accepted tip before the present one, for gates that look at the change;
 * zero: none, also where the ref was deleted in between, since it came back as
 * a new one.  A tip that contains the present one is one that was gone back
 * from: what came before the present tip first came is older.
 */
static int find_before(const struct gate_facts *facts,
    const struct ref_verdict *ref, struct oid *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };
	struct oid none = { { 0 } };

	*ret = none;
	if (view->entries(view->ledger, facts->arena, ref->ref, BEFORE_MAX,
		&entries, err) < 0)
		return -1;
	for (size_t i = 0; i < entries.n; i++) {
		const struct view_entry_record *entry = &entries.v[i];
		bool later;

		if (oid_is_zero(&entry->tip))
			return 0;
		if (!passage_state_counts(entry->state))
			continue;
		if (view->is_ancestor(
			view->git, &ref->old, &entry->tip, &later, err) < 0)
			return -1;
		if (later)
			continue;
		*ret = entry->tip;
		return 0;
	}
	return 0;
}

/*
 * Did the present tip come past the hooks?  Elsewhere that refuses
 * (stage.unobserved), but "on an entry stage an unobserved tip blocks nothing",
 * and nobody could hand in a statement about it.
 */
static int is_unobserved(const struct gate_facts *facts,
    const struct ref_verdict *ref, bool *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records last = { NULL, 0, 0 };
	bool in_flight;

	*ret = false;
	if (view->entries(view->ledger, facts->arena, ref->ref, 1, &last, err) <
	    0)
		return -1;
	if (last.n > 0 && oid_eq(&last.v[0].tip, &ref->old)) {
		*ret = last.v[0].state == PASSAGE_UNOBSERVED;
		return 0;
	}
	if (view->in_flight(
		view->ledger, ref->ref, &ref->old, &in_flight, err) < 0)
		return -1;
	*ret = !in_flight;
	return 0;
}

/*
 * The update is looked at as the ref was then.  Later stages may have the
 * present tip by now, which would leave nothing of its change; where the ref
 * was new, all that it holds is the change.
 */
static int look_back(struct gate_facts *about, struct err *err)
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

static const char *state_word(enum gate_state state)
{
	switch (state) {
	case GATE_PASSED:
		return "passed";
	case GATE_FAILED:
		return "failed";
	case GATE_MISSING:
		return "missing";
	case GATE_NOT_APPLICABLE:
		return "not applicable";
	case GATE_OVERRIDDEN:
		return "overridden";
	case GATE_WARNED:
		return "warned";
	case GATE_ERROR:
		break;
	}
	return "unknown";
}

static void add_row(const struct gate_facts *facts, struct ref_verdict *ref,
    const struct gate_row *judged, struct mark mark)
{
	struct gate_row row = *judged;
	const char *why = row.text ? row.text : "";

	row.text = arena_printf(facts->arena, "%s %s on %s%s%s", judged->name,
	    state_word(judged->state), oid_hex8(&ref->old).s, *why ? ": " : "",
	    why);
	if (row.help)
		row.help = arena_printf(
		    facts->arena, "%s: %s", judged->name, row.help);
	row.name = "settled";
	row.kind = "";
	row.mark = mark;
	ARRAY_PUSH(facts->arena, &ref->gates, row);
}

static void add_not_applicable(
    const struct gate_facts *facts, struct ref_verdict *ref, const char *why)
{
	struct gate_row row = {
		.name = "settled", .kind = "", .mark = ref->stage->settled_mark
	};

	row_not_applicable(&row, why);
	ARRAY_PUSH(facts->arena, &ref->gates, row);
}

static int judge_present(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err)
{
	const struct gate_uses *uses = &ref->stage->settled_by;
	struct judging judging = { .arena = facts->arena,
		.policy = facts->policy,
		.push = facts->push,
		.view = facts->view,
		.now = facts->now };
	struct ref_verdict *then = ARENA_NEW(facts->arena, struct ref_verdict);
	struct gate_facts about = *facts;

	*then = (struct ref_verdict){ .ref = ref->ref,
		.shown = ref->shown,
		.new = ref->old,
		.stage = ref->stage,
		.stage_name = ref->stage_name,
		.candidate = ref->old };
	if (find_before(facts, ref, &then->old, err) < 0)
		return -1;
	about.ref = then;
	about.candidate = then->new;
	about.before = then->old;
	facts_init(&about);
	if (look_back(&about, err) < 0 ||
	    (needs_commits(facts->policy, uses) &&
		look_at_commits(&about, err) < 0))
		return -1;
	oidmap_init(&judging.commits, facts->arena);
	judging.wide = about.wide;
	gate_rows_judge(&judging, &about, then, uses);
	for (size_t i = 0; i < then->gates.n; i++)
		add_row(facts, ref, &then->gates.v[i], uses->v[i].mark);
	return 0;
}

int waiting_settled(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err)
{
	bool unobserved = false;

	if (ref->stage->settled_by.n == 0)
		return 0;
	if (oid_is_zero(&ref->old)) {
		add_not_applicable(facts, ref, "the ref is new");
		return 0;
	}
	if (stage_is_entry(ref->stage) &&
	    is_unobserved(facts, ref, &unobserved, err) < 0)
		return -1;
	if (unobserved) {
		add_not_applicable(facts, ref,
		    arena_printf(facts->arena, "the tip %s was never recorded",
			oid_hex8(&ref->old).s));
		return 0;
	}
	return judge_present(facts, ref, err);
}
