#include "judge/reason.h"

#include <string.h>

#include "base/text.h"

#define SAID(n) #n
#define SAID_OF(n) SAID(n)

static int is_control(uint32_t c)
{
	return c < 0x20 || c == 0x7f;
}

const char *reason_fault(const char *reason)
{
	size_t len = strlen(reason), characters = 0;

	if (reason[strspn(reason, " ")] == '\0')
		return "is missing: say why, in one line";
	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t step = utf8_decode(reason + at, len - at, &c);

		if (step == 0)
			return "is not UTF-8";
		if (is_control(c) || char_is_hidden(c))
			return "holds a control character, or one that is not "
			       "seen";
		if (++characters > REASON_MAX)
			return "is longer than " SAID_OF(
			    REASON_MAX) " characters";
		at += step;
	}
	return NULL;
}
