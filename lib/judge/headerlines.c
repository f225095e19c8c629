#include "judge/headerlines.h"

#include <string.h>

#include "base/text.h"

#define TIME_DIGITS_MAX 13
#define TIME_MAX ((int64_t)1 << 40) /* seconds: the year 36812 */

bool line_is(const struct cursor *c, const char *key)
{
	size_t len = strlen(key);

	return (size_t)(c->end - c->p) > len && memcmp(c->p, key, len) == 0 &&
	    c->p[len] == ' ';
}

static const char *no_header(const struct cursor *c, const char *key)
{
	return arena_printf(c->arena, "it has no '%s' where one belongs", key);
}

const char *take_value(
    struct cursor *c, const char *key, const char **ret_value)
{
	const char *value, *eol;

	if (!line_is(c, key))
		return no_header(c, key);
	value = c->p + strlen(key) + 1;
	eol = memchr(value, '\n', (size_t)(c->end - value));
	if (!eol)
		return "its header is cut off";
	if (eol + 1 < c->end && eol[1] == ' ')
		return arena_printf(
		    c->arena, "its '%s' goes on in a second line", key);
	*ret_value = arena_strndup(c->arena, value, (size_t)(eol - value));
	c->p = eol + 1;
	return NULL;
}

const char *take_oid(struct cursor *c, const char *key, struct oid *ret)
{
	size_t len = strlen(key);
	const char *p = c->p + len + 1;

	if (!line_is(c, key))
		return no_header(c, key);
	if (c->end - p < OID_HEX + 1 || p[OID_HEX] != '\n' ||
	    !oid_parse(p, ret))
		return arena_printf(c->arena, "its '%s' is no object id", key);
	c->p = p + OID_HEX + 1;
	return NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits without a zero in front; moves *p behind them. */
static bool take_time(const char **p, int64_t *ret)
{
	const char *s = *p;
	int64_t t = 0;

	if (!is_digit(*s) || (*s == '0' && is_digit(s[1])))
		return false;
	for (; is_digit(*s); s++) {
		if (s - *p == TIME_DIGITS_MAX)
			return false;
		t = 10 * t + (*s - '0');
	}
	*ret = t;
	*p = s;
	return t <= TIME_MAX;
}

static bool is_zone(const char *s)
{
	return (*s == '+' || *s == '-') && is_digit(s[1]) && is_digit(s[2]) &&
	    is_digit(s[3]) && is_digit(s[4]) && !s[5];
}

const char *take_person(
    struct cursor *c, const char *key, struct signature_line *ret)
{
	const char *line = "", *open, *close, *complaint;

	complaint = take_value(c, key, &line);
	if (complaint)
		return complaint;
	open = line + strcspn(line, "<>");
	if (*open != '<' || open == line || open[-1] != ' ')
		return arena_printf(
		    c->arena, "its '%s' is not 'name <email> time zone'", key);
	close = open + 1 + strcspn(open + 1, "<>");
	if (*close != '>' || close[1] != ' ')
		return arena_printf(c->arena,
		    "the e-mail of its '%s' is not "
		    "in one pair of '<' and '>'",
		    key);
	ret->name = arena_strndup(c->arena, line, (size_t)(open - 1 - line));
	ret->email = arena_strndup(
	    c->arena, open + 1, (size_t)(close - open - 1));
	line = close + 2;
	if (!take_time(&line, &ret->time) || *line != ' ')
		return arena_printf(c->arena,
		    "the date of its '%s' is no number of seconds", key);
	if (!is_zone(line + 1))
		return arena_printf(c->arena,
		    "the time zone of its '%s' is not like '+0100'", key);
	return NULL;
}

const char *take_message(
    struct cursor *c, const char **ret_message, size_t *ret_len)
{
	if (c->p == c->end)
		return "no blank line ends its header";
	if (*c->p != '\n')
		return "its header holds a line that does not belong there";
	c->p++;
	*ret_len = (size_t)(c->end - c->p);
	*ret_message = arena_strndup(c->arena, c->p, *ret_len);
	c->p = c->end;
	return NULL;
}

const char *check_bytes(const char *bytes, size_t len)
{
	if (memchr(bytes, '\0', len))
		return "it holds a NUL byte, behind which git shows nothing";
	if (!utf8_valid(bytes, len))
		return "it is not valid UTF-8";
	return NULL;
}
