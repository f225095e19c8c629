#include "base/diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define LINE_WIDTH 72 /* columns of a source line that are shown */
#define TEXT_MAX 1024 /* bytes of one diagnostic's text */

void diags_init(struct diags *diags, struct arena *arena)
{
	memset(diags, 0, sizeof(*diags));
	diags->arena = arena;
}

__attribute__((format(printf, 2, 0))) static const char *format(
    struct arena *arena, const char *fmt, va_list ap)
{
	struct buf buf;
	char text[TEXT_MAX];
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	buf_init(&buf, arena, TEXT_MAX + 4);
	buf_adds(&buf, text);
	if (n < 0 || (size_t)n >= sizeof(text))
		buf_adds(&buf, "...");
	return buf.p;
}

static void add(struct diags *diags, enum severity severity, struct mark mark,
    const char *text)
{
	const struct diag diag = {
		.severity = severity, .mark = mark, .text = text
	};

	if (severity == DIAG_ERROR)
		diags->errors++;
	else
		diags->warnings++;
	if (diags->n < DIAGS_MAX)
		ARRAY_PUSH(diags->arena, diags, diag);
}

void diag_error(struct diags *diags, struct mark mark, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = format(diags->arena, fmt, ap);
	va_end(ap);
	add(diags, DIAG_ERROR, mark, text);
}

void diag_warning(struct diags *diags, struct mark mark, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = format(diags->arena, fmt, ap);
	va_end(ap);
	add(diags, DIAG_WARNING, mark, text);
}

void diag_related(struct diags *diags, struct mark mark, const char *text)
{
	/* The one made last may be one that was counted only. */
	if (diags->n == 0 || diags->n < diags->errors + diags->warnings)
		return;
	diags->v[diags->n - 1].related = mark;
	diags->v[diags->n - 1].related_text = arena_strdup(diags->arena, text);
}

/* Finds a line (1-based) of a source without its end; false: no such line. */
static bool find_line(const struct source *source, size_t line,
    const char **ret_p, size_t *ret_len)
{
	const char *p = source->text, *end = p + source->len, *stop;

	if (line == 0 || source->len == 0)
		return false;
	for (; line > 1; line--) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p || ++p == end)
			return false;
	}
	stop = memchr(p, '\n', (size_t)(end - p));
	if (!stop)
		stop = end;
	if (stop > p && stop[-1] == '\r')
		stop--;
	*ret_p = p;
	*ret_len = (size_t)(stop - p);
	return true;
}

/* A source line as it is shown: a walk over its characters, each with the
 * text shown for it. */
struct piece {
	const char *shown;
	size_t size;  /* bytes of `shown` */
	size_t width; /* columns */
	size_t taken; /* bytes of the source line */
};

static struct piece piece_at(struct arena *arena, const char *p, size_t len)
{
	struct piece piece = { .shown = p, .size = 1, .width = 1, .taken = 1 };
	uint32_t c;

	if (*p == '\t') {
		piece.shown = " ";
		return piece;
	}
	if (*p >= ' ' && *p <= '~')
		return piece;
	piece.taken = utf8_decode(p, len, &c);
	if (piece.taken == 0)
		piece.taken = 1;
	piece.shown = text_clean(arena, p, piece.taken);
	piece.size = strlen(piece.shown);
	piece.width = utf8_length(piece.shown, piece.size);
	return piece;
}

/* Columns that the first `bytes` bytes of a line take when shown. */
static size_t shown_width(const char *p, size_t len, size_t bytes)
{
	struct arena arena;
	size_t width = 0;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < bytes;) {
		struct piece piece = piece_at(&arena, p + i, len - i);

		if (i + piece.taken > bytes) /* in the middle of a character */
			break;
		width += piece.width;
		i += piece.taken;
		arena_reset(&arena);
	}
	arena_release(&arena);
	return width;
}

/* Prints the part of a line in the columns from..to-1 and returns how many
 * columns it printed before column `caret`. */
static size_t print_part(struct buf *out, const char *p, size_t len,
    size_t from, size_t to, size_t caret)
{
	size_t at = 0, before = 0;
	struct arena arena;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < len && at < to;) {
		struct piece piece = piece_at(&arena, p + i, len - i);

		if (at >= from && at + piece.width <= to) {
			buf_add(out, piece.shown, piece.size);
			if (at < caret)
				before += piece.width;
		}
		at += piece.width;
		i += piece.taken;
		arena_reset(&arena);
	}
	arena_release(&arena);
	return before;
}

static void print_quote(struct buf *out, const struct mark *mark)
{
	size_t len, bytes, caret, total, from = 0, to;
	const char *p;

	if (!find_line(mark->source, mark->line, &p, &len))
		return;
	bytes = mark->column > 0 ? mark->column - 1 : 0;
	if (bytes > len)
		bytes = len;
	caret = shown_width(p, len, bytes);
	total = to = shown_width(p, len, len);
	if (total > LINE_WIDTH) {
		if (caret > LINE_WIDTH / 2)
			from = caret - LINE_WIDTH / 2;
		if (from > total - LINE_WIDTH)
			from = total - LINE_WIDTH;
		to = from + LINE_WIDTH;
	}
	if (from > 0)
		buf_adds(out, "...");
	caret = print_part(out, p, len, from, to, caret);
	buf_adds(out, to < total ? "...\n" : "\n");
	if (mark->column > 0)
		buf_addf(out, "%*s^\n", (int)(caret + (from > 0 ? 3 : 0)), "");
}

/* `NAME:LINE:COLUMN: KIND: TEXT`; parts that are not known are left out. */
static void print_head(struct arena *arena, struct buf *out,
    const struct mark *mark, const char *kind, const char *text)
{
	if (mark->source) {
		buf_addf(out, "%s:", text_clean_s(arena, mark->source->name));
		if (mark->line > 0)
			buf_addf(out, "%zu:", mark->line);
		if (mark->line > 0 && mark->column > 0)
			buf_addf(out, "%zu:", mark->column);
		buf_addc(out, ' ');
	}
	buf_addf(out, "%s: %s\n", kind, text_clean_s(arena, text));
}

static void print_one(
    struct arena *arena, struct buf *out, const struct diag *diag)
{
	print_head(arena, out, &diag->mark,
	    diag->severity == DIAG_ERROR ? "error" : "warning", diag->text);
	if (diag->mark.source)
		print_quote(out, &diag->mark);
	if (diag->related.source)
		print_head(
		    arena, out, &diag->related, "note", diag->related_text);
}

/* The order in which sources came up first: its place in the list. */
static size_t source_rank(
    const struct diags *diags, const struct source *source)
{
	size_t i = 0;

	while (diags->v[i].mark.source != source)
		i++;
	return i;
}

static int compare(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int place_cmp(const struct diags *diags, size_t a, size_t b)
{
	const struct mark *ma = &diags->v[a].mark, *mb = &diags->v[b].mark;
	int order = compare(
	    source_rank(diags, ma->source), source_rank(diags, mb->source));

	if (order == 0)
		order = compare(ma->line, mb->line);
	return order != 0 ? order : compare(ma->column, mb->column);
}

void diags_order(const struct diags *diags, size_t order[DIAGS_MAX])
{
	/* Insertion sort: at most 50, and stable. */
	for (size_t i = 0; i < diags->n; i++) {
		size_t at = i;

		for (; at > 0 && place_cmp(diags, order[at - 1], i) > 0; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

void diags_print(const struct diags *diags, struct buf *out)
{
	size_t order[DIAGS_MAX];
	size_t all = diags->errors + diags->warnings;

	diags_order(diags, order);
	for (size_t i = 0; i < diags->n; i++)
		print_one(diags->arena, out, &diags->v[order[i]]);
	if (all > diags->n)
		buf_addf(out, "%zu more not shown\n", all - diags->n);
}
