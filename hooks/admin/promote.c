#include "promote.h"

#include "commits.h"

#define AT(member) offsetof(struct promote_options, member)

static const struct option options[] = {
	{ "push", 0, OPTION_TEXT, AT(upstream.push), "REMOTE",
	    "push it there; else the command that does is printed" },
	{ "ref", 0, OPTION_TEXT, AT(ref), "REF",
	    "which ref of the stage, where it has several" },
	{ "message", 'm', OPTION_TEXTS, AT(making.messages), "TEXT",
	    "a paragraph for the message of the merge, below its subject; may "
	    "be given several times" },
	{ "file", 'F', OPTION_TEXT, AT(making.file), "FILE",
	    "the whole message instead, with its subject" },
	{ "sign", 'S', OPTION_FLAG, AT(making.sign), NULL,
	    "sign the merge, as commit.gpgSign does always" },
	{ "push-option", 'o', OPTION_TEXTS, AT(upstream.options), "OPTION",
	    "as git push -o" },
	UPSTREAM_OPTIONS(AT(upstream)),
	{ "run", 0, OPTION_FLAG, AT(upstream.run), NULL,
	    "run the programs of the stage's gates here too" },
	{ .name = NULL },
};

/* ---- saying what was made ----------------------------------------------- */

static const char *how(const struct order_way *way)
{
	if (way->kind == TRANSITION_CREATE)
		return "a new ref";
	if (way->kind == TRANSITION_MERGE)
		return "a merge";
	return way->kind == TRANSITION_SQUASH ? "a squash" : "a fast-forward";
}

static int print_way(struct promotion *promotion, struct err *err)
{
	struct admin *admin = promotion->admin;
	const struct order_way *way = &promotion->way;
	const char *from, *to, *made;

	if (commit_line(admin, &way->candidate, &from, err) < 0 ||
	    commit_line(admin, &promotion->made.new, &made, err) < 0)
		return -1;
	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s (%s): %s", promotion->ref,
		promotion->stage->name, how(way)),
	    2);
	admin_wrap(admin, "  of    ", from, 8);
	if (way->kind == TRANSITION_CREATE)
		return 0;
	if (commit_line(admin, &way->before, &to, err) < 0)
		return -1;
	admin_wrap(admin, "  onto  ", to, 8);
	if (oid_eq(&promotion->made.new, &way->candidate))
		return 0;
	if (!oid_eq(&way->stands_in, &way->before))
		admin_wrap(admin, "  with  ",
		    arena_printf(admin->arena,
			"the tree of %s, which that rolled back to",
			oid_hex8(&way->stands_in).s),
		    8);
	admin_wrap(admin, "  made  ", made, 8);
	return 0;
}

static int say_there(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	const struct order_way *way = &promotion->way;
	struct oid_hex candidate = oid_hex8(&way->candidate);

	if (oid_is_zero(&way->reverted_by)) {
		admin_wrap(admin, "",
		    arena_printf(admin->arena,
			"%s (%s) holds %s already: there is nothing to promote",
			promotion->ref, promotion->stage->name, candidate.s),
		    2);
		return EXIT_ALLOWED;
	}
	admin_note(admin,
	    "error: ", "%s holds %s, but the rollback %s took it out again",
	    promotion->ref, candidate.s, oid_hex8(&way->reverted_by).s);
	admin_note(admin, "hint: ",
	    "to bring it back: git merge %s on a branch of an entry stage, "
	    "there git revert %s, and promote that",
	    oid_hex8(&way->before).s, oid_hex8(&way->reverted_by).s);
	return EXIT_REFUSED;
}

/* A draft lets anything pass, and what was made is no merge. */
static int tell_unmergeable(struct promotion *promotion)
{
	admin_note(promotion->admin, "error: ",
	    "%s can't be merged into %s: merge %s into its branch, resolve and "
	    "review it there, promote that",
	    oid_hex8(&promotion->way.candidate).s, promotion->ref,
	    oid_hex8(&promotion->way.stands_in).s);
	return EXIT_REFUSED;
}

/* ---- the verb ----------------------------------------------------------- */

static int find_way(struct promotion *promotion, struct err *err)
{
	struct admin *admin = promotion->admin;
	const struct oid none = { { 0 } };

	if (upstream_ref(admin, &promotion->opts->upstream, promotion->ref,
		&promotion->now, err) < 0)
		return -1;
	return order_way(admin->arena, admin->session.policy,
	    &admin->session.view, promotion->stage,
	    promotion->now.exists ? &promotion->now.oid : &none,
	    &promotion->candidate.id, &promotion->way, err);
}

static int make(struct promotion *promotion, struct err *err)
{
	promotion->made = (struct making){ .admin = promotion->admin,
		.opts = &promotion->opts->making,
		.stage = promotion->stage,
		.ref = promotion->ref,
		.candidate = promotion->candidate,
		.way = promotion->way };
	return make_move(&promotion->made, err);
}

static int make_and_push(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	const struct upstream *upstream = &promotion->opts->upstream;
	struct upstream_moves moves = { .roles = &promotion->stage->push };
	struct err err;
	int status;

	if (make(promotion, &err) < 0 || print_way(promotion, &err) < 0)
		return admin_fail(admin, &err);
	ARRAY_PUSH(admin->arena, &moves,
	    (struct upstream_move){ .ref = promotion->ref,
		.old = promotion->way.before,
		.new = promotion->made.new });
	status = upstream_judge(admin, upstream, &moves);
	if (status == EXIT_ALLOWED && promotion->made.unmergeable)
		return tell_unmergeable(promotion);
	return status == EXIT_ALLOWED ? upstream_push(admin, upstream, &moves)
				      : status;
}

static int promote(struct admin *admin, const void *given)
{
	const struct promote_options *opts = given;
	struct promotion promotion = { .admin = admin, .opts = opts };
	struct err err;
	int status;

	if (opts->making.file && opts->making.messages.n > 0)
		return admin_usage(admin, "say either --message or --file");
	status = upstream_open(admin, &opts->upstream);
	if (status == EXIT_ALLOWED)
		status = promote_target(&promotion);
	if (status == EXIT_ALLOWED)
		status = promote_candidate(&promotion);
	if (status != EXIT_ALLOWED)
		return status;
	if (find_way(&promotion, &err) < 0)
		return admin_fail(admin, &err);
	return promotion.way.there ? say_there(&promotion)
				   : make_and_push(&promotion);
}

const struct verb verb_promote = {
	.name = "promote",
	.arguments = "STAGE|REF [COMMIT] [--push REMOTE] [OPTION..]",
	.summary = "make the right move of a stage's ref, and push it",
	.options = options,
	.options_size = sizeof(struct promote_options),
	.args_min = 1,
	.args_max = 2,
	.run = promote,
	.client = true,
	.help =
	    "Takes a commit on into a stage: pushes it as it is where that is "
	    "a fast-forward that the stage accepts, else makes the merge (or "
	    "squash) that the hooks want to see, also after a rollback. What "
	    "it does, and what the hooks would answer, is printed first; what "
	    "they would refuse is not pushed.\n"
	    "COMMIT is what is in the stage before, where that has one ref. "
	    "Nothing is checked out, and no branch of the clone is touched.\n"
	    "With --push or --dry-run, ledger and branches are fetched before; "
	    "else it goes by what is here (git fetch origin "
	    "refs/notes/stagegate:refs/notes/stagegate) and prints the command "
	    "that pushes.\n"
	    "Where gates ask for sections in the message of merges, give them "
	    "as paragraphs: -m 'What: ..' -m 'Testing: ..'.\n",
};
