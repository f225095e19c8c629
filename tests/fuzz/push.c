/*
 * The command list: one that is read, written again, gives the same bytes.  So
 * nothing in it is passed over and no two lists read alike.
 */
#include <string.h>

#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "judge/push.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct updates updates = { NULL, 0, 0 };
	struct arena arena;
	struct err err;
	struct buf buf;

	arena_init(&arena, ARENA_RUN_MAX);
	buf_init(&buf, &arena, PUSH_BYTES_MAX);
	if (updates_parse(&arena, fuzz_text(&arena, data, size), size, &updates,
		&err) == 0) {
		MUST(updates.n > 0);
		for (size_t i = 0; i < updates.n; i++)
			buf_addf(&buf, "%s %s %s\n",
			    oid_hex(&updates.v[i].old).s,
			    oid_hex(&updates.v[i].new).s, updates.v[i].ref);
		MUST(buf.len == size && memcmp(buf.p, data, size) == 0);
	} else {
		MUST(err.kind != ERR_NONE && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
