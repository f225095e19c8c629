#include <assert.h>

#include "base/arena.h"
#include "base/glob.h"
#include "base/glob_compile.h"

/*
 * Both automata run side by side.  A cell (i, j) stands for "a is at node i
 * and b at node j after the same text"; it has a bit for each way to get
 * there: fresh (a path component begins) and not.  No move leads to an
 * earlier node of either, so one sweep in order of rows and columns finds all
 * that can be reached.
 */
#define FRESH 1u
#define INSIDE 2u

struct cross {
	struct glob a, b;
	struct glob_set *a_set, *b_set; /* what each node takes */
	unsigned char *cell;            /* a.n rows of b.n */
};

static struct glob_set *sets_of(struct arena *arena, const struct glob *glob)
{
	struct glob_set *sets = arena_array(arena, glob->n, sizeof(*sets));

	for (size_t i = 0; i < glob->n; i++)
		glob_node_set(glob, &glob->node[i], &sets[i]);
	return sets;
}

static unsigned char *cell(struct cross *x, size_t i, size_t j)
{
	return &x->cell[i * x->b.n + j];
}

/* The nodes to which a node is passed without taking a character: calls of
 * next_passed() until it returns 0, with *at 0 at first. */
static size_t next_passed(
    const struct glob *glob, size_t node, unsigned how, size_t *at)
{
	const struct glob_node *nodes = glob->node;
	size_t step = (*at)++;

	switch ((enum glob_op)nodes[node].op) {
	case GLOB_FOLDERS:
		if (step == 1 && (how & FRESH))
			return node + 2;
		return step == 0 ? node + 1 : 0;
	case GLOB_STAR:
	case GLOB_DSTAR:
	case GLOB_CLOSE:
		return step == 0 ? node + 1 : 0;
	case GLOB_COMMA:
		return step == 0 ? nodes[node].close : 0;
	case GLOB_OPEN:
		/* *at walks over the `,` of the alternatives. */
		if (step == 0) {
			*at = nodes[node].next;
			return node + 1;
		}
		if (nodes[step].op == GLOB_CLOSE)
			return 0;
		*at = nodes[step].next;
		return step + 1;
	case GLOB_END:
	case GLOB_CHAR:
	case GLOB_ANY:
	case GLOB_CLASS:
		break;
	}
	return 0;
}

static void pass(struct cross *x, size_t i, size_t j, unsigned how)
{
	size_t to, at = 0;

	while ((to = next_passed(&x->a, i, how, &at)) != 0)
		*cell(x, to, j) |= (unsigned char)how;
	at = 0;
	while ((to = next_passed(&x->b, j, how, &at)) != 0)
		*cell(x, i, to) |= (unsigned char)how;
}

/* How both may stand after a character that both take; 0: there is none. */
static unsigned both_take(const struct glob_set *a, const struct glob_set *b)
{
	const uint64_t slash = (uint64_t)1 << '/';
	uint64_t low = a->ascii[0] & b->ascii[0];
	uint64_t high = a->ascii[1] & b->ascii[1];
	unsigned how = 0;

	if (low & slash)
		how |= FRESH;
	if ((low & ~slash) || high || (a->others && b->others) ||
	    (a->others && b->other) || (b->others && a->other) ||
	    (a->other && a->other == b->other))
		how |= INSIDE;
	return how;
}

static void step(struct cross *x, size_t i, size_t j)
{
	unsigned how = both_take(&x->a_set[i], &x->b_set[j]);

	if (how != 0)
		*cell(x, glob_node_stays(&x->a.node[i]) ? i : i + 1,
		    glob_node_stays(&x->b.node[j])
			? j
			: j + 1) |= (unsigned char)how;
}

static bool sweep(struct cross *x)
{
	*cell(x, 0, 0) = FRESH;
	for (size_t i = 0; i < x->a.n; i++) {
		for (size_t j = 0; j < x->b.n; j++) {
			if (*cell(x, i, j) == 0)
				continue;
			step(x, i, j); /* may add to this very cell */
			if (*cell(x, i, j) & FRESH)
				pass(x, i, j, FRESH);
			if (*cell(x, i, j) & INSIDE)
				pass(x, i, j, INSIDE);
		}
	}
	return *cell(x, x->a.n - 1, x->b.n - 1) != 0;
}

bool glob_overlap(const char *a, const char *b)
{
	struct arena arena;
	struct cross *x;
	struct err err;
	bool overlap;
	int compiled;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	x = ARENA_NEW(&arena, struct cross);
	compiled = glob_compile(&x->a, a, &err);
	assert(compiled == 0); /* glob_check was forgotten */
	compiled = glob_compile(&x->b, b, &err);
	assert(compiled == 0);
	x->a_set = sets_of(&arena, &x->a);
	x->b_set = sets_of(&arena, &x->b);
	x->cell = arena_array(&arena, x->a.n, x->b.n);
	overlap = sweep(x);
	arena_release(&arena);
	return overlap;
}
