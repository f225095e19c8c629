/*
 * Foreign bytes: what is shown is one line of printable characters, and shown
 * again it stays as it is; the skeleton of a skeleton of text is itself, and
 * case does not matter to it; characters go to bytes and back.
 */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"

static void check_clean(struct arena *arena, const char *clean)
{
	size_t len = strlen(clean);

	MUST(utf8_valid(clean, len) && !text_has_hidden(clean, len));
	for (const char *p = clean; *p; p++)
		MUST((unsigned char)*p >= ' ' && *p != 0x7f);
	MUST(strcmp(text_clean_s(arena, clean), clean) == 0);
}

static void check_skeleton(struct arena *arena, const char *s, size_t size)
{
	const char *skeleton = text_skeleton(arena, s, size);
	char *upper = arena_strndup(arena, s, size);

	for (size_t i = 0; i < size; i++)
		if (upper[i] >= 'a' && upper[i] <= 'z')
			upper[i] = (char)(upper[i] - 'a' + 'A');
	MUST(strcmp(text_skeleton(arena, upper, size), skeleton) == 0);
	MUST(strcmp(text_skeleton(arena, skeleton, strlen(skeleton)),
		 skeleton) == 0);
}

static void check_characters(const char *s, size_t size)
{
	char again[4];
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < size; i += n ? n : 1) {
		n = utf8_decode(s + i, size - i, &c);
		MUST(n <= 4 && n <= size - i);
		if (n > 0)
			MUST(utf8_put(c, again) == n &&
			    memcmp(again, s + i, n) == 0);
	}
	MUST(utf8_length(s, size) <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *s;

	arena_init(&arena, ARENA_RUN_MAX);
	s = fuzz_text(&arena, data, size);
	check_clean(&arena, text_clean(&arena, s, size));
	check_characters(s, size);
	if (strlen(s) == size && utf8_valid(s, size))
		check_skeleton(&arena, s, size);
	arena_release(&arena);
	return 0;
}
