/*
 * A CODEOWNERS file, its first line being a path that is asked for: every line
 * is a rule, a complaint or nothing; the rule found is the last that is a
 * match.
 */
#include <string.h>

#include "base/glob.h"
#include "fuzz/fuzz.h"
#include "judge/codeowners.h"

/* Matching takes text times pattern. */
#define PATH_MAX_BYTES 512
#define RULES_MAX 64

static bool matches(const struct codeowners_rule *rule, const char *path)
{
	return glob_match(rule->glob, path) ||
	    (rule->below && glob_match(rule->below, path));
}

static void check(const struct codeowners *owners, const char *path)
{
	const struct codeowners_rule *found = codeowners_find(owners, path);

	for (size_t i = 0; i < owners->n; i++) {
		const struct codeowners_rule *rule = &owners->v[i];

		MUST(rule->line > (i > 0 ? owners->v[i - 1].line : 0));
		for (size_t k = 0; k < rule->owners.n; k++)
			MUST(strchr(rule->owners.v[k], '@'));
		if (found && i < (size_t)(found - owners->v))
			continue;
		MUST(matches(rule, path) == (rule == found));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct codeowners owners;
	const char *bytes, *path;
	struct arena arena;
	size_t len;

	arena_init(&arena, ARENA_RUN_MAX);
	bytes = fuzz_text(&arena, data, size);
	len = strcspn(bytes, "\n");
	path = arena_strndup(
	    &arena, bytes, len < PATH_MAX_BYTES ? len : PATH_MAX_BYTES);
	len += len < size;
	codeowners_parse(&arena, bytes + len, size - len, &owners);
	MUST(owners.n + owners.complaints.n <= size - len + 1);
	if (owners.n <= RULES_MAX)
		check(&owners, path);
	arena_release(&arena);
	return 0;
}
