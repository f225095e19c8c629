#include "makemove.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "client.h"
#include "commits.h"
#include "git/merge.h"

#define MESSAGE_MAX ((size_t)1 << 20) /* bytes */

/* ---- the message -------------------------------------------------------- */

static bool ends_in_trailers(struct arena *arena, const char *message)
{
	struct commit commit = { .message = message,
		.message_len = strlen(message) };
	struct trailers trailers = { NULL, 0, 0 };

	commit_trailers(arena, &commit, &trailers);
	return trailers.n > 0;
}

static int read_message(
    struct making *making, const char **ret, struct err *err)
{
	struct arena *arena = making->admin->arena;
	size_t len;
	char *text;

	if (file_read(
		arena, making->opts->file, MESSAGE_MAX, &text, &len, err) < 0)
		return -1;
	if (strlen(text) != len || !utf8_valid(text, len))
		return err_set(err, ERR_FORMAT, "'%s' is not UTF-8 text",
		    making->opts->file);
	while (len > 0 && strchr(" \n", text[len - 1]))
		text[--len] = '\0';
	if (len == 0)
		return err_set(
		    err, ERR_FORMAT, "'%s' is empty", making->opts->file);
	*ret = arena_printf(arena, "%s\n", text);
	return 0;
}

static const char *made_message(struct making *making)
{
	struct arena *arena = making->admin->arena;
	const struct strings *given = &making->opts->messages;
	const char *text = arena_printf(arena, "Promote %s to %s (%s)\n\n%s\n",
	    oid_hex8(&making->candidate.id).s, short_ref(making->ref),
	    making->stage->name, commit_subject(arena, &making->candidate));

	for (size_t i = 0; i < given->n; i++)
		text = arena_printf(arena, "%s\n%s\n", text, given->v[i]);
	return text;
}

static int find_message(
    struct making *making, const char **ret, struct err *err)
{
	struct arena *arena = making->admin->arena;

	if (!making->opts->file)
		*ret = made_message(making);
	else if (read_message(making, ret, err) < 0)
		return -1;
	if (making->way.kind != TRANSITION_SQUASH)
		return 0;
	*ret = arena_printf(arena, "%s%sPromotes: %s\n", *ret,
	    ends_in_trailers(arena, *ret) ? "" : "\n",
	    oid_hex(&making->candidate.id).s);
	return 0;
}

/* ---- the tree ----------------------------------------------------------- */

static int find_tree(struct making *making, struct oid *ret, struct err *err)
{
	struct session *session = &making->admin->session;
	const struct view *view = &session->view;
	const struct order_way *way = &making->way;
	struct view_merge merge = { .state = MERGE_UNRELATED };
	struct oids bases = { NULL, 0, 0 };

	*ret = making->candidate.tree;
	if (way->contains)
		return 0;
	if (view->merge_bases(view->git, session->arena, &way->stands_in,
		&way->candidate, &bases, err) < 0)
		return -1;
	if (bases.n > 0 &&
	    merge_store(session->repo, session->arena, &way->stands_in,
		&way->candidate, &merge, err) < 0)
		return -1;
	making->unmergeable = merge.state != MERGE_CLEAN;
	if (!making->unmergeable)
		*ret = merge.tree;
	return 0;
}

int make_move(struct making *making, struct err *err)
{
	const struct order_way *way = &making->way;
	struct client_commit commit = { .sign = making->opts->sign };

	making->new = way->candidate;
	if (way->kind != TRANSITION_MERGE && way->kind != TRANSITION_SQUASH)
		return 0;
	if (find_tree(making, &commit.tree, err) < 0 ||
	    find_message(making, &commit.message, err) < 0)
		return -1;
	ARRAY_PUSH(making->admin->arena, &commit.parents, way->before);
	if (way->kind == TRANSITION_MERGE)
		ARRAY_PUSH(
		    making->admin->arena, &commit.parents, way->candidate);
	return client_commit(making->admin, &commit, &making->new, err);
}
