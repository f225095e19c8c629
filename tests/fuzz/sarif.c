/*
 * A SARIF report: each result that is read has all its parts, within their
 * ceilings, and what is not read has a sentence.
 */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "reports/sarif.h"

static void check(const struct sarif *sarif)
{
	for (size_t i = 0; i < sarif->n; i++) {
		const struct sarif_result *result = &sarif->v[i];

		MUST((unsigned)result->level < SARIF_LEVELS);
		MUST(strlen(result->rule) <= SARIF_RULE_MAX);
		MUST(strlen(result->path) <= SARIF_PATH_MAX);
		MUST(strlen(result->message) <= SARIF_MESSAGE_MAX + 3);
		MUST(utf8_valid(result->message, strlen(result->message)));
		MUST(strlen(result->key) == 40);
	}
	MUST(sarif->n == 0 || sarif->scans > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct sarif sarif;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	if (sarif_read(&arena, (const char *)data, size, &sarif, &err) == 0)
		check(&sarif);
	else
		MUST(err.kind != ERR_NONE && err.text[0]);
	arena_release(&arena);
	return 0;
}
