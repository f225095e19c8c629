#include "notify/redact.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

#define ESCAPE_LEN 4 /* of \xNN */

static bool is_word_char(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte < 0x80 && isalnum(byte);
}

static bool is_escape(const char *p)
{
	return p[0] == '\\' && p[1] == 'x' && isxdigit((unsigned char)p[2]) &&
	    isxdigit((unsigned char)p[3]);
}

static bool begins_word(const char *text, size_t at)
{
	if (at == 0 || !is_word_char(text[at - 1]))
		return true;
	return at >= ESCAPE_LEN && is_escape(text + at - ESCAPE_LEN);
}

/* The client with the longest name that stands at p as a whole word; its own
 * name where two are alike but for case. */
static const struct client *client_at(
    const struct policy *policy, const char *own, const char *p)
{
	const struct client *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < policy->nclients; i++) {
		const struct client *client = &policy->clients[i];
		size_t len = strlen(client->name);

		if (len == 0 || len < longest ||
		    strncasecmp(client->name, p, len) != 0 ||
		    is_word_char(p[len]))
			continue;
		if (len > longest || strcmp(client->name, own) == 0)
			found = client;
		longest = len;
	}
	return found;
}

const char *redact(struct arena *arena, const struct policy *policy,
    const char *client, const char *text)
{
	struct buf out;

	buf_init(&out, arena, (strlen(text) + 1) * sizeof(REDACTED));
	for (size_t at = 0; text[at];) {
		const struct client *found = begins_word(text, at)
		    ? client_at(policy, client, text + at)
		    : NULL;
		size_t len = found ? strlen(found->name) : 1;

		if (found && strcmp(found->name, client) != 0)
			buf_adds(&out, REDACTED);
		else
			buf_add(&out, text + at, len);
		at += len;
	}
	return out.p;
}

const char *without_last_word(struct arena *arena, const char *text)
{
	const char *end = text + strlen(text);

	while (end > text && end[-1] != ' ')
		end--;
	return arena_printf(arena, "%.*s...", (int)(end - text), text);
}
