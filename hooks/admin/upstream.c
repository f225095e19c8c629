#include "upstream.h"

#include <string.h>

#include "asking.h"
#include "base/shellword.h"
#include "client.h"
#include "open.h"
#include "run/decide.h"
#include "who.h"

static const char *remote_name(
    const struct admin *admin, const struct upstream *upstream)
{
	if (upstream->push)
		return upstream->push;
	return admin->is_clone ? "origin" : ".";
}

static bool is_remote(struct admin *admin, const char *name)
{
	const char *const args[] = { "config", "--get",
		arena_printf(admin->arena, "remote.%s.url", name), NULL };
	const char *url;
	struct err err;

	return client_git(admin, args, NULL, &url, &err) == 0;
}

/*
 * In one go, so that ledger and branches are of one moment.  Branches that are
 * gone there stay here: they may be all that somebody has of what they named.
 */
static int fetch(struct admin *admin, const char *remote)
{
	const char *const args[] = { "fetch", "--quiet", "--no-tags",
		"--no-recurse-submodules", "--no-write-fetch-head",
		"--end-of-options", remote,
		arena_printf(
		    admin->arena, "+refs/heads/*:refs/remotes/%s/*", remote),
		arena_printf(admin->arena, "+%s:%s", LEDGER_REF, LEDGER_REF),
		NULL };
	struct err err;
	int status;

	if (!is_remote(admin, remote)) {
		admin_note(
		    admin, "error: ", "there is no remote '%s' here", remote);
		return EXIT_UNDECIDED;
	}
	if (client_git_on_terminal(admin, args, &status, &err) < 0)
		return admin_fail(admin, &err);
	if (status == 0)
		return EXIT_ALLOWED;
	admin_note(admin, "error: ",
	    "ledger and branches of '%s' could not be fetched; --offline does "
	    "with what was fetched before",
	    remote);
	return EXIT_UNDECIDED;
}

static bool fetches(const struct upstream *upstream)
{
	return (upstream->push || upstream->dry_run) && !upstream->offline;
}

int upstream_open(struct admin *admin, const struct upstream *upstream)
{
	int status = open_repository(admin);
	bool server;

	if (status != EXIT_ALLOWED)
		return status;
	server = is_server(admin);
	session_close(&admin->session);
	if (fetches(upstream) && !server) {
		status = fetch(
		    admin, upstream->push ? upstream->push : "origin");
		if (status != EXIT_ALLOWED)
			return status;
	}
	status = open_all(admin, NULL, server ? NULL : upstream->push);
	return status == EXIT_ALLOWED ? need_ledger(admin) : status;
}

int upstream_ref(struct admin *admin, const struct upstream *upstream,
    const char *ref, struct view_ref *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct view_entry_records last = { NULL, 0, 0 };

	if (view->ref(view->git, admin->arena, ref, ret, err) < 0 ||
	    view->entries(view->ledger, admin->arena, ref, 1, &last, err) < 0)
		return -1;
	if (admin->is_clone && ret->exists && last.n > 0 &&
	    oid_is_zero(&last.v[0].tip))
		return err_set(err, ERR_MOVED,
		    "%s was deleted on the server and is still here: git "
		    "fetch --prune %s",
		    ref, remote_name(admin, upstream));
	return hint_if_stale(admin, ref, ret, err);
}

/* ---- judging ------------------------------------------------------------ */

static bool has_code(const struct verdict *verdict, enum code code)
{
	for (size_t i = 0; i < verdict->nrefs; i++)
		for (size_t k = 0; k < verdict->refs[i].findings.n; k++)
			if (verdict->refs[i].findings.v[k].code == code)
				return true;
	return false;
}

/* What the answer goes by may not be what the server knows. */
static void hint_refused(struct admin *admin, const struct upstream *upstream,
    const struct upstream_answer *answer)
{
	const struct push *push = &answer->push;
	const struct verdict *verdict = &answer->verdict;

	if (admin->is_clone && !fetches(upstream))
		admin_note(admin, "hint: ",
		    "this goes by what was fetched before; --dry-run fetches "
		    "first");
	if (answer->guessed)
		admin_note(admin, "hint: ",
		    "it is not known here as whom the server knows you: this "
		    "is for %s, --as USER asks for another",
		    push->pusher);
	else if (push->pusher &&
	    (has_code(verdict, CODE_PUSH_ROLE) ||
		has_code(verdict, CODE_ROLLBACK_ROLE)))
		admin_note(admin,
		    "hint: ", "this is for %s, --as USER asks for another",
		    push->pusher);
}

int upstream_ask(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves, struct upstream_answer *ret,
    struct err *err)
{
	struct push *push = &ret->push;

	*ret = (struct upstream_answer){ .push.options_known = true,
		.push.options = upstream->options };
	push->pusher = who_pushes(
	    admin, upstream->as, moves->roles, &ret->guessed);
	push_options_read(push);
	for (size_t i = 0; i < moves->n; i++)
		ARRAY_PUSH(admin->arena, &push->updates,
		    (struct update){ .ref = moves->v[i].ref,
			.old = moves->v[i].old,
			.new = moves->v[i].new });
	if (!admin->session.commands)
		asking_commands(admin, upstream->run);
	if (decide(&admin->session, push, &ret->verdict, err) < 0)
		return -1;
	if (admin->is_clone)
		asking_leave_absent(&ret->verdict);
	return 0;
}

int upstream_tell(struct admin *admin, const struct upstream *upstream,
    const struct upstream_answer *answer)
{
	int status;

	/* What was said goes before what standard error has to say of it. */
	admin_flush(admin);
	status = asking_tell(admin, &answer->push, &answer->verdict);
	if (answer->verdict.refused)
		hint_refused(admin, upstream, answer);
	return status;
}

int upstream_judge(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves)
{
	struct upstream_answer answer;
	struct err err;

	if (upstream_ask(admin, upstream, moves, &answer, &err) < 0)
		return admin_fail(admin, &err);
	return upstream_tell(admin, upstream, &answer);
}

/* ---- pushing ------------------------------------------------------------ */

static void add_options(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves, struct strings *words)
{
	struct arena *arena = admin->arena;

	if (moves->atomic)
		ARRAY_PUSH(arena, words, "--atomic");
	for (size_t i = 0; i < upstream->options.n; i++) {
		ARRAY_PUSH(arena, words, "-o");
		ARRAY_PUSH(arena, words, upstream->options.v[i]);
	}
	for (size_t i = 0; i < moves->n; i++)
		if (moves->v[i].forced)
			ARRAY_PUSH(arena, words,
			    arena_printf(arena, "--force-with-lease=%s:%s",
				moves->v[i].ref, oid_hex(&moves->v[i].old).s));
}

static void add_words(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves, struct strings *words)
{
	struct arena *arena = admin->arena;

	add_options(admin, upstream, moves, words);
	ARRAY_PUSH(arena, words, remote_name(admin, upstream));
	for (size_t i = 0; i < moves->n; i++)
		ARRAY_PUSH(arena, words,
		    arena_printf(arena, "%s:%s", oid_hex(&moves->v[i].new).s,
			moves->v[i].ref));
}

const char *upstream_command(struct admin *admin,
    const struct upstream *upstream, const struct upstream_moves *moves)
{
	struct strings words = { NULL, 0, 0 };
	struct buf text;

	add_words(admin, upstream, moves, &words);
	buf_init(&text, admin->arena, ADMIN_OUTPUT_MAX);
	buf_adds(&text, "git");
	if (strcmp(admin->dir, ".") != 0)
		buf_addf(&text, " -C %s", shell_word(admin->arena, admin->dir));
	buf_adds(&text, " push");
	for (size_t i = 0; i < words.n; i++)
		buf_addf(&text, " %s", shell_word(admin->arena, words.v[i]));
	return text.p;
}

bool upstream_pushes(const struct upstream *upstream)
{
	return upstream->push && !upstream->dry_run;
}

int upstream_push(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves)
{
	struct strings words = { NULL, 0, 0 }, args = { NULL, 0, 0 };

	if (!upstream_pushes(upstream)) {
		buf_addf(&admin->out, "%s\n",
		    upstream_command(admin, upstream, moves));
		return EXIT_ALLOWED;
	}
	add_words(admin, upstream, moves, &words);
	ARRAY_PUSH(admin->arena, &args, "push");
	ARRAY_PUSH(admin->arena, &args, "--no-follow-tags");
	for (size_t i = 0; i < words.n; i++)
		ARRAY_PUSH(admin->arena, &args, words.v[i]);
	ARRAY_PUSH(admin->arena, &args, NULL);
	admin_flush(admin);
	return client_push(admin, args.v);
}
