#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "client.h"
#include "commits.h"
#include "judge/passage.h"
#include "record/kept.h"
#include "rollback.h"

/*
 * Which of the earlier tips.  One that a rollback or rewind went behind was
 * taken back for a reason: steps pass it over, --to names it.
 */
#define TIPS_NAMED 10
#define PREFIX_MIN 4 /* digits */

static int name_tips(struct going_back *back, const struct rollback_tips *tips)
{
	struct admin *admin = back->admin;
	struct arena *arena = admin->arena;
	struct err err;

	admin_note(admin, "hint: ", "it has been at these, for --to:");
	for (size_t i = 0; i < tips->n && i < TIPS_NAMED; i++) {
		const struct rollback_tip *tip = &tips->v[i];
		const char *line;

		if (commit_line(admin, &tip->tip, &line, &err) < 0)
			return admin_fail(admin, &err);
		admin_note(admin, "hint: ", "%s (%s to %s)%s", line,
		    time_format(arena, tip->entered),
		    time_format(arena, tip->left),
		    tip->within ? "" : ", too long ago");
	}
	if (tips->n > TIPS_NAMED)
		admin_note(
		    admin, "hint: ", "and %zu more", tips->n - TIPS_NAMED);
	return EXIT_REFUSED;
}

/* ---- the tip's tree ------------------------------------------------------ */

/* After a rewind no branch leads to it; the server has kept it. */
static void fetch_kept(struct going_back *back, const struct oid *tip)
{
	struct admin *admin = back->admin;
	const struct upstream *upstream = &back->opts->upstream;
	const char *const args[] = { "fetch", "--quiet", "--no-tags",
		"--no-recurse-submodules", "--no-write-fetch-head",
		"--end-of-options", upstream->push ? upstream->push : "origin",
		arena_printf(admin->arena, KEPT_PREFIX "%s/%s", back->ref,
		    oid_hex(tip).s),
		NULL };
	struct err ignored;
	const char *line;

	if (admin->is_clone && !upstream->offline)
		(void)client_git(admin, args, NULL, &line, &ignored);
}

static int find_tree(struct going_back *back, const struct oid *tip,
    struct oid *ret, struct err *err)
{
	const struct view *view = &back->admin->session.view;
	enum object_kind kind;
	struct view_node node;
	uint64_t size;

	if (view->kind(view->git, tip, &kind, &size, err) < 0)
		return -1;
	if (kind == OBJECT_MISSING)
		fetch_kept(back, tip);
	if (view->node(view->git, back->admin->arena, tip, &node, err) < 0)
		return err_prefix(err, "%s is not here", oid_hex8(tip).s);
	*ret = node.tree;
	return 0;
}

static int take(struct going_back *back, const struct rollback_tip *tip)
{
	struct err err;

	if (find_tree(back, &tip->tip, &back->to_tree, &err) < 0)
		return admin_fail(back->admin, &err);
	back->to = *tip;
	return EXIT_ALLOWED;
}

/* ---- which --------------------------------------------------------------- */

/* An earlier tip need not be here for its id to be known. */
static const struct rollback_tip *find_by_digits(
    const struct rollback_tips *tips, const char *text)
{
	const struct rollback_tip *found = NULL;
	size_t len = strlen(text);

	if (len < PREFIX_MIN || len > OID_HEX)
		return NULL;
	for (size_t i = 0; i < tips->n; i++) {
		if (strncmp(oid_hex(&tips->v[i].tip).s, text, len) != 0)
			continue;
		if (found)
			return NULL;
		found = &tips->v[i];
	}
	return found;
}

static int find_named(struct going_back *back, const struct rollback_tips *tips)
{
	struct admin *admin = back->admin;
	const struct rollback_tip *tip = find_by_digits(tips, back->opts->to);
	struct oid oid;
	struct err err;

	if (tip)
		return take(back, tip);
	if (commit_named(admin, back->opts->to, &oid, &err) < 0)
		return admin_fail(admin, &err);
	tip = rollback_find_tip(tips, &oid);
	if (tip)
		return take(back, tip);
	if (oid_eq(&oid, &back->from)) {
		admin_note(admin, "error: ", "%s is at %s already", back->ref,
		    oid_hex8(&oid).s);
		return EXIT_REFUSED;
	}
	admin_note(admin, "error: ", "%s was never an accepted tip of %s",
	    oid_hex8(&oid).s, back->ref);
	return name_tips(back, tips);
}

static int was_taken_back(
    struct going_back *back, const struct oid *tip, bool *ret, struct err *err)
{
	const struct view *view = &back->admin->session.view;
	struct view_passages passages = { NULL, 0, 0 };

	*ret = true;
	if (view->passages(
		view->ledger, back->admin->arena, tip, &passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n && *ret; i++)
		if (strcmp(passages.v[i].ref, back->ref) == 0 &&
		    passage_counts(&passages.v[i]))
			*ret = false;
	return 0;
}

/* One step back is to other files than those one comes from. */
static int is_step(struct going_back *back, const struct rollback_tip *tip,
    struct oid *tree, bool *ret, struct err *err)
{
	const struct oid before = *tree;
	bool taken;

	*ret = false;
	if (was_taken_back(back, &tip->tip, &taken, err) < 0)
		return -1;
	if (taken)
		return 0;
	if (find_tree(back, &tip->tip, tree, err) < 0)
		return -1;
	*ret = !oid_eq(tree, &before);
	return 0;
}

static int find_step(struct going_back *back, const struct rollback_tips *tips)
{
	struct admin *admin = back->admin;
	uint64_t steps = back->opts->steps ? back->opts->steps : 1, n = 0;
	struct oid tree = back->from_tree;
	struct err err;

	for (size_t i = 0; i < tips->n; i++) {
		bool is;

		if (is_step(back, &tips->v[i], &tree, &is, &err) < 0)
			return admin_fail(admin, &err);
		if (is && ++n == steps)
			return take(back, &tips->v[i]);
	}
	admin_note(admin,
	    "error: ", "%s can be taken back by %llu step%s, not by %llu",
	    back->ref, (unsigned long long)n, n == 1 ? "" : "s",
	    (unsigned long long)steps);
	return name_tips(back, tips);
}

int rollback_target(struct going_back *back)
{
	struct session *session = &back->admin->session;
	struct rollback_tips tips;
	struct err err;

	if (rollback_tips(&session->view, session->arena, session->policy,
		back->ref, &back->from, session->now, &tips, &err) < 0)
		return admin_fail(back->admin, &err);
	if (!tips.v) {
		admin_note(back->admin, "error: ",
		    "%s has never been elsewhere, as an accepted tip",
		    back->ref);
		return EXIT_REFUSED;
	}
	return back->opts->to ? find_named(back, &tips)
			      : find_step(back, &tips);
}
