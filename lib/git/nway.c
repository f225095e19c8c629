#include "git/nway.h"

#include <string.h>

struct side { /* an old tree that has this folder */
	struct cached_tree *tree;
	struct tree_cursor cursor;
};

struct level {
	struct cached_tree *tree;
	struct tree_cursor cursor;
	struct side *sides;
	size_t nsides;
	size_t prefix; /* bytes of the path that are the folder's */
};

struct levels {
	struct level *v;
	size_t n, cap;
};

struct nway {
	struct tree_cache *cache;
	struct arena arena; /* of one run */
	struct levels levels;
	const struct tree_watch *watch;
	char path[TREE_PATH_MAX];
};

static void leave(struct nway *nway)
{
	struct level *level = &nway->levels.v[--nway->levels.n];

	tree_release(level->tree);
	for (size_t i = 0; i < level->nsides; i++)
		tree_release(level->sides[i].tree);
}

/* An old tree that does not read, or is out of order, has nothing. */
static void add_side(
    struct nway *nway, struct level *level, const struct oid *oid)
{
	struct side *side = &level->sides[level->nsides];
	struct err ignored;

	if (tree_get(nway->cache, oid, &side->tree, &ignored))
		return;
	tree_cursor_start(&side->cursor, side->tree);
	if (tree_cursor_next(&side->cursor, &ignored))
		tree_release(side->tree);
	else
		level->nsides++;
}

static int enter(struct nway *nway, const struct oid *tree,
    const struct oids *olds, size_t prefix, struct err *err)
{
	struct level *level;
	int skip;

	if (nway->levels.n >= TREE_DEPTH_MAX)
		return err_set(err, ERR_LIMIT,
		    "more than %u folders in each "
		    "other",
		    TREE_DEPTH_MAX);
	ARRAY_PUSH(&nway->arena, &nway->levels, (struct level){ 0 });
	level = &nway->levels.v[nway->levels.n - 1];
	level->prefix = prefix;
	level->sides = arena_array(
	    &nway->arena, olds->n, sizeof(*level->sides));
	if (tree_get(nway->cache, tree, &level->tree, err))
		return -1;
	skip = nway->watch->tree(nway->watch->ctx, level->tree, err);
	if (skip != 0)
		return skip < 0 ? -1 : 0;
	for (size_t i = 0; i < olds->n; i++)
		add_side(nway, level, &olds->v[i]);
	tree_cursor_start(&level->cursor, level->tree);
	return tree_cursor_next(&level->cursor, err);
}

/* The side's entry of that name; its cursor stays there. */
static const struct tree_cursor *seek(
    struct side *side, const struct tree_cursor *entry)
{
	struct tree_cursor *at = &side->cursor;
	struct err ignored;

	while (at->name) {
		int order = tree_name_cmp(at->name, at->len, at->mode,
		    entry->name, entry->len, entry->mode);

		if (order >= 0)
			return order == 0 ? at : NULL;
		if (tree_cursor_next(at, &ignored))
			at->name = NULL;
	}
	return NULL;
}

/* Does an old tree have the very entry?  olds gets the folders of that name
 * that they have instead. */
static bool is_known(struct nway *nway, struct level *level,
    const struct tree_cursor *entry, struct oids *olds)
{
	for (size_t i = 0; i < level->nsides; i++) {
		const struct tree_cursor *old = seek(&level->sides[i], entry);

		if (!old)
			continue;
		if (oid_eq(old->oid, entry->oid) && old->mode == entry->mode)
			return true;
		if (mode_is_folder(old->mode))
			ARRAY_PUSH(&nway->arena, olds, *old->oid);
	}
	return false;
}

static int step(
    struct nway *nway, view_change_fn *fn, void *ctx, struct err *err)
{
	struct level *level = &nway->levels.v[nway->levels.n - 1];
	struct tree_cursor entry = level->cursor;
	struct view_change change = { 0 };
	struct oids olds = { 0 };
	size_t prefix = level->prefix + entry.len;

	if (tree_cursor_next(&level->cursor, err))
		return -1;
	if (is_known(nway, level, &entry, &olds))
		return 0;
	if (prefix + 2 > sizeof(nway->path))
		return err_set(err, ERR_LIMIT, "a path of more than %zu bytes",
		    TREE_PATH_MAX);
	memcpy(nway->path + level->prefix, entry.name, entry.len);
	nway->path[prefix] = '\0';
	if (mode_is_folder(entry.mode)) {
		nway->path[prefix] = '/';
		return enter(nway, entry.oid, &olds, prefix + 1, err);
	}
	change.path = nway->path;
	change.to.mode = entry.mode;
	change.to.oid = *entry.oid;
	return fn(ctx, &change, err);
}

int nway_run(struct treediff *diff, const struct oids *old_trees,
    const struct oid *new_tree, const struct tree_watch *watch,
    view_change_fn *fn, void *ctx, struct err *err)
{
	struct arena arena;
	struct nway *nway;
	int status;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	nway = ARENA_NEW(&arena, struct nway);
	arena_init(&nway->arena, ARENA_SCRATCH_MAX);
	nway->cache = treediff_cache(diff);
	nway->watch = watch;
	status = enter(nway, new_tree, old_trees, 0, err);
	while (status == 0 && nway->levels.n > 0) {
		if (nway->levels.v[nway->levels.n - 1].cursor.name)
			status = step(nway, fn, ctx, err);
		else
			leave(nway);
	}
	while (nway->levels.n > 0)
		leave(nway);
	arena_release(&nway->arena);
	arena_release(&arena);
	return status;
}
