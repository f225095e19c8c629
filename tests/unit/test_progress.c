#include "tell/progress.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/unit.h"

static int ends[2];
static struct progress progress;

/* A progress that began that long ago and writes into a pipe. */
static void begin(uint64_t ago_ms)
{
	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	progress_init(&progress);
	ck_assert_int_eq(progress.fd, STDERR_FILENO);
	progress.fd = ends[1];
	progress.started_ms = clock_monotonic_ms() - ago_ms;
}

static const char *shown(void)
{
	static char text[1024];
	ssize_t n = read(ends[0], text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void finish(void)
{
	close(ends[0]);
	close(ends[1]);
}

START_TEST(progress_is_as_documented)
	{
		begin(PROGRESS_AFTER_MS);
		progress_step(&progress, "Checking commits", 4500, 10000);
		ck_assert_str_eq(
		    shown(), "Checking commits: 45% (4500/10000)\r");
		progress_end(&progress);
		ck_assert_str_eq(shown(), "\n");
		finish();
	}
END_TEST

START_TEST(progress_is_silent_at_first)
	{
		begin(0);
		for (size_t i = 0; i < 1000; i++)
			progress_step(&progress, "Checking commits", i, 1000);
		progress_end(&progress);
		ck_assert_str_eq(shown(), "");
		finish();
	}
END_TEST

START_TEST(progress_shows_ten_lines_a_second_at_most)
	{
		begin(PROGRESS_AFTER_MS);
		for (size_t i = 1; i <= 1000; i++)
			progress_step(&progress, "Checking commits", i, 1000);
		ck_assert_str_eq(shown(), "Checking commits: 0% (1/1000)\r");
		progress.shown_ms -= PROGRESS_EVERY_MS;
		progress_step(&progress, "Checking commits", 1000, 1000);
		ck_assert_str_eq(
		    shown(), "Checking commits: 100% (1000/1000)\r");
		progress_end(&progress);
		progress_end(&progress);
		ck_assert_str_eq(shown(), "\n");
		finish();
	}
END_TEST

START_TEST(progress_begins_a_line_for_other_work)
	{
		static const char first[] = "Reading", second[] = "Judging";

		begin(PROGRESS_AFTER_MS);
		progress_step(&progress, first, 1, 2);
		progress_step(&progress, second, 1, 4);
		ck_assert_str_eq(
		    shown(), "Reading: 50% (1/2)\r\nJudging: 25% (1/4)\r");
		finish();
	}
END_TEST

START_TEST(progress_without_a_total_counts)
	{
		begin(PROGRESS_AFTER_MS);
		progress_step(&progress, "Reading", 17, 0);
		ck_assert_str_eq(shown(), "Reading: 17\r");
		finish();
	}
END_TEST

START_TEST(progress_never_shows_more_than_all)
	{
		begin(PROGRESS_AFTER_MS);
		progress_step(&progress, "Reading", 17, 10);
		ck_assert_str_eq(shown(), "Reading: 100% (10/10)\r");
		finish();
	}
END_TEST

START_TEST(progress_does_not_wait_for_a_full_terminal)
	{
		char filler[512] = { 0 };
		uint64_t start;

		begin(PROGRESS_AFTER_MS);
		while (write(ends[1], filler, sizeof(filler)) > 0)
			;
		start = clock_monotonic_ms();
		for (size_t i = 0; i < 100; i++)
			progress_step(&progress, "Reading", i, 100);
		progress_end(&progress);
		ck_assert_uint_le(clock_monotonic_ms() - start, 1000);
		finish();
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("progress");
	TCase *tcase = unit_case(suite, "progress");

	tcase_add_test(tcase, progress_is_as_documented);
	tcase_add_test(tcase, progress_is_silent_at_first);
	tcase_add_test(tcase, progress_shows_ten_lines_a_second_at_most);
	tcase_add_test(tcase, progress_begins_a_line_for_other_work);
	tcase_add_test(tcase, progress_without_a_total_counts);
	tcase_add_test(tcase, progress_never_shows_more_than_all);
	tcase_add_test(tcase, progress_does_not_wait_for_a_full_terminal);
	return unit_main(suite);
}
