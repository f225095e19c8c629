/*
 * A JUnit report: what is read adds up, whatever is shown of it is fit for a
 * terminal, and what is not read has a sentence.
 */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "reports/junit.h"

static void check_shown(struct arena *arena, const struct strings *lines)
{
	MUST(lines->n <= JUNIT_SHOWN_MAX);
	for (size_t i = 0; i < lines->n; i++) {
		MUST(*lines->v[i]);
		MUST(
		    strcmp(text_clean_s(arena, lines->v[i]), lines->v[i]) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct junit junit;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	if (junit_read(&arena, (const char *)data, size, &junit, &err) == 0) {
		MUST(junit.failed <= junit.tests);
		MUST(junit.skipped <= junit.tests - junit.failed);
		MUST(junit.failed == 0 || junit.failing.n > 0);
		MUST((junit.unlisted == 0) == (junit.gaps.n == 0));
		check_shown(&arena, &junit.failing);
		check_shown(&arena, &junit.gaps);
	} else {
		MUST(err.kind != ERR_NONE && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
