#include "judge/changepaths.h"

#include <stdlib.h>
#include <string.h>

/* A path at which the candidate and one of the sides differ. */
struct difference {
	const char *path;
	size_t side;
	struct view_entry from, to;
};

struct differences {
	struct difference *v;
	size_t n, cap;
};

struct collect {
	struct arena *arena;
	struct differences *list;
	size_t side;
};

static int collect_one(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct collect *collect = ctx;

	(void)err;
	ARRAY_PUSH(collect->arena, collect->list,
	    (struct difference){ arena_strdup(collect->arena, change->path),
		collect->side, change->from, change->to });
	return 0;
}

static int difference_cmp(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int r = strcmp(x->path, y->path);

	if (r != 0)
		return r;
	return x->side < y->side ? -1 : x->side > y->side;
}

static bool entry_eq(const struct view_entry *a, const struct view_entry *b)
{
	if (a->mode == 0 || b->mode == 0)
		return a->mode == b->mode;
	return a->mode == b->mode && oid_eq(&a->oid, &b->oid);
}

static void add_distinct(
    struct view_entry *list, size_t *n, const struct view_entry *entry)
{
	for (size_t i = 0; i < *n; i++)
		if (entry_eq(&list[i], entry))
			return;
	list[(*n)++] = *entry;
}

/* What is compared: the sides (K's), the candidate, and what the sides had in
 * common. */
struct sides {
	const struct view *view;
	struct arena *arena;
	struct oid *commits, *trees;
	size_t n;
	struct oid *common; /* trees of the merge bases of all sides */
	size_t ncommon;
	struct view_entry *entries; /* at the path looked at, one a side */
	struct view_entry *changed; /* distinct ones that sides changed to */
	size_t nchanged;
};

int commit_tree(const struct view *view, struct arena *arena,
    const struct oid *commit, struct oid *ret, struct err *err)
{
	struct view_node node;

	if (view->node(view->git, arena, commit, &node, err) < 0)
		return -1;
	*ret = node.tree;
	return 0;
}

/*
 * The merge bases of all sides: of the first two, of those and the third, and
 * so on, as git-merge-base(1) --octopus does.
 */
static int find_common(struct sides *sides, struct err *err)
{
	const struct view *view = sides->view;
	struct oids common = { NULL, 0, 0 };

	ARRAY_PUSH(sides->arena, &common, sides->commits[0]);
	for (size_t i = 1; i < sides->n; i++) {
		struct oids next = { NULL, 0, 0 };

		for (size_t k = 0; k < common.n; k++) {
			struct oids bases = { NULL, 0, 0 };

			if (view->merge_bases(view->git, sides->arena,
				&common.v[k], &sides->commits[i], &bases,
				err) < 0)
				return -1;
			for (size_t b = 0; b < bases.n; b++)
				if (!oids_have(&next, &bases.v[b]))
					ARRAY_PUSH(
					    sides->arena, &next, bases.v[b]);
		}
		common = next;
	}
	sides->common = arena_array(
	    sides->arena, common.n + 1, sizeof(struct oid));
	for (size_t i = 0; i < common.n; i++)
		if (commit_tree(view, sides->arena, &common.v[i],
			&sides->common[i], err) < 0)
			return -1;
	sides->ncommon = common.n;
	return 0;
}

/*
 * What the sides give against one common ancestor: false when more than one
 * of them changed the path, and differently.
 */
static bool expected_from(
    struct sides *sides, const struct view_entry *base, struct view_entry *ret)
{
	struct view_entry now = *base;
	bool changed = false, same = true;

	for (size_t i = 0; i < sides->n; i++) {
		const struct view_entry *entry = &sides->entries[i];

		if (entry_eq(entry, base))
			continue;
		add_distinct(sides->changed, &sides->nchanged, entry);
		if (changed && !entry_eq(entry, &now))
			same = false;
		now = *entry;
		changed = true;
	}
	*ret = now;
	return same;
}

/* Sides with several common ancestors (criss-cross) agree on what they give
 * only where all of those lead to the same. */
static int expected_at(struct sides *sides, const char *path,
    struct view_entry *ret, bool *ret_agree, struct err *err)
{
	const struct view *view = sides->view;
	struct view_entry base = { .mode = 0 }, first = { .mode = 0 }, next;
	bool agree = true;

	sides->nchanged = 0;
	if (sides->ncommon == 0)
		agree = expected_from(sides, &base, &first);
	for (size_t i = 0; i < sides->ncommon; i++) {
		if (view->entry(
			view->git, &sides->common[i], path, &base, err) < 0)
			return -1;
		if (!expected_from(sides, &base, &next) ||
		    (i > 0 && !entry_eq(&next, &first)))
			agree = false;
		if (i == 0)
			first = next;
	}
	*ret = first;
	*ret_agree = agree;
	return 0;
}

/* All differences at one path: list[0..n). */
static int judge_path(struct sides *sides, const struct difference *list,
    size_t n, struct change *change, struct err *err)
{
	struct path_change found = { .path = list[0].path, .to = list[0].to };
	bool agree;

	/* A side that does not differ has what the candidate has. */
	for (size_t i = 0; i < sides->n; i++)
		sides->entries[i] = list[0].to;
	for (size_t i = 0; i < n; i++)
		sides->entries[list[i].side] = list[i].from;
	if (expected_at(sides, found.path, &found.from, &agree, err) < 0)
		return -1;
	if (agree && entry_eq(&found.from, &found.to))
		return 0;
	if (!agree) {
		found.nsides = sides->nchanged;
		found.sides = arena_array(
		    sides->arena, found.nsides, sizeof(*found.sides));
		memcpy(found.sides, sides->changed,
		    found.nsides * sizeof(*found.sides));
		found.from = found.sides[0];
	}
	ARRAY_PUSH(sides->arena, change, found);
	return 0;
}

static int diff_trees(const struct view *view, struct arena *arena,
    const struct oid *old_tree, const struct oid *new_tree,
    struct collect *collect, struct err *err)
{
	collect->arena = arena;
	return view->changes(
	    view->git, old_tree, new_tree, collect_one, collect, err);
}

static int compare_sides(struct sides *sides, const struct oid *tree,
    struct differences *list, struct err *err)
{
	size_t room = sides->n * 2;

	if (find_common(sides, err) < 0)
		return -1;
	sides->trees = arena_array(
	    sides->arena, sides->n, sizeof(*sides->trees));
	for (size_t i = 0; i < sides->n; i++) {
		struct collect collect = { .list = list, .side = i };

		if (commit_tree(sides->view, sides->arena, &sides->commits[i],
			&sides->trees[i], err) < 0 ||
		    diff_trees(sides->view, sides->arena, &sides->trees[i],
			tree, &collect, err) < 0)
			return -1;
	}
	/* Each side can give one entry for each common ancestor, the same
	 * ones, and all sides together no more than that. */
	sides->entries = arena_array(
	    sides->arena, room, sizeof(*sides->entries));
	sides->changed = arena_array(
	    sides->arena, room, sizeof(*sides->changed));
	return 0;
}

static int change_of_one(const struct view *view, struct arena *arena,
    const struct oid *tree, struct change *change, struct err *err)
{
	struct differences list = { NULL, 0, 0 };
	struct collect collect = { .list = &list };
	struct oid old;

	if (change->bases.n == 1 &&
	    commit_tree(view, arena, &change->bases.v[0], &old, err) < 0)
		return -1;
	if (diff_trees(view, arena, change->bases.n == 1 ? &old : NULL, tree,
		&collect, err) < 0)
		return -1;
	if (list.n > 1)
		qsort(list.v, list.n, sizeof(*list.v), difference_cmp);
	for (size_t i = 0; i < list.n; i++)
		ARRAY_PUSH(arena, change,
		    (struct path_change){ .path = list.v[i].path,
			.from = list.v[i].from,
			.to = list.v[i].to });
	return 0;
}

int change_paths(const struct view *view, struct arena *arena,
    const struct oid *candidate, struct change *change, struct err *err)
{
	struct sides sides = { .view = view,
		.arena = arena,
		.commits = change->bases.v,
		.n = change->bases.n };
	struct differences list = { NULL, 0, 0 };
	struct oid tree;

	if (commit_tree(view, arena, candidate, &tree, err) < 0)
		return -1;
	if (sides.n < 2)
		return change_of_one(view, arena, &tree, change, err);
	if (compare_sides(&sides, &tree, &list, err) < 0)
		return -1;
	if (list.n > 1)
		qsort(list.v, list.n, sizeof(*list.v), difference_cmp);
	for (size_t i = 0, end; i < list.n; i = end) {
		for (end = i + 1; end < list.n &&
		     strcmp(list.v[end].path, list.v[i].path) == 0;
		     end++)
			;
		if (judge_path(&sides, &list.v[i], end - i, change, err) < 0)
			return -1;
	}
	return 0;
}
