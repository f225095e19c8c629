/*
 * A tree: in one that is canonical each entry has one of the five modes and a
 * name that leads nowhere else, and names rise in git's order.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "judge/commit.h"

static const char *const modes[] = { "100644 ", "100755 ", "120000 ", "160000 ",
	"40000 " };

static size_t mode_len(const char *entry)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (strncmp(entry, modes[i], strlen(modes[i])) == 0)
			return strlen(modes[i]);
	abort();
}

static void check(struct arena *arena, const char *bytes, size_t size)
{
	const char *last = "";

	for (size_t at = 0; at < size;) {
		size_t mode = mode_len(bytes + at);
		const char *name = bytes + at + mode;
		const char *sort = mode == strlen("40000 ") ? "/" : "";
		const char *key = arena_printf(arena, "%s%s", name, sort);

		MUST(*name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
		    strcmp(name, "..") != 0 && strcasecmp(name, ".git") != 0);
		MUST(strcmp(last, key) < 0);
		last = key;
		at += mode + strlen(name) + 1 + OID_SIZE;
		MUST(at <= size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *bytes;

	arena_init(&arena, ARENA_RUN_MAX);
	bytes = fuzz_text(&arena, data, size);
	if (!tree_complaint(&arena, bytes, size))
		check(&arena, bytes, size);
	arena_release(&arena);
	return 0;
}
