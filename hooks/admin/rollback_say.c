#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "commits.h"
#include "rollback.h"

#define PATHS_NAMED 10
#define INDENT 10 /* of what stands behind a word */

static void say(struct going_back *back, const char *word, const char *text)
{
	admin_wrap(back->admin,
	    arena_printf(back->admin->arena, "  %-*s", INDENT - 2, word), text,
	    INDENT);
}

/* ---- from, to ------------------------------------------------------------ */

static int say_from(struct going_back *back, struct err *err)
{
	struct admin *admin = back->admin;
	const struct view *view = &admin->session.view;
	struct view_entry_records last = { NULL, 0, 0 };
	const char *line;

	if (commit_line(admin, &back->from, &line, err) < 0 ||
	    view->entries(
		view->ledger, admin->arena, back->ref, 1, &last, err) < 0)
		return -1;
	if (last.n > 0 && oid_eq(&last.v[0].tip, &back->from))
		line = arena_printf(admin->arena, "%s, entered %s by %s", line,
		    time_format(admin->arena, last.v[0].at), last.v[0].by);
	say(back, "from", line);
	return 0;
}

static int say_to(struct going_back *back, struct err *err)
{
	struct arena *arena = back->admin->arena;
	const char *line;

	if (commit_line(back->admin, &back->to.tip, &line, err) < 0)
		return -1;
	say(back, "to",
	    arena_printf(arena, "%s, entered %s by %s, left %s", line,
		time_format(arena, back->to.entered), back->to.by,
		time_format(arena, back->to.left)));
	if (back->rewind)
		return 0;
	if (commit_line(back->admin, &back->new, &line, err) < 0)
		return -1;
	say(back, "made", line);
	return 0;
}

/* ---- files --------------------------------------------------------------- */

struct files {
	struct arena *arena;
	struct strings named;
	size_t n;
};

static int note_file(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct files *files = ctx;

	(void)err;
	if (files->n++ < PATHS_NAMED)
		ARRAY_PUSH(files->arena, &files->named,
		    text_clean_s(files->arena, change->path));
	return 0;
}

static int say_files(struct going_back *back, struct err *err)
{
	const struct view *view = &back->admin->session.view;
	struct arena *arena = back->admin->arena;
	struct files files = { .arena = arena };
	const char *text;

	if (view->changes(view->git, &back->from_tree, &back->to_tree,
		note_file, &files, err) < 0)
		return -1;
	text = files.n ? strings_join(arena, &files.named, "") : "none changes";
	if (files.n > files.named.n)
		text = arena_printf(
		    arena, "%s and %zu more", text, files.n - files.named.n);
	say(back, "files", text);
	return 0;
}

/* ---- afterwards ---------------------------------------------------------- */

static void say_then(struct going_back *back)
{
	const struct gate_uses *then =
	    &back->admin->session.policy->rollback.then;
	struct arena *arena = back->admin->arena;
	const char *names = "";

	for (size_t i = 0; i < then->n; i++)
		names = arena_printf(arena, "%s%s%s", names, i ? ", " : "",
		    then->v[i].gate->name);
	say(back, "then",
	    then->n ? arena_printf(arena,
			  "%s must pass for %s before anything new enters %s",
			  names, oid_hex8(&back->from).s, back->ref)
		    : "nothing is asked afterwards");
}

static int say_client(
    struct going_back *back, const struct client *client, struct err *err)
{
	const struct view *view = &back->admin->session.view;
	struct arena *arena = back->admin->arena;
	struct view_ref ref;
	bool has = false;

	if (view->ref(view->git, arena, client->ref, &ref, err) < 0)
		return -1;
	if (!ref.exists) {
		say(back, "client",
		    arena_printf(arena, "%s runs nothing yet", client->name));
		return 0;
	}
	if (view->is_ancestor(view->git, &back->from, &ref.oid, &has, err) < 0)
		return -1;
	say(back, "client",
	    arena_printf(arena, "%s runs %s (%s)%s", client->name,
		oid_hex8(&ref.oid).s, client->ref,
		!has ? ""
		    : strcmp(client->ref, back->ref) == 0
		    ? ", which goes back"
		    : arena_printf(arena, ", which has %s and is not changed",
			  oid_hex8(&back->from).s)));
	return 0;
}

int rollback_say(struct going_back *back, struct err *err)
{
	const struct policy *policy = back->admin->session.policy;

	admin_wrap(back->admin, "",
	    arena_printf(back->admin->arena, "%s (%s): a rollback, %s",
		back->ref, back->stage->name,
		back->rewind ? "to the earlier tip itself"
			     : "by a revert commit"),
	    2);
	if (say_from(back, err) < 0 || say_to(back, err) < 0 ||
	    say_files(back, err) < 0)
		return -1;
	say_then(back);
	for (size_t i = 0; i < policy->nclients; i++)
		if (say_client(back, &policy->clients[i], err) < 0)
			return -1;
	return 0;
}
