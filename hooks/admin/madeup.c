#include "madeup.h"

#include <string.h>

#include "base/text.h"

static const char *message_of(
    struct arena *arena, const struct commit *candidate, bool squash)
{
	if (!squash)
		return arena_printf(
		    arena, "Merge commit '%s'\n", oid_hex(&candidate->id).s);
	return arena_printf(arena, "%s\n\nPromotes: %s\n",
	    commit_subject(arena, candidate), oid_hex(&candidate->id).s);
}

static void sign_as(
    struct admin *admin, const char *pusher, struct commit *made)
{
	const struct person *person = pusher
	    ? policy_person(admin->session.policy, pusher)
	    : NULL;

	made->committer.name = pusher;
	made->committer.email = person && person->emails.n ? person->emails.v[0]
							   : "nobody@localhost";
	made->committer.time = admin->session.now;
	made->author = made->committer;
}

static int make_up(struct admin *admin, const struct commit *candidate,
    const struct order_way *way, struct commit *made, struct made_up *ret,
    struct err *err)
{
	bool squash = way->kind == TRANSITION_SQUASH;
	struct arena *arena = admin->arena;
	const struct view *inner = &admin->session.view;
	struct view_merge merge = { .state = MERGE_CLEAN,
		.tree = candidate->tree };

	if (!way->contains &&
	    inner->merge(inner->git, arena, &way->stands_in, &candidate->id,
		&candidate->tree, &merge, err) < 0)
		return -1;
	if (merge.state != MERGE_CLEAN) {
		ret->obstacle = merge.state == MERGE_CONFLICT
		    ? "conflicts: merge it into the branch first"
		    : "shares no history with it";
		return 0;
	}
	made->tree = merge.tree;
	ARRAY_PUSH(arena, &made->parents, way->before);
	if (!squash)
		ARRAY_PUSH(arena, &made->parents, candidate->id);
	made->message = message_of(arena, candidate, squash);
	made->message_len = strlen(made->message);
	overlay_make_up(&ret->overlay, arena, made,
	    merge.tree_is_scratch ? &candidate->tree : &merge.tree);
	ret->new = ret->overlay.made_up.id;
	return 0;
}

int made_up_find(struct admin *admin, const struct commit *commit,
    const struct order_way *way, const char *pusher, struct made_up *ret,
    struct err *err)
{
	struct commit made = { .tree = commit->tree };

	overlay_view(&ret->overlay, &admin->session.view, &ret->view);
	ret->new = commit->id;
	if (way->kind != TRANSITION_MERGE && way->kind != TRANSITION_SQUASH)
		return 0;
	sign_as(admin, pusher, &made);
	return make_up(admin, commit, way, &made, ret, err);
}

/* ---- a commit that nobody has made has no id to tell ------------------- */

static void rename_in(
    struct arena *arena, const struct commit *made, const char **text)
{
	struct oid_hex id = oid_hex8(&made->id);
	const char *found = *text ? strstr(*text, id.s) : NULL;
	const char *called = made->parents.n > 1 ? "the merge" : "the squash";

	while (found) {
		size_t len = strlen(id.s);

		if (str_prefix(found, oid_hex(&made->id).s))
			len = OID_HEX;
		*text = arena_printf(arena, "%.*s%s%s", (int)(found - *text),
		    *text, called, found + len);
		found = strstr(*text, id.s);
	}
}

static void rename_all(
    struct arena *arena, const struct commit *made, struct strings *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		rename_in(arena, made, &texts->v[i]);
}

void made_up_rename(struct arena *arena, const struct made_up *made,
    struct ref_verdict *verdict)
{
	const struct commit *commit = &made->overlay.made_up;

	if (!made->overlay.has_made_up)
		return;
	for (size_t i = 0; i < verdict->findings.n; i++) {
		struct finding *finding = &verdict->findings.v[i];

		rename_in(arena, commit, &finding->text);
		rename_all(arena, commit, &finding->details);
		rename_all(arena, commit, &finding->hints);
		rename_all(arena, commit, &finding->commands);
	}
	for (size_t i = 0; i < verdict->gates.n; i++) {
		struct gate_row *row = &verdict->gates.v[i];

		rename_in(arena, commit, &row->text);
		rename_in(arena, commit, &row->hint);
		rename_all(arena, commit, &row->details);
	}
}
