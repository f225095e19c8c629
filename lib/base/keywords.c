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
			*next = (uint16_t)kw->nstates++;
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

/* Transitions of a state, from shorter states to longer ones: where no word
 * goes on, its tail decides. */
static void complete(
    struct keywords *kw, uint16_t state, uint16_t *queue, size_t *end)
{
	uint16_t *row = &kw->next[(size_t)state * CLASSES];
	const uint16_t *tail = &kw->next[(size_t)kw->fail[state] * CLASSES];

	for (unsigned column = 0; column <= kw->nclasses; column++) {
		uint16_t to = row[column];

		if (to == 0) {
			row[column] = state == 0 ? 0 : tail[column];
			continue;
		}
		kw->fail[to] = state == 0 ? 0 : tail[column];
		queue[(*end)++] = to;
		append_outputs(kw, to, kw->fail[to]);
	}
}

static void fold_classes(struct keywords *kw)
{
	for (unsigned c = 'A'; c <= 'Z'; c++)
		kw->class_of[c] = kw->class_of[fold((unsigned char)c)];
}

void keywords_build(struct keywords *kw)
{
	uint16_t *queue = arena_array(
	    kw->arena, kw->nstates + 1, sizeof(*queue));
	size_t end = 0;

	complete(kw, 0, queue, &end);
	for (size_t i = 0; i < end; i++)
		complete(kw, queue[i], queue, &end);
	for (size_t i = 0; i < kw->nstates * CLASSES; i++)
		if (kw->out[kw->next[i]])
			kw->next[i] |= FOUND;
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
