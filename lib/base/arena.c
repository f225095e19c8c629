#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"

#define CHUNK ((size_t)64 << 10) /* bytes of a block for small allocations */
#define SMALL_MAX (CHUNK / 8)    /* bigger ones get a block of their own */
/* Many an arena is made for a few names, and clearing a chunk costs more. */
#define FIRST_CHUNK SMALL_MAX

#if defined(__SANITIZE_ADDRESS__)
#define ONE_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_EACH 1
#endif
#endif
#ifndef ONE_EACH
#define ONE_EACH 0
#endif

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes of data[] */
	size_t used; /* bytes of data[] handed out; the rest is zero */
	max_align_t data[];
};

_Noreturn static void exhausted(const struct arena *arena)
{
	fprintf(stderr,
	    "stagegate: out of memory (%zu bytes in use, at most %zu)\n",
	    arena->used, arena->max);
	exit(EXIT_UNDECIDED);
}

static struct arena_block *block_new(struct arena *arena, size_t size)
{
	struct arena_block *block;
	size_t total;

	if (__builtin_add_overflow(size, sizeof(*block), &total))
		exhausted(arena);
	block = calloc(1, total);
	if (!block)
		exhausted(arena);
	block->size = size;
	return block;
}

static void blocks_free(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_init(struct arena *arena, size_t max)
{
	arena->blocks = NULL;
	arena->used = 0;
	arena->max = max;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *first = arena->blocks;

	/* One chunk is kept: a scratch arena is reset once per commit. */
	if (first && (first->size == CHUNK || first->size == FIRST_CHUNK)) {
		blocks_free(first->next);
		first->next = NULL;
		memset(first->data, 0, first->used);
		first->used = 0;
	} else {
		blocks_free(first);
		arena->blocks = NULL;
	}
	arena->used = 0;
}

void arena_release(struct arena *arena)
{
	if (!arena)
		return;
	blocks_free(arena->blocks);
	arena->blocks = NULL;
	arena->used = 0;
}

/* A block for one allocation alone goes behind the chunk in use. */
static void *alloc_alone(struct arena *arena, size_t size)
{
	struct arena_block *block = block_new(arena, size);

	block->used = size;
	if (arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		arena->blocks = block;
	}
	return block->data;
}

static void *alloc_from_chunk(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	char *p;

	if (!block || block->size - block->used < size) {
		block = block_new(arena, block ? CHUNK : FIRST_CHUNK);
		block->next = arena->blocks;
		arena->blocks = block;
	}
	p = (char *)block->data + block->used;
	block->used += size;
	return p;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t rounded;

	if (size == 0)
		size = 1;
	if (__builtin_add_overflow(size, align - 1, &rounded))
		exhausted(arena);
	rounded &= ~(align - 1);
	if (rounded > arena->max || arena->used > arena->max - rounded)
		exhausted(arena);
	arena->used += rounded;
	if (ONE_EACH)
		return alloc_alone(arena, size);
	if (rounded > SMALL_MAX)
		return alloc_alone(arena, rounded);
	return alloc_from_chunk(arena, rounded);
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		exhausted(arena);
	return arena_alloc(arena, total);
}

void *arena_grow(struct arena *arena, const void *old, size_t old_n,
    size_t new_n, size_t size)
{
	void *p;

	assert(new_n >= old_n);
	p = arena_array(arena, new_n, size);
	if (old_n > 0 && size > 0)
		memcpy(p, old, old_n * size);
	return p;
}

char *arena_strndup(struct arena *arena, const char *s, size_t len)
{
	size_t total;
	char *p;

	if (__builtin_add_overflow(len, (size_t)1, &total))
		exhausted(arena);
	p = arena_alloc(arena, total);
	if (len > 0)
		memcpy(p, s, len);
	return p;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0) /* only for more than INT_MAX bytes: no %ls in this code */
		exhausted(arena);
	p = arena_alloc(arena, (size_t)n + 1);
	va_copy(again, ap);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return p;
}
