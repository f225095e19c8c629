#include "support/fakeview.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/oidmap.h"

/* ---- objects ------------------------------------------------------------ */

struct fake_object *fake_named(const struct fakeview *fake, const char *name)
{
	for (size_t i = 0; i < fake->objects.n; i++)
		if (fake->objects.v[i].name &&
		    strcmp(fake->objects.v[i].name, name) == 0)
			return &fake->objects.v[i];
	return NULL;
}

struct fake_object *fake_find(
    const struct fakeview *fake, const struct oid *oid)
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

static struct oid id_of(enum object_kind kind, const char *bytes, size_t len)
{
	const char *const words[] = { "missing", "commit", "tree", "blob",
		"tag" };
	const struct digest_part parts[] = {
		{ words[kind], strlen(words[kind]) + 1 }, { bytes, len }
	};
	struct arena scratch;
	struct oid oid;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	(void)oid_parse(sha256_hex(&scratch, parts, 2), &oid);
	arena_release(&scratch);
	return oid;
}

struct fake_object *fake_object(struct fakeview *fake, const char *name,
    enum object_kind kind, const char *bytes, size_t len)
{
	struct fake_object object = {
		.name = name, .kind = kind, .bytes = bytes, .len = len
	};
	struct fake_object *known;

	object.oid = id_of(kind, bytes, len);
	known = fake_find(fake, &object.oid);
	if (known) {
		if (!known->name)
			known->name = name;
		return known;
	}
	ARRAY_PUSH(fake->arena, &fake->objects, object);
	return &fake->objects.v[fake->objects.n - 1];
}

struct fake_object *fake_blob(
    struct fakeview *fake, const char *name, const char *bytes, size_t len)
{
	return fake_object(fake, name, OBJECT_BLOB, bytes, len);
}

static int path_cmp(const void *a, const void *b)
{
	const struct fake_path *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static const char *tree_bytes(
    struct arena *arena, const struct fake_path *sorted, size_t n)
{
	struct buf buf;

	buf_init(&buf, arena, ARENA_SCRATCH_MAX / 4);
	for (size_t i = 0; i < n; i++)
		buf_addf(&buf, "%o %s %s\n", sorted[i].entry.mode,
		    oid_hex(&sorted[i].entry.oid).s, sorted[i].path);
	return buf.p;
}

struct fake_object *fake_tree(
    struct fakeview *fake, const struct fake_path *paths, size_t n)
{
	struct arena scratch;
	struct fake_path *sorted;
	struct fake_object *tree;
	const char *bytes;
	struct oid oid;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	sorted = arena_array(&scratch, n + 1, sizeof(*sorted));
	if (n > 0)
		memcpy(sorted, paths, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), path_cmp);
	bytes = tree_bytes(&scratch, sorted, n);
	oid = id_of(OBJECT_TREE, bytes, strlen(bytes));
	tree = fake_find(fake, &oid);
	if (!tree) {
		tree = fake_object(fake, NULL, OBJECT_TREE,
		    arena_strdup(fake->arena, bytes), strlen(bytes));
		tree->paths = arena_array(
		    fake->arena, n + 1, sizeof(*tree->paths));
		memcpy(tree->paths, sorted, n * sizeof(*sorted));
		tree->npaths = n;
	}
	arena_release(&scratch);
	return tree;
}

/* ---- the graph, by brute force ------------------------------------------- */

void fake_ancestors(
    const struct fakeview *fake, const struct oid *tip, struct oidmap *set)
{
	struct oids todo = { NULL, 0, 0 };

	ARRAY_PUSH(set->arena, &todo, *tip);
	while (todo.n > 0) {
		struct oid at = todo.v[--todo.n];
		const struct fake_object *object = fake_find(fake, &at);

		if (!object || !oidmap_put(set, &at, NULL))
			continue;
		for (size_t i = 0; i < object->parents.n; i++)
			ARRAY_PUSH(set->arena, &todo, object->parents.v[i]);
	}
}

bool fake_is_ancestor(
    const struct fakeview *fake, const struct oid *a, const struct oid *b)
{
	struct arena scratch;
	struct oidmap set;
	bool is;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	oidmap_init(&set, &scratch);
	fake_ancestors(fake, b, &set);
	is = oidmap_has(&set, a);
	arena_release(&scratch);
	return is;
}

void fake_bases(const struct fakeview *fake, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret)
{
	struct oidmap of_a, of_b, older;
	struct arena scratch;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	oidmap_init(&of_a, &scratch);
	oidmap_init(&of_b, &scratch);
	oidmap_init(&older, &scratch);
	fake_ancestors(fake, a, &of_a);
	fake_ancestors(fake, b, &of_b);
	for (size_t i = 0; i < fake->objects.n; i++) {
		const struct fake_object *object = &fake->objects.v[i];

		if (!oidmap_has(&of_a, &object->oid) ||
		    !oidmap_has(&of_b, &object->oid))
			continue;
		for (size_t k = 0; k < object->parents.n; k++)
			fake_ancestors(fake, &object->parents.v[k], &older);
	}
	for (size_t i = 0; i < fake->objects.n; i++) {
		const struct oid *oid = &fake->objects.v[i].oid;

		if (oidmap_has(&of_a, oid) && oidmap_has(&of_b, oid) &&
		    !oidmap_has(&older, oid))
			ARRAY_PUSH(arena, ret, *oid);
	}
	arena_release(&scratch);
}

/* ---- trees --------------------------------------------------------------- */

struct view_entry fake_entry_at(
    const struct fake_object *tree, const char *path)
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

bool fake_same_entry(const struct view_entry *a, const struct view_entry *b)
{
	return a->mode == b->mode && (a->mode == 0 || oid_eq(&a->oid, &b->oid));
}

struct path_list {
	struct fake_path *v;
	size_t n, cap;
};

void fake_paths(
    struct arena *arena, const struct fake_object *tree, struct strings *ret)
{
	for (size_t i = 0; tree && i < tree->npaths; i++)
		strings_add(arena, ret, tree->paths[i].path);
}

/* A path that both sides changed to something different. */
static struct view_entry conflict_entry(struct fakeview *fake, const char *path,
    const struct view_entry *a, const struct view_entry *b)
{
	const char *bytes = arena_printf(fake->arena, "conflict %s %s %s", path,
	    oid_hex(&a->oid).s, oid_hex(&b->oid).s);

	return (struct view_entry){ 0100644,
		fake_blob(fake, NULL, bytes, strlen(bytes))->oid };
}

/* Three trees, path by path; false where there was a conflict. */
static bool merge_three(struct fakeview *fake, const struct oid *base,
    const struct oid *ours, const struct oid *theirs, struct oid *ret)
{
	struct strings paths = { NULL, 0, 0 };
	struct path_list merged = { NULL, 0, 0 };
	struct arena scratch;
	bool clean = true;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	fake_paths(&scratch, base ? fake_find(fake, base) : NULL, &paths);
	fake_paths(&scratch, fake_find(fake, ours), &paths);
	fake_paths(&scratch, fake_find(fake, theirs), &paths);
	for (size_t i = 0; i < paths.n; i++) {
		struct view_entry b = fake_entry_at(
		    base ? fake_find(fake, base) : NULL, paths.v[i]);
		struct view_entry o = fake_entry_at(
		    fake_find(fake, ours), paths.v[i]);
		struct view_entry t = fake_entry_at(
		    fake_find(fake, theirs), paths.v[i]);
		struct view_entry entry = o;

		if (!fake_same_entry(&o, &t) && fake_same_entry(&o, &b)) {
			entry = t;
		} else if (!fake_same_entry(&o, &t) &&
		    !fake_same_entry(&t, &b)) {
			entry = conflict_entry(fake, paths.v[i], &o, &t);
			clean = false;
		}
		if (entry.mode != 0)
			ARRAY_PUSH(&scratch, &merged,
			    (struct fake_path){ paths.v[i], entry });
	}
	*ret = fake_tree(fake, merged.v, merged.n)->oid;
	arena_release(&scratch);
	return clean;
}

static struct oid tree_of(const struct fakeview *fake, const struct oid *commit)
{
	const struct fake_object *object = fake_find(fake, commit);
	struct oid none = { { 0 } };

	return object ? object->tree : none;
}

/* Several merge bases are merged with each other first, as git's recursive
 * merge does (one level of it). */
static struct oid base_tree(
    struct fakeview *fake, struct arena *arena, const struct oids *bases)
{
	struct oid tree = tree_of(fake, &bases->v[0]);

	for (size_t i = 1; i < bases->n; i++) {
		struct oids common = { NULL, 0, 0 };
		struct oid other = tree_of(fake, &bases->v[i]), below;

		fake_bases(fake, arena, &bases->v[0], &bases->v[i], &common);
		if (common.n > 0)
			below = tree_of(fake, &common.v[0]);
		(void)merge_three(
		    fake, common.n > 0 ? &below : NULL, &tree, &other, &tree);
	}
	return tree;
}

enum merge_state fake_merge_trees(struct fakeview *fake, const struct oid *ours,
    const struct oid *theirs, struct oid *ret_tree)
{
	struct oids bases = { NULL, 0, 0 };
	struct oid base, o = tree_of(fake, ours), t = tree_of(fake, theirs);
	enum merge_state state = MERGE_UNRELATED;
	struct arena scratch;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	fake_bases(fake, &scratch, ours, theirs, &bases);
	if (bases.n > 0) {
		base = base_tree(fake, &scratch, &bases);
		state = merge_three(fake, &base, &o, &t, ret_tree)
		    ? MERGE_CLEAN
		    : MERGE_CONFLICT;
	}
	arena_release(&scratch);
	return state;
}

/* ---- refs -----------------------------------------------------------------
 */

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

const struct fake_ref *fake_find_ref(
    const struct fakeview *fake, const char *name)
{
	for (size_t i = 0; i < fake->refs.n; i++)
		if (strcmp(fake->refs.v[i].name, name) == 0)
			return &fake->refs.v[i];
	return NULL;
}

struct oid fake_ref_oid(const struct fakeview *fake, const char *name)
{
	struct oid none = { { 0 } };
	const struct fake_ref *ref = fake_find_ref(fake, name);

	for (int depth = 0; ref && ref->symbolic && depth < 5; depth++)
		ref = fake_find_ref(fake, ref->symbolic);
	return ref ? ref->oid : none;
}
