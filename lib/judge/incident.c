#include "judge/incident.h"

#include "base/num.h"
#include "base/text.h"
#include "judge/lookback.h"

/* The gates of its `then`, with the place where the policy asks for each. */
static struct gate_uses uses_of(
    const struct gate_facts *facts, const struct view_incident *incident)
{
	const struct policy *policy = facts->policy;
	const struct gate_uses *rules = incident->kind == INCIDENT_ROLLBACK
	    ? &policy->rollback.then
	    : &policy->bypass.then;
	struct gate_uses uses = { NULL, 0, 0 };

	for (size_t i = 0; i < incident->then.n; i++) {
		const struct gate *gate = policy_gate(
		    policy, incident->then.v[i]);
		struct gate_use use = { gate,
			gate ? gate->mark : (struct mark){ 0 } };

		for (size_t k = 0; gate && k < rules->n; k++)
			if (rules->v[k].gate == gate)
				use.mark = rules->v[k].mark;
		if (gate)
			ARRAY_PUSH(facts->arena, &uses, use);
	}
	return uses;
}

/* Nobody can speak for it as long as that is so. */
static void add_unknown(const struct gate_facts *facts,
    const struct view_incident *incident, struct gate_rows *rows)
{
	for (size_t i = 0; i < incident->then.n; i++) {
		const char *name = incident->then.v[i];
		struct gate_row row = { .name = name,
			.kind = "evidence",
			.state = GATE_MISSING,
			.text = "the policy does not define it any more",
			.hint = "an administrator puts it back into the "
				"policy" };

		if (!policy_gate(facts->policy, name))
			ARRAY_PUSH(facts->arena, rows, row);
	}
}

/*
 * What its change is against.  Of a rollback that is what was restored: all
 * that was taken out is looked at, not only what the last tip brought, which
 * may be an empty commit.  Where it went on to what was there before, and took
 * nothing out, the tip's own change.  *ret_other false: that one.
 */
static int took_out(const struct gate_facts *facts,
    const struct view_incident *incident, bool *ret_other, struct err *err)
{
	const struct view *view = facts->view;

	*ret_other = false;
	if (oid_is_zero(&incident->restored))
		return 0;
	return view->is_ancestor(
	    view->git, &incident->restored, &incident->subject, ret_other, err);
}

int incident_stands(const struct gate_facts *facts,
    const struct view_incident *incident, struct gate_rows *ret_rows,
    bool *ret_done, struct err *err)
{
	const struct gate_uses uses = uses_of(facts, incident);
	struct lookback *lookback = ARENA_NEW(facts->arena, struct lookback);
	const struct ref_verdict ref = { .ref = incident->ref,
		.shown = text_clean_s(facts->arena, incident->ref),
		.stage = policy_stage_of_ref(
		    facts->policy, incident->ref, NULL),
		.stage_name = incident->stage };
	bool restored;

	if (took_out(facts, incident, &restored, err) < 0 ||
	    lookback_begin(facts, &ref, &incident->subject,
		restored ? &incident->restored : NULL, &uses, lookback,
		err) < 0)
		return -1;
	lookback->facts.incident = incident;
	lookback_judge(lookback, &uses);
	*ret_rows = lookback->then.gates;
	add_unknown(facts, incident, ret_rows);
	*ret_done = true;
	for (size_t i = 0; i < ret_rows->n; i++)
		if (gate_row_refuses(&ret_rows->v[i]))
			*ret_done = false;
	return 0;
}

int incident_ask(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct view_incident *incident,
    struct gate_rows *ret_rows, bool *ret_done, struct err *err)
{
	static const struct push nobody;
	const struct gate_facts facts = { .arena = arena,
		.policy = policy,
		.push = &nobody,
		.view = view,
		.now = now };

	return incident_stands(&facts, incident, ret_rows, ret_done, err);
}

const char *incident_named(
    struct arena *arena, const struct view_incident *incident)
{
	return arena_printf(arena, "incident %llu (%s by %s at %s: %s)",
	    (unsigned long long)incident->number,
	    incident->kind == INCIDENT_ROLLBACK ? "rollback" : "bypass",
	    text_clean_s(arena, incident->by),
	    time_format(arena, incident->opened),
	    text_clean_s(arena, incident->reason));
}

static void tell_locked(const struct gate_facts *facts,
    const struct view_incident *incident, const struct gate_rows *rows,
    struct ref_verdict *ref)
{
	struct arena *arena = facts->arena;
	struct finding *finding = finding_add(arena, &ref->findings,
	    CODE_STAGE_LOCKED,
	    "%s is not closed: new candidates wait until it is",
	    incident_named(arena, incident));

	for (size_t i = 0; i < rows->n; i++) {
		const struct gate_row *row = &rows->v[i];

		if (!finding->mark.source)
			finding->mark = row->mark;
		ARRAY_PUSH(arena, &finding->details,
		    arena_printf(arena, "%s %s for %s: %s",
			gate_state_shown(row->state), row->name,
			oid_hex8(&incident->subject).s,
			row->text ? row->text : ""));
		if (!gate_row_refuses(row) || !row->hint)
			continue;
		if (row->hint_is_command)
			ARRAY_PUSH(arena, &finding->commands, row->hint);
		else
			ARRAY_PUSH(arena, &finding->hints, row->hint);
	}
}

int incident_lock(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err)
{
	const struct view *view = facts->view;
	struct view_incidents open = { NULL, 0, 0 };

	if (view->open_incidents(
		view->ledger, facts->arena, ref->ref, &open, err) < 0)
		return -1;
	for (size_t i = 0; i < open.n; i++) {
		struct gate_rows rows = { NULL, 0, 0 };
		bool done;

		if (incident_stands(facts, &open.v[i], &rows, &done, err) < 0)
			return -1;
		if (!done)
			tell_locked(facts, &open.v[i], &rows, ref);
	}
	return 0;
}
