#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/fakesign.h"
#include "support/fakeview.h"

/* The repository's half of the view. */

static int view_ref(void *git, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err)
{
	const struct fakeview *fake = git;
	const struct fake_ref *ref = fake_find_ref(fake, name);

	(void)arena;
	(void)err;
	memset(ret, 0, sizeof(*ret));
	if (!ref || (!ref->symbolic && oid_is_zero(&ref->oid)))
		return 0;
	ret->exists = true;
	ret->symbolic = ref->symbolic;
	ret->oid = fake_ref_oid(fake, name);
	return 0;
}

static int named_ref_cmp(const void *a, const void *b)
{
	const struct view_named_ref *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int view_refs_below(void *git, struct arena *arena, const char *prefix,
    struct view_refs *ret, struct err *err)
{
	const struct fakeview *fake = git;
	struct view_refs refs = { NULL, 0, 0 };

	if (!str_suffix(prefix, "/"))
		return err_set(err, ERR_INTERNAL,
		    "refs_below: '%s' does not end in '/'", prefix);
	for (size_t i = 0; i < fake->refs.n; i++) {
		struct oid oid = fake_ref_oid(fake, fake->refs.v[i].name);

		if (str_prefix(fake->refs.v[i].name, prefix) &&
		    !oid_is_zero(&oid))
			ARRAY_PUSH(arena, &refs,
			    (struct view_named_ref){
				fake->refs.v[i].name, oid });
	}
	if (refs.n > 1)
		qsort(refs.v, refs.n, sizeof(*refs.v), named_ref_cmp);
	*ret = refs;
	return 0;
}

static int view_kind(void *git, const struct oid *oid, enum object_kind *ret,
    uint64_t *ret_size, struct err *err)
{
	const struct fake_object *object = fake_find(git, oid);

	(void)err;
	*ret = object ? object->kind : OBJECT_MISSING;
	*ret_size = object ? object->len : 0;
	return 0;
}

static int find_commit(const struct fakeview *fake, const struct oid *oid,
    const struct fake_object **ret, struct err *err)
{
	*ret = fake_find(fake, oid);
	if (!*ret || (*ret)->kind != OBJECT_COMMIT)
		return err_set(
		    err, ERR_NOTFOUND, "commit %s is missing", oid_hex8(oid).s);
	return 0;
}

static int view_commit(void *git, struct arena *arena, const struct oid *oid,
    struct commit *ret, const char **ret_complaint, struct err *err)
{
	const struct fake_object *object;

	if (find_commit(git, oid, &object, err) < 0)
		return -1;
	*ret_complaint = object->complaint
	    ? object->complaint
	    : commit_parse(arena, object->bytes, object->len, ret);
	if (!*ret_complaint)
		ret->id = *oid;
	return 0;
}

static int view_tag(void *git, struct arena *arena, const struct oid *oid,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	const struct fake_object *object = fake_find(git, oid);

	(void)arena;
	if (!object || object->kind != OBJECT_TAG)
		return err_set(
		    err, ERR_NOTFOUND, "tag %s is missing", oid_hex8(oid).s);
	*ret_bytes = object->bytes;
	*ret_len = object->len;
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int view_blob(void *git, struct arena *arena, const struct oid *oid,
    size_t max, const char **ret_bytes, size_t *ret_len, struct err *err)
{
	const struct fake_object *object = fake_find(git, oid);

	(void)arena;
	if (!object || object->kind != OBJECT_BLOB)
		return err_set(
		    err, ERR_NOTFOUND, "blob %s is missing", oid_hex8(oid).s);
	if (object->len > max)
		return err_set(
		    err, ERR_LIMIT, "blob %s is too large", oid_hex8(oid).s);
	*ret_bytes = object->bytes;
	*ret_len = object->len;
	return 0;
}

static int view_node(void *git, struct arena *arena, const struct oid *oid,
    struct view_node *ret, struct err *err)
{
	const struct fake_object *object;

	if (find_commit(git, oid, &object, err) < 0)
		return -1;
	memset(ret, 0, sizeof(*ret));
	ret->tree = object->tree;
	ret->date = object->date;
	for (size_t i = 0; i < object->parents.n; i++)
		ARRAY_PUSH(arena, &ret->parents, object->parents.v[i]);
	return 0;
}

static int view_is_ancestor(void *git, const struct oid *a, const struct oid *b,
    bool *ret, struct err *err)
{
	const struct fake_object *object;

	if (find_commit(git, a, &object, err) < 0 ||
	    find_commit(git, b, &object, err) < 0)
		return -1;
	*ret = fake_is_ancestor(git, a, b);
	return 0;
}

static int view_merge_bases(void *git, struct arena *arena, const struct oid *a,
    const struct oid *b, struct oids *ret, struct err *err)
{
	const struct fake_object *object;
	struct oids bases = { NULL, 0, 0 };

	if (find_commit(git, a, &object, err) < 0 ||
	    find_commit(git, b, &object, err) < 0)
		return -1;
	fake_bases(git, arena, a, b, &bases);
	*ret = bases;
	return 0;
}

struct painted { /* what a walk may see, and what it may not */
	struct oidmap reached, hidden;
};

static int collect(const struct fakeview *fake, const struct painted *painted,
    size_t max, struct arena *arena, struct oids *ret, struct err *err)
{
	for (size_t i = 0; i < fake->objects.n; i++) {
		const struct fake_object *object = &fake->objects.v[i];

		if (!oidmap_has(&painted->reached, &object->oid) ||
		    oidmap_has(&painted->hidden, &object->oid))
			continue;
		if (object->kind != OBJECT_COMMIT)
			return err_set(err, ERR_NOTFOUND,
			    "commit %s is missing", oid_hex8(&object->oid).s);
		if (ret->n == max)
			return err_set(
			    err, ERR_LIMIT, "more than %zu commits", max);
		ARRAY_PUSH(arena, ret, object->oid);
	}
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int view_walk(void *git, struct arena *arena, const struct oids *tips,
    const struct oids *hide, view_stop_fn *stop, void *stop_ctx, size_t max,
    struct oids *ret, struct err *err)
{
	const struct fakeview *fake = git;
	struct oids found = { NULL, 0, 0 };
	struct painted painted;
	struct arena scratch;
	int r;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	oidmap_init(&painted.reached, &scratch);
	oidmap_init(&painted.hidden, &scratch);
	for (size_t i = 0; i < hide->n; i++)
		fake_ancestors(fake, &hide->v[i], &painted.hidden);
	for (size_t i = 0; i < tips->n; i++)
		fake_ancestors(fake, &tips->v[i], &painted.reached);
	/* Newest first, as made: a child comes after its parents. */
	for (size_t i = fake->objects.n; stop && i > 0; i--) {
		const struct oid *oid = &fake->objects.v[i - 1].oid;

		if (oidmap_has(&painted.reached, oid) &&
		    !oidmap_has(&painted.hidden, oid) && stop(stop_ctx, oid))
			fake_ancestors(fake, oid, &painted.hidden);
	}
	r = collect(fake, &painted, max, arena, &found, err);
	arena_release(&scratch);
	if (r == 0)
		*ret = found;
	return r;
}

static int each_change(const struct fake_object *old,
    const struct fake_object *new, view_change_fn *fn, void *ctx,
    struct err *err)
{
	struct strings paths = { NULL, 0, 0 };
	struct arena scratch;
	int r = 0;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	fake_paths(&scratch, old, &paths);
	fake_paths(&scratch, new, &paths);
	for (size_t i = 0; i < paths.n && r == 0; i++) {
		struct view_change change = { paths.v[i],
			fake_entry_at(old, paths.v[i]),
			fake_entry_at(new, paths.v[i]) };

		if (change.from.mode == 0040000)
			change.from.mode = 0;
		if (change.to.mode == 0040000)
			change.to.mode = 0;
		if (!fake_same_entry(&change.from, &change.to))
			r = fn(ctx, &change, err);
	}
	arena_release(&scratch);
	return r;
}

static int add_differing(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct view_merge *merge = ctx;

	(void)err;
	if (merge->differing.n < merge->differing.cap)
		merge->differing.v[merge->differing.n++] = change->path;
	else
		merge->more++;
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int view_merge(void *git, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err)
{
	struct fakeview *fake = git;

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < fake->merges.n; i++) {
		const struct fake_merge *merge = &fake->merges.v[i];

		if (!oid_eq(&merge->ours, ours) ||
		    !oid_eq(&merge->theirs, theirs))
			continue;
		ret->state = merge->conflict ? MERGE_CONFLICT : MERGE_CLEAN;
		ret->tree = merge->tree;
		ret->tree_is_scratch = merge->scratch;
		if (!merge->scratch)
			return 0;
		ret->differing.v = arena_array(
		    arena, MERGE_PATHS_MAX, sizeof(*ret->differing.v));
		ret->differing.cap = MERGE_PATHS_MAX;
		return each_change(fake_find(fake, &merge->tree),
		    fake_find(fake, expect), add_differing, ret, err);
	}
	ret->state = fake_merge_trees(fake, ours, theirs, &ret->tree);
	return 0;
}

static int view_changes(void *git, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *ctx, struct err *err)
{
	const struct fakeview *fake = git;
	const struct fake_object *old = old_tree ? fake_find(fake, old_tree)
						 : NULL;
	const struct fake_object *new = fake_find(fake, new_tree);

	if ((old_tree && (!old || old->kind != OBJECT_TREE)) || !new ||
	    new->kind != OBJECT_TREE)
		return err_set(err, ERR_NOTFOUND, "a tree is missing");
	return each_change(old, new, fn, ctx, err);
}

static int view_entry_of(void *git, const struct oid *tree, const char *path,
    struct view_entry *ret, struct err *err)
{
	const struct fake_object *object = fake_find(git, tree);

	if (!object || object->kind != OBJECT_TREE)
		return err_set(
		    err, ERR_NOTFOUND, "tree %s is missing", oid_hex8(tree).s);
	*ret = fake_entry_at(object, path);
	return 0;
}

struct listing {
	struct arena scratch;
	struct strings folders; /* that were told already */
	view_change_fn *fn;
	void *ctx;
};

static int list_folders(
    struct listing *listing, const char *path, struct err *err)
{
	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		const char *folder = arena_strndup(
		    &listing->scratch, path, (size_t)(p - path));
		struct view_change change = { .path = folder,
			.to = { .mode = 0040000 } };

		if (strings_have(&listing->folders, folder))
			continue;
		strings_add(&listing->scratch, &listing->folders, folder);
		if (listing->fn(listing->ctx, &change, err) < 0)
			return -1;
	}
	return 0;
}

static int view_list(void *git, const struct oid *tree, view_change_fn *fn,
    void *ctx, struct err *err)
{
	const struct fake_object *object = fake_find(git, tree);
	struct listing listing = { .fn = fn, .ctx = ctx };
	int r = 0;

	arena_init(&listing.scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; object && i < object->npaths && r >= 0; i++) {
		struct view_change change = { .path = object->paths[i].path,
			.to = object->paths[i].entry };

		r = list_folders(&listing, change.path, err);
		if (r == 0)
			r = fn(ctx, &change, err);
	}
	arena_release(&listing.scratch);
	return r < 0 ? -1 : 0;
}

struct line {
	const char *p;
	size_t len;
	bool used;
};

struct lines {
	struct line *v;
	size_t n, cap;
};

static void split_lines(const struct fakeview *fake, struct arena *arena,
    const struct oid *blob, struct lines *ret)
{
	const struct fake_object *object = fake_find(fake, blob);
	const char *p = object ? object->bytes : "";
	const char *end = object ? p + object->len : p;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl + 1 : end;

		ARRAY_PUSH(
		    arena, ret, (struct line){ p, (size_t)(stop - p), false });
		p = stop;
	}
}

/* Lines that have no twin on the other side: enough for tables. */
static int view_lines(void *git, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err)
{
	struct lines old = { NULL, 0, 0 }, new = { NULL, 0, 0 };
	struct arena scratch;
	size_t same = 0;

	(void)err;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	split_lines(git, &scratch, old_blob, &old);
	split_lines(git, &scratch, new_blob, &new);
	for (size_t i = 0; i < new.n; i++) {
		for (size_t k = 0; k < old.n; k++) {
			if (old.v[k].used || old.v[k].len != new.v[i].len ||
			    memcmp(old.v[k].p, new.v[i].p, old.v[k].len) != 0)
				continue;
			old.v[k].used = true;
			same++;
			break;
		}
	}
	*ret_added = new.n - same;
	*ret_removed = old.n - same;
	arena_release(&scratch);
	return 0;
}

static int view_faults(void *git, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err)
{
	const struct fakeview *fake = git;

	(void)err;
	for (size_t i = 0; i < commits->n; i++) {
		const struct fake_object *object = fake_find(
		    fake, &commits->v[i]);
		struct view_fault fault = { .oid = commits->v[i],
			.kind = OBJECT_COMMIT };

		fault.missing = !object || object->kind != OBJECT_COMMIT;
		if (!fault.missing && !object->complaint)
			continue;
		fault.text = fault.missing ? NULL : object->complaint;
		if (ret->n < FAULTS_MAX)
			ARRAY_PUSH(arena, ret, fault);
		else
			ret->more++;
	}
	return 0;
}

void fakeview_init(
    struct fakeview *fake, struct arena *arena, struct view *view)
{
	memset(fake, 0, sizeof(*fake));
	fake->arena = arena;
	fake->view = view;
	memset(view, 0, sizeof(*view));
	view->git = fake;
	view->ref = view_ref;
	view->refs_below = view_refs_below;
	view->kind = view_kind;
	view->commit = view_commit;
	view->tag = view_tag;
	view->blob = view_blob;
	view->node = view_node;
	view->is_ancestor = view_is_ancestor;
	view->merge_bases = view_merge_bases;
	view->walk = view_walk;
	view->merge = view_merge;
	view->changes = view_changes;
	view->entry = view_entry_of;
	view->list = view_list;
	view->lines = view_lines;
	view->hunks = fake_hunks;
	view->added = fake_added;
	view->renames = fake_renames;
	view->foreign_signature = fakesign_foreign;
	view->faults = view_faults;
	fakecommand_init(fake, view);
	fakechild_init(fake, view);
	fakeledger_init(fake, view);
}
