/*
 * A plan: one that is read, written and read again is the same; asked for one
 * ref, it names that ref alone and the statements.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "record/planfile.h"

static void check_again(struct arena *arena, const struct plan *plan)
{
	const char *once, *twice;
	size_t len, again_len;
	struct plan again;
	struct err err;

	if (plan_format(arena, plan, &once, &len, &err) < 0)
		return;
	memset(&again, 0, sizeof(again));
	MUST(plan_parse(arena, "again", once, len, NULL, &again, &err) == 0);
	MUST(again.nrefs == plan->nrefs);
	MUST(plan_format(arena, &again, &twice, &again_len, &err) == 0);
	MUST(len == again_len && memcmp(once, twice, len) == 0);
}

static void check_only(struct arena *arena, const char *bytes, size_t size,
    const struct plan *plan)
{
	const char *ref = plan->nrefs ? plan->refs[0].ref : "refs/heads/none";
	struct plan only;
	struct err err;

	memset(&only, 0, sizeof(only));
	if (plan_parse(arena, "only", bytes, size, ref, &only, &err) < 0)
		return;
	MUST(only.nrefs <= plan->nrefs);
	for (size_t i = 0; i < only.nrefs; i++)
		MUST(only.refs[i].is_evidence ||
		    strcmp(only.refs[i].ref, ref) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct plan plan;
	const char *bytes;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	memset(&plan, 0, sizeof(plan));
	bytes = fuzz_text(&arena, data, size);
	if (plan_parse(&arena, "fuzz", bytes, size, NULL, &plan, &err) == 0) {
		check_again(&arena, &plan);
		check_only(&arena, bytes, size, &plan);
	} else {
		MUST(err.kind != ERR_NONE && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
