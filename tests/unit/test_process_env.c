#include "base/process_env.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"

/* All of this changes the process, so each check runs in a child, which says
 * by its exit code which of its claims failed first. */
static int claims;

static void claim(bool holds)
{
	claims++;
	if (!holds)
		_exit(claims);
}

static void check_hardening(void *unused)
{
	struct sigaction action;
	struct rlimit limit;
	sigset_t blocked;

	(void)unused;
	close_range(0, ~0u, 0);
	signal(SIGTERM, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	sigfillset(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	umask(0);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 20;
	setrlimit(RLIMIT_NOFILE, &limit);

	process_harden();
	for (int fd = 0; fd <= 2; fd++)
		claim(fcntl(fd, F_GETFD) == 0); /* 1 to 3 */
	claim(fcntl(3, F_GETFD) < 0);
	sigaction(SIGTERM, NULL, &action);
	claim(action.sa_handler == SIG_DFL);
	sigaction(SIGCHLD, NULL, &action);
	claim(action.sa_handler == SIG_DFL);
	sigaction(SIGPIPE, NULL, &action);
	claim(action.sa_handler == SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	claim(!sigismember(&blocked, SIGTERM)); /* 8 */
	claim(!sigismember(&blocked, SIGALRM));
	claim(umask(0) == 077);
	claim(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0);
	claim(getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur == limit.rlim_max);
	claim(getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    limit.rlim_cur == limit.rlim_max);
}

START_TEST(process_harden_does_what_it_says)
	{
		ck_assert_int_eq(unit_exit_code(check_hardening, NULL), 0);
	}
END_TEST

static bool is(const char *name, const char *value)
{
	const char *now = environment_get(name);

	if (!value)
		return now == NULL;
	return now && strcmp(now, value) == 0;
}

static void check_reduction(void *unused)
{
	static const char *list[] = { "GL_USERNAME" };
	const struct strings keep = { .v = list, .n = 1, .cap = 1 };
	size_t n = 0;

	(void)unused;
	setenv("GIT_DIR", "/srv/x.git", 1);
	setenv("GIT_OBJECT_DIRECTORY", "o", 1);
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", "alt", 1);
	setenv("GIT_QUARANTINE_PATH", "q", 1);
	setenv("GIT_NAMESPACE", "ns", 1);
	setenv("GIT_PUSH_OPTION_COUNT", "2", 1);
	setenv("GIT_PUSH_OPTION_0", "a=b", 1);
	setenv("GIT_PUSH_OPTION_1", "", 1);
	setenv("GIT_PUSH_OPTION_12345", "x", 1);
	setenv("GIT_PUSH_OPTION_", "x", 1);
	setenv("GIT_PUSH_OPTION_1x", "x", 1);
	setenv("GIT_DIRX", "x", 1);
	setenv("GIT_CONFIG_COUNT", "1", 1);
	setenv("GIT_CONFIG_PARAMETERS", "x", 1);
	setenv("GIT_EXEC_PATH", "/tmp", 1);
	setenv("GIT_NO_REPLACE_OBJECTS", "0", 1);
	setenv("LD_PRELOAD_X", "x", 1);
	setenv("PATH", "/tmp/evil", 1);
	setenv("HOME", "/home/git", 1);
	setenv("TZ", "Asia/Tokyo", 1);
	setenv("GL_USERNAME", "ann", 1);
	setenv("GL_USERNAME2", "x", 1);
	setenv("LANG", "x", 1);

	environment_reduce(&keep);
	claim(is("GIT_DIR", "/srv/x.git"));
	claim(is("GIT_OBJECT_DIRECTORY", "o"));
	claim(is("GIT_ALTERNATE_OBJECT_DIRECTORIES", "alt"));
	claim(is("GIT_QUARANTINE_PATH", "q"));
	claim(is("GIT_NAMESPACE", "ns"));
	claim(is("GIT_PUSH_OPTION_COUNT", "2"));
	claim(is("GIT_PUSH_OPTION_0", "a=b"));
	claim(is("GIT_PUSH_OPTION_1", ""));
	claim(is("GIT_PUSH_OPTION_12345", "x"));
	claim(is("GL_USERNAME", "ann"));
	claim(is("HOME", "/home/git"));
	claim(is("PATH", "/usr/local/bin:/usr/bin:/bin"));
	claim(is("GIT_NO_REPLACE_OBJECTS", "1"));
	for (n = 0; environ[n]; n++)
		;
	claim(n == 13); /* and nothing else */
}

START_TEST(environment_reduce_keeps_what_it_says)
	{
		ck_assert_int_eq(unit_exit_code(check_reduction, NULL), 0);
	}
END_TEST

static void check_odd_entries(void *unused)
{
	static char first[] = "GIT_DIR=first", second[] = "GIT_DIR=second";
	static char nameless[] = "=x", bare[] = "GIT_DIR", empty[] = "";
	static char no_name_end[] = "HOME";
	static char *odd[] = { nameless, bare, empty, no_name_end, first,
		second, NULL };
	size_t n = 0;

	(void)unused;
	environ = odd;
	environment_reduce(NULL);
	claim(is("GIT_DIR", "first"));
	claim(is("HOME", NULL));
	for (n = 0; environ[n]; n++)
		claim(strcmp(environ[n], "GIT_DIR=second") != 0);
	claim(n == 3);
}

START_TEST(environment_reduce_copes_with_odd_entries)
	{
		ck_assert_int_eq(unit_exit_code(check_odd_entries, NULL), 0);
	}
END_TEST

static void check_no_environment(void *unused)
{
	(void)unused;
	environ = NULL;
	environment_reduce(NULL);
	claim(is("PATH", "/usr/local/bin:/usr/bin:/bin"));
	claim(is("GIT_DIR", NULL));
}

START_TEST(environment_reduce_of_nothing)
	{
		ck_assert_int_eq(unit_exit_code(check_no_environment, NULL), 0);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("process_env");
	TCase *tcase = unit_case(suite, "process_env");

	tcase_add_test(tcase, process_harden_does_what_it_says);
	tcase_add_test(tcase, environment_reduce_keeps_what_it_says);
	tcase_add_test(tcase, environment_reduce_copes_with_odd_entries);
	tcase_add_test(tcase, environment_reduce_of_nothing);
	return unit_main(suite);
}
