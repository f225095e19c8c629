#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "client.h"
#include "commits.h"
#include "git/merge.h"
#include "promote.h"

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
    struct promotion *promotion, const char **ret, struct err *err)
{
	struct arena *arena = promotion->admin->arena;
	size_t len;
	char *text;

	if (file_read(arena, promotion->opts->file, MESSAGE_MAX, &text, &len,
		err) < 0)
		return -1;
	if (strlen(text) != len || !utf8_valid(text, len))
		return err_set(err, ERR_FORMAT, "'%s' is not UTF-8 text",
		    promotion->opts->file);
	while (len > 0 && strchr(" \n", text[len - 1]))
		text[--len] = '\0';
	if (len == 0)
		return err_set(
		    err, ERR_FORMAT, "'%s' is empty", promotion->opts->file);
	*ret = arena_printf(arena, "%s\n", text);
	return 0;
}

static const char *made_message(struct promotion *promotion)
{
	struct arena *arena = promotion->admin->arena;
	const struct strings *given = &promotion->opts->messages;
	const char *text = arena_printf(arena, "Promote %s to %s (%s)\n\n%s\n",
	    oid_hex8(&promotion->candidate.id).s, short_ref(promotion->ref),
	    promotion->stage->name,
	    commit_subject(arena, &promotion->candidate));

	for (size_t i = 0; i < given->n; i++)
		text = arena_printf(arena, "%s\n%s\n", text, given->v[i]);
	return text;
}

static int find_message(
    struct promotion *promotion, const char **ret, struct err *err)
{
	struct arena *arena = promotion->admin->arena;

	if (!promotion->opts->file)
		*ret = made_message(promotion);
	else if (read_message(promotion, ret, err) < 0)
		return -1;
	if (promotion->way.kind != TRANSITION_SQUASH)
		return 0;
	*ret = arena_printf(arena, "%s%sPromotes: %s\n", *ret,
	    ends_in_trailers(arena, *ret) ? "" : "\n",
	    oid_hex(&promotion->candidate.id).s);
	return 0;
}

/* ---- the tree ----------------------------------------------------------- */

static int find_tree(
    struct promotion *promotion, struct oid *ret, struct err *err)
{
	struct session *session = &promotion->admin->session;
	const struct view *view = &session->view;
	const struct order_way *way = &promotion->way;
	struct view_merge merge = { .state = MERGE_UNRELATED };
	struct oids bases = { NULL, 0, 0 };

	*ret = promotion->candidate.tree;
	if (way->contains)
		return 0;
	if (view->merge_bases(view->git, session->arena, &way->stands_in,
		&way->candidate, &bases, err) < 0)
		return -1;
	if (bases.n > 0 &&
	    merge_store(session->repo, session->arena, &way->stands_in,
		&way->candidate, &merge, err) < 0)
		return -1;
	promotion->unmergeable = merge.state != MERGE_CLEAN;
	if (!promotion->unmergeable)
		*ret = merge.tree;
	return 0;
}

int promote_make(struct promotion *promotion, struct err *err)
{
	const struct order_way *way = &promotion->way;
	struct client_commit commit = { .sign = promotion->opts->sign };

	promotion->new = way->candidate;
	if (way->kind != TRANSITION_MERGE && way->kind != TRANSITION_SQUASH)
		return 0;
	if (find_tree(promotion, &commit.tree, err) < 0 ||
	    find_message(promotion, &commit.message, err) < 0)
		return -1;
	ARRAY_PUSH(promotion->admin->arena, &commit.parents, way->before);
	if (way->kind == TRANSITION_MERGE)
		ARRAY_PUSH(
		    promotion->admin->arena, &commit.parents, way->candidate);
	return client_commit(promotion->admin, &commit, &promotion->new, err);
}
