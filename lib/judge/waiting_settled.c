#include "judge/lookback.h"
#include "judge/waits.h"

/*
 * "gates that the stage's *present* tip must have passed before anything new
 * enters": the update is judged as the one that brought the present tip.
 */

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
	struct lookback *lookback = ARENA_NEW(facts->arena, struct lookback);
	const struct gate_rows *rows = &lookback->then.gates;

	if (lookback_begin(facts, ref, &ref->old, NULL, uses, lookback, err) <
	    0)
		return -1;
	lookback_judge(lookback, uses);
	for (size_t i = 0; i < rows->n; i++)
		add_row(facts, ref, &rows->v[i], uses->v[i].mark);
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
