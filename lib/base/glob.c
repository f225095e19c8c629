#include "base/glob.h"

#include <assert.h>
#include <string.h>

#include "base/glob_compile.h"
#include "base/text.h"

#define SPECIAL "*?[]{},\\" /* bytes that are not always literal */

int glob_check(const char *pattern, struct err *err)
{
	GLOB_LOCAL struct glob glob;

	return glob_compile(&glob, pattern, err);
}

static bool run(const char *pattern, const char *text, bool fresh)
{
	GLOB_LOCAL struct glob glob;
	GLOB_LOCAL struct glob_states states[2];
	struct err err;
	size_t len = strlen(text), now = 0;
	int compiled = glob_compile(&glob, pattern, &err);

	assert(compiled == 0); /* glob_check was forgotten */
	glob_start(&glob, &states[now], fresh);
	for (size_t i = 0; i < len && states[now].n > 0; now = !now) {
		uint32_t c;
		size_t n = utf8_decode(text + i, len - i, &c);

		if (n == 0) {
			c = GLOB_BYTE + (unsigned char)text[i];
			n = 1;
		}
		glob_step(&glob, &states[now], c, &states[!now]);
		i += n;
	}
	return states[now].n > 0 && glob_states_have(&states[now], glob.n - 1);
}

/* What follows the last special byte of a pattern ends every match, but for
 * a '/' that two stars may swallow. */
static bool has_tail(const char *pattern, const char *text)
{
	const char *tail = pattern;

	for (const char *p = strpbrk(pattern, SPECIAL); p;
	     p = strpbrk(tail, SPECIAL))
		tail = p + 1;
	if (tail > pattern && tail[-1] == '*' && *tail == '/')
		tail++;
	return str_suffix(text, tail);
}

bool glob_match(const char *pattern, const char *text)
{
	const char *p = pattern;
	bool fresh = true;

	/* Most patterns tell by their first or last letters, and a hook asks
	 * once per pattern and changed path: so no automaton for those. */
	for (; *p && !strchr(SPECIAL, *p); p++, text++) {
		if (*p != *text)
			return false;
		fresh = *p == '/';
	}
	if (*p == '\0')
		return p > pattern && *text == '\0';
	if (strcmp(p, "**") == 0)
		return true;
	if (strcmp(p, "*") == 0)
		return strchr(text, '/') == NULL;
	return has_tail(p, text) && run(p, text, fresh);
}

bool globs_match(const struct strings *patterns, const char *text)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (glob_match(patterns->v[i], text))
			return true;
	return false;
}

bool glob_is_literal(const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		if (strchr("*?[{", *p))
			return false;
		if (*p == '\\' && *++p == '\0')
			break;
	}
	return true;
}

/* The one character that all of a set's nodes take, when there is just one
 * and the pattern cannot end there; else 0. */
static uint32_t only_char(
    const struct glob *glob, const struct glob_states *states)
{
	uint32_t c = 0;

	for (size_t i = 0; i < states->n; i++) {
		const struct glob_node *node = &glob->node[states->v[i]];

		switch ((enum glob_op)node->op) {
		case GLOB_CHAR:
			if (c != 0 && c != node->c)
				return 0;
			c = node->c;
			break;
		case GLOB_OPEN:
		case GLOB_COMMA:
		case GLOB_CLOSE:
			break;
		case GLOB_END:
		case GLOB_ANY:
		case GLOB_CLASS:
		case GLOB_STAR:
		case GLOB_DSTAR:
		case GLOB_FOLDERS:
			return 0;
		}
	}
	return c;
}

const char *glob_prefix(struct arena *arena, const char *pattern)
{
	char *prefix = arena_alloc(arena, strlen(pattern) + 1);
	char *to = prefix;
	GLOB_LOCAL struct glob glob;
	GLOB_LOCAL struct glob_states states[2];
	struct err err;
	size_t now = 0;
	uint32_t c;

	if (glob_compile(&glob, pattern, &err) < 0)
		return prefix;
	glob_start(&glob, &states[now], true);
	while ((c = only_char(&glob, &states[now])) != 0) {
		to += utf8_put(c, to);
		glob_step(&glob, &states[now], c, &states[!now]);
		now = !now;
	}
	return prefix;
}
