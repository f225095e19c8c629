#include "git/treediff.h"

#include <stdlib.h>
#include <string.h>

#include "git/treememo.h"
#include "git/treewalk.h"

struct treediff {
	struct tree_cache *cache;
	struct tree_memo memo;
	struct oid trouble;
};

/* A folder on the way down: its two sides and where its names begin. */
struct frame {
	struct cached_tree *trees[2]; /* NULL: empty */
	struct tree_cursor sides[2];
	size_t prefix; /* bytes of the path that are the folder's */
};

struct descent {
	struct treediff *diff;
	const struct tree_watch *watch; /* may be NULL */
	struct frame *frames;           /* malloc'ed */
	size_t depth, cap;
	char *path; /* malloc'ed */
	size_t path_cap;
	bool recording; /* for the memo */
	bool skipped;   /* something was not looked into */
};

struct treediff *treediff_new(struct arena *arena, struct repo *repo)
{
	struct treediff *diff = ARENA_NEW(arena, struct treediff);

	diff->cache = tree_cache_new(arena, repo);
	tree_memo_init(&diff->memo);
	return diff;
}

void treediff_free(struct treediff *diff)
{
	if (!diff)
		return;
	tree_cache_free(diff->cache);
	tree_memo_release(&diff->memo);
}

struct tree_cache *treediff_cache(const struct treediff *diff)
{
	return diff->cache;
}

struct oid treediff_trouble(const struct treediff *diff)
{
	return diff->trouble;
}

static void leave(struct descent *way)
{
	struct frame *frame = &way->frames[--way->depth];

	tree_release(frame->trees[0]);
	tree_release(frame->trees[1]);
}

static void descent_end(struct descent *way)
{
	while (way->depth > 0)
		leave(way);
	free(way->frames);
	free(way->path);
}

static int room_for_frame(struct descent *way, struct err *err)
{
	size_t cap = way->cap ? 2 * way->cap : 16;
	struct frame *frames;

	if (way->depth >= TREE_DEPTH_MAX)
		return err_set(err, ERR_LIMIT,
		    "more than %u folders in each "
		    "other",
		    TREE_DEPTH_MAX);
	if (way->depth < way->cap)
		return 0;
	frames = realloc(way->frames, cap * sizeof(*frames));
	if (!frames)
		return err_set(err, ERR_INTERNAL, "out of memory");
	way->frames = frames;
	way->cap = cap;
	return 0;
}

static int open_side(struct descent *way, struct frame *frame, size_t side,
    const struct oid *oid, struct err *err)
{
	if (!oid)
		return 0;
	way->diff->trouble = *oid;
	return tree_get(way->diff->cache, oid, &frame->trees[side], err);
}

/* Steps into two folders of the same path; either may be NULL. */
static int enter(struct descent *way, const struct oid *old_tree,
    const struct oid *new_tree, size_t prefix, struct err *err)
{
	struct frame *frame;
	int skip = 0;

	if (room_for_frame(way, err))
		return -1;
	frame = &way->frames[way->depth++];
	memset(frame, 0, sizeof(*frame));
	frame->prefix = prefix;
	if (open_side(way, frame, 1, new_tree, err))
		return -1;
	if (way->watch && new_tree)
		skip = way->watch->tree(way->watch->ctx, frame->trees[1], err);
	if (skip < 0)
		return -1;
	if (skip > 0) {
		way->skipped = true;
		return 0; /* an empty frame, left at once */
	}
	if (open_side(way, frame, 0, old_tree, err))
		return -1;
	for (size_t i = 0; i < 2; i++) {
		tree_cursor_start(&frame->sides[i], frame->trees[i]);
		if (tree_cursor_next(&frame->sides[i], err))
			return -1;
	}
	return 0;
}

/* path = the folder's path + name; more bytes of room behind it. */
static int set_path(struct descent *way, size_t prefix, const char *name,
    size_t len, struct err *err)
{
	size_t need = prefix + len + 2;

	if (need > TREE_PATH_MAX)
		return err_set(err, ERR_LIMIT, "a path of more than %zu bytes",
		    TREE_PATH_MAX);
	if (!way->path || need > way->path_cap) {
		size_t cap = 2 * need + 256;
		char *path = realloc(way->path, cap);

		if (!path)
			return err_set(err, ERR_INTERNAL, "out of memory");
		way->path = path;
		way->path_cap = cap;
	}
	memcpy(way->path + prefix, name, len);
	way->path[prefix + len] = '\0';
	return 0;
}

static struct view_entry entry_of(const struct tree_cursor *cursor)
{
	struct view_entry entry = { cursor->mode, *cursor->oid };

	return entry;
}

/* Which side's entry comes first: -1 the old one's, 1 the new one's, 0 both
 * have that name and are both folders or both none. */
static int order_of(const struct frame *frame)
{
	const struct tree_cursor *a = &frame->sides[0], *b = &frame->sides[1];

	if (!b->name)
		return -1;
	if (!a->name)
		return 1;
	return tree_name_cmp(
	    a->name, a->len, a->mode, b->name, b->len, b->mode);
}

static int tell(struct descent *way, const struct view_change *change,
    view_change_fn *fn, void *ctx, struct err *err)
{
	if (way->recording)
		tree_memo_add(&way->diff->memo, change);
	return fn(ctx, change, err);
}

/* Deals with the next name of the innermost folder.  A file that became a
 * folder sorts at two places and is seen as removed here and added there. */
static int step(
    struct descent *way, view_change_fn *fn, void *ctx, struct err *err)
{
	struct frame *frame = &way->frames[way->depth - 1];
	struct tree_cursor old = frame->sides[0], new = frame->sides[1];
	int order = order_of(frame);
	const struct tree_cursor *named = order <= 0 ? &old : &new;
	bool is_folder = mode_is_folder(named->mode);
	struct view_change change = { 0 };
	size_t prefix;

	if (order <= 0 && tree_cursor_next(&frame->sides[0], err))
		return -1;
	if (order >= 0 && tree_cursor_next(&frame->sides[1], err))
		return -1;
	if (order == 0 && oid_eq(old.oid, new.oid) &&
	    (is_folder || old.mode == new.mode))
		return 0;
	if (set_path(way, frame->prefix, named->name, named->len, err))
		return -1;
	prefix = frame->prefix + named->len;
	if (is_folder) {
		way->path[prefix] = '/';
		return enter(way, order <= 0 ? old.oid : NULL,
		    order >= 0 ? new.oid : NULL, prefix + 1, err);
	}
	change.path = way->path;
	if (order <= 0)
		change.from = entry_of(&old);
	if (order >= 0)
		change.to = entry_of(&new);
	return tell(way, &change, fn, ctx, err);
}

/* Over what is alike, then one step, or up again. */
static int go_on(
    struct descent *way, view_change_fn *fn, void *ctx, struct err *err)
{
	struct frame *frame = &way->frames[way->depth - 1];

	if (tree_cursors_skip_same(&frame->sides[0], &frame->sides[1], err))
		return -1;
	if (frame->sides[0].name || frame->sides[1].name)
		return step(way, fn, ctx, err);
	leave(way);
	return 0;
}

int treediff_watch(struct treediff *diff, const struct oid *old_tree,
    const struct oid *new_tree, const struct tree_watch *watch,
    view_change_fn *fn, void *ctx, struct err *err)
{
	struct descent way = { .diff = diff, .watch = watch };
	int status;

	if (old_tree && oid_eq(old_tree, new_tree))
		return 0;
	way.recording = tree_memo_start(&diff->memo);
	status = enter(&way, old_tree, new_tree, 0, err);
	while (status == 0 && way.depth > 0)
		status = go_on(&way, fn, ctx, err);
	descent_end(&way);
	if (way.recording)
		tree_memo_end(&diff->memo, old_tree, new_tree,
		    status == 0 && !way.skipped);
	return status;
}

int treediff_run(struct treediff *diff, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *ctx, struct err *err)
{
	const struct memo_answer *answer = tree_memo_find(
	    &diff->memo, old_tree, new_tree);

	if (!answer)
		return treediff_watch(
		    diff, old_tree, new_tree, NULL, fn, ctx, err);
	for (size_t i = 0; i < answer->n; i++)
		if (fn(ctx, &answer->v[i], err))
			return -1;
	return 0;
}

/* One entry of a whole tree, folders before what is in them. */
static int list_step(
    struct descent *way, view_change_fn *fn, void *ctx, struct err *err)
{
	struct frame *frame = &way->frames[way->depth - 1];
	struct tree_cursor entry = frame->sides[1];
	struct view_change change = { 0 };
	size_t prefix = frame->prefix + entry.len;
	int status;

	if (tree_cursor_next(&frame->sides[1], err) ||
	    set_path(way, frame->prefix, entry.name, entry.len, err))
		return -1;
	change.path = way->path;
	change.to = entry_of(&entry);
	status = fn(ctx, &change, err);
	if (status < 0 || status > 0 || !mode_is_folder(entry.mode))
		return status < 0 ? -1 : 0;
	way->path[prefix] = '/';
	return enter(way, NULL, entry.oid, prefix + 1, err);
}

int treediff_list(struct treediff *diff, const struct oid *tree,
    view_change_fn *fn, void *ctx, struct err *err)
{
	struct descent way = { .diff = diff };
	int status = enter(&way, NULL, tree, 0, err);

	while (status == 0 && way.depth > 0) {
		if (way.frames[way.depth - 1].sides[1].name)
			status = list_step(&way, fn, ctx, err);
		else
			leave(&way);
	}
	descent_end(&way);
	return status;
}

/* The entry of that name in one tree; mode 0: none. */
static int find_name(struct treediff *diff, const struct oid *oid,
    const char *name, size_t len, struct view_entry *ret, struct err *err)
{
	struct cached_tree *tree;
	struct tree_cursor cursor;
	int status;

	if (tree_get(diff->cache, oid, &tree, err))
		return -1;
	memset(ret, 0, sizeof(*ret)); /* oid may lie in there */
	tree_cursor_start(&cursor, tree);
	while ((status = tree_cursor_next(&cursor, err)) == 0 && cursor.name) {
		if (cursor.len == len && memcmp(cursor.name, name, len) == 0) {
			*ret = entry_of(&cursor);
			break;
		}
	}
	tree_release(tree);
	return status;
}

int treediff_entry(struct treediff *diff, const struct oid *tree,
    const char *path, struct view_entry *ret, struct err *err)
{
	struct view_entry entry = { 0040000, *tree };
	unsigned depth = 0;

	while (*path) {
		size_t len = strcspn(path, "/");

		if (!mode_is_folder(entry.mode)) {
			memset(&entry, 0, sizeof(entry));
			break;
		}
		if (++depth > TREE_DEPTH_MAX)
			return err_set(err, ERR_LIMIT,
			    "more than %u folders in each other",
			    TREE_DEPTH_MAX);
		if (find_name(diff, &entry.oid, path, len, &entry, err))
			return -1;
		path += len;
		path += *path == '/' ? 1 : 0;
	}
	*ret = entry;
	return 0;
}
