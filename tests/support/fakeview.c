#include "support/fakeview.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/oidmap.h"
#include "base/text.h"

/* ---- objects ------------------------------------------------------------ */

struct fake_object *fake_named(const struct fakeview *fake, const char *name)
{
	for (size_t i = 0; i < fake->objects.n; i++)
		if (fake->objects.v[i].name &&
		    strcmp(fake->objects.v[i].name, name) == 0)
			return &fake->objects.v[i];
	return NULL;
}

struct fake_object *fake_find(const struct fakeview *fake,
    const struct oid *oid)
{
	for (size_t i = 0; i < fake->objects.n; i++)
		if (oid_eq(&fake->objects.v[i].oid, oid))
			return &fake->objects.v[i];
	return NULL;
}

const char *fake_name(const struct fakeview *fake, const struct oid *oid)
{
	const struct fake_object *object = fake_find(fake, oid);

	if (object && object->name)
		return object->name;
	if (oid_is_zero(oid))
		return "-";
	return arena_strdup(fake->arena, oid_hex8(oid).s);
}

struct fake_object *fake_object(struct fakeview *fake, const char *name,
    enum object_kind kind, const char *bytes, size_t len)
{
	const char *const words[] = { "missing", "commit", "tree", "blob",
		"tag" };
	const struct digest_part parts[] = {
		{ words[kind], strlen(words[kind]) + 1 }, { bytes, len }
	};
	struct fake_object object = { .name = name,
		.kind = kind,
		.bytes = bytes,
		.len = len };
	struct fake_object *known;

	(void)oid_parse(sha256_hex(fake->arena, parts, 2), &object.oid);
	known = fake_find(fake, &object.oid);
	if (known) {
		if (!known->name)
			known->name = name;
		return known;
	}
	ARRAY_PUSH(fake->arena, &fake->objects, object);
	return &fake->objects.v[fake->objects.n - 1];
}

struct fake_object *fake_blob(struct fakeview *fake, const char *name,
    const char *bytes, size_t len)
{
	return fake_object(fake, name, OBJECT_BLOB, bytes, len);
}

static int path_cmp(const void *a, const void *b)
{
	const struct fake_path *x = a, *y = b;

	return strcmp(x->path, y->path);
}

struct fake_object *fake_tree(struct fakeview *fake,
    const struct fake_path *paths, size_t n)
{
	struct fake_path *sorted =
	    arena_array(fake->arena, n + 1, sizeof(*sorted));
	const char *bytes = "";
	struct fake_object *tree;

	if (n > 0)
		memcpy(sorted, paths, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), path_cmp);
	for (size_t i = 0; i < n; i++)
		bytes = arena_printf(fake->arena, "%s%o %s %s\n", bytes,
		    sorted[i].entry.mode, oid_hex(&sorted[i].entry.oid).s,
		    sorted[i].path);
	tree = fake_object(fake, NULL, OBJECT_TREE, bytes, strlen(bytes));
	tree->paths = sorted;
	tree->npaths = n;
	return tree;
}

/* ---- the graph, by brute force ------------------------------------------- */

static void add_ancestors(const struct fakeview *fake, const struct oid *tip,
    struct oidmap *set)
{
	struct oids todo = { NULL, 0, 0 };

	ARRAY_PUSH(fake->arena, &todo, *tip);
	while (todo.n > 0) {
		struct oid at = todo.v[--todo.n];
		const struct fake_object *object = fake_find(fake, &at);

		if (!object || !oidmap_put(set, &at, NULL))
			continue;
		for (size_t i = 0; i < object->parents.n; i++)
			ARRAY_PUSH(fake->arena, &todo, object->parents.v[i]);
	}
}

static void ancestors(const struct fakeview *fake, const struct oid *tip,
    struct oidmap *ret)
{
	oidmap_init(ret, fake->arena);
	add_ancestors(fake, tip, ret);
}

bool fake_is_ancestor(const struct fakeview *fake, const struct oid *a,
    const struct oid *b)
{
	struct oidmap set;

	ancestors(fake, b, &set);
	return oidmap_has(&set, a);
}

static void find_bases(const struct fakeview *fake, const struct oid *a,
    const struct oid *b, struct oids *ret)
{
	struct oidmap of_a, of_b, older;

	ancestors(fake, a, &of_a);
	ancestors(fake, b, &of_b);
	oidmap_init(&older, fake->arena);
	for (size_t i = 0; i < fake->objects.n; i++) {
		const struct fake_object *object = &fake->objects.v[i];

		if (!oidmap_has(&of_a, &object->oid) ||
		    !oidmap_has(&of_b, &object->oid))
			continue;
		for (size_t k = 0; k < object->parents.n; k++)
			add_ancestors(fake, &object->parents.v[k], &older);
	}
	for (size_t i = 0; i < fake->objects.n; i++) {
		const struct oid *oid = &fake->objects.v[i].oid;

		if (oidmap_has(&of_a, oid) && oidmap_has(&of_b, oid) &&
		    !oidmap_has(&older, oid))
			ARRAY_PUSH(fake->arena, ret, *oid);
	}
}

/* ---- trees --------------------------------------------------------------- */

static struct view_entry entry_at(const struct fake_object *tree,
    const char *path)
{
	struct view_entry none = { .mode = 0 };
	size_t len = strlen(path);

	for (size_t i = 0; tree && i < tree->npaths; i++) {
		const char *at = tree->paths[i].path;

		if (strcmp(at, path) == 0)
			return tree->paths[i].entry;
		if (strncmp(at, path, len) == 0 && at[len] == '/')
			none.mode = 0040000;
	}
	return none;
}

static bool same_entry(const struct view_entry *a, const struct view_entry *b)
{
	return a->mode == b->mode && (a->mode == 0 || oid_eq(&a->oid, &b->oid));
}

struct path_list {
	struct fake_path *v;
	size_t n, cap;
};

static void all_paths(const struct fakeview *fake,
    const struct fake_object *tree, struct strings *ret)
{
	for (size_t i = 0; tree && i < tree->npaths; i++)
		strings_add(fake->arena, ret, tree->paths[i].path);
}

/* A path that both sides changed to something different. */
static struct view_entry conflict_entry(struct fakeview *fake,
    const char *path, const struct view_entry *a, const struct view_entry *b)
{
	const char *bytes = arena_printf(fake->arena, "conflict %s %s %s",
	    path, oid_hex(&a->oid).s, oid_hex(&b->oid).s);

	return (struct view_entry){ 0100644,
		fake_blob(fake, NULL, bytes, strlen(bytes))->oid };
}

/* Three trees, path by path; false where there was a conflict. */
static bool merge_three(struct fakeview *fake, const struct oid *base,
    const struct oid *ours, const struct oid *theirs, struct oid *ret)
{
	struct strings paths = { NULL, 0, 0 };
	struct path_list merged = { NULL, 0, 0 };
	bool clean = true;

	all_paths(fake, base ? fake_find(fake, base) : NULL, &paths);
	all_paths(fake, fake_find(fake, ours), &paths);
	all_paths(fake, fake_find(fake, theirs), &paths);
	for (size_t i = 0; i < paths.n; i++) {
		struct view_entry b = entry_at(
		    base ? fake_find(fake, base) : NULL, paths.v[i]);
		struct view_entry o =
		    entry_at(fake_find(fake, ours), paths.v[i]);
		struct view_entry t =
		    entry_at(fake_find(fake, theirs), paths.v[i]);
		struct view_entry entry = o;

		if (!same_entry(&o, &t) && same_entry(&o, &b)) {
			entry = t;
		} else if (!same_entry(&o, &t) && !same_entry(&t, &b)) {
			entry = conflict_entry(fake, paths.v[i], &o, &t);
			clean = false;
		}
		if (entry.mode != 0)
			ARRAY_PUSH(fake->arena, &merged,
			    (struct fake_path){ paths.v[i], entry });
	}
	*ret = fake_tree(fake, merged.v, merged.n)->oid;
	return clean;
}

static struct oid tree_of(const struct fakeview *fake,
    const struct oid *commit)
{
	const struct fake_object *object = fake_find(fake, commit);
	struct oid none = { { 0 } };

	return object ? object->tree : none;
}

/* Several merge bases are merged with each other first, as git's recursive
 * merge does (one level of it). */
static struct oid base_tree(struct fakeview *fake, const struct oids *bases)
{
	struct oid tree = tree_of(fake, &bases->v[0]);

	for (size_t i = 1; i < bases->n; i++) {
		struct oids common = { NULL, 0, 0 };
		struct oid other = tree_of(fake, &bases->v[i]), below;

		find_bases(fake, &bases->v[0], &bases->v[i], &common);
		if (common.n > 0)
			below = tree_of(fake, &common.v[0]);
		(void)merge_three(fake, common.n > 0 ? &below : NULL, &tree,
		    &other, &tree);
	}
	return tree;
}

enum merge_state fake_merge_trees(struct fakeview *fake,
    const struct oid *ours, const struct oid *theirs, struct oid *ret_tree)
{
	struct oids bases = { NULL, 0, 0 };
	struct oid base, o = tree_of(fake, ours), t = tree_of(fake, theirs);

	find_bases(fake, ours, theirs, &bases);
	if (bases.n == 0)
		return MERGE_UNRELATED;
	base = base_tree(fake, &bases);
	return merge_three(fake, &base, &o, &t, ret_tree) ? MERGE_CLEAN
							  : MERGE_CONFLICT;
}

/* ---- refs ----------------------------------------------------------------- */

void fake_ref(struct fakeview *fake, const char *name, const struct oid *oid,
    const char *symbolic)
{
	struct fake_ref ref = { .name = name, .symbolic = symbolic };

	if (oid)
		ref.oid = *oid;
	for (size_t i = 0; i < fake->refs.n; i++) {
		if (strcmp(fake->refs.v[i].name, name) == 0) {
			fake->refs.v[i] = ref;
			return;
		}
	}
	ARRAY_PUSH(fake->arena, &fake->refs, ref);
}

static const struct fake_ref *find_ref(const struct fakeview *fake,
    const char *name)
{
	for (size_t i = 0; i < fake->refs.n; i++)
		if (strcmp(fake->refs.v[i].name, name) == 0)
			return &fake->refs.v[i];
	return NULL;
}

struct oid fake_ref_oid(const struct fakeview *fake, const char *name)
{
	struct oid none = { { 0 } };
	const struct fake_ref *ref = find_ref(fake, name);

	for (int depth = 0; ref && ref->symbolic && depth < 5; depth++)
		ref = find_ref(fake, ref->symbolic);
	return ref ? ref->oid : none;
}

/* ---- the view's half of the repository ------------------------------------ */

static int view_ref(void *git, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err)
{
	const struct fakeview *fake = git;
	const struct fake_ref *ref = find_ref(fake, name);

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
			    (struct view_named_ref){ fake->refs.v[i].name,
				oid });
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
		return err_set(err, ERR_NOTFOUND, "commit %s is missing",
		    oid_hex8(oid).s);
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
		return err_set(err, ERR_NOTFOUND, "tag %s is missing",
		    oid_hex8(oid).s);
	*ret_bytes = object->bytes;
	*ret_len = object->len;
	return 0;
}

static int view_blob(void *git, struct arena *arena, const struct oid *oid,
    size_t max, const char **ret_bytes, size_t *ret_len, struct err *err)
{
	const struct fake_object *object = fake_find(git, oid);

	(void)arena;
	if (!object || object->kind != OBJECT_BLOB)
		return err_set(err, ERR_NOTFOUND, "blob %s is missing",
		    oid_hex8(oid).s);
	if (object->len > max)
		return err_set(err, ERR_LIMIT, "blob %s is too large",
		    oid_hex8(oid).s);
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

static int view_is_ancestor(void *git, const struct oid *a,
    const struct oid *b, bool *ret, struct err *err)
{
	const struct fake_object *object;

	if (find_commit(git, a, &object, err) < 0 ||
	    find_commit(git, b, &object, err) < 0)
		return -1;
	*ret = fake_is_ancestor(git, a, b);
	return 0;
}

static int view_merge_bases(void *git, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret,
    struct err *err)
{
	const struct fake_object *object;
	struct oids bases = { NULL, 0, 0 };

	(void)arena;
	if (find_commit(git, a, &object, err) < 0 ||
	    find_commit(git, b, &object, err) < 0)
		return -1;
	find_bases(git, a, b, &bases);
	*ret = bases;
	return 0;
}

static int view_walk(void *git, struct arena *arena, const struct oids *tips,
    const struct oids *hide, view_stop_fn *stop, void *stop_ctx, size_t max,
    struct oids *ret, struct err *err)
{
	const struct fakeview *fake = git;
	struct oidmap reached, hidden;
	struct oids found = { NULL, 0, 0 };

	oidmap_init(&reached, fake->arena);
	oidmap_init(&hidden, fake->arena);
	for (size_t i = 0; i < hide->n; i++)
		add_ancestors(fake, &hide->v[i], &hidden);
	for (size_t i = 0; i < tips->n; i++)
		add_ancestors(fake, &tips->v[i], &reached);
	/* Newest first, as made: a child comes after its parents. */
	for (size_t i = fake->objects.n; stop && i > 0; i--) {
		const struct oid *oid = &fake->objects.v[i - 1].oid;

		if (oidmap_has(&reached, oid) && !oidmap_has(&hidden, oid) &&
		    stop(stop_ctx, oid))
			add_ancestors(fake, oid, &hidden);
	}
	for (size_t i = 0; i < fake->objects.n; i++) {
		const struct fake_object *object = &fake->objects.v[i];

		if (!oidmap_has(&reached, &object->oid) ||
		    oidmap_has(&hidden, &object->oid))
			continue;
		if (object->kind != OBJECT_COMMIT)
			return err_set(err, ERR_NOTFOUND,
			    "commit %s is missing", oid_hex8(&object->oid).s);
		if (found.n == max)
			return err_set(err, ERR_LIMIT,
			    "more than %zu commits", max);
		ARRAY_PUSH(arena, &found, object->oid);
	}
	*ret = found;
	return 0;
}

static int each_change(const struct fakeview *fake,
    const struct fake_object *old, const struct fake_object *new,
    view_change_fn *fn, void *ctx, struct err *err)
{
	struct strings paths = { NULL, 0, 0 };

	all_paths(fake, old, &paths);
	all_paths(fake, new, &paths);
	for (size_t i = 0; i < paths.n; i++) {
		struct view_change change = { paths.v[i],
			entry_at(old, paths.v[i]), entry_at(new, paths.v[i]) };

		if (change.from.mode == 0040000)
			change.from.mode = 0;
		if (change.to.mode == 0040000)
			change.to.mode = 0;
		if (!same_entry(&change.from, &change.to) &&
		    fn(ctx, &change, err) < 0)
			return -1;
	}
	return 0;
}

static int add_differing(void *ctx, const struct view_change *change,
    struct err *err)
{
	struct view_merge *merge = ctx;

	(void)err;
	if (merge->differing.n < merge->differing.cap)
		merge->differing.v[merge->differing.n++] = change->path;
	else
		merge->more++;
	return 0;
}

static int view_merge(void *git, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect,
    struct view_merge *ret, struct err *err)
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
		ret->differing.v = arena_array(arena, MERGE_PATHS_MAX,
		    sizeof(*ret->differing.v));
		ret->differing.cap = MERGE_PATHS_MAX;
		return each_change(fake, fake_find(fake, &merge->tree),
		    fake_find(fake, expect), add_differing, ret, err);
	}
	ret->state = fake_merge_trees(fake, ours, theirs, &ret->tree);
	return 0;
}

static int view_changes(void *git, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *ctx,
    struct err *err)
{
	const struct fakeview *fake = git;
	const struct fake_object *old =
	    old_tree ? fake_find(fake, old_tree) : NULL;
	const struct fake_object *new = fake_find(fake, new_tree);

	if ((old_tree && (!old || old->kind != OBJECT_TREE)) || !new ||
	    new->kind != OBJECT_TREE)
		return err_set(err, ERR_NOTFOUND, "a tree is missing");
	return each_change(fake, old, new, fn, ctx, err);
}

static int view_entry_of(void *git, const struct oid *tree, const char *path,
    struct view_entry *ret, struct err *err)
{
	const struct fake_object *object = fake_find(git, tree);

	if (!object || object->kind != OBJECT_TREE)
		return err_set(err, ERR_NOTFOUND, "tree %s is missing",
		    oid_hex8(tree).s);
	*ret = entry_at(object, path);
	return 0;
}

static int list_folders(const struct fakeview *fake, const char *path,
    struct strings *seen, view_change_fn *fn, void *ctx, struct err *err)
{
	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		const char *folder =
		    arena_strndup(fake->arena, path, (size_t)(p - path));
		struct view_change change = { .path = folder,
			.to = { .mode = 0040000 } };

		if (strings_have(seen, folder))
			continue;
		strings_add(fake->arena, seen, folder);
		if (fn(ctx, &change, err) < 0)
			return -1;
	}
	return 0;
}

static int view_list(void *git, const struct oid *tree, view_change_fn *fn,
    void *ctx, struct err *err)
{
	const struct fakeview *fake = git;
	const struct fake_object *object = fake_find(fake, tree);
	struct strings seen = { NULL, 0, 0 };

	for (size_t i = 0; object && i < object->npaths; i++) {
		struct view_change change = { .path = object->paths[i].path,
			.to = object->paths[i].entry };

		if (list_folders(fake, change.path, &seen, fn, ctx, err) < 0 ||
		    fn(ctx, &change, err) < 0)
			return -1;
	}
	return 0;
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

static void split_lines(const struct fakeview *fake, const struct oid *blob,
    struct lines *ret)
{
	const struct fake_object *object = fake_find(fake, blob);
	const char *p = object ? object->bytes : "";
	const char *end = object ? p + object->len : p;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl + 1 : end;

		ARRAY_PUSH(fake->arena, ret,
		    (struct line){ p, (size_t)(stop - p), false });
		p = stop;
	}
}

/* Lines that have no twin on the other side: enough for tables. */
static int view_lines(void *git, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err)
{
	struct lines old = { NULL, 0, 0 }, new = { NULL, 0, 0 };
	size_t same = 0;

	(void)err;
	split_lines(git, old_blob, &old);
	split_lines(git, new_blob, &new);
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
	return 0;
}

static int view_faults(void *git, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err)
{
	const struct fakeview *fake = git;

	(void)err;
	for (size_t i = 0; i < commits->n; i++) {
		const struct fake_object *object =
		    fake_find(fake, &commits->v[i]);
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

void fakeview_init(struct fakeview *fake, struct arena *arena,
    struct view *view)
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
	view->faults = view_faults;
	fakeledger_init(fake, view);
}
