#include "judge/sigblock.h"

#include <string.h>

#include "base/text.h"

static bool begins_signature(const char *line)
{
	static const char *const marks[] = {
		"-----BEGIN SSH SIGNATURE-----",
		"-----BEGIN PGP SIGNATURE-----",
		"-----BEGIN PGP MESSAGE-----",
		"-----BEGIN SIGNED MESSAGE-----",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_prefix(line, marks[i]))
			return true;
	return false;
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

void sigblock_find(
    const char *bytes, size_t len, size_t message, struct sigblock *ret)
{
	const char *line = bytes + message;

	*ret = (struct sigblock){ .at = len };
	for (; line < bytes + len; line = next_line(line)) {
		if (!begins_signature(line))
			continue;
		ret->blocks++;
		ret->at = (size_t)(line - bytes);
	}
}
