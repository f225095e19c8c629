#include <stdlib.h>
#include <string.h>

#include "judge/changepaths.h"
#include "judge/factscache.h"

/* ---- where a new file came from ----------------------------------------- */

/* Without a file that is gone there is nothing that a new one came from, and
 * nobody needs to be asked. */
static bool may_have_renames(const struct change *change)
{
	bool added = false, removed = false;

	for (size_t i = 0; i < change->n; i++) {
		added = added || change->v[i].from.mode == 0;
		removed = removed || change->v[i].to.mode == 0;
	}
	return added && removed;
}

static int compare_renames(const void *a, const void *b)
{
	const struct view_rename *x = a, *y = b;

	return strcmp(x->to, y->to);
}

/* Sorted by what they became.  Against the first K: what more of them would say
 * can only be of files that this one does not have. */
static int find_renames(const struct gate_facts *facts,
    const struct change *change, struct view_renames *ret, struct err *err)
{
	struct oid old, new;

	if (change->bases.n == 0 || !may_have_renames(change))
		return 0;
	if (commit_tree(facts->view, facts->arena, &change->bases.v[0], &old,
		err) < 0 ||
	    commit_tree(
		facts->view, facts->arena, &facts->candidate, &new, err) < 0)
		return -1;
	if (facts->view->renames(
		facts->view->git, facts->arena, &old, &new, ret, err) < 0)
		return -1;
	if (ret->n > 1)
		qsort(ret->v, ret->n, sizeof(*ret->v), compare_renames);
	return 0;
}

static int renamed_from(const struct gate_facts *facts,
    const struct change *change, const char *path, const char **ret,
    struct err *err)
{
	struct facts_cache *cache = facts->cache;
	const struct view_rename key = { .to = path }, *found = NULL;

	if (!cache->has_renames) {
		if (find_renames(facts, change, &cache->renames, err) < 0)
			return -1;
		cache->has_renames = true;
	}
	if (cache->renames.n > 0)
		found = bsearch(&key, cache->renames.v, cache->renames.n,
		    sizeof(key), compare_renames);
	*ret = found ? found->from : NULL;
	return 0;
}

/* ---- what a path is compared with --------------------------------------- */

/* A side that is no file (a link, nothing at all) holds no line. */
static void add_side(
    struct arena *arena, struct oids *sides, const struct view_entry *entry)
{
	static const struct oid none;

	ARRAY_PUSH(arena, sides, entry_is_file(entry) ? entry->oid : none);
}

static int find_sides(const struct gate_facts *facts,
    const struct change *change, const struct path_change *path,
    struct oids *ret, struct err *err)
{
	const struct view *view = facts->view;
	const char *from = NULL;

	for (size_t i = 0; i < path->nsides; i++)
		add_side(facts->arena, ret, &path->sides[i]);
	if (path->nsides > 0)
		return 0;
	if (path->from.mode == 0 &&
	    renamed_from(facts, change, path->path, &from, err) < 0)
		return -1;
	if (!from)
		add_side(facts->arena, ret, &path->from);
	for (size_t i = 0; from && i < change->bases.n; i++) {
		struct view_entry entry;
		struct oid tree;

		if (commit_tree(view, facts->arena, &change->bases.v[i], &tree,
			err) < 0 ||
		    view->entry(view->git, &tree, from, &entry, err) < 0)
			return -1;
		if (i == 0 || entry_is_file(&entry))
			add_side(facts->arena, ret, &entry);
	}
	return 0;
}

/* ---- lines that no side has --------------------------------------------- */

struct numbers { /* of lines, ascending */
	uint64_t *v;
	size_t n, cap;
};

struct common { /* lines that all sides so far lack, and so does this one */
	struct arena *arena;
	const struct numbers *before; /* NULL: this is the first side */
	size_t at;
	struct numbers here;
	view_added_fn *fn; /* of the last side; NULL of the others */
	void *ctx;
};

static int take_line(
    void *ctx, uint64_t line, const char *bytes, size_t len, struct err *err)
{
	struct common *common = ctx;

	if (common->before) {
		while (common->at < common->before->n &&
		    common->before->v[common->at] < line)
			common->at++;
		if (common->at == common->before->n ||
		    common->before->v[common->at] != line)
			return 0;
	}
	if (common->fn)
		return common->fn(common->ctx, line, bytes, len, err);
	ARRAY_PUSH(common->arena, &common->here, line);
	return 0;
}

int facts_added_lines(const struct gate_facts *facts,
    const struct path_change *path, view_added_fn *fn, void *ctx,
    struct err *err)
{
	const struct view *view = facts->view;
	struct numbers before = { NULL, 0, 0 };
	struct oids sides = { NULL, 0, 0 };
	const struct change *change;
	struct arena scratch;
	int r = 0;

	if (!entry_is_file(&path->to))
		return 1;
	if (facts_change(facts, &change, err) < 0 ||
	    find_sides(facts, change, path, &sides, err) < 0)
		return -1;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < sides.n && r == 0; i++) {
		struct common common = { .arena = &scratch,
			.before = i > 0 ? &before : NULL,
			.fn = i + 1 == sides.n ? fn : NULL,
			.ctx = ctx };

		r = view->added(view->git, &sides.v[i], &path->to.oid,
		    take_line, &common, err);
		before = common.here;
	}
	arena_release(&scratch);
	return r;
}
