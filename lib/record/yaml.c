#include "record/yaml.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/text.h"

#define INDENT 2u

void yaml_begin(struct yaml *yaml, struct arena *arena, size_t max)
{
	memset(yaml, 0, sizeof(*yaml));
	buf_init(&yaml->buf, arena, max);
}

int yaml_end(struct yaml *yaml, const char *what, const char **ret_bytes,
    size_t *ret_len, struct err *err)
{
	if (yaml->invalid)
		return err_set(err, ERR_FORMAT,
		    "cannot write %s: a name in it is not valid UTF-8", what);
	if (yaml->buf.overflow)
		return err_set(err, ERR_LIMIT,
		    "cannot write %s: more than %zu bytes", what,
		    yaml->buf.max);
	*ret_bytes = yaml->buf.p;
	*ret_len = yaml->buf.len;
	return 0;
}

/* ---- scalars --------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words and numbers of YAML 1.1 and 1.2: other readers would make something
 * else of them than text. */
static bool has_meaning(const char *s)
{
	static const char *const words[] = { "y", "n", "yes", "no", "on", "off",
		"true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(words[i], s) == 0)
			return true;
	if (!is_digit(*s))
		return false;
	return s[strspn(s, "0123456789_.eE+-")] == '\0' ||
	    (*s == '0' && s[1] && strchr("xXoObB", s[1]));
}

static bool is_plain(const char *s)
{
	if (!is_letter(*s) && !is_digit(*s) && *s != '/')
		return false;
	for (const char *p = s; *p; p++)
		if (!is_letter(*p) && !is_digit(*p) && !strchr("_./@+-", *p))
			return false;
	return !has_meaning(s);
}

static void add_escaped(
    struct buf *buf, uint32_t c, const char *bytes, size_t len)
{
	if (c == '\n')
		buf_adds(buf, "\\n");
	else if (c == '\t')
		buf_adds(buf, "\\t");
	else if (c == '"' || c == '\\')
		buf_addf(buf, "\\%c", (int)c);
	else if (c < 0x20 || c == 0x7f)
		buf_addf(buf, "\\x%02x", (unsigned)c);
	else if (c < 0x80 || !char_is_hidden(c))
		buf_add(buf, bytes, len);
	else if (c <= 0xffff)
		buf_addf(buf, "\\u%04x", (unsigned)c);
	else
		buf_addf(buf, "\\U%08x", (unsigned)c);
}

void yaml_scalar(struct buf *buf, const char *s, bool *ret_invalid)
{
	const char *end = s + strlen(s);

	if (is_plain(s)) {
		buf_adds(buf, s);
		return;
	}
	buf_addc(buf, '"');
	while (s < end) {
		uint32_t c;
		size_t len = utf8_decode(s, (size_t)(end - s), &c);

		if (len == 0) {
			*ret_invalid = true;
			break;
		}
		add_escaped(buf, c, s, len);
		s += len;
	}
	buf_addc(buf, '"');
}

/* ---- lines ----------------------------------------------------------- */

static void begin_line(struct yaml *yaml)
{
	unsigned blanks = yaml->indent;

	if (yaml->item)
		blanks -= INDENT;
	for (unsigned i = 0; i < blanks; i++)
		buf_addc(&yaml->buf, ' ');
	if (yaml->item)
		buf_adds(&yaml->buf, "- ");
	yaml->item = false;
}

static void add_key(struct yaml *yaml, const char *key)
{
	begin_line(yaml);
	yaml_scalar(&yaml->buf, key, &yaml->invalid);
	buf_addc(&yaml->buf, ':');
}

void yaml_text(struct yaml *yaml, const char *key, const char *value)
{
	add_key(yaml, key);
	buf_addc(&yaml->buf, ' ');
	yaml_scalar(&yaml->buf, value, &yaml->invalid);
	buf_addc(&yaml->buf, '\n');
}

void yaml_oid(struct yaml *yaml, const char *key, const struct oid *oid)
{
	yaml_text(yaml, key, oid_hex(oid).s);
}

void yaml_number(struct yaml *yaml, const char *key, uint64_t n)
{
	add_key(yaml, key);
	buf_addf(&yaml->buf, " %llu\n", (unsigned long long)n);
}

/* Not quoted: every reader may take it for the time that it is. */
void yaml_time(struct yaml *yaml, const char *key, int64_t t)
{
	add_key(yaml, key);
	buf_addf(&yaml->buf, " %s\n", time_format_iso(yaml->buf.arena, t));
}

void yaml_list(struct yaml *yaml, const char *key, size_t n)
{
	add_key(yaml, key);
	buf_adds(&yaml->buf, n ? "\n" : " []\n");
	yaml->indent += INDENT; /* where an item's keys stand */
}

void yaml_map(struct yaml *yaml, const char *key, size_t n)
{
	add_key(yaml, key);
	buf_adds(&yaml->buf, n ? "\n" : " {}\n");
	yaml->indent += INDENT;
}

void yaml_close(struct yaml *yaml)
{
	yaml->indent -= INDENT;
	yaml->item = false;
}

void yaml_item(struct yaml *yaml)
{
	yaml->item = true;
}

void yaml_in_list(struct yaml *yaml)
{
	yaml->indent = INDENT;
}

void yaml_value_number(struct yaml *yaml, uint64_t n)
{
	yaml->item = true;
	begin_line(yaml);
	buf_addf(&yaml->buf, "%llu\n", (unsigned long long)n);
}

void yaml_value(struct yaml *yaml, const char *value)
{
	yaml->item = true;
	begin_line(yaml);
	yaml_scalar(&yaml->buf, value, &yaml->invalid);
	buf_addc(&yaml->buf, '\n');
}
