#include "tell/sheet.h"

#include <string.h>

#define NOTE_MAX 64 /* bytes of the line that says what is left out */

void sheet_init(struct sheet *sheet, struct arena *arena, size_t max)
{
	sheet->max = max;
	sheet->tail_max = max / 4;
	sheet->tail_len = 0;
	sheet->tail = arena_alloc(arena, 2 * sheet->tail_max + 1);
	sheet->dropped = 0;
	buf_init(&sheet->head, arena, max - max / 4);
}

/* Forgets the oldest lines of the tail until at most `keep` bytes are left. */
static void drop_oldest(struct sheet *sheet, size_t keep)
{
	size_t from = 0;

	while (sheet->tail_len - from > keep) {
		const char *nl = memchr(
		    sheet->tail + from, '\n', sheet->tail_len - from);

		from = nl ? (size_t)(nl - sheet->tail) + 1 : sheet->tail_len;
		sheet->dropped++;
	}
	memmove(sheet->tail, sheet->tail + from, sheet->tail_len - from);
	sheet->tail_len -= from;
}

static void add_line(struct sheet *sheet, const char *line, size_t len)
{
	struct buf *head = &sheet->head;

	/* Once the head is full it stays so, else lines changed places. */
	if (sheet->tail_len == 0 && sheet->dropped == 0 &&
	    len <= head->max - head->len) {
		buf_add(head, line, len);
		return;
	}
	if (len > sheet->tail_max) {
		sheet->dropped++;
		return;
	}
	if (sheet->tail_len + len > 2 * sheet->tail_max)
		drop_oldest(sheet, sheet->tail_max);
	memcpy(sheet->tail + sheet->tail_len, line, len);
	sheet->tail_len += len;
}

void sheet_add(struct sheet *sheet, const char *lines)
{
	while (*lines) {
		const char *nl = strchr(lines, '\n');
		size_t len = nl ? (size_t)(nl - lines) + 1 : strlen(lines);

		add_line(sheet, lines, len);
		lines += len;
	}
}

static size_t room_for_tail(const struct sheet *sheet, const char *last)
{
	size_t used = sheet->head.len + strlen(last) + NOTE_MAX;

	return used < sheet->max ? sheet->max - used : 0;
}

bool sheet_is_cut(const struct sheet *sheet, const char *last)
{
	return sheet->dropped > 0 ||
	    sheet->tail_len > room_for_tail(sheet, last);
}

void sheet_finish(struct sheet *sheet, const char *last, struct buf *out)
{
	drop_oldest(sheet, room_for_tail(sheet, last));
	buf_add(out, sheet->head.p, sheet->head.len);
	if (sheet->dropped > 0)
		buf_addf(
		    out, "  (%zu lines are left out here)\n", sheet->dropped);
	buf_add(out, sheet->tail, sheet->tail_len);
	buf_adds(out, last);
}
