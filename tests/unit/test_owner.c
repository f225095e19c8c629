#include "record/owner.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/process.h"
#include "base/text.h"
#include "support/unit.h"

#define ROLE "UNIT_ROLE"
#define TIMEOUT_MS 20000u

/* ---- what this program is when the tests start it again -------------- */

/* The hook: says whom it works for. */
static int ask(void)
{
	struct plan_owner owner;
	struct arena arena;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	plan_owner_find(&arena, &owner);
	printf("owner %d %llu %llu\n", owner.known,
	    (unsigned long long)owner.pid, (unsigned long long)owner.start);
	arena_release(&arena);
	return 0;
}

/* Whatever git stands for: says who it is, and runs the hook as hooks/<name>.d
 * runners do. */
static int serve(const char *hook)
{
	pid_t pid;

	printf("pid %ld\n", (long)getpid());
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setenv(ROLE, "ask", 1);
		execl("/bin/sh", "sh", "-c",
		    "sh -c '\"$0\"; :' \"$0\"; :", hook, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

/* ---- a chain of real processes --------------------------------------- */

static const char *self(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	ck_assert_int_gt(n, 0);
	return arena_strndup(&unit_arena, path, (size_t)n);
}

static void copy_self(const char *name)
{
	struct err err = { 0 };
	char *bytes;
	size_t len;

	ck_assert_int_eq(
	    file_read(&unit_arena, self(), (size_t)1 << 28, &bytes, &len, &err),
	    0);
	ck_assert_msg(
	    file_replace(name, bytes, len, 0755, &err) == 0, "%s", err.text);
}

/* Runs argv with the program `name` as its executable; what it printed. */
static const char *run_as(const char *name, const char *const *argv)
{
	const char *const envp[] = { ROLE "=serve", "PATH=/bin:/usr/bin",
		arena_printf(&unit_arena, "HOOK=%s", self()), NULL };
	char cwd[PATH_MAX];
	const char *words[8] = { 0 };
	struct process process = { .argv = words,
		.envp = envp,
		.output_max = 4096,
		.timeout_ms = TIMEOUT_MS };
	struct process_result result;
	struct err err = { 0 };

	copy_self(name);
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof(cwd)));
	words[0] = arena_printf(&unit_arena, "%s/%s", cwd, name);
	for (size_t i = 0; argv[i]; i++)
		words[i + 1] = argv[i];
	ck_assert_msg(process_run(&unit_arena, &process, &result, &err) == 0,
	    "%s", err.text);
	ck_assert_int_eq(result.status, 0);
	return result.output;
}

static void check_owner(const char *output, bool is_first)
{
	unsigned long long pid, owner, start;
	int known;

	ck_assert_msg(sscanf(output, "pid %llu owner %d %llu %llu", &pid,
			  &known, &owner, &start) == 4,
	    "%s", output);
	/* Further up there may be a real receive-pack. */
	ck_assert_int_eq(known && owner == pid, is_first);
	if (is_first)
		ck_assert_uint_gt(start, 0);
}

static const struct {
	const char *name;
	const char *argv[5];
	bool is_owner;
} chains[] = {
	{ "git-receive-pack", { "/srv/r.git" }, true },
	{ "git", { "receive-pack", "/srv/r.git" }, true },
	{ "git", { "-c", "receive-pack=1", "receive-pack", "x" }, true },
	{ "git", { "-C", "push", "--bare", "receive-pack" }, true },
	{ "git (a) 1 2", { "receive-pack", "." }, true },
	{ "git", { "push", "receive-pack" }, false },
	{ "git", { "-C", "receive-pack" }, false },
	{ "git", { NULL }, false },
	{ "gitaly", { "hook", "receive-pack" }, false },
	{ "receive-pack", { "receive-pack" }, false },
	{ "agit-receive-pack", { "receive-pack" }, false },
};

START_TEST(owner_is_the_nearest_receive_pack)
	{
		check_owner(run_as(chains[_i].name, chains[_i].argv),
		    chains[_i].is_owner);
	}
END_TEST

/* ---- pieces ---------------------------------------------------------- */

START_TEST(stat_is_read_whatever_the_name)
	{
		struct process_stat st;

		ck_assert(process_stat_parse(&unit_arena,
		    "12 (a) b (c) S 34 12 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 "
		    "0 1 0 98765 1 2\n",
		    &st));
		ck_assert_uint_eq(st.parent, 34);
		ck_assert_uint_eq(st.start, 98765);
		ck_assert(!st.gone);
		ck_assert(process_stat_parse(&unit_arena,
		    "12 (x) Z 1 12 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 7 "
		    "1 2\n",
		    &st));
		ck_assert(st.gone);
		ck_assert(!process_stat_parse(&unit_arena, "", &st));
		ck_assert(!process_stat_parse(&unit_arena, "12 (x", &st));
		ck_assert(!process_stat_parse(&unit_arena, "12 (x) S 1", &st));
		ck_assert(
		    !process_stat_parse(&unit_arena, "12 (x) S -1 2", &st));
	}
END_TEST

START_TEST(owners_are_the_same_only_where_known)
	{
		struct plan_owner a = { true, "b", "n", 1, 2 }, b = a;

		ck_assert(plan_owner_same(&a, &b));
		b.start = 3;
		ck_assert(!plan_owner_same(&a, &b));
		b = a;
		b.boot = "c";
		ck_assert(!plan_owner_same(&a, &b));
		b = a;
		b.pid_namespace = "m";
		ck_assert(!plan_owner_same(&a, &b));
		b = a;
		b.known = false;
		ck_assert(!plan_owner_same(&a, &b));
		a.known = false;
		ck_assert(!plan_owner_same(&a, &b));
	}
END_TEST

/* ---- live ------------------------------------------------------------ */

static struct plan plan_of(pid_t pid)
{
	struct plan plan = { .at = 1000, .lease_until = 2000 };
	struct process_stat st;
	struct err err;
	char *text;
	size_t len;

	plan_owner_find(&unit_arena, &plan.owner);
	ck_assert_int_eq(
	    file_read(&unit_arena,
		arena_printf(&unit_arena, "/proc/%ld/stat", (long)pid), 4096,
		&text, &len, &err),
	    0);
	ck_assert(process_stat_parse(&unit_arena, text, &st));
	plan.owner.known = true;
	plan.owner.pid = (uint64_t)pid;
	plan.owner.start = st.start;
	return plan;
}

static bool becomes_dead(const struct plan *plan)
{
	for (int i = 0; i < 500; i++) {
		if (!plan_is_live(plan, 1500))
			return true;
		usleep(10000);
	}
	return false;
}

START_TEST(plan_lives_as_long_as_its_owner)
	{
		struct plan plan, other;
		pid_t pid = fork();

		if (pid == 0) {
			pause();
			_exit(0);
		}
		plan = plan_of(pid);
		ck_assert(plan_is_live(&plan, 1500));
		ck_assert(plan_is_live(&plan, 999999)); /* no lease */
		other = plan;
		other.owner.start++; /* the number was given to another */
		ck_assert(!plan_is_live(&other, 1500));
		kill(pid, SIGKILL);
		ck_assert(becomes_dead(&plan)); /* though not reaped */
		waitpid(pid, NULL, 0);
		ck_assert(!plan_is_live(&plan, 1500));
	}
END_TEST

START_TEST(plan_without_owner_is_a_lease)
	{
		struct plan plan = plan_of(getpid());

		plan.owner.known = false;
		ck_assert(plan_is_live(&plan, 1000));
		ck_assert(plan_is_live(&plan, 1999));
		ck_assert(!plan_is_live(&plan, 2000));
		/* A clock that was set back by much ends it. */
		ck_assert(plan_is_live(&plan, 990));
		ck_assert(!plan_is_live(&plan, 1000 - 86400));
		plan = plan_of(getpid());
		plan.owner.pid_namespace = "1";
		ck_assert(plan_is_live(&plan, 1999));
		ck_assert(!plan_is_live(&plan, 2000));
		plan.owner.boot = "";
		ck_assert(plan_is_live(&plan, 1999));
	}
END_TEST

/* Without descriptors /proc does not read; the owner runs all the same. */
START_TEST(plan_is_not_dead_because_proc_does_not_read)
	{
		const struct rlimit none = { 0, 0 };
		struct plan plan = plan_of(getpid()), gone = plan;
		pid_t pid = fork();
		int status;

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
		gone.owner.pid = (uint64_t)pid;
		pid = fork();
		if (pid == 0) {
			setrlimit(RLIMIT_NOFILE, &none);
			_exit((plan_is_live(&plan, 1999) ? 0 : 1) +
			    (plan_is_live(&plan, 2000) ? 2 : 0) +
			    (plan_is_live(&gone, 1999) ? 4 : 0));
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 0);
	}
END_TEST

START_TEST(plan_of_another_boot_is_dead)
	{
		struct plan plan = plan_of(getpid());

		plan.owner.boot = "00000000-0000-0000-0000-000000000000";
		ck_assert(!plan_is_live(&plan, 1500));
		plan.owner.known = false;
		ck_assert(!plan_is_live(&plan, 1500));
	}
END_TEST

int main(void)
{
	const char *role = getenv(ROLE), *hook = getenv("HOOK");
	Suite *suite;
	TCase *tcase;

	if (role && strcmp(role, "ask") == 0)
		return ask();
	if (role && hook)
		return serve(hook);
	suite = suite_create("owner");
	tcase = unit_case_in_dir(suite, "processes");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(
	    tcase, owner_is_the_nearest_receive_pack, 0, COUNT(chains));
	tcase = unit_case(suite, "owner");
	tcase_add_test(tcase, stat_is_read_whatever_the_name);
	tcase_add_test(tcase, owners_are_the_same_only_where_known);
	tcase = unit_case(suite, "live");
	tcase_add_test(tcase, plan_lives_as_long_as_its_owner);
	tcase_add_test(tcase, plan_without_owner_is_a_lease);
	tcase_add_test(tcase, plan_is_not_dead_because_proc_does_not_read);
	tcase_add_test(tcase, plan_of_another_boot_is_dead);
	return unit_main(suite);
}
