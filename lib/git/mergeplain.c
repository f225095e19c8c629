#include <stdlib.h>
#include <string.h>

#include "git/mergeways.h"
#include "git/treediff.h"

/*
 * libgit2 and git agree where each path is taken whole from the side that
 * changed it.  Beyond that they may part, both without a conflict: git merges
 * lines by another diff algorithm, knows renamed folders, and measures what
 * is a rename in another way.
 */
#define SIDE_PATHS_MAX 20000u /* more are git's business */

struct side { /* what one side changed since the merge base */
	struct arena *arena;
	struct view_change *v; /* by path */
	size_t n, cap;
	bool adds, removes, too_many;
};

static int compare_paths(const void *a, const void *b)
{
	const struct view_change *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int note_change(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct side *side = ctx;
	struct view_change copy = *change;

	if (side->n == SIDE_PATHS_MAX) {
		side->too_many = true;
		return err_set(err, ERR_LIMIT, "too many paths");
	}
	copy.path = arena_strdup(side->arena, change->path);
	side->adds = side->adds || change->from.mode == 0;
	side->removes = side->removes || change->to.mode == 0;
	ARRAY_PUSH(side->arena, side, copy);
	return 0;
}

static int read_side(struct treediff *diff, const struct oid *base,
    const struct oid *tree, struct side *ret, struct err *err)
{
	if (treediff_run(diff, base, tree, note_change, ret, err))
		return ret->too_many ? 0 : -1;
	if (ret->n > 1)
		qsort(ret->v, ret->n, sizeof(*ret->v), compare_paths);
	return 0;
}

static bool same_entry(const struct view_entry *a, const struct view_entry *b)
{
	return a->mode == b->mode && oid_eq(&a->oid, &b->oid);
}

/* Did both change a path, and not to the same entry?  One that both removed
 * may be a rename on either side. */
static bool sides_meet(const struct side *ours, const struct side *theirs)
{
	for (size_t i = 0; theirs->n > 0 && i < ours->n; i++) {
		const struct view_change *change = &ours->v[i];
		const struct view_change *other = bsearch(change, theirs->v,
		    theirs->n, sizeof(*theirs->v), compare_paths);

		if (other &&
		    (change->to.mode == 0 ||
			!same_entry(&change->to, &other->to)))
			return true;
	}
	return false;
}

/* A rename removes and adds.  Where the other side leaves its old path alone,
 * which sides_meet has seen to, it matters only as a rename of a folder to
 * which the other side adds. */
static bool may_move(const struct side *side, const struct side *other)
{
	return side->adds && side->removes && other->adds;
}

int merge_is_plain(struct repo *repo, const struct oid *base,
    const struct oid *ours, const struct oid *theirs, bool *ret,
    struct err *err)
{
	struct arena arena;
	struct treediff *diff;
	struct side a = { .arena = &arena }, b = { .arena = &arena };
	int status = -1;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	diff = treediff_new(&arena, repo);
	if (read_side(diff, base, ours, &a, err) == 0 &&
	    read_side(diff, base, theirs, &b, err) == 0) {
		*ret = !a.too_many && !b.too_many && !sides_meet(&a, &b) &&
		    !may_move(&a, &b) && !may_move(&b, &a);
		status = 0;
	} else if (err->kind == ERR_FORMAT) {
		/* Trees of old that are not canonical. */
		*ret = false;
		status = 0;
	}
	treediff_free(diff);
	arena_release(&arena);
	return status;
}
