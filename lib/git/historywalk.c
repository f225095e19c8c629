/*
 * What is reachable from some commits and not from others.
 *
 * First newest first, hidden commits ahead of what they hide as long as dates
 * are honest; it ends when nothing in line is wanted.  Where dates lie, what
 * was taken may still be reachable from hidden commits that were not looked
 * at any more.  Ancestors of a hidden commit are hidden, so it is enough to be
 * certain about the oldest ones taken (all of whose parents were not).
 */
#include <stdlib.h>
#include <string.h>

#include "git/nodes.h"
#include "git/raw.h"

#define WANTED 1u
#define HIDDEN 2u
#define QUEUED 4u
#define OPENED 8u /* its parents have its marks */
#define ASKED 16u /* stop() */
#define TAKEN 32u

#define BOTTOMS_MAX 64u      /* that are searched for one by one */
#define SURPLUS_MAX 1000000u /* commits wanted before they get hidden */

struct nodes {
	struct node **v;
	size_t n, cap;
};

struct walk {
	struct history *h;
	struct arena scratch;
	struct node_heap heap;
	size_t live; /* in the heap, wanted and not hidden */
	view_stop_fn *stop;
	void *stop_ctx;
	size_t max;
	struct nodes taken; /* opened as wanted; some get hidden later */
};

static unsigned marks(const struct walk *walk, const struct node *node)
{
	return node->walk_number == walk->h->walk_number ? node->walk : 0;
}

static void set_marks(const struct walk *walk, struct node *node, unsigned m)
{
	node->walk = (uint8_t)m;
	node->walk_number = walk->h->walk_number;
}

static bool is_live(unsigned m)
{
	return (m & (WANTED | HIDDEN | QUEUED)) == (WANTED | QUEUED);
}

/* Hides what was opened as wanted, and on to all that it had opened. */
static void hide_opened(struct walk *walk, struct node *node)
{
	struct nodes stack = { 0 };

	ARRAY_PUSH(&walk->scratch, &stack, node);
	while (stack.n > 0) {
		node = stack.v[--stack.n];
		for (uint32_t i = 0; i < node->nparents; i++) {
			struct node *parent = node->parents[i];
			unsigned m = marks(walk, parent);

			if (m & HIDDEN)
				continue;
			if (is_live(m))
				walk->live--;
			set_marks(walk, parent, m | HIDDEN);
			if (m & OPENED)
				ARRAY_PUSH(&walk->scratch, &stack, parent);
		}
	}
}

static int mark(
    struct walk *walk, struct node *node, unsigned add, struct err *err)
{
	unsigned old = marks(walk, node);
	unsigned new = old | add;

	if (new == old)
		return 0;
	if (node_load(walk->h, node, err))
		return -1;
	if (!(new &(QUEUED | OPENED))) {
		if (heap_push(&walk->heap, node, err))
			return -1;
		new |= QUEUED;
	}
	if (is_live(new) && !is_live(old))
		walk->live++;
	if (is_live(old) && !is_live(new))
		walk->live--;
	set_marks(walk, node, new);
	if ((old & OPENED) && (new &HIDDEN) && !(old & HIDDEN))
		hide_opened(walk, node);
	return 0;
}

static int open_node(struct walk *walk, struct node *node, struct err *err)
{
	unsigned m = marks(walk, node) & ~QUEUED;

	if (is_live(m | QUEUED))
		walk->live--;
	if (!(m & HIDDEN) && !(m & ASKED) && walk->stop) {
		m |= ASKED;
		if (walk->stop(walk->stop_ctx, &node->id))
			m |= HIDDEN;
	}
	m |= OPENED;
	set_marks(walk, node, m);
	if (!(m & HIDDEN)) {
		if (walk->taken.n >= walk->max &&
		    walk->taken.n - walk->max >= SURPLUS_MAX)
			return err_set(err, ERR_LIMIT,
			    "more than %zu new commits", walk->max);
		ARRAY_PUSH(&walk->scratch, &walk->taken, node);
	}
	for (uint32_t i = 0; i < node->nparents; i++)
		if (mark(walk, node->parents[i], m & HIDDEN ? HIDDEN : WANTED,
			err))
			return -1;
	return 0;
}

/* Opens what is in line until nothing wanted is left, or all of it. */
static int open_line(struct walk *walk, bool all, struct err *err)
{
	while (all ? walk->heap.n > 0 : walk->live > 0) {
		struct node *node = heap_pop(&walk->heap);

		if (open_node(walk, node, err))
			return -1;
	}
	return 0;
}

/* Drops what got hidden after it was taken, and marks the rest. */
static void sift(struct walk *walk)
{
	size_t n = 0;

	for (size_t i = 0; i < walk->taken.n; i++) {
		struct node *node = walk->taken.v[i];
		unsigned m = marks(walk, node);

		if (m & HIDDEN) {
			set_marks(walk, node, m & ~TAKEN);
			continue;
		}
		set_marks(walk, node, m | TAKEN);
		walk->taken.v[n++] = node;
	}
	walk->taken.n = n;
}

static bool is_bottom(const struct walk *walk, const struct node *node)
{
	for (uint32_t i = 0; i < node->nparents; i++)
		if (marks(walk, node->parents[i]) & TAKEN)
			return false;
	return true;
}

/* New to the repository: nothing in the store descends from it. */
static bool is_new(struct repo *repo, const struct node *node)
{
	return object_is_in_quarantine(repo, &node->id) &&
	    !object_is_in_store(repo, &node->id);
}

struct edge {                /* what is hidden and was not opened: the heap */
	uint32_t generation; /* the highest */
	bool is_old;         /* all of it is in the store */
};

static struct edge edge_of(const struct walk *walk)
{
	struct edge edge = { 0, repo_has_quarantine(walk->h->repo) };

	for (size_t i = 0; i < walk->heap.n; i++) {
		const struct node *node = walk->heap.v[i];

		if (node->generation > edge.generation)
			edge.generation = node->generation;
		if (edge.is_old && node->position == GRAPH_NOWHERE)
			edge.is_old = object_is_in_store(
			    walk->h->repo, &node->id);
	}
	return edge;
}

/* One round: is any bottom hidden after all?  *ret_more: another round. */
static int settle(
    struct walk *walk, size_t *searched, bool *ret_more, struct err *err)
{
	struct edge edge = edge_of(walk);

	*ret_more = false;
	for (size_t i = 0; i < walk->taken.n; i++) {
		struct node *node = walk->taken.v[i];
		bool hidden;

		if (!is_bottom(walk, node))
			continue;
		if (node->generation > edge.generation ||
		    (node->generation == edge.generation &&
			node->generation != UNKNOWN_GENERATION) ||
		    (edge.is_old && is_new(walk->h->repo, node)))
			continue;
		if (++*searched > BOTTOMS_MAX) {
			/* Too many to search for: look at everything. */
			*ret_more = true;
			return open_line(walk, true, err);
		}
		if (paint_reaches(walk->h, node, walk->heap.v, walk->heap.n,
			&hidden, err))
			return -1;
		if (hidden) {
			*ret_more = true;
			set_marks(walk, node, marks(walk, node) | HIDDEN);
			hide_opened(walk, node);
		}
	}
	return 0;
}

static int make_certain(struct walk *walk, struct err *err)
{
	size_t searched = 0;
	bool more = true;

	sift(walk);
	while (more && walk->heap.n > 0 && walk->taken.n > 0) {
		if (settle(walk, &searched, &more, err))
			return -1;
		sift(walk);
	}
	return 0;
}

/* Children before parents, newest first among those that may come; then the
 * other way round. */
static int sorted(
    struct walk *walk, struct arena *arena, struct oids *ret, struct err *err)
{
	struct node_heap ready = { 0 };
	struct oids list = { 0 };
	struct node *node;
	int status = -1;

	for (size_t i = 0; i < walk->taken.n; i++)
		walk->taken.v[i]->children = 0;
	for (size_t i = 0; i < walk->taken.n; i++)
		for (uint32_t k = 0; k < walk->taken.v[i]->nparents; k++)
			walk->taken.v[i]->parents[k]->children++;
	for (size_t i = 0; i < walk->taken.n; i++)
		if (walk->taken.v[i]->children == 0 &&
		    heap_push(&ready, walk->taken.v[i], err))
			goto out;
	list.v = arena_array(arena, walk->taken.n, sizeof(*list.v));
	list.cap = walk->taken.n;
	list.n = walk->taken.n;
	for (size_t at = list.n; (node = heap_pop(&ready));) {
		list.v[--at] = node->id;
		for (uint32_t k = 0; k < node->nparents; k++) {
			struct node *parent = node->parents[k];

			if ((marks(walk, parent) & TAKEN) &&
			    --parent->children == 0 &&
			    heap_push(&ready, parent, err))
				goto out;
		}
	}
	*ret = list;
	status = 0;
out:
	heap_free(&ready);
	return status;
}

static int start(
    struct walk *walk, const struct oids *ids, unsigned m, struct err *err)
{
	struct node *node;

	for (size_t i = 0; ids && i < ids->n; i++)
		if (nodes_get(walk->h, &ids->v[i], &node, err) ||
		    mark(walk, node, m, err))
			return -1;
	return 0;
}

static int run(struct walk *walk, struct arena *arena, const struct oids *tips,
    const struct oids *hide, struct oids *ret, struct err *err)
{
	walk->h->walk_number++;
	if (start(walk, hide, HIDDEN, err) || start(walk, tips, WANTED, err) ||
	    open_line(walk, false, err) || make_certain(walk, err))
		return -1;
	if (walk->taken.n > walk->max)
		return err_set(
		    err, ERR_LIMIT, "more than %zu new commits", walk->max);
	return sorted(walk, arena, ret, err);
}

int history_walk(struct history *h, struct arena *arena,
    const struct oids *tips, const struct oids *hide, view_stop_fn *stop,
    void *stop_ctx, size_t max, struct oids *ret, struct err *err)
{
	int status = -1;
	bool again = true;

	while (status && again) {
		struct walk walk = {
			.h = h, .stop = stop, .stop_ctx = stop_ctx, .max = max
		};

		arena_init(&walk.scratch, ARENA_RUN_MAX);
		status = run(&walk, arena, tips, hide, ret, err);
		heap_free(&walk.heap);
		arena_release(&walk.scratch);
		again = status && nodes_start_over(h);
	}
	return status;
}
