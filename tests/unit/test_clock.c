#include "base/clock.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "support/unit.h"

START_TEST(clock_now_is_in_this_age)
	{
		ck_assert_int_gt(clock_now(), 1700000000);
		ck_assert_int_lt(clock_now(), 32503680000);
	}
END_TEST

START_TEST(clock_sleeps_at_least_so_long)
	{
		uint64_t start = clock_monotonic_ms();

		clock_sleep_ms(50);
		ck_assert_uint_ge(clock_monotonic_ms() - start, 50);
		clock_sleep_ms(0);
	}
END_TEST

static void wake(int sig)
{
	(void)sig;
}

START_TEST(clock_sleeps_on_after_a_signal)
	{
		const struct itimerval often = { { 0, 10000 }, { 0, 10000 } };
		const struct itimerval never = { { 0, 0 }, { 0, 0 } };
		struct sigaction action;
		uint64_t start = clock_monotonic_ms();

		memset(&action, 0, sizeof(action));
		action.sa_handler = wake;
		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &often, NULL);
		clock_sleep_ms(100);
		setitimer(ITIMER_REAL, &never, NULL);
		signal(SIGALRM, SIG_DFL);
		ck_assert_uint_ge(clock_monotonic_ms() - start, 100);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clock");
	TCase *tcase = unit_case(suite, "clock");

	tcase_add_test(tcase, clock_now_is_in_this_age);
	tcase_add_test(tcase, clock_sleeps_at_least_so_long);
	tcase_add_test(tcase, clock_sleeps_on_after_a_signal);
	return unit_main(suite);
}
