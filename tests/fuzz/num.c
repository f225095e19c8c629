/*
 * Numbers: each reader stays within its ceiling; a number has one spelling; a
 * time and a size that were read, written out, read the same.
 */
#include <string.h>

#include "base/num.h"
#include "fuzz/fuzz.h"

#define SIZE_MAX_BYTES ((uint64_t)1 << 50)
#define WEEK_MINUTES (7 * 24 * 60)

static void check_number(struct arena *arena, const char *s, uint64_t max)
{
	uint64_t n;

	if (!str_to_u64(s, max, &n))
		return;
	MUST(n <= max);
	MUST(
	    strcmp(s, arena_printf(arena, "%llu", (unsigned long long)n)) == 0);
}

static void check_amounts(struct arena *arena, const char *s)
{
	uint64_t n, again;
	unsigned small;

	if (str_to_duration(s, &n))
		MUST(n <= DURATION_MAX_S && *duration_format(arena, n));
	if (str_to_share(s, &small))
		MUST(small <= 10000);
	if (str_to_size(s, &n)) {
		const char *text = size_format(arena, n);

		MUST(n <= SIZE_MAX_BYTES);
		text = arena_strndup(arena, text, strcspn(text, " "));
		MUST(str_to_size(text, &again) && again == n);
	}
}

static void check_times(struct arena *arena, const char *s)
{
	int64_t t, again;
	unsigned minute;
	bool is_day;

	if (str_to_weekminute(s, &minute))
		MUST(minute < WEEK_MINUTES);
	if (!str_to_time(s, &t, &is_day))
		return;
	MUST(t >= 0 && time_weekminute(t) < WEEK_MINUTES);
	MUST(!is_day || t % 86400 == 0);
	MUST(
	    str_to_time(time_format_iso(arena, t), &again, NULL) && again == t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *s;

	arena_init(&arena, ARENA_RUN_MAX);
	s = fuzz_text(&arena, data, size);
	check_number(&arena, s, UINT64_MAX);
	check_number(&arena, s, 1000);
	check_amounts(&arena, s);
	check_times(&arena, s);
	arena_release(&arena);
	return 0;
}
