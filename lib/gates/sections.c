#include "gates/sections.h"

#include <string.h>

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

static bool is_blank_line(const char *p)
{
	p += strspn(p, " \t\r");
	return *p == '\n' || *p == '\0';
}

/* Where the last paragraph begins; its end where there is none. */
static const char *last_paragraph(const char *p)
{
	const char *start = NULL;
	bool blank = true;

	for (; *p; p = next_line(p)) {
		if (!is_blank_line(p) && blank)
			start = p;
		blank = is_blank_line(p);
	}
	return start ? start : p;
}

void message_split(
    const struct commit *commit, bool has_trailers, struct message_parts *ret)
{
	const char *p = commit->message, *end;

	while (*p && is_blank_line(p))
		p = next_line(p);
	ret->body = next_line(p);
	end = ret->body + strlen(ret->body);
	ret->trailers = has_trailers ? last_paragraph(ret->body) : end;
	p = ret->body;
	end = ret->trailers;
	while (p < end && is_white(*p))
		p++;
	while (end > p && is_white(end[-1]))
		end--;
	ret->text = p;
	ret->text_len = (size_t)(end - p);
}

/* The heading that a line begins with; headings->n when none. The longest
 * one, so that "Test" does not take "Testing:" away. */
static size_t heading_of(
    const char *line, const struct strings *headings, size_t *ret_len)
{
	size_t best = headings->n;

	*ret_len = 0;
	for (size_t i = 0; i < headings->n; i++) {
		size_t len = strlen(headings->v[i]);

		if (len > *ret_len && strncmp(line, headings->v[i], len) == 0) {
			best = i;
			*ret_len = len;
		}
	}
	return best;
}

bool section_is_there(const struct message_parts *parts,
    const struct strings *headings, size_t which)
{
	bool inside = false;
	size_t len;

	for (const char *p = parts->body; *p; p = next_line(p)) {
		size_t heading = heading_of(p, headings, &len);

		if (heading < headings->n) {
			inside = heading == which;
			if (inside && !is_blank_line(p + len))
				return true;
			continue;
		}
		/* A trailer ends a section; what is indented goes on with the
		 * line before. */
		if (p >= parts->trailers && !is_white(*p))
			inside = false;
		if (inside && !is_blank_line(p))
			return true;
	}
	return false;
}

bool same_folded(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
		char y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;

		if (x != y)
			return false;
	}
	return *a == *b;
}

bool is_trailer_key(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

	return *s && s[strspn(s, allowed)] == '\0';
}
