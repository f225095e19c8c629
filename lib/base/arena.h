#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory belongs to the run's arena.  main() makes one, whoever allocates a
 * result takes it as first parameter, nobody frees single blocks.  Loops over
 * commits use a scratch arena that is reset on every turn, so that memory
 * does not grow with the push.
 *
 *	struct arena a;
 *	arena_init(&a, ARENA_RUN_MAX);
 *	...
 *	arena_release(&a);
 *
 * Memory is zeroed.  Allocation never returns NULL: at exhaustion or over the
 * ceiling the process says so on stderr and leaves with EXIT_UNDECIDED, which
 * refuses the push.  Blocks are cut from chunks of 64 KiB; under
 * AddressSanitizer each allocation is a calloc of its own, so that an overrun
 *is seen.
 */
#define ARENA_RUN_MAX ((size_t)1 << 30)       /* bytes */
#define ARENA_SCRATCH_MAX ((size_t)256 << 20) /* bytes */

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out */
	size_t max;  /* ceiling in bytes */
};

void arena_init(struct arena *arena, size_t max);
void arena_reset(struct arena *arena);   /* forgets all, stays usable */
void arena_release(struct arena *arena); /* frees all; NULL is allowed */

void *arena_alloc(struct arena *arena, size_t size)
    __attribute__((returns_nonnull));
void *arena_array(struct arena *arena, size_t n, size_t size)
    __attribute__((returns_nonnull));
/* Grows an array of old_n to new_n elements; the old block stays behind. */
void *arena_grow(struct arena *arena, const void *old, size_t old_n,
    size_t new_n, size_t size) __attribute__((returns_nonnull));
char *arena_strdup(struct arena *arena, const char *s);
char *arena_strndup(struct arena *arena, const char *s, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for functions that are variadic themselves; ap is left unused. */
char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
