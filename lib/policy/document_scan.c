#include "policy/document_scan.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum fault {
	FAULT_NUL,
	FAULT_CR,
	FAULT_CONTROL,
	FAULT_TAB,
	FAULT_UTF8,
	FAULT_BREAK,
	FAULT_HIDDEN,
	FAULTS
};

static const char *const fault_texts[FAULTS] = {
	[FAULT_NUL] = "a NUL byte",
	[FAULT_CR] = "a carriage return: lines must end with LF alone",
	[FAULT_CONTROL] = "a control character",
	[FAULT_TAB] = "a tab cannot indent, use spaces",
	[FAULT_UTF8] = "not valid UTF-8",
	[FAULT_BREAK] = "a line break that editors do not show (NEL, LS or PS)",
	[FAULT_HIDDEN] =
	    "an invisible character (bidirectional, zero-width or the like)",
};

struct scan {
	const struct source *source;
	struct diags *diags;
	size_t line;       /* 1-based */
	size_t line_start; /* offset */
	bool reported[FAULTS];
	bool clean, ascii;
};

static void report(struct scan *scan, enum fault fault, size_t offset)
{
	struct mark mark = { .source = scan->source,
		.line = scan->line,
		.column = offset - scan->line_start + 1 };

	scan->clean = false;
	if (scan->reported[fault])
		return;
	scan->reported[fault] = true;
	diag_error(scan->diags, mark, "%s", fault_texts[fault]);
}

static void scan_ascii(struct scan *scan, const char *p)
{
	const char *text = scan->source->text;
	size_t offset = (size_t)(p - text);

	switch (*p) {
	case '\n':
		scan->line++;
		scan->line_start = offset + 1;
		break;
	case '\t':
		if (offset == scan->line_start)
			report(scan, FAULT_TAB, offset);
		break;
	case '\r':
		report(scan, FAULT_CR, offset);
		break;
	case '\0':
		report(scan, FAULT_NUL, offset);
		break;
	default:
		report(scan, FAULT_CONTROL, offset);
		break;
	}
}

/* Returns the bytes to go on by. */
static size_t scan_wide(struct scan *scan, const char *p, const char *end)
{
	size_t offset = (size_t)(p - scan->source->text);
	uint32_t c;
	size_t n = utf8_decode(p, (size_t)(end - p), &c);

	scan->ascii = false;
	if (n == 0) {
		report(scan, FAULT_UTF8, offset);
		return 1;
	}
	if (c == 0x85 || c == 0x2028 || c == 0x2029)
		report(scan, FAULT_BREAK, offset);
	else if (c < 0xa0)
		report(scan, FAULT_CONTROL, offset);
	else if (char_is_hidden(c))
		report(scan, FAULT_HIDDEN, offset);
	return n;
}

/* Reports an encoding that libyaml would silently convert. */
static bool encoding_fits(const struct source *source, struct diags *diags)
{
	const unsigned char *p = (const unsigned char *)source->text;
	size_t len = source->len;
	struct mark mark = { .source = source, .line = 1, .column = 1 };

	if (len >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) {
		diag_error(diags, mark,
		    "begins with a byte order mark: must be UTF-8 without one");
		return false;
	}
	if (len >= 2 &&
	    ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
		(p[0] == 0 && p[1] != 0) || (p[0] != 0 && p[1] == 0))) {
		diag_error(diags, mark, "looks like UTF-16: must be UTF-8");
		return false;
	}
	return true;
}

bool document_scan(
    const struct source *source, bool *ret_ascii, struct diags *diags)
{
	struct scan scan = { .source = source,
		.diags = diags,
		.line = 1,
		.clean = true,
		.ascii = true };
	const char *p = source->text, *end = p + source->len;

	if (!encoding_fits(source, diags))
		return false;
	while (p < end) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f) {
			p++;
		} else if (c < 0x80) {
			scan_ascii(&scan, p);
			p++;
		} else {
			p += scan_wide(&scan, p, end);
		}
	}
	*ret_ascii = scan.ascii;
	return scan.clean;
}

void places_init(struct places *places, const struct source *source, bool ascii)
{
	*places = (struct places){ .source = source, .ascii = ascii };
}

static void to_line(struct places *places, size_t line)
{
	const struct source *source = places->source;

	if (line < places->line)
		places->line = places->line_start = 0;
	while (places->line < line) {
		const char *from = source->text + places->line_start;
		const char *lf = memchr(
		    from, '\n', source->len - places->line_start);

		if (!lf)
			break;
		places->line++;
		places->line_start = (size_t)(lf - source->text) + 1;
	}
	places->column = 0;
	places->offset = places->line_start;
}

static void to_column(struct places *places, size_t column)
{
	const struct source *source = places->source;

	if (column < places->column) {
		places->column = 0;
		places->offset = places->line_start;
	}
	if (places->ascii) {
		places->offset += column - places->column;
		places->column = column;
	}
	while (places->column < column && places->offset < source->len) {
		uint32_t c;
		size_t n = utf8_decode(source->text + places->offset,
		    source->len - places->offset, &c);

		places->offset += n ? n : 1;
		places->column++;
	}
}

struct mark places_mark(struct places *places, size_t line, size_t column)
{
	if (line != places->line)
		to_line(places, line);
	to_column(places, column);
	return (struct mark){ .source = places->source,
		.line = places->line + 1,
		.column = places->offset - places->line_start + 1 };
}
