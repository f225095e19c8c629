#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPEN_DIRS_MAX 16

struct arena unit_arena;

static char before[PATH_MAX]; /* the working directory outside of tests */
static char directory[] = "/tmp/stagegate-unit.XXXXXX";

static void arena_set_up(void)
{
	arena_init(&unit_arena, ARENA_SCRATCH_MAX);
}

static void arena_tear_down(void)
{
	arena_release(&unit_arena);
}

static void dir_set_up(void)
{
	memset(strrchr(directory, '.') + 1, 'X', 6);
	ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
}

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void dir_tear_down(void)
{
	ck_assert_int_eq(chdir(before), 0);
	ck_assert_int_eq(
	    nftw(directory, remove_one, OPEN_DIRS_MAX, FTW_DEPTH | FTW_PHYS),
	    0);
}

TCase *unit_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, arena_set_up, arena_tear_down);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return tcase;
}

TCase *unit_case_in_dir(Suite *suite, const char *name)
{
	TCase *tcase = unit_case(suite, name);

	tcase_add_checked_fixture(tcase, dir_set_up, dir_tear_down);
	return tcase;
}

int unit_main(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int unit_exit_code(void (*function)(void *), void *argument)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (null >= 0)
			dup2(null, 2);
		function(argument);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
