#ifndef SUPPORT_UNIT_H
#define SUPPORT_UNIT_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * What every unit test program shares.
 *
 *	START_TEST(glob_star_does_not_cross_slash)
 *	..
 *	int main(void)
 *	{
 *		Suite *suite = suite_create("glob");
 *		TCase *tcase = unit_case(suite, "match");
 *
 *		tcase_add_test(tcase, glob_star_does_not_cross_slash);
 *		return unit_main(suite);
 *	}
 *
 * CK_FORK=no runs all tests in one process, for sanitizers and debuggers.
 */
#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))

/* An arena that is new for each test of a unit_case. */
extern struct arena unit_arena;

/* Makes a test case with unit_arena. */
TCase *unit_case(Suite *suite, const char *name);
/* The same, and each test runs in a new empty directory, removed later. */
TCase *unit_case_in_dir(Suite *suite, const char *name);

/* Runs everything and frees the suite; what main() returns. */
int unit_main(Suite *suite);

/* Runs a function in a child process without standard error; its exit code,
 * or 128 + signal. */
int unit_exit_code(void (*function)(void *), void *argument);

#endif
