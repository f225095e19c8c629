#include "explain.h"

#include "base/num.h"
#include "tell/phrase.h"
#include "words.h"

/*
 * Who may go back and who may go around what, in words.
 */

static void say(struct admin *admin, const char *text)
{
	admin_wrap(admin, "   ", text, 3);
}

static void explain_then(
    struct admin *admin, const struct gate_uses *then, const char *which)
{
	if (then->n == 0) {
		say(admin, "An incident is recorded; nothing has to wait.");
		return;
	}
	explain_gates(admin,
	    arena_printf(admin->arena,
		"An incident is opened. Nothing new enters the ref until the "
		"commit %s passes, by statements made after that:",
		which),
	    then);
}

static void explain_rollback(
    struct admin *admin, const struct rollback_rules *rules)
{
	struct arena *arena = admin->arena;

	if (!rules->on) {
		say(admin, "Nobody may roll back.");
		return;
	}
	say(admin,
	    arena_printf(arena,
		"Rolled back by %s, whatever the gates say, to what the ref "
		"held within %s or just before, by a commit with its files%s.",
		words_roles(arena, &rules->by),
		duration_format(arena, rules->window_s),
		rules->rewind ? " or by moving the ref back to it" : ""));
	explain_then(admin, &rules->then, "that was left");
}

void words_around(
    struct arena *arena, const struct bypass_rules *rules, struct strings *ret)
{
	for (size_t i = 0; i < rules->gates.n; i++)
		strings_add(arena, ret, rules->gates.v[i].gate->name);
	for (const struct bypass_wait *wait = bypass_waits; wait->word; wait++)
		if (rules->waits & wait->bit)
			strings_add(arena, ret, wait->word);
}

static bool is_bypassed(
    const struct bypass_rules *rules, const struct stage *stage)
{
	for (size_t i = 0; i < rules->stages.n; i++)
		if (rules->stages.v[i] == stage->index)
			return true;
	return false;
}

static void explain_bypass(struct admin *admin, const struct policy *policy)
{
	const struct bypass_rules *rules = &policy->bypass;
	struct strings around = { NULL, 0, 0 }, stages = { NULL, 0, 0 };
	struct arena *arena = admin->arena;
	const char *approvals = "alone";

	words_around(arena, rules, &around);
	for (size_t i = 0; i < rules->stages.n; i++)
		strings_add(
		    arena, &stages, policy->stages[rules->stages.v[i]].name);
	if (rules->approvals)
		approvals = arena_printf(arena, "with %s by others of them",
		    phrase_count(arena, rules->approvals, "approval"));
	say(admin,
	    arena_printf(arena,
		"To enter %s, %s may go around %s, %s; never around the order "
		"of stages.",
		words_list(arena, &stages, "or"),
		words_roles(arena, &rules->by),
		words_list(arena, &around, "and"), approvals));
	explain_then(admin, &rules->then, "that entered so");
}

void explain_back(
    struct admin *admin, const struct policy *policy, const struct stage *only)
{
	const struct bypass_rules *bypass = &policy->bypass;

	buf_addc(&admin->out, '\n');
	if (!only || !stage_is_entry(only))
		explain_rollback(admin, &policy->rollback);
	if (bypass->on && (!only || is_bypassed(bypass, only)))
		explain_bypass(admin, policy);
	else
		say(admin, "Nobody may go around a gate.");
}
