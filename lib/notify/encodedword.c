#include "notify/encodedword.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define OPENING "=?utf-8?B?"
#define CLOSING "?="
#define AROUND (sizeof(OPENING) - 1 + sizeof(CLOSING) - 1)
#define LINE_BYTES ((ENCODED_WORD_MAX - AROUND) / 4 * 3)
#define CHAR_MAX_BYTES ((size_t)4)

/* ---- encoded ------------------------------------------------------------ */

/* How many bytes of the text fit into `room` bytes, whole characters only. */
static size_t whole_chars(const char *text, size_t len, size_t room)
{
	size_t fits = 0;
	uint32_t c;

	while (fits < len) {
		size_t n = utf8_decode(text + fits, len - fits, &c);

		n = n > 0 ? n : 1;
		if (fits + n > room)
			break;
		fits += n;
	}
	return fits;
}

static void encode(struct buf *out, const char *text, size_t len)
{
	char word[ENCODED_WORD_MAX + 1];

	sodium_bin2base64(word, sizeof(word), (const unsigned char *)text, len,
	    sodium_base64_VARIANT_ORIGINAL);
	buf_adds(out, OPENING);
	buf_adds(out, word);
	buf_adds(out, CLOSING);
}

/* Bytes that an encoded word may stand for behind that column. */
static size_t bytes_behind(size_t column)
{
	size_t room = column < ENCODED_LINE_MAX ? ENCODED_LINE_MAX - column : 0;

	if (room > ENCODED_WORD_MAX)
		room = ENCODED_WORD_MAX;
	return room > AROUND ? (room - AROUND) / 4 * 3 : 0;
}

static void encode_all(struct buf *out, size_t column, const char *text)
{
	size_t room = bytes_behind(column), len = strlen(text);

	while (len > 0) {
		size_t n;

		if (room < CHAR_MAX_BYTES) {
			buf_adds(out, "\n ");
			room = LINE_BYTES;
		}
		n = whole_chars(text, len, room);
		encode(out, text, n);
		text += n;
		len -= n;
		room = 0;
	}
}

/* ---- as it is ----------------------------------------------------------- */

/* A reader may drop blanks at the ends and joins those between lines; a word
 * that is too long for any line can't be folded. */
static bool is_plain(size_t column, const char *text)
{
	size_t word = 0;

	if (*text == ' ' || strstr(text, "  ") || str_suffix(text, " ") ||
	    strstr(text, "=?"))
		return false;
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		word = c == ' ' ? 0 : word + 1;
		if (c < ' ' || c > '~' || column + word > HEADER_COLUMNS)
			return false;
	}
	return true;
}

static void fold(struct buf *out, size_t column, const char *text)
{
	while (*text) {
		size_t len = strcspn(text + 1, " ") + 1;

		if (column + len > HEADER_COLUMNS) {
			buf_addc(out, '\n');
			column = 0;
		}
		buf_add(out, text, len);
		column += len;
		text += len;
	}
}

static const char *without_controls(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *p = copy; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return copy;
}

void header_text(struct buf *out, size_t column, const char *text)
{
	const char *safe = without_controls(out->arena, text);

	if (is_plain(column, safe))
		fold(out, column, safe);
	else
		encode_all(out, column, safe);
}
