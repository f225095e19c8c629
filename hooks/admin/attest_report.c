#include "attest_report.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* The first bytes that tell reports apart, which are all of them at their
 * beginning. */
#define HEAD_MAX 4096

static bool ends_in(const char *name, const char *ending)
{
	size_t len = strlen(name), n = strlen(ending);

	return len > n && strcmp(name + len - n, ending) == 0;
}

/* NULL: it could be anything. */
static const char *guess(
    struct arena *arena, const char *file, const char *bytes, size_t len)
{
	static const struct {
		const char *ending, *mark, *format;
	} known[] = {
		{ ".info", "SF:", "lcov" },
		{ ".sarif", "", "sarif" },
		{ ".json", "sarif", "sarif" },
		{ ".json", "\"benchmarks\"", "google-benchmark" },
		{ ".json", "\"context\"", "google-benchmark" },
		{ ".json", "\"results\"", "hyperfine" },
		{ ".xml", "<coverage", "cobertura" },
		{ ".xml", "<testsuite", "junit" },
	};
	const char *head = arena_strndup(
	    arena, bytes, len < HEAD_MAX ? len : HEAD_MAX);

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (ends_in(file, known[i].ending) &&
		    strstr(head, known[i].mark))
			return known[i].format;
	return NULL;
}

int attest_report_read(struct admin *admin, const char *file,
    const char *format, struct attest_report *ret, struct err *err)
{
	char *bytes;
	size_t len;

	if (file_read(
		admin->arena, file, ATTEST_REPORT_MAX, &bytes, &len, err) < 0)
		return -1;
	if (memchr(bytes, '\0', len))
		return err_set(err, ERR_FORMAT,
		    "the report '%s' holds a NUL byte: it is no text", file);
	ret->bytes = bytes;
	ret->format = format ? format : guess(admin->arena, file, bytes, len);
	if (!ret->format)
		return err_set(err, ERR_FORMAT,
		    "cannot tell what kind of report '%s' is: say --format",
		    file);
	return 0;
}
