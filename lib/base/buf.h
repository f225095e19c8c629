#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * A byte builder with a ceiling.  p is never NULL and always NUL-terminated
 * (the NUL is not counted in len).  What does not fit sets `overflow`, which
 * sticks and is asked once at the end; the contents are then the first max
 * bytes, and nothing more is added.
 */
struct buf {
	char *p;
	size_t len, cap;
	size_t max; /* ceiling of len in bytes */
	bool overflow;
	struct arena *arena;
};

void buf_init(struct buf *buf, struct arena *arena, size_t max);
void buf_add(struct buf *buf, const void *p, size_t n);
void buf_adds(struct buf *buf, const char *s);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
