#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "judge/commit.h"

#define TRAILER_BYTES_MAX ((size_t)64 << 10)

struct line {
	const char *p;
	size_t len; /* without the line break and blanks before it */
};

/* White space at the end of a line never counts, CR included. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The line at *p, which moves behind it; false at the end. */
static bool next_line(const char **p, struct line *ret)
{
	size_t len;

	if (!**p)
		return false;
	len = strcspn(*p, "\n");
	ret->p = *p;
	ret->len = len;
	*p += len + ((*p)[len] ? 1 : 0);
	while (ret->len > 0 && is_blank(ret->p[ret->len - 1]))
		ret->len--;
	return true;
}

/* Behind the blank lines that a message may begin with. */
static const char *text_start(const struct commit *commit)
{
	const char *p = commit->message, *start = p;
	struct line line;

	while (next_line(&p, &line)) {
		if (line.len > 0)
			return start;
		start = p;
	}
	return start;
}

const char *commit_subject(struct arena *arena, const struct commit *commit)
{
	const char *p = text_start(commit);
	struct line line;

	if (!next_line(&p, &line))
		return "";
	return arena_strndup(arena, line.p, line.len);
}

const char *commit_body(struct arena *arena, const struct commit *commit)
{
	const char *p = text_start(commit);
	struct line line;

	while (next_line(&p, &line))
		if (line.len == 0)
			return arena_strdup(arena, p);
	return "";
}

struct lines {
	struct line *v;
	size_t n, cap;
};

/* The last paragraph; none when that is the one with the subject. */
static void last_paragraph(
    struct arena *arena, const struct commit *commit, struct lines *ret)
{
	const char *p = text_start(commit);
	struct lines lines = { 0 };
	struct line line;
	bool is_first = true, is_new = true;

	while (next_line(&p, &line)) {
		if (line.len == 0) {
			is_new = true;
			continue;
		}
		if (is_new && lines.n > 0) {
			is_first = false;
			lines.n = 0;
		}
		is_new = false;
		ARRAY_PUSH(arena, &lines, line);
	}
	if (is_first)
		lines.n = 0;
	*ret = lines;
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-';
}

/* "Key: value", a blank before the colon allowed as git does. */
static bool split(struct arena *arena, const struct line *line,
    const char **ret_key, const char **ret_value)
{
	size_t key = 0, at;

	while (key < line->len && is_key_char(line->p[key]))
		key++;
	at = key;
	while (at < line->len && is_blank(line->p[at]))
		at++;
	if (key == 0 || at == line->len || line->p[at] != ':')
		return false;
	at++;
	while (at < line->len && is_blank(line->p[at]))
		at++;
	*ret_key = arena_strndup(arena, line->p, key);
	*ret_value = arena_strndup(arena, line->p + at, line->len - at);
	return true;
}

/* git itself puts such a line among trailers. */
static bool is_cherry_pick(const struct line *line)
{
	return line->len > 0 &&
	    strncmp(line->p, "(cherry picked from commit ", 27) == 0;
}

static const char *joined(
    struct arena *arena, const char *value, const struct line *more)
{
	struct buf buf;
	size_t skip = 0;

	buf_init(&buf, arena, TRAILER_BYTES_MAX);
	while (skip < more->len && is_blank(more->p[skip]))
		skip++;
	buf_adds(&buf, value);
	buf_addc(&buf, ' ');
	buf_add(&buf, more->p + skip, more->len - skip);
	return buf.p;
}

void commit_trailers(
    struct arena *arena, const struct commit *commit, struct trailers *ret)
{
	struct trailers found = { 0 };
	struct lines lines;

	memset(ret, 0, sizeof(*ret));
	last_paragraph(arena, commit, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct line *line = &lines.v[i];
		struct trailer trailer;

		if (is_cherry_pick(line))
			continue;
		if (is_blank(*line->p) && found.n > 0) {
			struct trailer *last = &found.v[found.n - 1];

			last->value = joined(arena, last->value, line);
			continue;
		}
		if (!split(arena, line, &trailer.key, &trailer.value))
			return; /* ordinary text */
		ARRAY_PUSH(arena, &found, trailer);
	}
	*ret = found;
}
