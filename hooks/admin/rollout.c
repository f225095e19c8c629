#include "rollout.h"

#define AT(member) offsetof(struct rollout_options, member)

static const struct option options[] = {
	{ "next", 0, OPTION_FLAG, AT(next), NULL,
	    "the next phase alone, and the command that brings it about" },
	{ "push", 0, OPTION_TEXT, AT(upstream.push), "REMOTE",
	    "push the next phase there, all of it or nothing" },
	{ "message", 'm', OPTION_TEXTS, AT(making.messages), "TEXT",
	    "a paragraph for the message of merges, where some are needed; may "
	    "be given several times" },
	{ "sign", 'S', OPTION_FLAG, AT(making.sign), NULL,
	    "sign these merges, as commit.gpgSign does always" },
	{ "push-option", 'o', OPTION_TEXTS, AT(upstream.options), "OPTION",
	    "as git push -o" },
	UPSTREAM_OPTIONS(AT(upstream)),
	{ "run", 0, OPTION_FLAG, AT(upstream.run), NULL,
	    "run the programs of the stages' gates here too" },
	{ .name = NULL },
};

/* ---- the next phase ----------------------------------------------------- */

/* What the client's ref is to name: the commit, or a merge that is made now. */
static int add_move(struct rollout *rollout, const struct rollout_row *row,
    struct upstream_moves *moves, bool *ret_unmergeable, struct err *err)
{
	struct making making = { .admin = rollout->admin,
		.opts = &rollout->opts->making,
		.stage = row->stage,
		.ref = row->client->ref,
		.candidate = rollout->commit,
		.way = row->way };

	if (make_move(&making, err) < 0)
		return -1;
	*ret_unmergeable = *ret_unmergeable || making.unmergeable;
	ARRAY_PUSH(rollout->admin->arena, moves,
	    (struct upstream_move){ .ref = row->client->ref,
		.old = row->way.before,
		.new = making.new });
	return 0;
}

static int find_moves(struct rollout *rollout, struct upstream_moves *moves,
    bool *ret_unmergeable, struct err *err)
{
	*ret_unmergeable = false;
	for (size_t i = 0; i < rollout->rows.n; i++) {
		const struct rollout_row *row = &rollout->rows.v[i];

		if (rollout_in_phase(rollout, row) &&
		    add_move(rollout, row, moves, ret_unmergeable, err) < 0)
			return -1;
	}
	return 0;
}

static void add_to_json(
    struct admin *admin, json_t *json, const char *command, int status)
{
	json_object_set_new(json, "command", json_text(admin->arena, command));
	json_object_set_new(
	    json, "pushed", json_boolean(!command && status == EXIT_ALLOWED));
}

static int push_phase(
    struct rollout *rollout, const struct upstream_moves *moves, json_t *json)
{
	struct admin *admin = rollout->admin;
	const struct upstream *upstream = &rollout->opts->upstream;
	const char *command = NULL;
	int status = EXIT_ALLOWED;

	if (!json)
		return upstream_push(admin, upstream, moves);
	if (upstream_pushes(upstream))
		status = upstream_push(admin, upstream, moves);
	else
		command = upstream_command(admin, upstream, moves);
	add_to_json(admin, json, command, status);
	return status;
}

static void print_answer(
    struct admin *admin, const struct upstream_answer *answer)
{
	const struct policy *policy = admin->session.policy;

	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s %s would accept this from %s",
		policy->flow, policy->version.text, answer->push.pusher),
	    2);
}

/* Judged once more, as one push and with what was made. */
static int make_and_push(struct rollout *rollout, json_t *json)
{
	struct admin *admin = rollout->admin;
	const struct upstream *upstream = &rollout->opts->upstream;
	struct upstream_moves moves = { .atomic = true,
		.roles = &rollout_ring(rollout)->push };
	struct upstream_answer answer;
	bool unmergeable;
	struct err err;

	if (find_moves(rollout, &moves, &unmergeable, &err) < 0 ||
	    upstream_ask(admin, upstream, &moves, &answer, &err) < 0)
		return admin_fail(admin, &err);
	if (answer.verdict.refused)
		return upstream_tell(admin, upstream, &answer);
	if (unmergeable) { /* a draft lets anything pass */
		admin_note(admin,
		    "error: ", "a client's ref can't be merged with %s",
		    oid_hex8(&rollout->commit.id).s);
		return EXIT_REFUSED;
	}
	if (!json)
		print_answer(admin, &answer);
	return push_phase(rollout, &moves, json);
}

static bool all_there(const struct rollout *rollout)
{
	for (size_t i = 0; i < rollout->rows.n; i++)
		if (!rollout->rows.v[i].there)
			return false;
	return rollout->rows.n > 0;
}

static int say_nobody(struct rollout *rollout)
{
	struct admin *admin = rollout->admin;
	struct oid_hex id = oid_hex8(&rollout->commit.id);

	admin_flush(admin);
	if (!rollout->has_commit)
		admin_note(admin, "error: ", "there is nothing to roll out");
	else if (all_there(rollout))
		admin_note(admin, "error: ",
		    "every client has %s: there is nothing to roll out", id.s);
	else
		admin_note(admin, "error: ", "no client may take %s now", id.s);
	return EXIT_REFUSED;
}

static int next_phase(struct rollout *rollout)
{
	struct admin *admin = rollout->admin;
	bool any = rollout_ring(rollout) != NULL;
	json_t *json = NULL;
	int status;

	if (admin->json)
		json = rollout_json(rollout, ROLLOUT_PHASE);
	else
		rollout_print_rows(
		    rollout, any ? ROLLOUT_PHASE : ROLLOUT_WITHOUT);
	if (any)
		status = make_and_push(rollout, json);
	else
		status = say_nobody(rollout);
	if (!json)
		return status;
	if (!json_object_get(json, "pushed"))
		add_to_json(admin, json, NULL, status);
	admin_json(admin, json);
	return status;
}

/* ---- the verb ----------------------------------------------------------- */

static int tell(struct rollout *rollout)
{
	struct admin *admin = rollout->admin;
	const struct rollout_options *opts = rollout->opts;
	struct err err;

	if (!admin->json && rollout_print_what(rollout, &err) < 0)
		return admin_fail(admin, &err);
	if (opts->next || opts->upstream.push)
		return next_phase(rollout);
	if (admin->json) {
		admin_json(admin, rollout_json(rollout, ROLLOUT_ALL));
		return EXIT_ALLOWED;
	}
	rollout_print_rows(rollout, ROLLOUT_ALL);
	rollout_print_sum(rollout);
	return EXIT_ALLOWED;
}

static int roll_out(struct admin *admin, const void *given)
{
	const struct rollout_options *opts = given;
	struct rollout rollout = { .admin = admin, .opts = opts };
	struct err err;
	int status = upstream_open(admin, &opts->upstream);

	if (status == EXIT_ALLOWED)
		status = rollout_what(&rollout);
	if (status != EXIT_ALLOWED)
		return status;
	if (rollout_clients(&rollout, &err) < 0 ||
	    rollout_judge(&rollout, &err) < 0)
		return admin_fail(admin, &err);
	return tell(&rollout);
}

const struct verb verb_rollout = {
	.name = "rollout",
	.arguments = "[COMMIT] [--next] [--push REMOTE] [OPTION..]",
	.summary = "which client runs what, who may go next, and their push",
	.options = options,
	.options_size = sizeof(struct rollout_options),
	.args_max = 1,
	.run = roll_out,
	.json = true,
	.client = true,
	.help =
	    "One line for each client of a stage that has `clients`: its "
	    "ring, what it runs and since when, whether it is held, and "
	    "whether it may take COMMIT now, as the hooks would answer, or why "
	    "not. Rings are in the order of the policy.\n"
	    "COMMIT is anything that git rev-parse understands. Without it, it "
	    "is what is in the stage that the rings come from; where there are "
	    "several such stages or refs (a hot-fix lane beside the main one), "
	    "the tip that was entered last. The others are named.\n"
	    "The next phase are those clients of the first ring with any that "
	    "may go now. --next prints it with the git command, --push pushes "
	    "it: all of these clients or none. Where a client's ref was rolled "
	    "back by a commit, the merge that goes on from there is made. A "
	    "client may skip versions; what has not been through the gates of "
	    "its ring it never gets.\n"
	    "With --push or --dry-run, ledger and branches are fetched before. "
	    "Exit code 1: nobody may go, or the push was refused.\n",
};
