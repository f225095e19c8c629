/*
 * The files of the ledger: a note and a list to which an item was added hold
 * one more; a ref's record, written and read again, is the same.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "record/entryfile.h"

static const struct note_passage passage = { .stage = "testing",
	.ref = "refs/heads/staging",
	.by = "dana: \"\xc3\xa9\" #",
	.at = 1700000000,
	.number = 7,
	.state = PASSAGE_ACCEPTED };

static void check_note(struct arena *arena, const char *bytes, size_t size)
{
	struct note_text text;
	struct note note, more;
	const char *longer;
	struct err err;
	size_t len;

	memset(&note, 0, sizeof(note));
	memset(&more, 0, sizeof(more));
	if (note_parse(arena, "fuzz", bytes, size, &note, &err) < 0)
		return;
	note_begin(&text, arena, bytes, size);
	note_add_passage(&text, &passage, NULL, 0);
	MUST(note_end(&text, &longer, &len, &err) == 0);
	MUST(note_parse(arena, "more", longer, len, &more, &err) == 0);
	MUST(more.npassages == note.npassages + 1);
	MUST(more.nevidence == note.nevidence &&
	    more.squashes.n == note.squashes.n);
	MUST(strcmp(more.passages[note.npassages].by, passage.by) == 0);
}

static void check_list(struct arena *arena, const char *bytes, size_t size)
{
	const struct tree_statement statement = { .gate = "tests",
		.by = "alice",
		.digest = "0123456789012345678901234567890123456789" };
	struct tree_statements list = { NULL, 0, 0 }, more = { NULL, 0, 0 };
	struct note_text text;
	const char *longer;
	struct err err;
	size_t len;

	if (tree_statements_parse(arena, "fuzz", bytes, size, &list, &err) < 0)
		return;
	note_begin(&text, arena, bytes, size);
	tree_add_statement(&text, &statement);
	MUST(note_end(&text, &longer, &len, &err) == 0);
	MUST(tree_statements_parse(arena, "more", longer, len, &more, &err) ==
	    0);
	MUST(more.n == list.n + 1);
}

static void check_record(struct arena *arena, const char *bytes, size_t size)
{
	struct ref_record record, again;
	const char *once, *twice;
	size_t len, again_len;
	struct err err;

	memset(&record, 0, sizeof(record));
	memset(&again, 0, sizeof(again));
	if (ref_record_parse(arena, "fuzz", bytes, size, &record, &err) < 0 ||
	    ref_record_format(arena, &record, &once, &len, &err) < 0)
		return;
	MUST(ref_record_parse(arena, "again", once, len, &again, &err) == 0);
	MUST(ref_record_format(arena, &again, &twice, &again_len, &err) == 0);
	MUST(len == again_len && memcmp(once, twice, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *bytes;

	arena_init(&arena, ARENA_RUN_MAX);
	bytes = fuzz_text(&arena, data, size);
	check_note(&arena, bytes, size);
	check_list(&arena, bytes, size);
	check_record(&arena, bytes, size);
	arena_release(&arena);
	return 0;
}
