/*
 * Ancestors where the commit-graph holds the elder: no order, no nodes, just
 * positions, and nothing below its level.  What lies outside of the graph is
 * above it and is walked as nodes.
 */
#include <stdlib.h>
#include <string.h>

#include "git/nodes.h"

struct positions {
	uint32_t *v; /* malloc'ed, as a stack */
	size_t n, cap;
	unsigned char *seen; /* a bit for each position */
};

static int push(struct positions *stack, uint32_t position, struct err *err)
{
	unsigned char bit = (unsigned char)(1u << position % 8);

	if (stack->seen[position / 8] & bit)
		return 0;
	stack->seen[position / 8] |= bit;
	if (stack->n == stack->cap) {
		size_t cap = stack->cap ? 2 * stack->cap : 256;
		uint32_t *v = realloc(stack->v, cap * sizeof(*v));

		if (!v)
			return err_set(err, ERR_INTERNAL, "out of memory");
		stack->v = v;
		stack->cap = cap;
	}
	stack->v[stack->n++] = position;
	return 0;
}

/* Down from what is on the stack. */
static int search_graph(struct history *h, struct positions *stack,
    const struct node *a, bool *ret, struct err *err)
{
	while (stack->n > 0) {
		uint32_t position = stack->v[--stack->n];
		struct graph_commit commit;

		if (position == a->position) {
			*ret = true;
			return 0;
		}
		if (!h->graph ||
		    !commit_graph_read(h->graph, position, &commit))
			return graph_is_damaged(h, err);
		if (commit.generation && commit.generation < a->generation)
			continue; /* whatever reaches a is of a higher level */
		for (size_t i = commit.nparents; i-- > 0;)
			if (push(stack, graph_commit_parent(&commit, i), err))
				return -1;
	}
	return 0;
}

struct nodes {
	struct node **v;
	size_t n, cap;
};

/* Marks of a search: this file needs just one. */
static bool is_first_visit(struct history *h, struct node *node)
{
	if (node->paint_number == h->paint_number)
		return false;
	node->paint_number = h->paint_number;
	node->paint = 0;
	return true;
}

/* Down from the starts to where the graph begins. */
static int search_above(struct history *h, struct node *const *starts, size_t n,
    struct positions *stack, struct err *err)
{
	struct arena arena;
	struct nodes nodes = { 0 };
	int status = 0;

	arena_init(&arena, ARENA_RUN_MAX);
	h->paint_number++;
	for (size_t i = 0; i < n; i++)
		ARRAY_PUSH(&arena, &nodes, starts[i]);
	while (nodes.n > 0 && status == 0) {
		struct node *node = nodes.v[--nodes.n];

		if (node->position != GRAPH_NOWHERE) {
			status = push(stack, node->position, err);
			continue;
		}
		if (!is_first_visit(h, node))
			continue;
		status = node_load(h, node, err);
		for (uint32_t i = 0; status == 0 && i < node->nparents; i++)
			ARRAY_PUSH(&arena, &nodes, node->parents[i]);
	}
	arena_release(&arena);
	return status;
}

int graph_reaches(struct history *h, const struct node *a,
    struct node *const *starts, size_t n, bool *ret, struct err *err)
{
	struct positions stack = { 0 };
	int status = -1;

	*ret = false;
	stack.seen = calloc(commit_graph_count(h->graph) / 8 + 1, 1);
	if (!stack.seen)
		return err_set(err, ERR_INTERNAL, "out of memory");
	if (search_above(h, starts, n, &stack, err) == 0)
		status = search_graph(h, &stack, a, ret, err);
	free(stack.seen);
	free(stack.v);
	return status;
}
