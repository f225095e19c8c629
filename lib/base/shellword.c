#include "base/shellword.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c && strchr("/_.:@%+=,-", c));
}

const char *shell_word(struct arena *arena, const char *s)
{
	bool plain = *s != '\0';
	struct buf buf;

	for (const char *p = s; *p && plain; p++)
		plain = is_plain(*p);
	if (plain)
		return s;
	/* At worst each byte becomes four. */
	buf_init(&buf, arena, 4 * strlen(s) + 3);
	buf_addc(&buf, '\'');
	for (const char *p = s; *p; p++) {
		if (*p == '\'')
			buf_adds(&buf, "'\\'");
		buf_addc(&buf, *p);
	}
	buf_addc(&buf, '\'');
	return buf.p;
}
