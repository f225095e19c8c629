#include "explain.h"

#include <string.h>

#include "base/num.h"
#include "gates/gate.h"
#include "git/policyobject.h"
#include "open.h"
#include "tell/phrase.h"
#include "words.h"

struct explain_options {
	bool dot, mermaid;
	const char *policy;
};

static const struct option options[] = {
	{ "dot", 0, OPTION_FLAG, offsetof(struct explain_options, dot), NULL,
	    "the flow as a Graphviz graph" },
	{ "mermaid", 0, OPTION_FLAG, offsetof(struct explain_options, mermaid),
	    NULL, "the flow as a Mermaid chart" },
	{ "policy", 0, OPTION_TEXT, offsetof(struct explain_options, policy),
	    "FILE", "explain this draft instead of the policy in force" },
	{ .name = NULL },
};

#define INDENT 3
#define GATE_COLUMN 22 /* where the words of a gate begin */

static void say(struct admin *admin, const char *text)
{
	admin_wrap(admin, "   ", text, INDENT);
}

static void explain_gate(struct admin *admin, const struct gate *gate)
{
	const char *name = arena_printf(
	    admin->arena, "     %-*s ", GATE_COLUMN - 6, gate->name);
	const char *words = arena_printf(admin->arena, "%s (%s)",
	    words_gate(admin->arena, gate), gate->form->kind);

	if (strlen(gate->name) > GATE_COLUMN - 6) {
		buf_addf(&admin->out, "     %s\n", gate->name);
		name = arena_printf(admin->arena, "%*s", GATE_COLUMN, "");
	}
	admin_wrap(admin, name, words, GATE_COLUMN);
}

void explain_gates(
    struct admin *admin, const char *heading, const struct gate_uses *uses)
{
	if (uses->n == 0)
		return;
	say(admin, heading);
	for (size_t i = 0; i < uses->n; i++)
		explain_gate(admin, uses->v[i].gate);
}

static void explain_entry(
    struct admin *admin, const struct policy *policy, const struct stage *stage)
{
	struct arena *arena = admin->arena;
	struct strings from = { NULL, 0, 0 };

	words_from(arena, policy, stage, &from);
	if (stage_is_entry(stage))
		say(admin, "Anything may enter that its gates let pass.");
	else
		say(admin,
		    arena_printf(arena, "A commit comes here from %s, by %s.",
			words_list(arena, &from, "or"),
			words_accept(arena, stage)));
	say(admin,
	    arena_printf(
		arena, "Pushed by %s.", words_roles(arena, &stage->push)));
}

/* "on all refs of testing for 24 h" */
static const char *waiting_words(
    struct arena *arena, const struct policy *policy, const struct stage *stage)
{
	const struct quorum *quorum = &stage->quorum;
	struct strings from = { NULL, 0, 0 };
	const char *where, *words;

	words_from(arena, policy, stage, &from);
	where = words_list(arena, &from, "or");
	if (quorum->kind == QUORUM_COUNT && quorum->count == 1)
		words = arena_printf(arena, "in %s", where);
	else if (quorum->kind == QUORUM_SHARE)
		words = arena_printf(
		    arena, "on %s of the refs of %s", quorum->text, where);
	else
		words = arena_printf(
		    arena, "on %s refs of %s", quorum->text, where);
	if (stage->soak_s)
		words = arena_printf(arena, "%s for %s", words,
		    duration_format(arena, stage->soak_s));
	return words;
}

static void explain_waiting(
    struct admin *admin, const struct policy *policy, const struct stage *stage)
{
	struct arena *arena = admin->arena;
	const struct quorum *quorum = &stage->quorum;

	if (stage->soak_s || quorum->kind != QUORUM_COUNT || quorum->count != 1)
		say(admin,
		    arena_printf(arena, "It must have been %s.",
			waiting_words(arena, policy, stage)));
	if (stage->up_to_date)
		say(admin, "It must contain what this stage holds at present.");
	if (stage->linear)
		say(admin, "No merge commits enter.");
	for (size_t i = 0; i < stage->nfreezes; i++)
		say(admin,
		    arena_printf(arena, "Nothing enters %s UTC.",
			words_freeze(arena, &stage->freezes[i])));
}

static const char *explain_annotated(
    struct arena *arena, const struct bool_roles *annotated)
{
	if (!annotated->on)
		return "";
	if (annotated->roles.n == 0)
		return ", are annotated";
	return arena_printf(
	    arena, ", are signed by %s", words_roles(arena, &annotated->roles));
}

static void explain_refs(
    struct admin *admin, const struct policy *policy, const struct stage *stage)
{
	struct arena *arena = admin->arena;

	if (stage->rewind && stage->deletion)
		say(admin, "Its refs may be moved back and deleted.");
	else if (stage->rewind)
		say(admin, "Its refs may be moved back, but not deleted.");
	else if (stage->deletion)
		say(admin, "Its refs may be deleted, but not moved back.");
	else if (policy->rollback.rewind && !stage_is_entry(stage))
		say(admin,
		    "Its refs never move back, save in a rollback, and are "
		    "never deleted.");
	else
		say(admin, "Its refs never move back and are never deleted.");
	if (stage->keep)
		say(admin, "Old tips are kept.");
	if (stage->tags.n)
		say(admin,
		    arena_printf(arena,
			"Tags %s name only commits that have been here%s, "
			"and never move.",
			words_list(arena, &stage->tags, "and"),
			explain_annotated(arena, &stage->annotated_tags)));
}

static void explain_stage(
    struct admin *admin, const struct policy *policy, const struct stage *stage)
{
	struct arena *arena = admin->arena;

	admin_wrap(admin,
	    arena_printf(arena, "%zu. %s: ", stage->index + 1, stage->name),
	    words_refs(arena, stage), INDENT);
	explain_entry(admin, policy, stage);
	explain_gates(admin, "To enter it must pass:", &stage->gates);
	explain_waiting(admin, policy, stage);
	explain_gates(admin,
	    "Before anything new enters, what is here must pass:",
	    &stage->settled_by);
	explain_refs(admin, policy, stage);
}

static void explain_children(struct admin *admin, const struct policy *policy)
{
	for (size_t i = 0; i < policy->nchildren; i++)
		say(admin,
		    arena_printf(admin->arena, "Submodule %s is that of %s.",
			policy->children[i].path,
			policy->children[i].repository));
}

static void explain_flow(
    struct admin *admin, const struct policy *policy, const struct stage *only)
{
	struct arena *arena = admin->arena;

	admin_wrap(admin, "",
	    arena_printf(arena, "%s %s, %s: %s", policy->flow,
		policy->version.text, status_word(policy->status),
		phrase_count(arena, policy->nstages, "stage")),
	    INDENT);
	for (size_t i = 0; i < policy->nstages; i++) {
		if (only && &policy->stages[i] != only)
			continue;
		buf_addc(&admin->out, '\n');
		explain_stage(admin, policy, &policy->stages[i]);
	}
	buf_addc(&admin->out, '\n');
	explain_gates(admin, "On every ref:", &policy->always);
	admin_wrap(admin, "   ",
	    policy->other_refs_allowed
		? "Refs that belong to no stage may be pushed."
		: "Refs that belong to no stage are refused.",
	    INDENT);
	if (policy->host_refs.n)
		say(admin,
		    arena_printf(arena, "The host itself makes %s.",
			words_list(arena, &policy->host_refs, "and")));
	explain_children(admin, policy);
	explain_back(admin, policy, only);
	explain_notify(admin, policy, only);
}

/* A stage by its own name or by that of one of its refs. */
static const struct stage *find_stage(
    struct admin *admin, const struct policy *policy, const char *name)
{
	const struct stage *stage = policy_stage(policy, name);

	return stage
	    ? stage
	    : policy_stage_of_ref(policy, full_ref(admin->arena, name), NULL);
}

/* A draft is explained outside of any repository too. */
static int open_policy(struct admin *admin, const char *file)
{
	struct session *session = &admin->session;

	if (!file)
		return open_all(admin, NULL, NULL);
	diags_init(&session->diags, admin->arena);
	session->policy = policy_load(admin->arena, file, &gate_forms,
	    &policy_objects, POLICY_ANY, &session->diags);
	return session->policy ? EXIT_ALLOWED : policy_is_invalid(admin);
}

static int explain(struct admin *admin, const void *given)
{
	const struct explain_options *opts = given;
	const struct stage *only = NULL;
	const struct policy *policy;
	int status;

	if (opts->dot + opts->mermaid + admin->json > 1)
		return admin_usage(
		    admin, "--dot, --mermaid and --json exclude each other");
	status = open_policy(admin, opts->policy);
	if (status != EXIT_ALLOWED)
		return status;
	policy = admin->session.policy;
	if (admin->args.n) {
		only = find_stage(admin, policy, admin->args.v[0]);
		if (!only)
			return admin_usage(admin,
			    "'%s' is neither a stage nor a ref of one",
			    admin->args.v[0]);
	}
	if (opts->dot)
		explain_dot(admin, policy);
	else if (opts->mermaid)
		explain_mermaid(admin, policy);
	else if (admin->json)
		explain_json(admin, policy, only);
	else
		explain_flow(admin, policy, only);
	return EXIT_ALLOWED;
}

const struct verb verb_explain = {
	.name = "explain",
	.arguments = "[REF|STAGE] [--dot|--mermaid]",
	.summary = "the flow in words, or as a picture",
	.options = options,
	.options_size = sizeof(struct explain_options),
	.args_max = 1,
	.run = explain,
	.json = true,
	.help =
	    "Says of each stage, or of the one named, which refs belong to it, "
	    "where a commit must come from, who may push, which gates it must "
	    "pass, how long it must wait, who may roll it back or go around a "
	    "gate, and who is told of it.\n",
};
