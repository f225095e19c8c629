/*
 * A report of Google Benchmark: each number that is read is finite, no less
 * than no time, and found by its name; what is not read has a sentence.
 */
#include <math.h>

#include "fuzz/fuzz.h"
#include "reports/measures.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct measures measures;
	struct arena arena;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	if (googlebench_read(
		&arena, (const char *)data, size, &measures, &err) < 0) {
		MUST(err.kind != ERR_NONE && err.text[0]);
		measures.n = 0;
	}
	for (size_t i = 0; i < measures.n; i++) {
		const struct measure *measure = &measures.v[i];

		MUST(isfinite(measure->value) && measure->value >= 0);
		MUST(measures_find(&measures, measure->name) == measure);
	}
	arena_release(&arena);
	return 0;
}
