#include "rollback.h"

#include <string.h>

#include "client.h"
#include "commits.h"
#include "judge/reason.h"
#include "open.h"

#define AT(member) offsetof(struct rollback_options, member)

static const struct option options[] = {
	{ "reason", 0, OPTION_TEXT, AT(reason), "TEXT",
	    "why, in one line; everybody concerned reads it" },
	{ "timeline", 0, OPTION_TEXT, AT(timeline), "TEXT",
	    "when what is expected, such as 'fixed by Friday'" },
	{ "to", 0, OPTION_TEXT, AT(to), "COMMIT",
	    "the earlier tip to go back to" },
	{ "steps", 0, OPTION_COUNT, AT(steps), "N",
	    "how many tips to go back; else 1" },
	{ "style", 0, OPTION_TEXT, AT(style), "STYLE",
	    "revert: a commit on the present tip with the earlier one's files; "
	    "rewind: the earlier tip itself, where the policy takes that. Else "
	    "revert" },
	{ "push", 0, OPTION_TEXT, AT(upstream.push), "REMOTE",
	    "push it there; else the command that does is printed" },
	{ "no-push-options", 0, OPTION_FLAG, AT(no_push_options), NULL,
	    "for a server that takes none: the revert commit alone says why" },
	{ "sign", 'S', OPTION_FLAG, AT(sign), NULL,
	    "sign the revert commit, as commit.gpgSign does always" },
	UPSTREAM_OPTIONS(AT(upstream)),
	{ .name = NULL },
};

/* ---- what is asked for --------------------------------------------------- */

static int check_reasons(
    struct admin *admin, const struct rollback_options *opts)
{
	const char *fault = reason_fault(opts->reason ? opts->reason : "");

	if (fault)
		return admin_usage(admin, "--reason %s", fault);
	fault = opts->timeline ? reason_fault(opts->timeline) : NULL;
	if (fault)
		return admin_usage(admin, "--timeline %s", fault);
	return EXIT_ALLOWED;
}

static int check_options(
    struct admin *admin, const struct rollback_options *opts)
{
	bool rewind = opts->style && strcmp(opts->style, "rewind") == 0;

	if (opts->style && !rewind && strcmp(opts->style, "revert") != 0)
		return admin_usage(admin, "--style is revert or rewind");
	if (opts->to && opts->steps > 0)
		return admin_usage(admin, "say either --to or --steps");
	if (opts->no_push_options && (rewind || opts->timeline))
		return admin_usage(admin,
		    "--no-push-options is for a revert commit without a "
		    "timeline: nothing else can say it");
	return check_reasons(admin, opts);
}

static void add_push_options(struct admin *admin, struct rollback_options *opts)
{
	struct strings *list = &opts->upstream.options;

	if (opts->no_push_options)
		return;
	ARRAY_PUSH(admin->arena, list,
	    arena_printf(admin->arena, "rollback=%s", opts->reason));
	if (opts->timeline)
		ARRAY_PUSH(admin->arena, list,
		    arena_printf(admin->arena, "timeline=%s", opts->timeline));
}

/* ---- from where ---------------------------------------------------------- */

static int find_ref(struct going_back *back)
{
	struct admin *admin = back->admin;
	const struct view *view = &admin->session.view;
	struct view_node node;
	struct view_ref now;
	struct err err;

	back->ref = full_ref(admin->arena, admin->args.v[0]);
	back->stage = policy_stage_of_ref(
	    admin->session.policy, back->ref, NULL);
	if (!back->stage || stage_is_entry(back->stage)) {
		admin_note(admin, "error: ",
		    back->stage
			? "%s is where changes begin: nothing is rolled back "
			  "there"
			: "%s is of no stage",
		    back->ref);
		return EXIT_REFUSED;
	}
	if (upstream_ref(admin, &back->opts->upstream, back->ref, &now, &err) <
	    0)
		return admin_fail(admin, &err);
	if (!now.exists) {
		admin_note(
		    admin, "error: ", "there is no %s to roll back", back->ref);
		return EXIT_REFUSED;
	}
	if (view->node(view->git, admin->arena, &now.oid, &node, &err) < 0)
		return admin_fail(admin, &err);
	back->from = now.oid;
	back->from_tree = node.tree;
	return EXIT_ALLOWED;
}

/* ---- the commit ---------------------------------------------------------- */

static int make(struct going_back *back, struct err *err)
{
	struct arena *arena = back->admin->arena;
	struct client_commit commit = { .tree = back->to_tree,
		.sign = back->opts->sign };

	back->new = back->to.tip;
	if (back->rewind)
		return 0;
	commit.message = arena_printf(arena,
	    "Roll back %s to %s\n\n%s\n\nRollback: %s\n", short_ref(back->ref),
	    oid_hex8(&back->to.tip).s, back->opts->reason, back->opts->reason);
	ARRAY_PUSH(arena, &commit.parents, back->from);
	return client_commit(back->admin, &commit, &back->new, err);
}

static int make_and_push(struct going_back *back)
{
	struct admin *admin = back->admin;
	const struct upstream *upstream = &back->opts->upstream;
	struct upstream_moves moves = {
		.roles = &admin->session.policy->rollback.by
	};
	struct err err;
	int status;

	if (make(back, &err) < 0 || rollback_say(back, &err) < 0)
		return admin_fail(admin, &err);
	ARRAY_PUSH(admin->arena, &moves,
	    (struct upstream_move){ .ref = back->ref,
		.old = back->from,
		.new = back->new,
		.forced = back->rewind });
	status = upstream_judge(admin, upstream, &moves);
	return status == EXIT_ALLOWED ? upstream_push(admin, upstream, &moves)
				      : status;
}

static int rollback(struct admin *admin, const void *given)
{
	struct rollback_options opts = *(const struct rollback_options *)given;
	struct going_back back = { .admin = admin, .opts = &opts };
	int status = check_options(admin, &opts);

	back.rewind = opts.style && strcmp(opts.style, "rewind") == 0;
	if (status == EXIT_ALLOWED) {
		add_push_options(admin, &opts);
		status = upstream_open(admin, &opts.upstream);
	}
	if (status == EXIT_ALLOWED)
		status = find_ref(&back);
	if (status == EXIT_ALLOWED)
		status = rollback_target(&back);
	return status == EXIT_ALLOWED ? make_and_push(&back) : status;
}

const struct verb verb_rollback = {
	.name = "rollback",
	.arguments = "REF --reason TEXT [--to COMMIT|--steps N] [OPTION..]",
	.summary = "take a stage's ref back to an earlier tip",
	.options = options,
	.options_size = sizeof(struct rollback_options),
	.args_min = 1,
	.args_max = 1,
	.run = rollback,
	.client = true,
	.help =
	    "Prepares a rollback and pushes it: from where to where, which "
	    "files change, which gates are asked for afterwards, which client "
	    "runs what, and what the hooks would answer is printed first. "
	    "Nothing is checked out, and no branch of the clone is touched.\n"
	    "Back means to the tip before, as the ledger recorded it; tips "
	    "that "
	    "were taken back already are passed over, --to names them too.\n"
	    "With --push or --dry-run, ledger and branches are fetched before; "
	    "else it goes by what is here, and prints the command that "
	    "pushes.\n"
	    "A server that takes no push options "
	    "(receive.advertisePushOptions) "
	    "reads the reason in the trailer 'Rollback:' of the revert commit: "
	    "--no-push-options pushes without them.\n",
};
