#include "base/keywords.h"

#include <assert.h>
#include <string.h>

/*
 * A state is a beginning of some word; state 0 is the empty one.  Its row in
 * the table says for each class of bytes which state comes next, so that a
 * byte of text costs one look-up.  Bytes that occur in no word share class 0.
 */
#define CLASSES 64u /* 26 letters, 10 digits, signs; a power of 2 */
/* In a transition: words end in the state that it leads to. */
#define FOUND 0x8000u

struct output { /* a word that ends in a state */
	unsigned id;
	uint16_t next; /* 1 + index of another one; 0: none */
};

struct keywords {
	struct arena *arena;
	unsigned char class_of[256];
	unsigned nclasses;
	uint16_t *next; /* CLASSES to a state */
	uint16_t *fail; /* the longest other state that is a tail of this one */
	uint16_t *out;  /* 1 + index of its first output; 0: none */
	struct origin { /* of each state but the first: how one gets there */
		uint16_t parent;
		uint8_t column, depth;
	} * origin;
	size_t nstates, cap;
	struct {
		struct output *v;
		size_t n, cap;
	} outputs;
};

static unsigned char fold(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

struct keywords *keywords_new(struct arena *arena, size_t bytes)
{
	struct keywords *kw = ARENA_NEW(arena, struct keywords);

	assert(bytes <= KEYWORDS_BYTES_MAX);
	kw->arena = arena;
	kw->cap = bytes + 1;
	kw->next = arena_array(arena, kw->cap * CLASSES, sizeof(*kw->next));
	kw->fail = arena_array(arena, kw->cap, sizeof(*kw->fail));
	kw->out = arena_array(arena, kw->cap, sizeof(*kw->out));
	kw->origin = arena_array(arena, kw->cap, sizeof(*kw->origin));
	kw->nstates = kw->nclasses = 1;
	return kw;
}

/* Signs beyond the 63rd share a class: what they make look alike, the pattern
 * behind the word tells apart. */
static unsigned class_of(struct keywords *kw, unsigned char c)
{
	unsigned char folded = fold(c);

	if (kw->class_of[folded] == 0) {
		kw->class_of[folded] = (unsigned char)kw->nclasses;
		if (kw->nclasses < CLASSES - 1)
			kw->nclasses++;
	}
	return kw->class_of[folded];
}

void keywords_add(struct keywords *kw, const char *word, unsigned id)
{
	struct output output = { .id = id };
	size_t state = 0;

	for (; *word; word++) {
		unsigned column = class_of(kw, (unsigned char)*word);
		uint16_t *next = &kw->next[state * CLASSES + column];

		if (*next == 0) {
			assert(kw->nstates < kw->cap);
			assert(kw->origin[state].depth < UINT8_MAX);
			*next = (uint16_t)kw->nstates++;
			kw->origin[*next] = (struct origin){ (uint16_t)state,
				(uint8_t)column,
				(uint8_t)(kw->origin[state].depth + 1) };
		}
		state = *next;
	}
	output.next = kw->out[state];
	ARRAY_PUSH(kw->arena, &kw->outputs, output);
	kw->out[state] = (uint16_t)kw->outputs.n;
}

/* What ends in the tail of a state ends in the state too: chains share their
 * ends, since the tail's is complete when this is called. */
static void append_outputs(struct keywords *kw, uint16_t state, uint16_t tail)
{
	uint16_t *link = &kw->out[state];

	while (*link)
		link = &kw->outputs.v[*link - 1].next;
	*link = kw->out[tail];
}

/* Of a state whose shorter ones have theirs. */
static void find_tail(struct keywords *kw, uint16_t state)
{
	const struct origin *origin = &kw->origin[state];
	uint16_t tail = origin->parent;

	while (tail != 0) {
		tail = kw->fail[tail];
		if (kw->next[(size_t)tail * CLASSES + origin->column] != 0)
			break;
	}
	if (origin->parent != 0)
		kw->fail[state] =
		    kw->next[(size_t)tail * CLASSES + origin->column];
	append_outputs(kw, state, kw->fail[state]);
}

/* Where no word goes on, the tail decides, whose row is complete. */
static void complete(struct keywords *kw, uint16_t state)
{
	uint16_t *row = &kw->next[(size_t)state * CLASSES];
	const uint16_t *tail = &kw->next[(size_t)kw->fail[state] * CLASSES];

	for (unsigned column = 0; column < CLASSES; column++)
		row[column] = row[column] ? row[column] : tail[column];
}

/* All states but the first, the shorter before the longer. */
static const uint16_t *by_depth(struct keywords *kw)
{
	uint16_t *order = arena_array(kw->arena, kw->nstates, sizeof(*order));
	size_t at[UINT8_MAX + 2] = { 0 };

	for (size_t i = 1; i < kw->nstates; i++)
		at[kw->origin[i].depth + 1]++;
	for (size_t i = 1; i < UINT8_MAX + 2; i++)
		at[i] += at[i - 1];
	for (size_t i = 1; i < kw->nstates; i++)
		order[at[kw->origin[i].depth]++] = (uint16_t)i;
	return order;
}

static void fold_classes(struct keywords *kw)
{
	for (unsigned c = 'A'; c <= 'Z'; c++)
		kw->class_of[c] = kw->class_of[fold((unsigned char)c)];
}

void keywords_build(struct keywords *kw)
{
	const uint16_t *order = by_depth(kw);
	size_t n = kw->nstates - 1;

	for (size_t i = 0; i < n; i++)
		find_tail(kw, order[i]);
	for (size_t i = 0; i < n; i++) {
		const struct origin *origin = &kw->origin[order[i]];

		if (kw->out[order[i]])
			kw->next[(size_t)origin->parent * CLASSES +
			    origin->column] |= FOUND;
	}
	for (size_t i = 0; i < n; i++)
		complete(kw, order[i]);
	fold_classes(kw);
}

static int tell(const struct keywords *kw, unsigned state, size_t end,
    keyword_fn *fn, void *ctx, struct err *err)
{
	for (unsigned at = kw->out[state]; at; at = kw->outputs.v[at - 1].next)
		if (fn(ctx, kw->outputs.v[at - 1].id, end, err) < 0)
			return -1;
	return 0;
}

int keywords_search(const struct keywords *kw, const char *text, size_t len,
    keyword_fn *fn, void *ctx, struct err *err)
{
	const unsigned char *class_of = kw->class_of;
	const uint16_t *next = kw->next;
	unsigned state = 0;

	for (size_t i = 0; i < len; i++) {
		state =
		    next[state * CLASSES + class_of[(unsigned char)text[i]]];
		if ((state & FOUND) == 0)
			continue;
		state &= ~FOUND;
		if (tell(kw, state, i + 1, fn, ctx, err) < 0)
			return -1;
	}
	return 0;
}
