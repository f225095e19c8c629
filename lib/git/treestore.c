#include "git/treestore.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "git/objects.h"
#include "git/queue.h"
#include "git/treecache.h"

#define FILE_BYTES_MAX ((size_t)64 << 20) /* of one file */
#define FILE_MODE 0100644u
#define FOLDER_MODE 0040000u
#define ENTRY_BYTES_MIN (sizeof("40000 x") + OID_SIZE)

struct folder;

struct entry {
	const char *name;
	size_t len;
	unsigned mode;
	struct oid oid;
	struct folder *child; /* of a folder, once it was stepped into */
};

struct folder {
	struct folder *parent;
	const char *name; /* in the parent */
	size_t depth;
	struct entry *v; /* in git's order */
	size_t n, cap;
	bool dirty; /* its object is to be written */
};

struct folders {
	struct folder **v;
	size_t n, cap;
};

struct treestore {
	struct arena *arena;
	struct repo *repo;
	struct folder *root; /* NULL: not read yet */
	struct oid root_oid; /* zero: empty */
	struct folders dirty;
};

struct treestore *treestore_open(
    struct arena *arena, struct repo *repo, const struct oid *root_tree)
{
	struct treestore *store = ARENA_NEW(arena, struct treestore);

	store->arena = arena;
	store->repo = repo;
	store->root_oid = *root_tree;
	return store;
}

/* Where a name stands, or belongs. */
static size_t place(const struct folder *folder, const char *name, size_t len,
    unsigned mode, bool *ret_found)
{
	size_t low = 0, high = folder->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct entry *entry = &folder->v[mid];
		int order = tree_name_cmp(
		    entry->name, entry->len, entry->mode, name, len, mode);

		if (order == 0) {
			*ret_found = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*ret_found = false;
	return low;
}

/* By name, whatever it is; NULL: none. */
static struct entry *find(struct folder *folder, const char *name, size_t len)
{
	bool found;
	size_t at = place(folder, name, len, FILE_MODE, &found);

	if (!found)
		at = place(folder, name, len, FOLDER_MODE, &found);
	return found ? &folder->v[at] : NULL;
}

static void insert(
    struct treestore *store, struct folder *folder, const struct entry *entry)
{
	bool found;
	size_t at = place(folder, entry->name, entry->len, entry->mode, &found);

	if (!folder->v || folder->n == folder->cap) {
		size_t cap = 2 * folder->n + 8;

		folder->v = arena_grow(
		    store->arena, folder->v, folder->n, cap, sizeof(*entry));
		folder->cap = cap;
	}
	memmove(&folder->v[at + 1], &folder->v[at],
	    (folder->n - at) * sizeof(*entry));
	folder->v[at] = *entry;
	folder->n++;
}

static void drop(struct folder *folder, const struct entry *entry)
{
	size_t at = (size_t)(entry - folder->v);

	memmove(&folder->v[at], &folder->v[at + 1],
	    (folder->n - at - 1) * sizeof(*entry));
	folder->n--;
}

static struct folder *folder_new(
    struct treestore *store, struct folder *parent, const char *name)
{
	struct folder *folder = ARENA_NEW(store->arena, struct folder);

	folder->parent = parent;
	folder->name = name;
	folder->depth = parent ? parent->depth + 1 : 0;
	return folder;
}

static int folder_read(struct treestore *store, const struct oid *oid,
    struct folder *folder, struct err *err)
{
	struct cached_tree tree = { .oid = *oid };
	struct tree_cursor cursor;
	struct raw_object object;

	if (raw_read(
		store->repo, oid, OBJECT_TREE, TREE_BYTES_MAX, &object, err))
		return -1;
	raw_keep(store->repo, oid, &object);
	tree.object.bytes = arena_strndup(
	    store->arena, object.bytes, object.len);
	tree.object.len = object.len;
	raw_release(&object);
	/* Those of a long ledger have 256 entries: room for all at once. */
	folder->cap = tree.object.len / ENTRY_BYTES_MIN + 1;
	folder->v = arena_array(store->arena, folder->cap, sizeof(*folder->v));
	tree_cursor_start(&cursor, &tree);
	while (tree_cursor_next(&cursor, err) == 0) {
		struct entry entry = { .name = cursor.name,
			.len = cursor.len,
			.mode = cursor.mode };

		if (!cursor.name)
			return 0;
		entry.oid = *cursor.oid;
		ARRAY_PUSH(store->arena, folder, entry);
	}
	return -1;
}

static int root_of(
    struct treestore *store, struct folder **ret, struct err *err)
{
	if (!store->root) {
		struct folder *root = folder_new(store, NULL, "");

		if (!oid_is_zero(&store->root_oid) &&
		    folder_read(store, &store->root_oid, root, err))
			return -1;
		store->root = root;
	}
	*ret = store->root;
	return 0;
}

static int child_of(struct treestore *store, struct folder *folder,
    struct entry *entry, struct folder **ret, struct err *err)
{
	if (!entry->child) {
		struct folder *child = folder_new(store, folder, entry->name);

		if (folder_read(store, &entry->oid, child, err))
			return -1;
		entry->child = child;
	}
	*ret = entry->child;
	return 0;
}

/* The folder that holds the last part of path, and that part.  *ret NULL when
 * there is no such folder. */
static int descend(struct treestore *store, const char *path,
    struct folder **ret, const char **ret_last, struct err *err)
{
	struct folder *folder;
	const char *slash;

	if (root_of(store, &folder, err))
		return -1;
	while ((slash = strchr(path, '/'))) {
		struct entry *entry = find(
		    folder, path, (size_t)(slash - path));

		if (!entry || !mode_is_folder(entry->mode)) {
			*ret = NULL;
			return 0;
		}
		if (child_of(store, folder, entry, &folder, err))
			return -1;
		path = slash + 1;
	}
	*ret = folder;
	*ret_last = path;
	return 0;
}

int treestore_read(struct treestore *store, struct arena *arena,
    const char *path, const char **ret_bytes, size_t *ret_len,
    struct oid *ret_blob, struct err *err)
{
	struct folder *folder;
	const struct entry *entry;
	const char *last = "";

	if (descend(store, path, &folder, &last, err))
		return -1;
	entry = folder ? find(folder, last, strlen(last)) : NULL;
	if (!entry || mode_is_folder(entry->mode)) {
		*ret_bytes = NULL;
		*ret_len = 0;
		return 0;
	}
	if (ret_blob)
		*ret_blob = entry->oid;
	return object_read(store->repo, arena, &entry->oid, OBJECT_BLOB,
	    FILE_BYTES_MAX, ret_bytes, ret_len, err);
}

int treestore_list(struct treestore *store, struct arena *arena,
    const char *path, struct strings *ret, struct err *err)
{
	struct folder *folder;
	struct entry *entry;
	const char *last = "";

	memset(ret, 0, sizeof(*ret));
	if (descend(store, path, &folder, &last, err))
		return -1;
	if (folder && *last) {
		entry = find(folder, last, strlen(last));
		if (!entry || !mode_is_folder(entry->mode))
			return 0;
		if (child_of(store, folder, entry, &folder, err))
			return -1;
	}
	for (size_t i = 0; folder && i < folder->n; i++)
		ARRAY_PUSH(arena, ret,
		    arena_strndup(arena, folder->v[i].name, folder->v[i].len));
	return 0;
}

static int check_path(const char *path, struct err *err)
{
	const char *p = path;

	for (;;) {
		size_t len = strcspn(p, "/");

		if (len == 0 || *p == '.')
			return err_set(err, ERR_INTERNAL,
			    "'%s' is no path for the ledger", path);
		if (!p[len])
			return 0;
		p += len + 1;
	}
}

static void make_dirty(struct treestore *store, struct folder *folder)
{
	for (; folder && !folder->dirty; folder = folder->parent) {
		folder->dirty = true;
		ARRAY_PUSH(store->arena, &store->dirty, folder);
	}
}

/* As descend(), but makes the folders that are missing. */
static int descend_making(struct treestore *store, const char *path,
    struct folder **ret, const char **ret_last, struct err *err)
{
	struct folder *folder;
	const char *slash;

	if (root_of(store, &folder, err))
		return -1;
	for (; (slash = strchr(path, '/')); path = slash + 1) {
		size_t len = (size_t)(slash - path);
		struct entry *entry = find(folder, path, len);

		if (!entry) {
			struct entry made = { .len = len, .mode = FOLDER_MODE };

			made.name = arena_strndup(store->arena, path, len);
			made.child = folder_new(store, folder, made.name);
			insert(store, folder, &made);
			make_dirty(store, made.child);
			folder = made.child;
			continue;
		}
		if (!mode_is_folder(entry->mode))
			return err_set(err, ERR_FORMAT,
			    "'%s' is a file in the ledger, not a folder",
			    entry->name);
		if (child_of(store, folder, entry, &folder, err))
			return -1;
	}
	*ret = folder;
	*ret_last = path;
	return 0;
}

static int put(
    struct treestore *store, const struct treestore_edit *edit, struct err *err)
{
	struct folder *folder = NULL;
	struct entry *entry, made = { .mode = FILE_MODE };
	const char *last = "";
	struct oid oid;

	if (object_queue_add(
		store->repo, OBJECT_BLOB, edit->bytes, edit->len, &oid, err) ||
	    descend_making(store, edit->path, &folder, &last, err))
		return -1;
	entry = find(folder, last, strlen(last));
	if (entry && mode_is_folder(entry->mode))
		return err_set(err, ERR_FORMAT,
		    "'%s' is a folder in the ledger, not a file", edit->path);
	if (entry) {
		entry->oid = oid;
	} else {
		made.name = arena_strdup(store->arena, last);
		made.len = strlen(last);
		made.oid = oid;
		insert(store, folder, &made);
	}
	make_dirty(store, folder);
	return 0;
}

static int take_out(struct treestore *store, const char *path, struct err *err)
{
	struct folder *folder;
	const struct entry *entry;
	const char *last = "";

	if (descend(store, path, &folder, &last, err))
		return -1;
	entry = folder ? find(folder, last, strlen(last)) : NULL;
	if (!entry || mode_is_folder(entry->mode))
		return 0;
	drop(folder, entry);
	make_dirty(store, folder);
	return 0;
}

static int write_folder(struct treestore *store, const struct folder *folder,
    struct oid *ret, struct err *err)
{
	struct arena scratch;
	struct buf buf;
	int status = -1;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	buf_init(&buf, &scratch, TREE_BYTES_MAX);
	for (size_t i = 0; i < folder->n; i++) {
		const struct entry *entry = &folder->v[i];

		buf_addf(&buf, "%o ", entry->mode);
		buf_add(&buf, entry->name, entry->len);
		buf_addc(&buf, '\0');
		buf_add(&buf, entry->oid.b, OID_SIZE);
	}
	if (buf.overflow)
		err_set(err, ERR_LIMIT, "a folder of the ledger is too big");
	else
		status = object_queue_add(
		    store->repo, OBJECT_TREE, buf.p, buf.len, ret, err);
	arena_release(&scratch);
	return status;
}

static int deepest_first(const void *a, const void *b)
{
	struct folder *const *x = a;
	struct folder *const *y = b;

	return (*x)->depth > (*y)->depth ? -1 : (*x)->depth < (*y)->depth;
}

/* A folder's new id into its parent; one that got empty leaves it. */
static int settle(
    struct treestore *store, struct folder *folder, struct err *err)
{
	struct entry *entry = NULL;

	if (folder->parent) {
		entry = find(
		    folder->parent, folder->name, strlen(folder->name));
		if (!entry)
			return err_set(err, ERR_INTERNAL,
			    "a folder of the ledger is lost");
		if (folder->n == 0) {
			drop(folder->parent, entry);
			return 0;
		}
	}
	return write_folder(
	    store, folder, entry ? &entry->oid : &store->root_oid, err);
}

int treestore_write(struct treestore *store, const struct treestore_edit *edits,
    size_t n, struct oid *ret_root, struct err *err)
{
	struct folder *root;

	if (root_of(store, &root, err))
		return -1;
	make_dirty(store, root);
	for (size_t i = 0; i < n; i++) {
		if (check_path(edits[i].path, err) ||
		    (edits[i].bytes ? put(store, &edits[i], err)
				    : take_out(store, edits[i].path, err)))
			return -1;
	}
	qsort(store->dirty.v, store->dirty.n, sizeof(*store->dirty.v),
	    deepest_first);
	for (size_t i = 0; i < store->dirty.n; i++) {
		if (settle(store, store->dirty.v[i], err))
			return -1;
		store->dirty.v[i]->dirty = false;
	}
	store->dirty.n = 0;
	*ret_root = store->root_oid;
	return 0;
}
