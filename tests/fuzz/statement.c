/*
 * A statement: what is read has all that is required and a replay key that
 * depends on the person; what is not has a code and a sentence.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "judge/statement.h"

static void check(struct arena *arena, const char *bytes, size_t size,
    const struct statement *statement)
{
	const char *key = statement_replay_key(
	    arena, bytes, statement, "alice");

	MUST(statement->gate && *statement->gate && statement->tag_name);
	MUST(!oid_is_zero(&statement->commit));
	MUST(statement->unsigned_len <= size);
	MUST(statement->is_signed == (statement->unsigned_len < size));
	MUST(statement->report_len == 0 || statement->report);
	MUST(strlen(key) == OID_HEX);
	MUST(strcmp(key,
		 statement_replay_key(arena, bytes, statement, "bob")) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct statement statement;
	const char *why = NULL;
	const char *bytes;
	struct arena arena;
	enum code code;

	arena_init(&arena, ARENA_RUN_MAX);
	bytes = fuzz_text(&arena, data, size);
	code = statement_parse(&arena, bytes, size, &statement, &why);
	if (code == CODE_COUNT)
		check(&arena, bytes, size, &statement);
	else
		MUST(why && *why);
	arena_release(&arena);
	return 0;
}
