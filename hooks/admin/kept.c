#include "kept.h"

#include <string.h>

#include "base/num.h"
#include "open.h"

struct kept_options {
	const char *restore, *as, *expire;
	bool dry_run;
};

static const struct option options[] = {
	{ "restore", 0, OPTION_TEXT, offsetof(struct kept_options, restore),
	    "COMMIT", "make a branch that names this kept tip" },
	{ "as", 0, OPTION_TEXT, offsetof(struct kept_options, as), "BRANCH",
	    "of this name; else restored/ and 8 digits of the commit" },
	{ "expire", 0, OPTION_TEXT, offsetof(struct kept_options, expire),
	    "DURATION", "let go of tips left longer ago than this: 365d" },
	{ "dry-run", 0, OPTION_FLAG, offsetof(struct kept_options, dry_run),
	    NULL, "only say what --expire would let go" },
	{ .name = NULL },
};

int kept_on_server(struct admin *admin)
{
	if (!admin->is_clone && need_ledger(admin) == EXIT_ALLOWED)
		return EXIT_ALLOWED;
	admin_note(admin, "error: ",
	    "kept tips are the server's: this is done in its repository");
	return EXIT_UNDECIDED;
}

static const char *how_left(struct admin *admin, const struct left *left)
{
	struct arena *arena = admin->arena;

	switch (left->how) {
	case LEFT_NOT:
		return "is the present tip";
	case LEFT_BY_MOVE:
		return arena_printf(arena, "left %s, %s by %s",
		    time_format(arena, left->at), left_word(left), left->by);
	case LEFT_BY_SQUASH:
		return arena_printf(arena, "squashed %s by %s",
		    time_format(arena, left->at), left->by);
	case LEFT_UNKNOWN:
		break;
	}
	return "not recorded when or how it was left";
}

static void print_text(struct admin *admin, const struct lefts *lefts)
{
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < lefts->n; i++) {
		const struct left *left = &lefts->v[i];

		if (i == 0 || strcmp(lefts->v[i - 1].tip.ref, left->tip.ref))
			admin_wrap(admin, "", left->tip.ref, 2);
		admin_wrap(admin, "  ",
		    arena_printf(arena, "%s %s: %s", oid_hex8(&left->tip.oid).s,
			how_left(admin, left),
			left->subject ? left->subject : "(malformed)"),
		    4);
	}
}

static void print_json(struct admin *admin, const struct lefts *lefts)
{
	json_t *object = json_object(), *rows = json_array();

	for (size_t i = 0; i < lefts->n; i++)
		json_array_append_new(
		    rows, left_json(admin->arena, &lefts->v[i]));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "kept", rows);
	admin_json(admin, object);
}

/* They are no branches, which a clone would fetch. */
static void hint_clone(struct admin *admin)
{
	admin_note(admin, "hint: ",
	    "kept tips are the server's, and nobody has fetched them here:");
	admin_note(admin, "hint: ", "git fetch origin '+%s*:%s*'", KEPT_PREFIX,
	    KEPT_PREFIX);
}

static int list(struct admin *admin, const char *ref)
{
	struct lefts lefts;
	struct err err;
	int status = open_ledger(admin, NULL);

	if (status == EXIT_ALLOWED)
		status = need_ledger(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (lefts_find(admin, ref, &lefts, &err) < 0)
		return admin_fail(admin, &err);
	if (lefts.n == 0 && admin->is_clone)
		hint_clone(admin);
	if (admin->json)
		print_json(admin, &lefts);
	else if (lefts.n > 0)
		print_text(admin, &lefts);
	else if (!admin->is_clone)
		admin_note(admin, "hint: ", "nothing is kept%s%s",
		    ref ? " of " : "", ref ? ref : "");
	return EXIT_ALLOWED;
}

static int kept(struct admin *admin, const void *given)
{
	const struct kept_options *opts = given;
	const char *ref = admin->args.n
	    ? full_ref(admin->arena, admin->args.v[0])
	    : NULL;

	if (opts->as && !opts->restore)
		return admin_usage(admin, "--as goes with --restore");
	if (opts->dry_run && !opts->expire)
		return admin_usage(admin, "--dry-run goes with --expire");
	if (opts->restore && opts->expire)
		return admin_usage(
		    admin, "--restore and --expire do not go together");
	if (opts->restore && ref)
		return admin_usage(
		    admin, "--restore takes a commit, and --as the branch");
	if (opts->restore)
		return kept_restore(admin, opts->restore, opts->as);
	if (opts->expire)
		return kept_expire(admin, ref, opts->expire, opts->dry_run);
	return list(admin, ref);
}

const struct verb verb_kept = {
	.name = "kept",
	.arguments = "[REF] [--expire DURATION [--dry-run]] | --restore COMMIT "
		     "[--as BRANCH]",
	.summary = "old tips that stay reachable, and bringing one back",
	.options = options,
	.options_size = sizeof(struct kept_options),
	.args_max = 1,
	.run = kept,
	.json = true,
	.help =
	    "Lists the commits that the server keeps: what a rollback, a "
	    "rewind or a deletion left behind, and what a squash brought in; "
	    "for each since when, by whom and how. With a ref only what is "
	    "kept for that one.\n"
	    "With --restore a branch is made that names such a commit, on the "
	    "server. It enters no stage by that: promote it as any other.\n"
	    "With --expire tips go that were left longer ago, which the "
	    "ledger records first. Those that an incident names, that may "
	    "still be rolled back to, that are a ref's present tip or of which "
	    "nothing is recorded stay. Commits that nothing else "
	    "reaches are removed by git gc, in its own time.\n",
};
