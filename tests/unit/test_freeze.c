#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "judge/waits.h"
#include "support/unit.h"

/*
 * When a freeze lifts, against a scan that steps through time: what a window
 * holds is asked of libc's calendar, second by second where a window may end
 * within a minute.
 */
#define SETS 4000
#define WINDOWS_MAX 6
#define HOUR_S 3600
#define DAY_S 86400
#define WEEK_S (7 * DAY_S)
#define NEAR_S (20 * DAY_S)
#define YEARS_S ((int64_t)400 * 365 * DAY_S)

static uint64_t seed;

static int64_t random_below(int64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((seed >> 16) % (uint64_t)n);
}

/* ---- the scan ----------------------------------------------------------- */

/* Where libc says that a time of the week is; it is asked once for each set,
 * and seconds are counted from there. */
static int64_t known, known_at;

static int64_t week_second(int64_t t)
{
	return ((known_at + t - known) % WEEK_S + WEEK_S) % WEEK_S;
}

static void ask_libc(int64_t t)
{
	time_t clock = (time_t)t;
	struct tm tm;

	ck_assert_ptr_nonnull(gmtime_r(&clock, &tm));
	known = t;
	/* Sunday is 0 there, Monday is 0 here. */
	known_at = (tm.tm_wday + 6) % 7 * DAY_S + tm.tm_hour * HOUR_S +
	    tm.tm_min * 60 + tm.tm_sec;
}

static bool holds(const struct freeze *freeze, int64_t t)
{
	int64_t from = (int64_t)freeze->from_minute * 60;
	int64_t to = (int64_t)freeze->to_minute * 60;
	int64_t at;

	if (!freeze->weekly)
		return freeze->from <= t && t < freeze->to;
	at = week_second(t);
	if (from < to)
		return from <= at && at < to;
	return at >= from || at < to;
}

static bool frozen(const struct stage *stage, int64_t t)
{
	for (size_t i = 0; i < stage->nfreezes; i++)
		if (holds(&stage->freezes[i], t))
			return true;
	return false;
}

static bool ends_within_minute(const struct stage *stage, int64_t t)
{
	for (size_t i = 0; i < stage->nfreezes; i++) {
		const struct freeze *freeze = &stage->freezes[i];

		if (!freeze->weekly && freeze->from / 60 == t / 60)
			return true;
		if (!freeze->weekly && freeze->to / 60 == t / 60)
			return true;
	}
	return false;
}

/* Of weekly ones a week is enough, after the last that has a date. */
static int64_t scan(const struct stage *stage, int64_t now)
{
	int64_t end = now, t = now;

	for (size_t i = 0; i < stage->nfreezes; i++)
		if (!stage->freezes[i].weekly && stage->freezes[i].to > end)
			end = stage->freezes[i].to;
	end += WEEK_S + 60;
	while (t < end && frozen(stage, t))
		t += ends_within_minute(stage, t) ? 1 : 60 - t % 60;
	return t < end ? t : 0;
}

/* ---- sets of windows ---------------------------------------------------- */

static void random_window(struct freeze *freeze, int64_t now, int64_t grain)
{
	int64_t length = 1 + random_below(4 * DAY_S / grain);
	int64_t from = random_below(WEEK_S / grain);

	*freeze = (struct freeze){ .weekly = random_below(2) == 0 };
	if (freeze->weekly) {
		int64_t minutes = grain < 60 ? 1 : grain / 60;

		freeze->from_minute = (unsigned)(from * minutes % 10080);
		freeze->to_minute = (unsigned)((freeze->from_minute +
						   length * minutes) %
		    10080);
		if (freeze->to_minute == freeze->from_minute)
			freeze->to_minute = (freeze->to_minute + 1) % 10080;
		return;
	}
	freeze->from = (now - NEAR_S / 2) / grain * grain +
	    random_below(NEAR_S / grain) * grain;
	freeze->to = freeze->from + length * grain;
}

static const char *shown(const struct stage *stage, int64_t now)
{
	const char *text = arena_printf(
	    &unit_arena, "now %lld", (long long)now);

	for (size_t i = 0; i < stage->nfreezes; i++) {
		const struct freeze *f = &stage->freezes[i];

		text = f->weekly
		    ? arena_printf(&unit_arena, "%s, weekly %u..%u", text,
			  f->from_minute, f->to_minute)
		    : arena_printf(&unit_arena, "%s, %lld..%lld", text,
			  (long long)f->from, (long long)f->to);
	}
	return text;
}

static void compare(const struct stage *stage, int64_t now)
{
	int64_t lifts = -1, want = scan(stage, now);
	bool held = freeze_lifts(stage, now, &lifts);

	ck_assert_msg(
	    held == frozen(stage, now), "%s: held %d", shown(stage, now), held);
	ck_assert_msg(!held || lifts == want, "%s: lifts %lld, not %lld",
	    shown(stage, now), (long long)lifts, (long long)want);
}

START_TEST(lifts_when_a_scan_says)
	{
		/* Seconds, minutes, hours, half days: windows that begin
		 * and end anywhere, and windows that meet. */
		static const int64_t grains[] = { 1, 60, HOUR_S, DAY_S / 2 };
		int64_t grain = grains[_i];
		struct freeze windows[WINDOWS_MAX];
		struct stage stage = { .freezes = windows };
		int held = 0, ever = 0;

		seed = (uint64_t)_i + 1;
		for (int set = 0; set < SETS; set++) {
			int64_t now = DAY_S * 365 + random_below(YEARS_S);

			ask_libc(now);
			arena_reset(&unit_arena);
			stage.nfreezes = (size_t)(1 +
			    random_below(WINDOWS_MAX));
			for (size_t i = 0; i < stage.nfreezes; i++)
				random_window(&windows[i], now, grain);
			compare(&stage, now);
			compare(&stage, now / grain * grain);
			if (frozen(&stage, now)) {
				held++;
				ever += scan(&stage, now) == 0;
			}
		}
		/* The sets were worth their while. */
		ck_assert_int_gt(held, SETS / 10);
		ck_assert_int_lt(held, SETS);
		ck_assert_int_gt(ever, 0);
	}
END_TEST

/* The second before, and the very second, of both ends of each window. */
START_TEST(ends_hold_to_the_second)
	{
		struct freeze windows[WINDOWS_MAX];
		struct stage stage = { .freezes = windows, .nfreezes = 1 };

		seed = 77;
		for (int set = 0; set < SETS; set++) {
			int64_t now = DAY_S * 365 + random_below(YEARS_S);
			struct freeze *f = &windows[0];
			int64_t from, to;

			ask_libc(now);
			random_window(f, now, set % 2 ? 1 : HOUR_S);
			from = f->from;
			to = f->to;
			if (f->weekly) {
				from = now - week_second(now) +
				    (int64_t)f->from_minute * 60;
				to = now - week_second(now) +
				    (int64_t)f->to_minute * 60;
			}
			for (int64_t off = -1; off <= 1; off++) {
				compare(&stage, from + off);
				compare(&stage, to + off);
			}
			ck_assert(frozen(&stage, from));
			ck_assert(!frozen(&stage, from - 1));
			ck_assert(frozen(&stage, to - 1));
			ck_assert(!frozen(&stage, to));
		}
	}
END_TEST

/* More windows than anybody writes, each leading into the next: a chain of
 * days, gaps of which weekly ones fill. */
START_TEST(long_chains_end)
	{
		static struct freeze windows[5001];
		struct stage stage = { .freezes = windows, .nfreezes = 5001 };
		int64_t monday = (int64_t)4 * DAY_S, lifts;

		/* The last first, so that one round finds one more. */
		for (int64_t i = 0; i < 5000; i++)
			windows[4999 - i] = (struct freeze){ .from = monday +
				    i * WEEK_S,
				.to = monday + i * WEEK_S + 6 * DAY_S };
		windows[5000] = (struct freeze){ .weekly = true,
			.from_minute = 6 * 24 * 60,
			.to_minute = 0 };
		ck_assert(freeze_lifts(&stage, monday, &lifts));
		ck_assert_int_eq(lifts, monday + 5000 * (int64_t)WEEK_S);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("freeze");
	TCase *tcase = unit_case(suite, "lifts");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, lifts_when_a_scan_says, 0, 4);
	tcase_add_test(tcase, ends_hold_to_the_second);
	tcase_add_test(tcase, long_chains_end);
	return unit_main(suite);
}
