#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CAP 128 /* bytes */

void buf_init(struct buf *buf, struct arena *arena, size_t max)
{
	buf->arena = arena;
	buf->max = max;
	buf->len = 0;
	buf->overflow = false;
	buf->cap = max < FIRST_CAP ? max + 1 : FIRST_CAP;
	buf->p = arena_alloc(arena, buf->cap);
}

/* Makes room for n more bytes and a NUL; the caller has checked the ceiling. */
static void reserve(struct buf *buf, size_t n)
{
	size_t need = buf->len + n + 1;
	size_t cap = buf->cap;

	if (need <= cap)
		return;
	cap = cap > buf->max / 2 ? buf->max + 1 : 2 * cap;
	if (cap < need)
		cap = need;
	buf->p = arena_grow(buf->arena, buf->p, buf->len, cap, 1);
	buf->cap = cap;
}

void buf_add(struct buf *buf, const void *p, size_t n)
{
	if (buf->overflow)
		return;
	if (n > buf->max - buf->len) {
		buf->overflow = true;
		n = buf->max - buf->len;
	}
	if (n == 0)
		return;
	reserve(buf, n);
	memcpy(buf->p + buf->len, p, n);
	buf->len += n;
	buf->p[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *s)
{
	buf_add(buf, s, strlen(s));
}

void buf_addc(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	size_t room = buf->cap - buf->len;
	va_list ap;
	int n;

	if (buf->overflow)
		return;
	va_start(ap, fmt);
	n = vsnprintf(buf->p + buf->len, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < room) {
		buf->len += (size_t)n;
		return;
	}
	buf->p[buf->len] = '\0';
	if (n < 0) {
		buf->overflow = true;
		return;
	}
	/* It did not fit: once more in full, of which buf_add takes what the
	 * ceiling allows. */
	reserve(buf,
	    (size_t)n <= buf->max - buf->len ? (size_t)n : buf->max - buf->len);
	room = buf->cap - buf->len;
	va_start(ap, fmt);
	vsnprintf(buf->p + buf->len, room, fmt, ap);
	va_end(ap);
	if ((size_t)n < room) {
		buf->len += (size_t)n;
	} else {
		buf->len += room - 1;
		buf->overflow = true;
	}
}
