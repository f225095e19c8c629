/*
 * Ancestors and merge bases, by painting: both ends colour what they reach,
 * newest first, until all that is left to look at is common to both (stale).
 *
 * No answer depends on dates.  A commit on a way from one end to something
 * that it alone reaches is never stale, so the search can't end before it was
 * looked at; and what is coloured after it was looked at is looked at again.
 */
#include "git/history.h"

#include <stdlib.h>
#include <string.h>

#include "git/nodes.h"

#define FIRST 1u
#define SECOND 2u
#define STALE 4u
#define RESULT 8u
#define QUEUED 16u

#define BASES_MAX 1000u /* merge bases of two commits */

struct search {
	struct history *h;
	struct node_heap heap;
	size_t live; /* commits in the heap that are not stale */
};

static uint8_t paint_of(const struct history *h, const struct node *node)
{
	return node->paint_number == h->paint_number ? node->paint : 0;
}

static void search_start(struct search *search, struct history *h)
{
	memset(search, 0, sizeof(*search));
	search->h = h;
	h->paint_number++;
}

/* Colours a commit and puts it in line, unless it has those colours. */
static int add(
    struct search *search, struct node *node, unsigned colours, struct err *err)
{
	unsigned old = paint_of(search->h, node);
	unsigned new = old | colours;

	if (new == old)
		return 0;
	if (node_load(search->h, node, err))
		return -1;
	if (!(old & QUEUED)) {
		if (heap_push(&search->heap, node, err))
			return -1;
		if (!(new &STALE))
			search->live++;
	} else if (!(old & STALE) && (new &STALE)) {
		search->live--;
	}
	node->paint = (uint8_t)(new | QUEUED);
	node->paint_number = search->h->paint_number;
	return 0;
}

static struct node *next(struct search *search)
{
	struct node *node;

	if (search->live == 0)
		return NULL;
	node = heap_pop(&search->heap);
	if (!node)
		return NULL;
	node->paint = (uint8_t)(node->paint & ~QUEUED);
	if (!(node->paint & STALE))
		search->live--;
	return node;
}

static unsigned colours_for_parents(struct node *node)
{
	unsigned colours = node->paint & (FIRST | SECOND | STALE);

	return colours == (FIRST | SECOND) ? colours | STALE : colours;
}

/* Paints the parents of a node; *ret: one of them, reached from a start, is
 * a. */
static int paint_parents(struct search *search, const struct node *a,
    struct node *node, bool *ret, struct err *err)
{
	unsigned colours = colours_for_parents(node);

	for (uint32_t i = 0; i < node->nparents && !*ret; i++) {
		struct node *parent = node->parents[i];

		if (parent == a && (colours & SECOND)) {
			*ret = true;
			continue;
		}
		if (node_load(search->h, parent, err))
			return -1;
		/* Whatever reaches a is of a higher level. */
		if (parent->generation < a->generation)
			continue;
		if (add(search, parent, colours, err))
			return -1;
	}
	return 0;
}

int paint_reaches(struct history *h, struct node *a, struct node *const *starts,
    size_t n, bool *ret, struct err *err)
{
	struct search search;
	struct node *node;
	int status = -1;

	if (h->graph && a->position != GRAPH_NOWHERE &&
	    a->generation != UNKNOWN_GENERATION)
		return graph_reaches(h, a, starts, n, ret, err);
	search_start(&search, h);
	*ret = false;
	for (size_t i = 0; i < n; i++) {
		if (starts[i] == a) {
			*ret = true;
			status = 0;
			goto out;
		}
		if (starts[i]->generation >= a->generation &&
		    add(&search, starts[i], SECOND, err))
			goto out;
	}
	if (add(&search, a, FIRST, err))
		goto out;
	while (!*ret && (node = next(&search)))
		if (paint_parents(&search, a, node, ret, err))
			goto out;
	status = 0;
out:
	heap_free(&search.heap);
	return status;
}

static int is_ancestor(struct history *h, const struct oid *a,
    const struct oid *b, bool *ret, struct err *err)
{
	struct node *older, *newer;

	if (nodes_get(h, a, &older, err) || nodes_get(h, b, &newer, err))
		return -1;
	return paint_reaches(h, older, &newer, 1, ret, err);
}

int history_is_ancestor(struct history *h, const struct oid *a,
    const struct oid *b, bool *ret, struct err *err)
{
	int status = is_ancestor(h, a, b, ret, err);

	if (status && nodes_start_over(h))
		status = is_ancestor(h, a, b, ret, err);
	return status;
}

struct found {
	struct node **v;
	size_t n, cap;
};

/* All common ancestors that none found before stands above: a superset of
 * the best ones where dates are wrong. */
static int common(struct history *h, struct arena *arena, struct node *a,
    struct node *b, struct found *found, struct err *err)
{
	struct search search;
	struct node *node;
	int status = -1;

	search_start(&search, h);
	if (add(&search, a, FIRST, err) || add(&search, b, SECOND, err))
		goto out;
	while ((node = next(&search))) {
		unsigned colours = colours_for_parents(node);

		if ((node->paint & (FIRST | SECOND | STALE | RESULT)) ==
		    (FIRST | SECOND)) {
			node->paint |= RESULT;
			ARRAY_PUSH(arena, found, node);
		}
		for (uint32_t i = 0; i < node->nparents; i++)
			if (add(&search, node->parents[i], colours, err))
				goto out;
	}
	status = 0;
out:
	heap_free(&search.heap);
	return status;
}

/* Drops those that another one descends from. */
static int keep_best(struct history *h, struct arena *arena,
    struct found *found, struct err *err)
{
	struct found best = { 0 };
	struct node **others;
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++)
		if (!(found->v[i]->paint & STALE))
			found->v[n++] = found->v[i];
	found->n = n;
	if (n < 2)
		return 0;
	if (n > BASES_MAX)
		return err_set(
		    err, ERR_LIMIT, "more than %u merge bases", BASES_MAX);
	others = arena_array(arena, n, sizeof(struct node *));
	for (size_t i = 0; i < n; i++) {
		bool reached;
		size_t m = 0;

		for (size_t j = 0; j < n; j++)
			if (j != i)
				others[m++] = found->v[j];
		if (paint_reaches(h, found->v[i], others, m, &reached, err))
			return -1;
		if (!reached)
			ARRAY_PUSH(arena, &best, found->v[i]);
	}
	*found = best;
	return 0;
}

static int newest_first(const void *a, const void *b)
{
	struct node *const *x = a;
	struct node *const *y = b;

	if ((*x)->date != (*y)->date)
		return (*x)->date > (*y)->date ? -1 : 1;
	return oid_cmp(&(*x)->id, &(*y)->id);
}

static int merge_bases(struct history *h, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret, struct err *err)
{
	struct found found = { 0 };
	struct node *x, *y;

	memset(ret, 0, sizeof(*ret));
	if (nodes_get(h, a, &x, err) || nodes_get(h, b, &y, err))
		return -1;
	if (x == y) {
		ARRAY_PUSH(arena, ret, *a);
		return 0;
	}
	if (common(h, arena, x, y, &found, err) ||
	    keep_best(h, arena, &found, err))
		return -1;
	if (found.n > 0)
		qsort(found.v, found.n, sizeof(*found.v), newest_first);
	for (size_t i = 0; i < found.n; i++)
		ARRAY_PUSH(arena, ret, found.v[i]->id);
	return 0;
}

int history_merge_bases(struct history *h, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret, struct err *err)
{
	int status = merge_bases(h, arena, a, b, ret, err);

	if (status && nodes_start_over(h))
		status = merge_bases(h, arena, a, b, ret, err);
	return status;
}

int history_node(struct history *h, struct arena *arena, const struct oid *oid,
    struct view_node *ret, struct err *err)
{
	struct node *node;

	if (nodes_get(h, oid, &node, err) &&
	    (!nodes_start_over(h) || nodes_get(h, oid, &node, err)))
		return -1;
	memset(ret, 0, sizeof(*ret));
	ret->tree = node->tree;
	ret->date = node->date;
	for (uint32_t i = 0; i < node->nparents; i++) {
		struct node *parent = node->parents[i];

		/* One known by its place in the graph alone has no id yet. */
		if (oid_is_zero(&parent->id) && node_load(h, parent, err))
			return -1;
		ARRAY_PUSH(arena, &ret->parents, parent->id);
	}
	return 0;
}
