#include "overlay.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"

#define HEADS "refs/heads/"

static bool is_made_up(const struct overlay *overlay, const struct oid *oid)
{
	return overlay->has_made_up && oid_eq(oid, &overlay->made_up.id);
}

/* ---- refs ------------------------------------------------------------- */

static const char *remote_name(
    const struct overlay *overlay, struct arena *arena, const char *name)
{
	if (!overlay->remote || !str_prefix(name, HEADS))
		return name;
	return arena_printf(
	    arena, "refs/remotes/%s/%s", overlay->remote, name + strlen(HEADS));
}

static int get_ref(void *git, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err)
{
	struct overlay *overlay = git;

	if (overlay->past) {
		*ret = (struct view_ref){ .exists = false };
		ret->exists = past_refs_get(
		    overlay->past->refs, name, &ret->oid);
		return 0;
	}
	return overlay->inner->ref(overlay->inner->git, arena,
	    remote_name(overlay, arena, name), ret, err);
}

static int get_refs_below(void *git, struct arena *arena, const char *prefix,
    struct view_refs *ret, struct err *err)
{
	struct overlay *overlay = git;
	const char *mapped = remote_name(overlay, arena, prefix);
	struct view_refs below = { NULL, 0, 0 };
	size_t len = strlen(mapped);

	if (overlay->past) {
		past_refs_below(overlay->past->refs, arena, prefix, ret);
		return 0;
	}
	if (overlay->inner->refs_below(
		overlay->inner->git, arena, mapped, &below, err) < 0)
		return -1;
	if (strcmp(mapped, prefix) != 0) {
		size_t n = 0;

		for (size_t i = 0; i < below.n; i++) {
			const char *rest = below.v[i].name + len;

			/* A clone's refs/remotes/origin/HEAD is a symbolic
			 * ref, and no branch. */
			if (strcmp(rest, "HEAD") == 0)
				continue;
			below.v[n] = below.v[i];
			below.v[n++].name = arena_printf(
			    arena, "%s%s", prefix, rest);
		}
		below.n = n;
	}
	*ret = below;
	return 0;
}

/* ---- objects ---------------------------------------------------------- */

static const struct past_tag *past_tag(
    const struct overlay *overlay, const struct oid *oid)
{
	for (size_t i = 0; overlay->past && i < overlay->past->ntags; i++)
		if (oid_eq(&overlay->past->tags[i].oid, oid))
			return &overlay->past->tags[i];
	return NULL;
}

static int get_kind(void *git, const struct oid *oid, enum object_kind *ret,
    uint64_t *ret_size, struct err *err)
{
	struct overlay *overlay = git;
	const struct past_tag *tag = past_tag(overlay, oid);

	if (is_made_up(overlay, oid)) {
		*ret = OBJECT_COMMIT;
		if (ret_size)
			*ret_size = overlay->made_up.message_len;
		return 0;
	}
	if (tag) {
		*ret = OBJECT_TAG;
		if (ret_size)
			*ret_size = tag->len;
		return 0;
	}
	if (overlay->inner->kind(overlay->inner->git, oid, ret, ret_size, err) <
	    0)
		return -1;
	if (overlay->past && *ret == OBJECT_MISSING) {
		overlay->past->met_missing = true;
		overlay->past->missing = *oid;
	}
	return 0;
}

static int get_commit(void *git, struct arena *arena, const struct oid *oid,
    struct commit *ret, const char **ret_complaint, struct err *err)
{
	struct overlay *overlay = git;

	if (is_made_up(overlay, oid)) {
		*ret = overlay->made_up;
		*ret_complaint = NULL;
		return 0;
	}
	return overlay->inner->commit(
	    overlay->inner->git, arena, oid, ret, ret_complaint, err);
}

static int get_tag(void *git, struct arena *arena, const struct oid *oid,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct overlay *overlay = git;
	const struct past_tag *tag = past_tag(overlay, oid);

	if (tag) {
		*ret_bytes = tag->bytes;
		*ret_len = tag->len;
		return 0;
	}
	return overlay->inner->tag(
	    overlay->inner->git, arena, oid, ret_bytes, ret_len, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int get_blob(void *git, struct arena *arena, const struct oid *oid,
    size_t max, const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->blob(
	    overlay->inner->git, arena, oid, max, ret_bytes, ret_len, err);
}

/* ---- history ---------------------------------------------------------- */

static int get_node(void *git, struct arena *arena, const struct oid *oid,
    struct view_node *ret, struct err *err)
{
	struct overlay *overlay = git;

	if (is_made_up(overlay, oid)) {
		ret->tree = overlay->made_up.tree;
		ret->parents = overlay->made_up.parents;
		ret->date = overlay->made_up.committer.time;
		return 0;
	}
	return overlay->inner->node(overlay->inner->git, arena, oid, ret, err);
}

static int get_is_ancestor(void *git, const struct oid *a, const struct oid *b,
    bool *ret, struct err *err)
{
	struct overlay *overlay = git;
	const struct view *inner = overlay->inner;
	const struct oids *parents = &overlay->made_up.parents;
	bool is = oid_eq(a, b);

	if (!is_made_up(overlay, a) && !is_made_up(overlay, b))
		return inner->is_ancestor(inner->git, a, b, ret, err);
	for (size_t i = 0; !is && !is_made_up(overlay, a) && i < parents->n;
	     i++)
		if (inner->is_ancestor(
			inner->git, a, &parents->v[i], &is, err) < 0)
			return -1;
	*ret = is;
	return 0;
}

/* Leaves out what another one of the list contains. */
static int keep_best(
    const struct view *inner, struct oids *list, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		bool contained = false;

		for (size_t k = 0; !contained && k < list->n; k++) {
			if (oid_eq(&list->v[i], &list->v[k]))
				contained = k < i;
			else if (inner->is_ancestor(inner->git, &list->v[i],
				     &list->v[k], &contained, err) < 0)
				return -1;
		}
		if (!contained)
			list->v[n++] = list->v[i];
	}
	list->n = n;
	return 0;
}

static int get_merge_bases(void *git, struct arena *arena, const struct oid *a,
    const struct oid *b, struct oids *ret, struct err *err)
{
	struct overlay *overlay = git;
	const struct view *inner = overlay->inner;
	const struct oids *parents = &overlay->made_up.parents;
	const struct oid *other = is_made_up(overlay, a) ? b : a;
	struct oids all = { NULL, 0, 0 };

	if (!is_made_up(overlay, a) && !is_made_up(overlay, b))
		return inner->merge_bases(inner->git, arena, a, b, ret, err);
	if (oid_eq(a, b)) {
		ARRAY_PUSH(arena, &all, *a);
		*ret = all;
		return 0;
	}
	for (size_t i = 0; i < parents->n; i++) {
		struct oids some = { NULL, 0, 0 };

		if (inner->merge_bases(inner->git, arena, &parents->v[i], other,
			&some, err) < 0)
			return -1;
		for (size_t k = 0; k < some.n; k++)
			ARRAY_PUSH(arena, &all, some.v[k]);
	}
	if (keep_best(inner, &all, err) < 0)
		return -1;
	*ret = all;
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int get_walk(void *git, struct arena *arena, const struct oids *tips,
    const struct oids *hide, view_stop_fn *stop, void *stop_ctx, size_t max,
    struct oids *ret, struct err *err)
{
	struct overlay *overlay = git;
	const struct view *inner = overlay->inner;
	struct oids from = { NULL, 0, 0 };
	bool met = false;

	for (size_t i = 0; i < tips->n; i++) {
		if (!is_made_up(overlay, &tips->v[i])) {
			ARRAY_PUSH(arena, &from, tips->v[i]);
			continue;
		}
		met = !(hide && oids_have(hide, &tips->v[i])) &&
		    !(stop && stop(stop_ctx, &tips->v[i]));
		for (size_t k = 0; met && k < overlay->made_up.parents.n; k++)
			ARRAY_PUSH(arena, &from, overlay->made_up.parents.v[k]);
	}
	if (inner->walk(inner->git, arena, &from, hide, stop, stop_ctx, max,
		ret, err) < 0)
		return -1;
	if (met)
		ARRAY_PUSH(arena, ret, overlay->made_up.id);
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int get_merge(void *git, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->merge(
	    overlay->inner->git, arena, ours, theirs, expect, ret, err);
}

/* ---- trees ------------------------------------------------------------ */

static const struct oid *tree_for(
    const struct overlay *overlay, const struct oid *tree)
{
	if (tree && overlay->has_made_up &&
	    oid_eq(tree, &overlay->made_up.tree))
		return &overlay->candidate_tree;
	return tree;
}

static int get_changes(void *git, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *ctx, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->changes(overlay->inner->git,
	    tree_for(overlay, old_tree), tree_for(overlay, new_tree), fn, ctx,
	    err);
}

static int get_entry(void *git, const struct oid *tree, const char *path,
    struct view_entry *ret, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->entry(
	    overlay->inner->git, tree_for(overlay, tree), path, ret, err);
}

static int get_list(void *git, const struct oid *tree, view_change_fn *fn,
    void *ctx, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->list(
	    overlay->inner->git, tree_for(overlay, tree), fn, ctx, err);
}

static int get_lines(void *git, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->lines(overlay->inner->git, old_blob, new_blob,
	    ret_added, ret_removed, err);
}

static int get_hunks(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *ctx, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->hunks(
	    overlay->inner->git, old_blob, new_blob, fn, ctx, err);
}

static int get_added(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *ctx, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->added(
	    overlay->inner->git, old_blob, new_blob, fn, ctx, err);
}

static int get_renames(void *git, struct arena *arena,
    const struct oid *old_tree, const struct oid *new_tree,
    struct view_renames *ret, struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->renames(
	    overlay->inner->git, arena, old_tree, new_tree, ret, err);
}

static int get_foreign_signature(void *git, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err)
{
	struct overlay *overlay = git;

	return overlay->inner->foreign_signature(
	    overlay->inner->git, arena, text, sig, ret_good, err);
}

static int get_faults(void *git, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err)
{
	struct overlay *overlay = git;
	struct oids real = { NULL, 0, 0 };

	for (size_t i = 0; i < commits->n; i++)
		if (!is_made_up(overlay, &commits->v[i]))
			ARRAY_PUSH(arena, &real, commits->v[i]);
	return overlay->inner->faults(
	    overlay->inner->git, arena, &real, ret, err);
}

/* A function that is not replaced below would be handed our context. */
#define VIEW_MEMBERS 37
_Static_assert(sizeof(struct view) == VIEW_MEMBERS * sizeof(void *),
    "what is new in struct view wants its function here");

void overlay_view(
    struct overlay *overlay, const struct view *inner, struct view *ret)
{
	overlay->inner = inner;
	*ret = *inner; /* the ledger's half, programs and children
			* stay as they are */
	ret->git = overlay;
	ret->ref = get_ref;
	ret->refs_below = get_refs_below;
	ret->kind = get_kind;
	ret->commit = get_commit;
	ret->tag = get_tag;
	ret->blob = get_blob;
	ret->node = get_node;
	ret->is_ancestor = get_is_ancestor;
	ret->merge_bases = get_merge_bases;
	ret->walk = get_walk;
	ret->merge = get_merge;
	ret->changes = get_changes;
	ret->entry = get_entry;
	ret->list = get_list;
	ret->lines = get_lines;
	ret->hunks = get_hunks;
	ret->added = get_added;
	ret->renames = get_renames;
	ret->foreign_signature = get_foreign_signature;
	ret->faults = get_faults;
}

void overlay_make_up(struct overlay *overlay, struct arena *arena,
    const struct commit *commit, const struct oid *candidate_tree)
{
	struct oid seed[3] = { commit->tree };
	const char *hex;

	for (size_t i = 0; i < commit->parents.n && i < 2; i++)
		seed[i + 1] = commit->parents.v[i];
	hex = sha256_hex40(arena, seed, sizeof(seed));
	overlay->made_up = *commit;
	oid_parse(hex, &overlay->made_up.id);
	overlay->candidate_tree = *candidate_tree;
	overlay->has_made_up = true;
}
