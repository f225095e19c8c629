/* What /proc says about a process: one that is found has a parent's number or
 * is gone, and a command line is what it is however it is cut. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "record/owner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct process_stat stat = { 0 };
	struct arena arena;
	const char *bytes;

	arena_init(&arena, ARENA_RUN_MAX);
	bytes = fuzz_text(&arena, data, size);
	if (process_stat_parse(&arena, bytes, &stat))
		MUST(strchr(bytes, ')') != NULL);
	if (argv_is_receive_pack(bytes, size))
		MUST(memmem(bytes, size, "receive-pack",
			 strlen("receive-pack")) != NULL);
	arena_release(&arena);
	return 0;
}
