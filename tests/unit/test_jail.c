#include "base/jail.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/treeremove.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define LONG_MS 60000 /* never reached by a test that passes */

static const char *folder;

/* The private folder, as whoever runs programs makes it. */
static void make_folder(void)
{
	folder = scratch_sh("rm -rf private && mkdir private && cd private && "
			    "mkdir tree home tmp root && pwd -P");
	if (jail_gives_away())
		scratch_sh("chown -R %u:%u private", JAIL_NOBODY, JAIL_NOBODY);
}

struct told {
	struct jail_end end;
	const char *output;
};

/* What is there when the program has ended. */
static void read_all(struct jail_run *run, struct buf *buf)
{
	char bytes[4096];
	struct pollfd fds[] = { { .fd = run->pidfd, .events = POLLIN },
		{ .fd = run->out, .events = POLLIN } };
	bool ended = false;
	ssize_t got;

	while (!ended) {
		ck_assert_int_gt(poll(fds, 2, LONG_MS), 0);
		ended = fds[0].revents != 0;
		while ((got = read(run->out, bytes, sizeof(bytes))) > 0)
			buf_add(buf, bytes, (size_t)got);
		if (got == 0)
			fds[1].fd = -1;
	}
}

/* Runs `sh -c script` in a jail that is like that. */
static struct told run_in(const char *script, struct jail jail)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	static const char *const envp[] = { "PATH=/usr/bin:/bin", "A=b", NULL };
	struct told told = { .output = "" };
	struct jail_run run;
	struct buf buf;
	struct err err;
	bool denied;

	make_folder();
	buf_init(&buf, &unit_arena, 1 << 20);
	jail.argv = argv;
	jail.envp = envp;
	jail.folder = folder;
	jail.memory = jail.memory ? jail.memory : (uint64_t)1 << 32;
	jail.seconds = jail.seconds ? jail.seconds : 100;
	ck_assert_msg(
	    jail_start(&jail, &run, &denied, &err) == 0, "%s", err.text);
	read_all(&run, &buf);
	ck_assert_msg(
	    jail_reap(&run, argv[0], &told.end, &err) == 0, "%s", err.text);
	close(run.out);
	told.output = buf.p;
	return told;
}

static bool can_shut_in(void)
{
	return scratch_status(
		   "unshare -Urnm mount -t tmpfs none /mnt 2>/dev/null") == 0;
}

/* What root runs must be shut in, what others run where they can. */
static struct jail some_jail(void)
{
	return (struct jail){ .open = !can_shut_in() };
}

static bool nothing_can_run(void)
{
	return !can_shut_in() && geteuid() == 0;
}

static const struct {
	const char *script;
	int status, signal;
	const char *output;
} rows[] = {
	{ "true", 0, 0, "" },
	{ "exit 7", 7, 0, "" },
	{ "exit 255", 255, 0, "" },
	{ "kill -SEGV $$", 0, SIGSEGV, "" },
	{ "kill -KILL $$", 0, SIGKILL, "" },
	{ "echo out; echo err >&2", 0, 0, "out\nerr\n" },
	{ "cat; echo $A $HOME", 0, 0, "b\n" },
	{ "basename $(pwd)", 0, 0, "tree\n" },
	{ "trap", 0, 0, "" }, /* no signal is ignored */
	{ "sleep 100 & exit 3", 3, 0, "" },
	{ "(setsid sleep 100 &) & exit 4", 4, 0, "" },
	{ "ulimit -c; ulimit -n", 0, 0, "0\n1024\n" },
	{ "grep -c '^NoNewPrivs:.1' /proc/self/status", 0, 0, "1\n" },
	{ "exec >&- 2>&-; exit 5", 5, 0, "" },
};

START_TEST(jail_answers)
	{
		struct told told;

		if (nothing_can_run())
			return;
		told = run_in(rows[_i].script, some_jail());
		ck_assert_str_eq(told.output, rows[_i].output);
		ck_assert_int_eq(told.end.status, rows[_i].status);
		ck_assert_int_eq(told.end.signal, rows[_i].signal);
	}
END_TEST

START_TEST(jail_shows_no_other_file)
	{
		struct jail jail = { .network = false };
		struct told told;

		if (!can_shut_in())
			return;
		scratch_sh("echo secret >secret && chmod 755 . && "
			   "chmod 644 secret");
		told = run_in(
		    arena_printf(&unit_arena,
			"cat %s/secret; ls / | tr '\\n' ' '; echo; "
			"ls -d /stagegate/*; echo x >/etc/x; echo x >/x; "
			"echo y >y && echo own; ls /proc | grep -c '^[0-9]'",
			scratch_sh("pwd -P")),
		    jail);
		ck_assert_ptr_null(strstr(told.output, "secret\n"));
		ck_assert_ptr_nonnull(strstr(told.output, "own\n"));
		ck_assert_ptr_nonnull(strstr(told.output, "Read-only"));
		ck_assert_ptr_nonnull(strstr(told.output, "stagegate tmp usr"));
	}
END_TEST

/* An account's own configuration is for its eyes: here root's. */
START_TEST(jail_hides_what_is_private)
	{
		struct jail jail = { .network = false };
		struct told told;

		if (!can_shut_in())
			return;
		told = run_in("cat /etc/shadow 2>/dev/null | wc -c; "
			      "test -c /etc/shadow && echo covered; "
			      "test -s /etc/passwd && echo shown",
		    jail);
		ck_assert_str_eq(told.output,
		    geteuid() == 0 ? "0\ncovered\nshown\n" : "0\nshown\n");
	}
END_TEST

START_TEST(jail_hides_and_shows)
	{
		struct jail jail = { .network = false };
		struct told told;
		const char *here;

		if (!can_shut_in())
			return;
		here = scratch_sh("mkdir checks checks/hidden && chmod 755 . "
				  "checks checks/hidden && echo 1 >checks/open "
				  "&& echo 2 >checks/hidden/x && "
				  "echo 3 >checks/key && cd checks && pwd -P");
		jail.program = here;
		strings_add(&unit_arena, &jail.hidden,
		    arena_printf(&unit_arena, "%s/hidden", here));
		strings_add(&unit_arena, &jail.hidden,
		    arena_printf(&unit_arena, "%s/key", here));
		told = run_in(arena_printf(&unit_arena,
				  "cd %s; cat open key hidden/x 2>/dev/null; "
				  "touch z 2>/dev/null || echo no",
				  here),
		    jail);
		ck_assert_str_eq(told.output, "1\nno\n");
	}
END_TEST

START_TEST(jail_has_no_network)
	{
		struct jail jail = { .network = false };
		static const char script[] =
		    "tail -n +3 /proc/net/dev | tr -d ' ' | cut -d: -f1";

		if (!can_shut_in())
			return;
		ck_assert_str_eq(run_in(script, jail).output, "lo\n");
		jail.network = true;
		ck_assert_str_eq(run_in(script, jail).output,
		    arena_printf(
			&unit_arena, "%s\n", scratch_sh("%s", script)));
	}
END_TEST

START_TEST(jail_bounds_memory)
	{
		struct jail jail = some_jail();

		if (nothing_can_run())
			return;
		jail.memory = (uint64_t)64 << 20;
		ck_assert_str_eq(
		    run_in("perl -e '$x = \"x\" x 100000000; print 1' "
			   "2>/dev/null; echo $((!!$?))",
			jail)
			.output,
		    "1\n");
	}
END_TEST

START_TEST(jail_bounds_memory_of_all_together)
	{
		struct jail jail = { .network = false };
		struct told told;

		if (!can_shut_in())
			return;
		jail.memory = (uint64_t)200 << 20;
		told = run_in(
		    "for i in 1 2 3 4 5; do perl -e '$x = \"x\" x 60000000; "
		    "sleep 1000' & done; sleep 1000",
		    jail);
		ck_assert(told.end.memory);
		/* What forks share counts once. */
		told = run_in("perl -e '$x = \"x\" x 60000000; for (1 .. 5) { "
			      "fork or do { sleep 1; exit } } sleep 1'; exit 3",
		    jail);
		ck_assert(!told.end.memory);
		ck_assert_int_eq(told.end.status, 3);
	}
END_TEST

START_TEST(jail_bounds_processor_time)
	{
		struct jail jail = some_jail();

		if (nothing_can_run())
			return;
		jail.seconds = 1;
		ck_assert_int_ne(
		    run_in("while :; do :; done", jail).end.signal, 0);
	}
END_TEST

START_TEST(jail_is_ended_with_all_in_it)
	{
		static const char *const argv[] = { "/bin/sh", "-c",
			"(trap '' TERM; setsid sleep 4242) & echo up; "
			"trap '' TERM HUP INT; sleep 4242; sleep 4242",
			NULL };
		static const char *const envp[] = { "PATH=/usr/bin:/bin",
			NULL };
		struct jail jail = some_jail();
		struct jail_run run;
		struct jail_end end;
		struct pollfd out;
		struct err err;
		bool denied;

		if (nothing_can_run())
			return;
		make_folder();
		jail.argv = argv;
		jail.envp = envp;
		jail.folder = folder;
		jail.memory = (uint64_t)1 << 32;
		jail.seconds = 100;
		ck_assert_int_eq(jail_start(&jail, &run, &denied, &err), 0);
		out = (struct pollfd){ .fd = run.out, .events = POLLIN };
		ck_assert_int_eq(poll(&out, 1, LONG_MS), 1);
		jail_end(&run);
		ck_assert_int_eq(jail_reap(&run, argv[0], &end, &err), 0);
		ck_assert_int_ne(end.signal, 0);
		close(run.out);
		ck_assert_int_ne(scratch_status("pgrep -f '^sleep 424[2]'"), 0);
	}
END_TEST

START_TEST(jail_says_what_can_not_be_started)
	{
		static const char *const argv[] = { "/usr/bin/no-such-program",
			NULL };
		static const char *const envp[] = { NULL };
		struct jail jail = some_jail();
		struct jail_run run;
		struct jail_end end;
		struct err err;
		bool denied;

		if (nothing_can_run())
			return;
		make_folder();
		jail.argv = argv;
		jail.envp = envp;
		jail.folder = folder;
		jail.memory = (uint64_t)1 << 32;
		jail.seconds = 100;
		ck_assert_int_eq(jail_start(&jail, &run, &denied, &err), 0);
		ck_assert_int_eq(jail_reap(&run, "it", &end, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert_str_eq(
		    err.text, "cannot start 'it': No such file or directory");
		close(run.out);
	}
END_TEST

START_TEST(jail_that_is_open_is_not_for_root)
	{
		const struct jail jail = { .open = true };
		struct jail_run run;
		struct err err;
		bool denied = true;

		if (geteuid() != 0)
			return;
		ck_assert_int_eq(jail_start(&jail, &run, &denied, &err), -1);
		ck_assert(!denied);
	}
END_TEST

/* ---- what is left ----------------------------------------------------- */

static const char *const left[] = {
	"mkdir t",
	"mkdir t && : >t/a && ln -s / t/b && ln -s nowhere t/c",
	"mkdir -p t/1/2 t/0/1/0 && : >t/1/0 && : >t/0/1/0/1",
	"mkdir -p t/a/b && : >t/a/b/c && chmod 000 t/a/b && chmod 500 t/a t",
	"mkdir t && mkfifo t/fifo && mkdir t/.hidden",
	"mkdir t && for i in $(seq 300); do mkdir -p t/$i/$i; done",
	"mkdir t && perl -e 'chdir \"t\"; for (1 .. 400) { mkdir \"x\" x 100; "
	"chdir \"x\" x 100 or die }'",
};

START_TEST(tree_is_removed)
	{
		struct err err;

		scratch_sh("mkdir other && echo 1 >other/f && %s", left[_i]);
		scratch_sh("ln -s ../other t/zz 2>/dev/null || :");
		ck_assert_msg(tree_remove("t", &err) == 0, "%s", err.text);
		ck_assert_str_eq(scratch_sh("ls; cat other/f"), "other\n1");
	}
END_TEST

START_TEST(tree_that_is_none_is_said)
	{
		struct err err;

		scratch_sh("mkdir other && : >other/f && ln -s other t");
		ck_assert_int_eq(tree_remove("t", &err), -1);
		ck_assert_int_eq(tree_remove("nothing", &err), -1);
		ck_assert_str_eq(scratch_sh("ls other"), "f");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jail");
	TCase *jail = unit_case_in_dir(suite, "jail");
	TCase *remove = unit_case_in_dir(suite, "remove");

	tcase_set_timeout(jail, 120);
	tcase_add_loop_test(jail, jail_answers, 0, COUNT(rows));
	tcase_add_test(jail, jail_shows_no_other_file);
	tcase_add_test(jail, jail_hides_what_is_private);
	tcase_add_test(jail, jail_hides_and_shows);
	tcase_add_test(jail, jail_has_no_network);
	tcase_add_test(jail, jail_bounds_memory);
	tcase_add_test(jail, jail_bounds_memory_of_all_together);
	tcase_add_test(jail, jail_bounds_processor_time);
	tcase_add_test(jail, jail_is_ended_with_all_in_it);
	tcase_add_test(jail, jail_says_what_can_not_be_started);
	tcase_add_test(jail, jail_that_is_open_is_not_for_root);
	tcase_add_loop_test(remove, tree_is_removed, 0, COUNT(left));
	tcase_add_test(remove, tree_that_is_none_is_said);
	return unit_main(suite);
}
