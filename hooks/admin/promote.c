#include "promote.h"

#include "asking.h"
#include "base/text.h"
#include "run/decide.h"
#include "who.h"

#define AT(member) offsetof(struct promote_options, member)

static const struct option options[] = {
	{ "push", 0, OPTION_TEXT, AT(upstream.push), "REMOTE",
	    "push it there; else the command that does is printed" },
	{ "ref", 0, OPTION_TEXT, AT(ref), "REF",
	    "which ref of the stage, where it has several" },
	{ "message", 'm', OPTION_TEXTS, AT(messages), "TEXT",
	    "a paragraph for the message of the merge, below its subject; may "
	    "be given several times" },
	{ "file", 'F', OPTION_TEXT, AT(file), "FILE",
	    "the whole message instead, with its subject" },
	{ "sign", 'S', OPTION_FLAG, AT(sign), NULL,
	    "sign the merge, as commit.gpgSign does always" },
	{ "push-option", 'o', OPTION_TEXTS, AT(push_options), "OPTION",
	    "as git push -o" },
	{ "dry-run", 'n', OPTION_FLAG, AT(upstream.dry_run), NULL,
	    "fetch and judge, push nothing" },
	{ "offline", 0, OPTION_FLAG, AT(upstream.offline), NULL,
	    "do with what was fetched before" },
	{ "as", 0, OPTION_TEXT, AT(as), "USER",
	    "judge for this person; else for yourself" },
	{ "run", 0, OPTION_FLAG, AT(run), NULL,
	    "run the programs of the stage's gates here too" },
	{ .name = NULL },
};

/* ---- saying what was made ----------------------------------------------- */

/* "1a2b3c4d Subject" */
static int name_commit(struct promotion *promotion, const struct oid *oid,
    const char **ret, struct err *err)
{
	struct admin *admin = promotion->admin;
	const struct view *view = &admin->session.view;
	const char *complaint = NULL;
	struct commit commit;

	if (view->commit(
		view->git, admin->arena, oid, &commit, &complaint, err) < 0)
		return -1;
	*ret = arena_printf(admin->arena, "%s %s", oid_hex8(oid).s,
	    complaint ? ""
		      : text_clean_s(admin->arena,
			    commit_subject(admin->arena, &commit)));
	return 0;
}

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

	if (name_commit(promotion, &way->candidate, &from, err) < 0 ||
	    name_commit(promotion, &promotion->new, &made, err) < 0)
		return -1;
	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s (%s): %s", promotion->ref,
		promotion->stage->name, how(way)),
	    2);
	admin_wrap(admin, "  of    ", from, 8);
	if (way->kind == TRANSITION_CREATE)
		return 0;
	if (name_commit(promotion, &way->before, &to, err) < 0)
		return -1;
	admin_wrap(admin, "  onto  ", to, 8);
	if (oid_eq(&promotion->new, &way->candidate))
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

/* ---- judging ------------------------------------------------------------ */

static bool has_code(const struct verdict *verdict, enum code code)
{
	for (size_t i = 0; i < verdict->refs[0].findings.n; i++)
		if (verdict->refs[0].findings.v[i].code == code)
			return true;
	return false;
}

static void hint_refused(struct promotion *promotion, const struct push *push,
    const struct verdict *verdict, bool guessed)
{
	struct admin *admin = promotion->admin;

	upstream_hint(admin, &promotion->opts->upstream);
	if (guessed)
		admin_note(admin, "hint: ",
		    "it is not known here as whom the server knows you: this "
		    "is for %s, --as USER asks for another",
		    push->pusher);
	else if (verdict->nrefs > 0 && has_code(verdict, CODE_PUSH_ROLE))
		admin_note(admin,
		    "hint: ", "this is for %s, --as USER asks for another",
		    push->pusher);
}

/* The exit code; tells what the hooks would answer. */
static int judge_made(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	struct update update = { .ref = promotion->ref,
		.old = promotion->way.before,
		.new = promotion->new };
	struct push push = { .options_known = true,
		.options = promotion->opts->push_options };
	struct verdict verdict;
	bool guessed;
	struct err err;
	int status;

	push.pusher = who_pushes(
	    admin, promotion->opts->as, &promotion->stage->push, &guessed);
	ARRAY_PUSH(admin->arena, &push.updates, update);
	asking_commands(admin, promotion->opts->run);
	if (decide(&admin->session, &push, &verdict, &err) < 0)
		return admin_fail(admin, &err);
	asking_leave_programs(admin, &verdict);
	status = asking_tell(admin, &push, &verdict);
	if (verdict.refused)
		hint_refused(promotion, &push, &verdict, guessed);
	/* A draft lets anything pass. */
	if (status == EXIT_ALLOWED && promotion->unmergeable) {
		admin_note(admin, "error: ",
		    "%s can't be merged into %s: merge %s into its branch, "
		    "resolve and review it there, promote that",
		    oid_hex8(&promotion->way.candidate).s, promotion->ref,
		    oid_hex8(&promotion->way.stands_in).s);
		return EXIT_REFUSED;
	}
	return status;
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

static int make_and_push(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	struct upstream_move move = { .ref = promotion->ref };
	struct err err;
	int status;

	if (promote_make(promotion, &err) < 0 || print_way(promotion, &err) < 0)
		return admin_fail(admin, &err);
	/* Before what standard error has to say of it. */
	admin_flush(admin);
	status = judge_made(promotion);
	if (status != EXIT_ALLOWED)
		return status;
	move.new = promotion->new;
	return upstream_push(admin, &promotion->opts->upstream, &move);
}

static int promote(struct admin *admin, const void *given)
{
	struct promote_options opts = *(const struct promote_options *)given;
	struct promotion promotion = { .admin = admin, .opts = &opts };
	struct err err;
	int status;

	opts.upstream.options = &opts.push_options;
	if (opts.file && opts.messages.n > 0)
		return admin_usage(admin, "say either --message or --file");
	status = upstream_open(admin, &opts.upstream);
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
