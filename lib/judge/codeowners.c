#include "judge/codeowners.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/text.h"

#define UTF8_BOM "\xef\xbb\xbf"

struct reading {
	struct arena *arena;
	struct codeowners *owners;
	size_t line;
};

struct span {
	const char *p;
	size_t len;
};

struct spans {
	struct span *v;
	size_t n, cap;
};

static bool complain(struct reading *r, const char *text)
{
	ARRAY_PUSH(r->arena, &r->owners->complaints,
	    arena_printf(r->arena, "line %zu: %s", r->line, text));
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span trim(struct span span)
{
	while (span.len > 0 && is_blank(span.p[0])) {
		span.p++;
		span.len--;
	}
	while (span.len > 0 && is_blank(span.p[span.len - 1]))
		span.len--;
	return span;
}

static bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.p, text, span.len) == 0;
}

/* ---- patterns ----------------------------------------------------------- */

/* The parts between the slashes; the first is empty for a slash in front, the
 * last for one at the end. */
static bool split(struct reading *r, struct span pattern, struct spans *ret)
{
	size_t from = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.p[i] == '\\') {
			if (++i < pattern.len && pattern.p[i] != '/')
				continue;
			complain(r, "a backslash with nothing to escape");
			return false;
		}
		if (pattern.p[i] != '/')
			continue;
		ARRAY_PUSH(
		    r->arena, ret, (struct span){ pattern.p + from, i - from });
		from = i + 1;
	}
	ARRAY_PUSH(r->arena, ret,
	    (struct span){ pattern.p + from, pattern.len - from });
	return true;
}

/* A run of stars within a part is one; the number of bytes taken, 0 where it
 * is none of GitHub's. */
static size_t put_stars(
    struct reading *r, struct span part, size_t at, struct buf *glob)
{
	size_t n = 0;

	while (at + n < part.len && part.p[at + n] == '*')
		n++;
	if (n > 2) {
		complain(r, "more than two stars in a row");
		return 0;
	}
	buf_addc(glob, '*');
	return n;
}

/* What is between two slashes, in the language of base/glob.h, where more
 * characters than here have a meaning. */
static bool put_part(struct reading *r, struct span part, struct buf *glob)
{
	static const char special[] = "]{},";

	for (size_t i = 0; i < part.len;) {
		size_t taken = 1;

		switch (part.p[i]) {
		case '[':
			return complain(r,
			    "ranges such as [a-z] are not understood; a "
			    "bracket itself is written \\[");
		case '*':
			taken = put_stars(r, part, i, glob);
			if (taken == 0)
				return false;
			break;
		case '\\':
			buf_add(glob, part.p + i, 2);
			taken = 2;
			break;
		default:
			if (memchr(special, part.p[i], sizeof(special) - 1))
				buf_addc(glob, '\\');
			buf_addc(glob, part.p[i]);
			break;
		}
		i += taken;
	}
	return true;
}

static bool check_parts(struct reading *r, const struct spans *parts)
{
	if (parts->n == 0)
		return complain(r, "a slash alone matches nothing");
	for (size_t i = 0; i < parts->n; i++)
		if (parts->v[i].len == 0 || span_is(parts->v[i], ".") ||
		    span_is(parts->v[i], ".."))
			return complain(
			    r, "no path has an empty part, '.' or '..' in it");
	return true;
}

static bool put_parts(struct reading *r, const struct spans *parts,
    bool anchored, struct buf *glob)
{
	if (!anchored && !span_is(parts->v[0], "**"))
		buf_adds(glob, "**/");
	for (size_t i = 0; i < parts->n; i++) {
		bool last = i + 1 == parts->n;

		if (span_is(parts->v[i], "**"))
			buf_adds(glob, "**");
		else if (!put_part(r, parts->v[i], glob))
			return false;
		if (!last)
			buf_addc(glob, '/');
	}
	return true;
}

/* "docs/" and a star are its children alone; two stars say it themselves. */
static bool ends_in_star(const struct spans *parts)
{
	struct span last = parts->v[parts->n - 1];

	return span_is(last, "*") || span_is(last, "**");
}

static bool check_glob(struct reading *r, const char *glob)
{
	struct err err;

	if (glob_check(glob, &err) == 0)
		return true;
	return complain(r, err.text);
}

static bool read_pattern(
    struct reading *r, struct span pattern, struct codeowners_rule *rule)
{
	struct spans parts = { NULL, 0, 0 };
	bool folder = false, rooted = pattern.p[0] == '/', anchored;
	struct buf glob;

	if (!split(r, pattern, &parts))
		return false;
	if (parts.n > 1 && parts.v[parts.n - 1].len == 0) {
		folder = true;
		parts.n--;
	}
	anchored = rooted || parts.n > 1;
	if (rooted) {
		parts.v++;
		parts.n--;
	}
	buf_init(&glob, r->arena, GLOB_MAX);
	if (!check_parts(r, &parts) || !put_parts(r, &parts, anchored, &glob))
		return false;
	rule->glob = glob.p;
	if (folder)
		rule->glob = arena_printf(r->arena, "%s/**", glob.p);
	else if (!ends_in_star(&parts))
		rule->below = arena_printf(r->arena, "%s/**", glob.p);
	if (glob.overflow)
		return complain(r, "the pattern is too long");
	return check_glob(r, rule->glob) &&
	    (!rule->below || check_glob(r, rule->below));
}

/* ---- lines -------------------------------------------------------------- */

/* The next word; empty at the end and at a comment.  `\` keeps the character
 * behind it in the word. */
static struct span take_word(struct span *rest)
{
	struct span word;
	size_t n = 0;

	*rest = trim(*rest);
	if (rest->len > 0 && rest->p[0] == '#')
		rest->len = 0;
	while (n < rest->len && !is_blank(rest->p[n]))
		n += rest->p[n] == '\\' && n + 1 < rest->len ? 2 : 1;
	word = (struct span){ rest->p, n };
	rest->p += n;
	rest->len -= n;
	return word;
}

/* `@name`, `@org/team` or an e-mail. */
static bool is_owner(struct span word)
{
	const char *at = memchr(word.p, '@', word.len);

	return at && at + 1 < word.p + word.len &&
	    !memchr(at + 1, '@', (size_t)(word.p + word.len - at - 1));
}

static bool read_owners(
    struct reading *r, struct span rest, struct codeowners_rule *rule)
{
	for (struct span word = take_word(&rest); word.len > 0;
	     word = take_word(&rest)) {
		if (!is_owner(word))
			return complain(r,
			    arena_printf(r->arena,
				"'%s' is no owner, which is @name or an e-mail "
				"(a blank in a path is written '\\ ')",
				text_clean(r->arena, word.p, word.len)));
		ARRAY_PUSH(r->arena, &rule->owners,
		    arena_strndup(r->arena, word.p, word.len));
	}
	return true;
}

/* `[Name]`, `^[Name]`, `[Name][2]`, perhaps with a comment; what stands behind
 * it would be owners of all lines that name none. */
static bool is_plain_section(struct span line)
{
	const char *close;

	if (line.p[0] == '^')
		line = (struct span){ line.p + 1, line.len - 1 };
	close = memchr(line.p, ']', line.len);
	if (!close)
		return false;
	line.len -= (size_t)(close + 1 - line.p);
	line.p = close + 1;
	if (line.len > 0 && line.p[0] == '[') {
		size_t n = 1;

		while (n < line.len && line.p[n] >= '0' && line.p[n] <= '9')
			n++;
		if (n == 1 || n == line.len || line.p[n] != ']')
			return false;
		line.p += n + 1;
		line.len -= n + 1;
	}
	return line.len == 0 ||
	    (is_blank(line.p[0]) && take_word(&line).len == 0);
}

static void read_rule(struct reading *r, struct span line)
{
	struct codeowners_rule rule = { .line = r->line };
	struct span pattern = take_word(&line);

	if (read_pattern(r, pattern, &rule) && read_owners(r, line, &rule))
		ARRAY_PUSH(r->arena, r->owners, rule);
}

static void read_line(struct reading *r, struct span line)
{
	line = trim(line);
	if (line.len == 0 || line.p[0] == '#')
		return;
	if (line.len > CODEOWNERS_LINE_MAX)
		complain(r, "the line is too long");
	else if (memchr(line.p, '\0', line.len))
		complain(r, "a NUL byte");
	else if (line.p[0] == '!')
		complain(r, "a pattern can't be negated with '!'");
	else if (line.p[0] != '[' &&
	    (line.len < 2 || memcmp(line.p, "^[", 2) != 0))
		read_rule(r, line);
	else if (!is_plain_section(line))
		complain(r,
		    "neither a section without owners of its own nor a "
		    "pattern; a bracket itself is written \\[");
}

void codeowners_parse(
    struct arena *arena, const char *bytes, size_t len, struct codeowners *ret)
{
	struct reading r = { .arena = arena, .owners = ret };
	const char *end = bytes + len;

	*ret = (struct codeowners){ .n = 0 };
	if (len >= 3 && memcmp(bytes, UTF8_BOM, 3) == 0)
		bytes += 3;
	while (bytes < end) {
		const char *lf = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = lf ? lf : end;

		if (r.line++ == CODEOWNERS_LINES_MAX) {
			complain(&r, "this and what follows: too many lines");
			return;
		}
		read_line(&r, (struct span){ bytes, (size_t)(stop - bytes) });
		bytes = lf ? lf + 1 : end;
	}
}

const struct codeowners_rule *codeowners_find(
    const struct codeowners *owners, const char *path)
{
	for (size_t i = owners->n; i > 0; i--) {
		const struct codeowners_rule *rule = &owners->v[i - 1];

		if (glob_match(rule->glob, path) ||
		    (rule->below && glob_match(rule->below, path)))
			return rule;
	}
	return NULL;
}
