#include <string.h>

#include "base/text.h"
#include "judge/judging.h"

/*
 * Going around gates that the policy names, in the open: "`git push -o
 * bypass=..` overrides just those gates".  Asked last, when every row of the
 * update is there.
 */
struct bypassing {
	struct judging *j;
	struct ref_verdict *ref;
	const struct bypass_rules *rules;
	struct strings around; /* rows that refuse and can be gone around */
	struct strings others; /* that can't */
};

static bool is_wait(const struct bypass_rules *rules, const char *name)
{
	for (const struct bypass_wait *wait = bypass_waits; wait->word; wait++)
		if (strcmp(wait->word, name) == 0)
			return (rules->waits & wait->bit) != 0;
	return false;
}

/* What is asked of every ref is never gone around. */
static bool is_always(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->always.n; i++)
		if (strcmp(policy->always.v[i].gate->name, name) == 0)
			return true;
	return false;
}

static bool can_be_around(const struct bypassing *b, const struct gate_row *row)
{
	if (!*row->kind)
		return is_wait(b->rules, row->name);
	if (is_always(b->j->policy, row->name))
		return false;
	for (size_t i = 0; i < b->rules->gates.n; i++)
		if (strcmp(b->rules->gates.v[i].gate->name, row->name) == 0)
			return true;
	return false;
}

static void sort_rows(struct bypassing *b)
{
	for (size_t i = 0; i < b->ref->gates.n; i++) {
		const struct gate_row *row = &b->ref->gates.v[i];

		if (!gate_row_refuses(row))
			continue;
		strings_add(b->j->arena,
		    can_be_around(b, row) ? &b->around : &b->others, row->name);
	}
}

static struct finding *refuse(
    struct bypassing *b, enum code code, const char *text)
{
	struct finding *finding = finding_add(
	    b->j->arena, &b->ref->findings, code, "%s", text);

	finding->mark = b->rules->mark;
	return finding;
}

static void judge_by(struct bypassing *b)
{
	const struct push *push = b->j->push;

	if (!b->rules->on) {
		refuse(b, CODE_BYPASS_ROLE,
		    "nobody may go around a gate: the policy has no `bypass:`");
		return;
	}
	if (!push->pusher ||
	    policy_in_roles(b->j->policy, &b->rules->by, push->pusher))
		return; /* nobody: push.identity says so */
	refuse(b, CODE_BYPASS_ROLE,
	    arena_printf(b->j->arena,
		"%s may not go around gates: that takes one of %s",
		text_clean_s(b->j->arena, push->pusher),
		strings_join(b->j->arena, &b->rules->by, "@")));
}

static bool is_of_stage(const struct bypassing *b)
{
	for (size_t i = 0; i < b->rules->stages.n; i++)
		if (b->rules->stages.v[i] == b->ref->stage->index)
			return true;
	return false;
}

static void judge_gates(struct bypassing *b)
{
	struct arena *arena = b->j->arena;
	struct strings can = { NULL, 0, 0 };
	struct finding *finding;

	if (!b->rules->on)
		return;
	if (!is_of_stage(b)) {
		refuse(b, CODE_BYPASS_GATE,
		    arena_printf(arena,
			"the gates of stage %s can't be gone around",
			b->ref->stage->name));
		return;
	}
	if (b->others.n == 0)
		return;
	finding = refuse(b, CODE_BYPASS_GATE,
	    arena_printf(arena, "%s can't be gone around",
		strings_join(arena, &b->others, "")));
	for (size_t i = 0; i < b->rules->gates.n; i++)
		strings_add(arena, &can, b->rules->gates.v[i].gate->name);
	for (size_t i = 0; i < b->ref->gates.n; i++)
		if (!*b->ref->gates.v[i].kind &&
		    is_wait(b->rules, b->ref->gates.v[i].name))
			strings_add(arena, &can, b->ref->gates.v[i].name);
	strings_add(arena, &finding->hints,
	    arena_printf(
		arena, "only these can: %s", strings_join(arena, &can, "")));
}

/* A row of its own: `approvals` others of `by` have agreed about each
 * candidate.  The pusher's own word never counts. */
static bool is_approved(struct bypassing *b, const struct gate_facts *first)
{
	struct gate_facts facts = *first;
	struct gate_use use = { b->rules->gate, b->rules->gate->mark };
	struct gate_uses uses = { &use, 1, 1 };
	struct asking *asking;

	if (b->rules->approvals == 0)
		return true;
	facts.not_by = b->j->push->pusher;
	asking = gate_rows_begin(b->j, &facts, b->ref, &uses);
	gate_rows_finish(asking, b->ref);
	return !gate_row_refuses(&b->ref->gates.v[b->ref->gates.n - 1]);
}

static void go_around(struct bypassing *b)
{
	for (size_t i = 0; i < b->ref->gates.n; i++) {
		struct gate_row *row = &b->ref->gates.v[i];

		if (gate_row_refuses(row) && can_be_around(b, row))
			row->state = GATE_OVERRIDDEN;
	}
}

static void open_incident(struct bypassing *b)
{
	struct incident_opening *opening = ARENA_NEW(
	    b->j->arena, struct incident_opening);

	opening->kind = INCIDENT_BYPASS;
	opening->reason = b->j->push->bypass;
	opening->overridden = b->around;
	for (size_t i = 0; i < b->rules->then.n; i++)
		strings_add(b->j->arena, &opening->then,
		    b->rules->then.v[i].gate->name);
	b->ref->opening = opening;
}

void bypass_warn(struct judging *j, const struct ref_verdict *ref)
{
	strings_add(j->arena, &j->verdict->warnings,
	    arena_printf(
		j->arena, "%s: the bypass goes around nothing", ref->shown));
}

void bypass_judge(
    struct judging *j, const struct gate_facts *facts, struct ref_verdict *ref)
{
	struct bypassing b = {
		.j = j, .ref = ref, .rules = &j->policy->bypass
	};
	size_t findings = ref->findings.n;

	if (!j->push->bypass)
		return;
	sort_rows(&b);
	if (b.around.n == 0 && b.others.n == 0) {
		if (findings == 0)
			bypass_warn(j, ref);
		return;
	}
	judge_by(&b);
	judge_gates(&b);
	/* Nobody is asked to agree to what can't be. */
	if (b.around.n == 0 || !b.rules->on || !is_of_stage(&b))
		return;
	if (!is_approved(&b, facts) || !j->push->pusher)
		return;
	for (size_t i = findings; i < ref->findings.n; i++)
		if (ref->findings.v[i].code == CODE_BYPASS_ROLE)
			return;
	go_around(&b);
	if (ref->findings.n == 0)
		open_incident(&b);
}
