#include "base/glob_compile.h"

#include <string.h>

#include "base/text.h"

struct compiler {
	struct glob *glob;
	const char *p; /* the token to be read */
	struct err *err;
	size_t depth;
	uint16_t open[GLOB_DEPTH];   /* node of each `{` around */
	uint16_t latest[GLOB_DEPTH]; /* node of its `{` or newest `,` */
};

static struct glob_node *add(struct compiler *c, enum glob_op op)
{
	struct glob_node *node = &c->glob->node[c->glob->n++];

	memset(node, 0, sizeof(*node));
	node->op = (uint8_t)op;
	return node;
}

static int wrong(struct compiler *c, const char *what)
{
	return err_set(c->err, ERR_FORMAT, "%s at byte %zu of the pattern",
	    what, (size_t)(c->p - c->glob->pattern) + 1);
}

/* One character of a class at *p, which may be escaped; 0: it ends here or
 * is not allowed. */
static unsigned char class_char(const char **p)
{
	if (**p == '\\')
		(*p)++;
	return (unsigned char)**p < 0x80 ? (unsigned char)*(*p)++ : 0;
}

static void set_add(uint64_t bits[2], unsigned c)
{
	bits[c / 64] |= (uint64_t)1 << c % 64;
}

static bool set_has(const uint64_t bits[2], uint32_t c)
{
	return bits[c / 64] >> c % 64 & 1;
}

/* What makes a class ambiguous or empty; NULL when it is fine.  Other
 * languages of globs read these differently, so we read none of them. */
static const char *class_mistake(const char *p)
{
	if (*p == '^')
		return "'[^' is unknown, write '[!' or '[\\^',";
	if (*p == '!')
		p++;
	if (*p == ']')
		return "empty class, write '\\]' for a bracket,";
	for (; *p && *p != ']'; p++) {
		if (*p == '[' && (p[1] == ':' || p[1] == '.' || p[1] == '='))
			return "named classes as '[:alpha:]' are unknown";
		if ((unsigned char)*p >= 0x80)
			return "a class takes ASCII only, write '{a,b}',";
		if (*p == '\\' && *++p == '\0')
			return "nothing behind '\\'";
		if (*p == '/')
			return "'/' is never in a class";
	}
	return *p ? NULL : "'[' without ']'";
}

/* Reads a class of which class_mistake() had nothing to say; p is behind the
 * `[`.  Returns what follows the `]`; NULL: a range is upside down. */
static const char *class_read(const char *p, uint64_t bits[2], bool *ret_not)
{
	*ret_not = *p == '!';
	if (*ret_not)
		p++;
	bits[0] = bits[1] = 0;
	while (*p != ']') {
		unsigned first = class_char(&p), last = first;

		if (*p == '-' && p[1] != ']') {
			p++;
			last = class_char(&p);
		}
		if (last < first)
			return NULL;
		for (unsigned c = first; c <= last; c++)
			set_add(bits, c);
	}
	return p + 1;
}

static int read_class(struct compiler *c)
{
	const char *mistake = class_mistake(c->p + 1), *end;
	uint64_t bits[2];
	bool negated;

	if (mistake)
		return wrong(c, mistake);
	end = class_read(c->p + 1, bits, &negated);
	if (!end)
		return wrong(c, "a range is upside down in the class");
	add(c, GLOB_CLASS)->c = (uint32_t)(c->p + 1 - c->glob->pattern);
	c->p = end;
	return 0;
}

static int read_stars(struct compiler *c)
{
	size_t n = strspn(c->p, "*");
	enum glob_op op = GLOB_STAR;

	if (n > 2)
		return wrong(c, "more than two stars");
	if (n == 2)
		op = c->p[2] == '/' ? GLOB_FOLDERS : GLOB_DSTAR;
	add(c, op);
	c->p += n;
	return 0;
}

static int read_open(struct compiler *c)
{
	if (c->depth == GLOB_DEPTH)
		return wrong(c, "braces nest too deep");
	if (c->p[1] == '}')
		return wrong(c, "empty braces");
	c->open[c->depth] = c->latest[c->depth] = (uint16_t)c->glob->n;
	c->depth++;
	add(c, GLOB_OPEN);
	c->p++;
	return 0;
}

static int read_comma(struct compiler *c)
{
	uint16_t at = (uint16_t)c->glob->n;

	c->glob->node[c->latest[c->depth - 1]].next = at;
	c->latest[c->depth - 1] = at;
	add(c, GLOB_COMMA);
	c->p++;
	return 0;
}

static int read_close(struct compiler *c)
{
	uint16_t at = (uint16_t)c->glob->n;
	struct glob_node *node = c->glob->node;

	if (c->depth == 0)
		return wrong(c, "'}' without '{'");
	c->depth--;
	node[c->latest[c->depth]].next = at;
	for (size_t i = c->open[c->depth]; i < at; i = node[i].next)
		node[i].close = at;
	add(c, GLOB_CLOSE);
	c->p++;
	return 0;
}

static int read_char(struct compiler *c)
{
	uint32_t code;
	size_t n;

	if (*c->p == '\\') {
		if (c->p[1] == '\0')
			return wrong(c, "nothing behind '\\'");
		c->p++;
	}
	n = utf8_decode(c->p, strlen(c->p), &code);
	if (n == 0)
		return wrong(c, "bytes that are not UTF-8");
	add(c, GLOB_CHAR)->c = code;
	c->p += n;
	return 0;
}

static int read_token(struct compiler *c)
{
	switch (*c->p) {
	case '*':
		return read_stars(c);
	case '?':
		add(c, GLOB_ANY);
		c->p++;
		return 0;
	case '[':
		return read_class(c);
	case '{':
		return read_open(c);
	case '}':
		return read_close(c);
	case ',':
		return c->depth > 0 ? read_comma(c) : read_char(c);
	default:
		return read_char(c);
	}
}

int glob_compile(struct glob *glob, const char *pattern, struct err *err)
{
	struct compiler c = { .glob = glob, .p = pattern, .err = err };

	glob->pattern = pattern;
	glob->n = 0;
	if (strnlen(pattern, GLOB_MAX + 1) > GLOB_MAX)
		return err_set(
		    err, ERR_FORMAT, "pattern of more than %d bytes", GLOB_MAX);
	if (*pattern == '\0')
		return err_set(err, ERR_FORMAT, "empty pattern");
	while (*c.p)
		if (read_token(&c) < 0)
			return -1;
	if (c.depth > 0)
		return err_set(err, ERR_FORMAT, "'{' without '}'");
	add(&c, GLOB_END);
	return 0;
}

static bool class_takes(const char *p, uint32_t c)
{
	uint64_t bits[2];
	bool negated;

	class_read(p, bits, &negated);
	if (c >= 0x80)
		return negated;
	return c != '/' && set_has(bits, c) != negated;
}

bool glob_takes(
    const struct glob *glob, const struct glob_node *node, uint32_t c)
{
	switch ((enum glob_op)node->op) {
	case GLOB_CHAR:
		return c == node->c;
	case GLOB_ANY:
	case GLOB_STAR:
		return c != '/';
	case GLOB_CLASS:
		return class_takes(glob->pattern + node->c, c);
	case GLOB_DSTAR:
	case GLOB_FOLDERS:
		return true;
	case GLOB_END:
	case GLOB_OPEN:
	case GLOB_COMMA:
	case GLOB_CLOSE:
		break;
	}
	return false;
}

void glob_node_set(const struct glob *glob, const struct glob_node *node,
    struct glob_set *ret_set)
{
	memset(ret_set, 0, sizeof(*ret_set));
	for (unsigned c = 1; c < 0x80; c++)
		if (glob_takes(glob, node, c))
			set_add(ret_set->ascii, c);
	if (node->op == GLOB_CHAR)
		ret_set->other = node->c >= 0x80 ? node->c : 0;
	else
		ret_set->others = glob_takes(glob, node, GLOB_BYTE);
}

bool glob_node_stays(const struct glob_node *node)
{
	return node->op == GLOB_STAR || node->op == GLOB_DSTAR ||
	    node->op == GLOB_FOLDERS;
}
