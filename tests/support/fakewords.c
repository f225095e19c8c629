#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/text.h"
#include "support/fakedirectives.h"

static const char *hex_of(struct fakecase *c, const char *name)
{
	const char *colon = strchr(name, ':');
	const char *base = colon
	    ? arena_strndup(c->arena, name, (size_t)(colon - name))
	    : name;
	const struct fake_object *object = fake_named(&c->fake, base);

	if (!object)
		return NULL;
	if (!colon)
		return arena_strdup(c->arena, oid_hex(&object->oid).s);
	if (strcmp(colon, ":8") == 0)
		return arena_strdup(c->arena, oid_hex8(&object->oid).s);
	if (strcmp(colon, ":tree") == 0)
		return arena_strdup(c->arena, oid_hex(&object->tree).s);
	return NULL;
}

/* %NAME%, where there is such an object; any other % is a %. */
static const char *put_in(struct fakecase *c, const char *line)
{
	struct buf buf;

	buf_init(&buf, c->arena, BYTES_MAX);
	for (const char *p = line; *p;) {
		const char *end = *p == '%' ? strchr(p + 1, '%') : NULL;
		const char *hex = end
		    ? hex_of(c,
			  arena_strndup(c->arena, p + 1, (size_t)(end - p - 1)))
		    : NULL;

		if (hex) {
			buf_adds(&buf, hex);
			p = end + 1;
		} else {
			buf_addc(&buf, *p++);
		}
	}
	return buf.p;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* One character of a quoted text; the cursor moves behind it. */
static int quoted_char(const char **at, char *ret, struct err *err)
{
	const char *p = *at;

	if (*p != '\\') {
		*ret = *p;
		*at = p + 1;
		return 0;
	}
	*at = p + 2;
	switch (p[1]) {
	case 'n':
		*ret = '\n';
		return 0;
	case 't':
		*ret = '\t';
		return 0;
	case '\\':
	case '"':
		*ret = p[1];
		return 0;
	case 'x':
		if (hex_digit(p[2]) < 0 || hex_digit(p[3]) < 0)
			break;
		*ret = (char)(hex_digit(p[2]) * 16 + hex_digit(p[3]));
		*at = p + 4;
		return 0;
	default:
		break;
	}
	return err_set(err, ERR_FORMAT, "an escape that is none: '\\%c'", p[1]);
}

/* Between quotes, and `*N` behind them. */
static int quoted(
    struct fakecase *c, const char **at, struct buf *out, struct err *err)
{
	const char *p = *at + 1, *digits;
	uint64_t times = 1;
	struct buf text;

	buf_init(&text, c->arena, BYTES_MAX);
	while (*p && *p != '"') {
		char one = 0;

		if (quoted_char(&p, &one, err) < 0)
			return -1;
		buf_addc(&text, one);
	}
	if (*p++ != '"')
		return err_set(err, ERR_FORMAT, "a quote is not closed");
	if (*p == '*') {
		digits = p + 1;
		for (p = digits; *p >= '0' && *p <= '9'; p++)
			;
		if (!str_to_u64(
			arena_strndup(c->arena, digits, (size_t)(p - digits)),
			BYTES_MAX, &times))
			return err_set(err, ERR_FORMAT, "how often?");
	}
	for (uint64_t i = 0; i < times; i++)
		buf_add(out, text.p, text.len);
	*at = p;
	return 0;
}

static int next_word(
    struct fakecase *c, const char **at, struct word *ret, struct err *err)
{
	const char *p = *at;
	struct buf buf;
	bool whole = *p == '"';

	buf_init(&buf, c->arena, BYTES_MAX);
	while (*p && *p != ' ' && *p != '\t') {
		if (*p == '"') {
			if (quoted(c, &p, &buf, err) < 0)
				return -1;
			continue;
		}
		whole = false;
		buf_addc(&buf, *p++);
	}
	if (buf.overflow)
		return err_set(err, ERR_LIMIT, "a word is too long");
	*ret = (struct word){ buf.p, buf.len, whole };
	*at = p;
	return 0;
}

int fakecase_words(
    struct fakecase *c, const char *line, struct words *ret, struct err *err)
{
	const char *p = put_in(c, line);
	struct words words = { NULL, 0, 0 };

	for (;;) {
		struct word word;

		p += strspn(p, " \t");
		if (!*p || *p == '#')
			break;
		if (next_word(c, &p, &word, err) < 0)
			return -1;
		ARRAY_PUSH(c->arena, &words, word);
	}
	*ret = words;
	return 0;
}

const char *fakecase_ref(struct fakecase *c, const struct word *word)
{
	if (word->quoted || str_prefix(word->text, "refs/"))
		return word->text;
	return arena_printf(c->arena, "refs/heads/%s", word->text);
}

int fakecase_object(
    struct fakecase *c, const char *name, struct oid *ret, struct err *err)
{
	const struct fake_object *object = fake_named(&c->fake, name);

	if (object) {
		*ret = object->oid;
		return 0;
	}
	if (strcmp(name, "-") == 0) {
		memset(ret, 0, sizeof(*ret));
		return 0;
	}
	if (strlen(name) == OID_HEX && oid_parse(name, ret))
		return 0;
	return err_set(err, ERR_FORMAT, "no object is called '%s'", name);
}

int fakecase_time(
    const struct fakecase *c, const char *word, int64_t *ret, struct err *err)
{
	uint64_t seconds;

	if (*word == '+' || *word == '-') {
		if (str_to_duration(word + 1, &seconds)) {
			*ret = *word == '-' ? c->now - (int64_t)seconds
					    : c->now + (int64_t)seconds;
			return 0;
		}
	} else if (str_to_time(word, ret, NULL)) {
		return 0;
	}
	return err_set(err, ERR_FORMAT, "'%s' is not a time", word);
}

/* The value of `key=value`, or NULL. */
const char *word_value(const struct word *word, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(word->text, key, len) != 0 || word->text[len] != '=')
		return NULL;
	return word->text + len + 1;
}

int words_too_few(const struct words *words, size_t n, struct err *err)
{
	if (words->n >= n)
		return 0;
	return err_set(
	    err, ERR_FORMAT, "'%s' wants more words", words->v[0].text);
}

int word_unknown(const struct word *word, struct err *err)
{
	return err_set(err, ERR_FORMAT, "what is '%s'?", word->text);
}
