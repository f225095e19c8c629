#include "policy/globform.h"

#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/text.h"

static const char place_holder[] = "{module}";
#define PLACE_HOLDER_LEN (sizeof(place_holder) - 1)

/* Past an escaped character or a class, which may hold braces; else p. */
static const char *skip_opaque(const char *p)
{
	const char *q;

	if (*p == '\\' && p[1])
		return p + 2;
	if (*p != '[')
		return p;
	q = p + 1;
	if (*q == '!' || *q == '^')
		q++;
	if (*q == ']')
		q++;
	q += strcspn(q, "]");
	return *q ? q + 1 : p + 1;
}

/* The length of the group that begins at the brace p points at when it holds
 * neither comma nor group, else 0. */
static size_t lone_group(const char *p)
{
	size_t len = strcspn(p + 1, ",{}[\\");

	return p[1 + len] == '}' ? len + 2 : 0;
}

/* A group that is no alternation and not {module}; NULL: there is none. */
static const char *find_lone_group(const char *glob, bool module, size_t *len)
{
	const char *p = glob;

	while (*p) {
		const char *next = skip_opaque(p);

		if (next != p) {
			p = next;
			continue;
		}
		if (*p == '{' && !(module && str_prefix(p, place_holder))) {
			*len = lone_group(p);
			if (*len > 0)
				return p;
		}
		p++;
	}
	return NULL;
}

/* What is wrong with a pattern that is one, or NULL. */
static const char *fault_of(struct arena *arena, const char *glob, bool module)
{
	const char *group;
	size_t len = 0;

	if (glob[0] == '/')
		return arena_printf(arena,
		    "'%s' matches nothing: no name begins with '/'", glob);
	if (str_suffix(glob, "/"))
		return arena_printf(arena,
		    "'%s' matches nothing, did you mean '%s**'?", glob, glob);
	group = find_lone_group(glob, module, &len);
	if (!group)
		return NULL;
	if (strncmp(group, place_holder, len) == 0)
		return "'{module}' has a meaning in 'refs' only";
	return arena_printf(arena,
	    "'%.*s' is neither a list of alternatives nor {module}", (int)len,
	    group);
}

bool globform_check(const struct node *node, bool module, struct diags *diags)
{
	struct arena scratch;
	const char *fault;
	struct err err;

	if (node->type != NODE_SCALAR || node->bad || node->len == 0)
		return false; /* reported as no text */
	if (glob_check(node->text, &err) < 0) {
		if (diags)
			diag_error(diags, node->mark,
			    "'%s' is not a pattern: %s", node->text, err.text);
		return false;
	}
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	fault = fault_of(&scratch, node->text, module);
	if (fault && diags)
		diag_error(diags, node->mark, "%s", fault);
	arena_release(&scratch);
	return !fault;
}

bool globform_has_module(const char *glob)
{
	return strstr(glob, place_holder) != NULL;
}

const char *globform_expand(
    struct arena *arena, const char *glob, const char *module)
{
	size_t max = (strlen(glob) / PLACE_HOLDER_LEN + 1) * strlen(module);
	struct buf buf;

	buf_init(&buf, arena, strlen(glob) + max);
	for (;;) {
		const char *at = strstr(glob, place_holder);

		if (!at)
			break;
		buf_add(&buf, glob, (size_t)(at - glob));
		buf_adds(&buf, module);
		glob = at + PLACE_HOLDER_LEN;
	}
	buf_adds(&buf, glob);
	return buf.p;
}
