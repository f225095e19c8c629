#ifndef TELL_SHEET_H
#define TELL_SHEET_H

#include "base/buf.h"

/*
 * Lines up to a ceiling: the first ones are kept, the newest ones are kept,
 * what lies between is counted.  Its own memory is bounded whatever is added.
 *
 *	sheet_init(&sheet, arena, max);
 *	sheet_add(&sheet, "one line\nanother\n");
 *	sheet_finish(&sheet, "the verdict\n", out);
 */
struct sheet {
	struct buf head;
	char *tail; /* 2 * tail_max bytes */
	size_t tail_len, tail_max;
	size_t max;     /* bytes in all */
	size_t dropped; /* lines */
};

void sheet_init(struct sheet *sheet, struct arena *arena, size_t max);
/* Adds whole lines, each ended by a line feed. */
void sheet_add(struct sheet *sheet, const char *lines);
/* Is something left out already, or will `last` not find room? */
bool sheet_is_cut(const struct sheet *sheet, const char *last);
/* Writes everything to out, what is left out in words, and `last` after it;
 * together at most the ceiling. */
void sheet_finish(struct sheet *sheet, const char *last, struct buf *out);

#endif
