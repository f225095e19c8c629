#include "support/mailcheck.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define LINE_MAX_BYTES 998
#define SUBJECT_MAX_BYTES 78
#define ENCODED_LINE_BYTES 76
#define WORD_MAX_BYTES 75
#define DECODED_MAX ((size_t)1 << 20)

static const char *const fields[] = { "From", "To", "Subject", "Date",
	"Message-ID", "In-Reply-To", "References", "MIME-Version",
	"Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
	"X-Stagegate-Event", NULL };

struct lines {
	const char *p, *end;
};

/* The next line without its line feed; false: none that has one. */
static bool next_line(struct lines *lines, const char **ret, size_t *ret_len)
{
	const char *feed = lines->p < lines->end
	    ? memchr(lines->p, '\n', (size_t)(lines->end - lines->p))
	    : NULL;

	if (!feed)
		return false;
	*ret = lines->p;
	*ret_len = (size_t)(feed - lines->p);
	lines->p = feed + 1;
	return true;
}

static bool is_printable(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' ||
		    (unsigned char)line[i] > '~')
			return false;
	return true;
}

static bool is_field(const char *line, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	return len > name_len + 2 && memcmp(line, name, name_len) == 0 &&
	    memcmp(line + name_len, ": ", 2) == 0;
}

static const char *header_fault(struct lines *lines, bool threads)
{
	const char *line, *name = "";
	size_t len, next = 0;

	while (next_line(lines, &line, &len) && len > 0) {
		size_t max = strcmp(name, "Subject") == 0 ? SUBJECT_MAX_BYTES
							  : LINE_MAX_BYTES;

		if (*line != ' ') {
			if (!threads && next == 5)
				next = 7;
			name = fields[next++];
			if (!name || !is_field(line, len, name))
				return "another field than is expected";
		} else if (strcmp(name, "Subject") != 0 ||
		    strspn(line, " ") == len) {
			return "a folded line that should be none";
		}
		if (len > max || !is_printable(line, len))
			return "a line of the header that is too long, or "
			       "not printable";
	}
	return next != sizeof(fields) / sizeof(*fields) - 1 || len > 0
	    ? "not all fields, or no body"
	    : NULL;
}

static const char *body_fault(
    struct arena *arena, struct lines *lines, bool *ret_ascii)
{
	const char *line;
	size_t len;

	*ret_ascii = true;
	while (next_line(lines, &line, &len)) {
		if (len > LINE_MAX_BYTES)
			return "a line of the body is too long";
		if (len == 1 && *line == '.')
			return "a lone full stop";
		if (len >= 5 && memcmp(line, "From ", 5) == 0)
			return "a line that begins a message";
		if (strlen(text_clean(arena, line, len)) != len)
			return "a line that is not neutralised";
		*ret_ascii = *ret_ascii && is_printable(line, len);
	}
	return lines->p == lines->end ? NULL : "no line feed at the end";
}

const char *mail_field(struct arena *arena, const char *mail, const char *name)
{
	struct lines lines = { mail, mail + strlen(mail) };
	const char *line;
	struct buf value;
	bool found = false;
	size_t len;

	buf_init(&value, arena, DECODED_MAX);
	while (next_line(&lines, &line, &len) && len > 0) {
		if (found && *line != ' ')
			return value.p;
		if (found) {
			buf_addc(&value, '\n');
			buf_add(&value, line, len);
		} else if (is_field(line, len, name)) {
			found = true;
			buf_add(&value, line + strlen(name) + 2,
			    len - strlen(name) - 2);
		}
	}
	return found ? value.p : NULL;
}

/* An encoded word of that length; false: it is none. */
static bool decode_word(struct buf *out, const char *word, size_t len)
{
	static const char opening[] = "=?utf-8?B?";
	const size_t before = sizeof(opening) - 1;
	unsigned char text[WORD_MAX_BYTES];
	size_t text_len;

	if (len > WORD_MAX_BYTES || len < before + 2 ||
	    memcmp(word, opening, before) != 0 ||
	    memcmp(word + len - 2, "?=", 2) != 0 ||
	    sodium_base642bin(text, sizeof(text), word + before,
		len - before - 2, NULL, &text_len, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    !utf8_valid((const char *)text, text_len))
		return false;
	buf_add(out, text, text_len);
	return true;
}

const char *mail_decoded(struct arena *arena, const char *value)
{
	const char *text = arena_printf(arena, "%s\n", value);
	struct lines lines = { text, text + strlen(text) };
	bool encoded = strncmp(value, "=?", 2) == 0;
	const char *line;
	struct buf out;
	size_t len;

	buf_init(&out, arena, DECODED_MAX);
	for (bool first = true; next_line(&lines, &line, &len); first = false) {
		if (!encoded) {
			buf_add(&out, line, len);
			continue;
		}
		if (len > ENCODED_LINE_BYTES || (!first && *line != ' ') ||
		    !decode_word(&out, line + !first, len - !first))
			return NULL;
	}
	return out.p;
}

const char *mail_fault(
    struct arena *arena, const char *bytes, size_t len, bool threads)
{
	struct lines lines = { bytes, bytes + len };
	const char *fault, *encoding, *subject;
	bool ascii;

	if (strlen(bytes) != len)
		return "a NUL";
	fault = header_fault(&lines, threads);
	if (!fault)
		fault = body_fault(arena, &lines, &ascii);
	if (fault)
		return fault;
	encoding = mail_field(arena, bytes, "Content-Transfer-Encoding");
	if (!encoding || strcmp(encoding, ascii ? "7bit" : "8bit") != 0)
		return "the wrong encoding";
	subject = mail_decoded(arena, mail_field(arena, bytes, "Subject"));
	return !subject ||
		strlen(text_clean_s(arena, subject)) != strlen(subject)
	    ? "a subject that can't be read"
	    : NULL;
}
