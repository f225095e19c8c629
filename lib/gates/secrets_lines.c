#include <string.h>

#include "gates/secrets.h"

/* What is new in a text: lines, and those of them that a comment allows. */

#define ALLOW_WORD "stagegate:allow-secret"
#define HEAD_BYTES ((size_t)4096) /* of a key file, before what changed */
#define STEP 4096                 /* bytes compared at once */

size_t secrets_line(const struct secret_text *text, size_t at)
{
	size_t line = 1;
	const char *p = text->p, *end = text->p + at;

	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		line++;
		p++;
	}
	return line;
}

/* ---- trimming ----------------------------------------------------------- */

static size_t same_begin(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	while (n + STEP <= max && memcmp(a + n, b + n, STEP) == 0)
		n += STEP;
	while (n < max && a[n] == b[n])
		n++;
	return n;
}

static size_t same_end(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	while (n + STEP <= max && memcmp(a - n - STEP, b - n - STEP, STEP) == 0)
		n += STEP;
	while (n < max && a[-1 - (ptrdiff_t)n] == b[-1 - (ptrdiff_t)n])
		n++;
	return n;
}

void secrets_trim(const struct secret_text *old, const struct secret_text *text,
    size_t *ret_from, size_t *ret_to)
{
	size_t max = old->len < text->len ? old->len : text->len;
	size_t from = same_begin(old->p, text->p, max);
	size_t to = text->len -
	    same_end(old->p + old->len, text->p + text->len, max - from);
	const char *nl;

	if (from == text->len && from == old->len) {
		*ret_from = *ret_to = from;
		return;
	}
	from = from > HEAD_BYTES ? from - HEAD_BYTES : 0;
	nl = from > 0 ? memrchr(text->p, '\n', from) : NULL;
	*ret_from = nl ? (size_t)(nl + 1 - text->p) : 0;
	nl = memchr(text->p + to, '\n', text->len - to);
	*ret_to = nl ? (size_t)(nl - text->p) : text->len;
}

/* ---- lines -------------------------------------------------------------- */

static size_t end_of_line(const struct secret_text *text, size_t at)
{
	const char *nl = memchr(text->p + at, '\n', text->len - at);

	return nl ? (size_t)(nl - text->p) : text->len;
}

static bool has_line(const struct secret_text *old, const char *p, size_t len)
{
	size_t at = 0;

	while (at < old->len) {
		size_t end = end_of_line(old, at);

		if (end - at == len && memcmp(old->p + at, p, len) == 0)
			return true;
		at = end + 1;
	}
	return len == 0;
}

static size_t begin_of_line(const struct secret_text *text, size_t at)
{
	const char *nl = at > 0 ? memrchr(text->p, '\n', at) : NULL;

	return nl ? (size_t)(nl + 1 - text->p) : 0;
}

bool secrets_had_lines(const struct secret_text *old,
    const struct secret_text *text, const struct secret_hit *hit)
{
	/* The pattern may have looked at more than the secret; of a key file
	 * its head counts too. */
	size_t from = hit->rule->flags & RULE_LINES ? hit->from : hit->begin;
	size_t at = begin_of_line(text, from);

	while (at < hit->end) {
		size_t end = end_of_line(text, at);

		if (!has_line(old, text->p + at, end - at))
			return false;
		at = end + 1;
	}
	return true;
}

/* ---- comments ----------------------------------------------------------- */

static bool is_word_end(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '*' || c == '-';
}

/* Behind the rule's name: nothing but the end of the comment. */
static bool ends_comment(const char *p, const char *end)
{
	if (p < end && !is_word_end(*p))
		return false;
	for (; p < end; p++)
		if (!memchr(" \t\r*/->#}%", *p, sizeof(" \t\r*/->#}%") - 1))
			return false;
	return true;
}

bool secrets_allowed_inline(
    const struct secret_text *text, const struct secret_hit *hit)
{
	size_t name = strlen(hit->rule->name), from = hit->from;
	const char *end = text->p + end_of_line(text, from);
	const char *p = text->p +
	    (hit->end < (size_t)(end - text->p) ? hit->end : from);

	p = memmem(p, (size_t)(end - p), ALLOW_WORD, strlen(ALLOW_WORD));
	if (!p)
		return false;
	p += strlen(ALLOW_WORD);
	if (p == end || (*p != ' ' && *p != '\t'))
		return false;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if ((size_t)(end - p) < name || memcmp(p, hit->rule->name, name) != 0)
		return false;
	p += name;
	/* aws-key is no aws-key-id */
	if (p < end && *p == '-' && p + 1 < end && p[1] != '-')
		return false;
	return ends_comment(p, end);
}
