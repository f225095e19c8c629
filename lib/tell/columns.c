#include "tell/columns.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define CODE_MAX 40 /* bytes of a code in its brackets */

static const struct {
	uint32_t first, last;
	uint8_t columns;
} ranges[] = {
	{ 0x0300, 0x036f, 0 },   /* combining diacritical marks */
	{ 0x0483, 0x0489, 0 },   /* Cyrillic ones */
	{ 0x0591, 0x05bd, 0 },   /* Hebrew points */
	{ 0x064b, 0x065f, 0 },   /* Arabic marks */
	{ 0x1100, 0x115f, 2 },   /* Hangul Jamo */
	{ 0x1ab0, 0x1aff, 0 },   /* combining marks, extended */
	{ 0x1dc0, 0x1dff, 0 },   /* combining marks, supplement */
	{ 0x20d0, 0x20ff, 0 },   /* combining marks for symbols */
	{ 0x2e80, 0x303e, 2 },   /* CJK radicals, punctuation */
	{ 0x3041, 0xa4cf, 2 },   /* Kana, CJK, Yi */
	{ 0xa960, 0xa97f, 2 },   /* Hangul Jamo, extended */
	{ 0xac00, 0xd7a3, 2 },   /* Hangul */
	{ 0xf900, 0xfaff, 2 },   /* CJK compatibility */
	{ 0xfe20, 0xfe2f, 0 },   /* combining half marks */
	{ 0xfe30, 0xfe6f, 2 },   /* CJK compatibility forms */
	{ 0xff00, 0xff60, 2 },   /* full-width forms */
	{ 0xffe0, 0xffe6, 2 },   /* full-width signs */
	{ 0x1f300, 0x1f64f, 2 }, /* pictographs */
	{ 0x1f680, 0x1f6ff, 2 }, /* transport */
	{ 0x1f900, 0x1f9ff, 2 }, /* more pictographs */
	{ 0x20000, 0x3fffd, 2 }, /* CJK extensions */
};

static size_t char_columns(uint32_t c)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		if (c < ranges[i].first)
			return 1;
		if (c <= ranges[i].last)
			return ranges[i].columns;
	}
	return 1;
}

/* Bytes of the next character; an invalid byte is one of its own. */
static size_t next_char(const char *p, size_t len, size_t *ret_columns)
{
	uint32_t c;
	size_t n = utf8_decode(p, len, &c);

	*ret_columns = n > 0 ? char_columns(c) : 1;
	return n > 0 ? n : 1;
}

size_t text_columns(const char *p, size_t len)
{
	size_t sum = 0, columns;

	for (size_t i = 0; i < len;) {
		i += next_char(p + i, len - i, &columns);
		sum += columns;
	}
	return sum;
}

size_t text_columns_s(const char *s)
{
	return text_columns(s, strlen(s));
}

void pad_to(struct buf *out, size_t column, size_t to)
{
	do
		buf_addc(out, ' ');
	while (++column < to);
}

static void next_line(struct buf *out, struct wrap *wrap)
{
	buf_addc(out, '\n');
	for (size_t i = 0; i < wrap->indent; i++)
		buf_addc(out, ' ');
	wrap->column = wrap->indent;
}

/* How many bytes of a word fit into `room` columns and end in a slash; where
 * none do and `hard` allows it, how many fit at all. */
static size_t piece(const char *word, size_t len, size_t room, bool hard)
{
	size_t used = 0, columns, at_slash = 0, i = 0;

	while (i < len) {
		size_t n = next_char(word + i, len - i, &columns);

		if (used + columns > room)
			break;
		used += columns;
		i += n;
		if (word[i - 1] == '/')
			at_slash = i;
	}
	return at_slash || !hard ? at_slash : i;
}

static size_t room_left(const struct wrap *wrap)
{
	return wrap->width > wrap->column ? wrap->width - wrap->column : 0;
}

/* `[stage.gates]`, and nothing that a name from outside could be. */
static bool is_code(const char *word, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz.-";

	return len > 2 && len <= CODE_MAX && word[0] == '[' &&
	    word[len - 1] == ']' && strspn(word + 1, letters) == len - 2;
}

static void add_word(
    struct buf *out, struct wrap *wrap, const char *word, size_t len)
{
	bool whole = is_code(word, len);

	while (!whole && text_columns(word, len) > room_left(wrap)) {
		bool fresh = wrap->column <= wrap->indent;
		size_t n = piece(word, len, room_left(wrap), fresh);

		if (n == 0 && fresh)
			break; /* lines narrower than a character */
		buf_add(out, word, n);
		word += n;
		len -= n;
		next_line(out, wrap);
	}
	buf_add(out, word, len);
	wrap->column += text_columns(word, len);
}

/* May the word go on with this line, in whole, or in part where it is longer
 * than any line? */
static bool goes_on(
    const struct wrap *wrap, size_t blanks, const char *word, size_t len)
{
	size_t columns = text_columns(word, len), room = room_left(wrap);

	if (blanks + columns <= room)
		return true;
	return wrap->indent + columns > wrap->width && blanks < room &&
	    piece(word, len, room - blanks, false) > 0;
}

void wrap_text(struct buf *out, struct wrap *wrap, const char *text)
{
	bool first = true;

	for (;;) {
		size_t blanks = strspn(text, " ");
		const char *word = text + blanks;
		size_t len = strcspn(word, " ");

		if (len == 0)
			return;
		if (!first && goes_on(wrap, blanks, word, len)) {
			buf_add(out, text, blanks);
			wrap->column += blanks;
		} else if (!first) {
			next_line(out, wrap);
		}
		add_word(out, wrap, word, len);
		text = word + len;
		first = false;
	}
}
