/*
 * A tag: the header of one that is canonical, written again, gives the same
 * bytes, and its message is the rest.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "judge/commit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *bytes, *head;
	struct tag tag;

	arena_init(&arena, ARENA_RUN_MAX);
	memset(&tag, 0, sizeof(tag));
	bytes = fuzz_text(&arena, data, size);
	if (!tag_parse(&arena, bytes, size, &tag)) {
		head = arena_printf(&arena, "object %s\ntype %s\ntag %s\n",
		    oid_hex(&tag.target).s, tag.type, tag.name);
		MUST(strncmp(bytes, head, strlen(head)) == 0);
		MUST(*tag.name && strlen(tag.message) == tag.message_len);
		MUST(tag.message_len < size);
		MUST(memcmp(tag.message, bytes + size - tag.message_len,
			 tag.message_len) == 0);
	}
	arena_release(&arena);
	return 0;
}
