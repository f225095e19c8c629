#include "gates/gate.h"
#include "judge/judging.h"
#include "judge/waits.h"

/*
 * "gates that the stage's *present* tip must have passed before anything new
 * enters": the update is judged as the one that brought the present tip.
 */

/* The tip before the present one, for gates that look at the change. */
static int find_before(const struct gate_facts *facts,
    const struct ref_verdict *ref, struct oid *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records last = { NULL, 0, 0 };
	struct oid none = { { 0 } };

	*ret = none;
	if (view->entries(view->ledger, facts->arena, ref->ref, 2, &last,
		err) < 0)
		return -1;
	if (last.n == 2 && oid_eq(&last.v[0].tip, &ref->old))
		*ret = last.v[1].tip;
	return 0;
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
	    state_word(judged->state), oid_hex8(&ref->old).s,
	    *why ? ": " : "", why);
	row.name = "settled";
	row.kind = "";
	row.mark = mark;
	ARRAY_PUSH(facts->arena, &ref->gates, row);
}

int waiting_settled(const struct gate_facts *facts, struct ref_verdict *ref,
    struct err *err)
{
	const struct gate_uses *uses = &ref->stage->settled_by;
	struct judging judging = { .arena = facts->arena,
		.policy = facts->policy,
		.push = facts->push,
		.view = facts->view,
		.now = facts->now };
	struct ref_verdict *then;
	struct gate_facts about = *facts;

	if (uses->n == 0 || oid_is_zero(&ref->old))
		return 0;
	then = ARENA_NEW(facts->arena, struct ref_verdict);
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
	oidmap_init(&judging.commits, facts->arena);
	judging.blobs = about.blobs;
	gate_rows_judge(&judging, &about, then, uses);
	for (size_t i = 0; i < then->gates.n; i++)
		add_row(facts, ref, &then->gates.v[i], uses->v[i].mark);
	return 0;
}
