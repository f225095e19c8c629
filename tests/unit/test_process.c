#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/num.h"
#include "support/unit.h"

#define LONG_MS 30000 /* never reached by a test that passes */

/* Runs `sh -c script` with what else the process says. */
static struct process_result run_shell(
    const char *script, struct process process)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	struct process_result result = { .status = -1 };
	struct err err = { 0 };

	process.argv = argv;
	if (process.output_max == 0)
		process.output_max = 1 << 20;
	if (process.timeout_ms == 0)
		process.timeout_ms = LONG_MS;
	ck_assert_msg(process_run(&unit_arena, &process, &result, &err) == 0,
	    "%s", err.text);
	return result;
}

static const struct {
	const char *script;
	int status;
	const char *output;
} rows[] = {
	{ "true", 0, "" }, { "false", 1, "" }, { "exit 100", 100, "" },
	{ "exit 255", 255, "" }, { "/nowhere/at/all", 127, "" },
	{ "kill -TERM $$", 128 + SIGTERM, "" },
	{ "kill -KILL $$", 128 + SIGKILL, "" },
	{ "kill -SEGV $$", 128 + SIGSEGV, "" },
	{ "kill -PIPE $$; echo no", 128 + SIGPIPE, "" },
	{ "echo out; echo err >&2", 0, "out\n" }, { "printf 'a\\0b'", 0, "a" },
	{ "cat", 0, "" }, /* no input is an empty one */
	{ "exec >&-; exit 3", 3, "" },
	{ "exec <&- >&- 2>&-; sleep 0.1; exit 4", 4, "" },
	{ "/usr/bin/env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=", 1,
	    "" }, /* an empty environment, but for what sh makes */
};

START_TEST(process_answers)
	{
		struct process_result result = run_shell(
		    rows[_i].script, (struct process){ 0 });

		ck_assert_int_eq(result.status, rows[_i].status);
		ck_assert_str_eq(result.output, rows[_i].output);
		ck_assert(!result.timed_out);
		ck_assert(!result.output_cut);
	}
END_TEST

START_TEST(process_gets_argv_without_a_shell)
	{
		const char *const argv[] = { "/bin/echo", "$(id)", ";", "a  b",
			"*", "", "'", NULL };
		const struct process process = { .argv = argv,
			.output_max = 100 };
		struct process_result result;
		struct err err;

		ck_assert_int_eq(
		    process_run(&unit_arena, &process, &result, &err), 0);
		ck_assert_str_eq(result.output, "$(id) ; a  b *  '\n");
	}
END_TEST

START_TEST(process_gets_the_environment_that_it_is_given)
	{
		static const char *const envp[] = { "STAGE=testing",
			"EMPTY=", NULL };
		struct process_result result = run_shell(
		    "echo \"$STAGE,${EMPTY-unset},${HOME-unset}\"",
		    (struct process){ .envp = envp });

		ck_assert_str_eq(result.output, "testing,,unset\n");
	}
END_TEST

START_TEST(process_can_be_handed_a_file_without_a_name)
	{
		const char bytes[] = "secret\0more";
		struct process_result result = run_shell(
		    "cat " PROCESS_FILE " " PROCESS_FILE
		    "; cat; ls -l /proc/$$/fd | grep -c memfd",
		    (struct process){ .file = bytes,
			.file_len = sizeof(bytes),
			.input = "in\n",
			.input_len = 3 });

		ck_assert_uint_eq(result.output_len, 2 * sizeof(bytes) + 5);
		ck_assert_mem_eq(result.output, bytes, sizeof(bytes));
		ck_assert_mem_eq(
		    result.output + sizeof(bytes), bytes, sizeof(bytes));
		ck_assert_str_eq(result.output + 2 * sizeof(bytes), "in\n1\n");
		ck_assert_int_eq(
		    run_shell("cat " PROCESS_FILE, (struct process){ 0 })
			.status,
		    1);
	}
END_TEST

START_TEST(process_can_be_short_of_memory)
	{
		const char *script = "ulimit -v; exec dd if=/dev/zero "
				     "of=/dev/null bs=64M count=1";

		ck_assert_int_eq(
		    run_shell(
			script, (struct process){ .memory = (uint64_t)1 << 30 })
			.status,
		    0);
		ck_assert_int_ne(
		    run_shell(script,
			(struct process){ .memory = (uint64_t)32 << 20 })
			.status,
		    0);
	}
END_TEST

START_TEST(process_may_merge_stderr)
	{
		struct process_result result = run_shell(
		    "echo out; echo err >&2",
		    (struct process){ .merge_stderr = true });

		ck_assert_str_eq(result.output, "out\nerr\n");
	}
END_TEST

START_TEST(process_starts_where_it_is_told)
	{
		struct process_result result = run_shell(
		    "pwd", (struct process){ .cwd = "/usr" });

		ck_assert_str_eq(result.output, "/usr\n");
	}
END_TEST

static const struct {
	const char *program, *cwd;
	enum err_kind kind;
	const char *text;
} unstartable[] = {
	{ "/nowhere/at/all", NULL, ERR_NOTFOUND,
	    "cannot start '/nowhere/at/all': No such file or directory" },
	{ "/etc/passwd", NULL, ERR_IO,
	    "cannot start '/etc/passwd': Permission denied" },
	{ "/", NULL, ERR_IO, "cannot start '/': Permission denied" },
	{ "/bin/sh", "/nowhere", ERR_NOTFOUND,
	    "cannot start '/bin/sh': No such file or directory" },
	{ "sh", NULL, ERR_NOTFOUND, /* no search in PATH */
	    "cannot start 'sh': No such file or directory" },
};

START_TEST(process_that_cannot_start_is_an_error)
	{
		const char *const argv[] = { unstartable[_i].program, NULL };
		const struct process process = { .argv = argv,
			.cwd = unstartable[_i].cwd,
			.output_max = 100 };
		struct process_result result = { .status = 4711 };
		struct err err;

		ck_assert_int_eq(
		    process_run(&unit_arena, &process, &result, &err), -1);
		ck_assert_int_eq(err.kind, unstartable[_i].kind);
		ck_assert_str_eq(err.text, unstartable[_i].text);
		ck_assert_int_eq(result.status, 4711); /* untouched */
	}
END_TEST

START_TEST(process_is_fed_and_read_at_once)
	{
		/* More than fits into pipes, in both directions. */
		size_t len = 3000000;
		char *input = arena_alloc(&unit_arena, len + 1);
		struct process_result result;

		for (size_t i = 0; i < len; i++)
			input[i] = (char)('a' + i % 26);
		result = run_shell("cat",
		    (struct process){
			.input = input, .input_len = len, .output_max = len });
		ck_assert_int_eq(result.status, 0);
		ck_assert_uint_eq(result.output_len, len);
		ck_assert_int_eq(memcmp(result.output, input, len + 1), 0);
		ck_assert(!result.output_cut);
	}
END_TEST

START_TEST(process_need_not_read_its_input)
	{
		size_t len = 1000000;
		const struct process process = {
			.input = arena_alloc(&unit_arena, len), .input_len = len
		};
		struct process_result result = run_shell(
		    "exec <&-; sleep 0.1; echo fine", process);

		ck_assert_int_eq(result.status, 0);
		ck_assert_str_eq(result.output, "fine\n");
		result = run_shell("exit 5", process);
		ck_assert_int_eq(result.status, 5);
	}
END_TEST

START_TEST(process_output_is_cut_but_the_process_may_end)
	{
		struct process_result result = run_shell(
		    "head -c 1000000 /dev/zero | tr '\\0' x; exit 6",
		    (struct process){ .output_max = 1000 });

		ck_assert_int_eq(result.status, 6);
		ck_assert(result.output_cut);
		ck_assert_uint_eq(result.output_len, 1000);
		ck_assert_uint_eq(strlen(result.output), 1000);
		result = run_shell(
		    "printf 12345", (struct process){ .output_max = 5 });
		ck_assert(!result.output_cut);
		ck_assert_str_eq(result.output, "12345");
	}
END_TEST

/* A zombie counts as gone: who reaps orphans in a container, if anybody? */
static bool is_alive(pid_t pid)
{
	const char *path = arena_printf(&unit_arena, "/proc/%d/stat", (int)pid);
	struct err err;
	const char *state;
	char *text;
	size_t len;

	if (file_read(&unit_arena, path, 4096, &text, &len, &err) < 0)
		return false;
	state = strrchr(text, ')');
	return state && state[2] != 'Z' && state[2] != 'X';
}

static pid_t pid_in(const char *text)
{
	const char *line = arena_strndup(
	    &unit_arena, text, strcspn(text, "\n"));
	uint64_t n = 0;

	ck_assert_msg(str_to_u64(line, 1 << 22, &n), "'%s'", text);
	return (pid_t)n;
}

static void wait_until_gone(pid_t pid)
{
	for (int i = 0; i < 200 && is_alive(pid); i++)
		clock_sleep_ms(10);
	ck_assert(!is_alive(pid));
}

/* Each prints the number of a process of its that must not live on. */
static const struct {
	const char *script;
	unsigned timeout_ms; /* 0: it ends by itself */
	int status;
} leaving[] = {
	{ "echo $$; exec sleep 100", 300, 128 + SIGKILL },
	{ "sleep 100 & echo $!; wait", 300, 128 + SIGKILL },
	{ "(sleep 100 & echo $!; wait) & wait", 300, 128 + SIGKILL },
	{ "trap '' TERM INT HUP; sleep 100 & echo $!; wait", 300,
	    128 + SIGKILL },
	{ "exec <&- 2>&-; sleep 100 >&- & echo $!; exec >&-; wait", 300,
	    128 + SIGKILL },
	/* daemons, with and without our pipe */
	{ "sleep 100 & echo $!", 0, 0 },
	{ "sleep 100 >/dev/null 2>&1 & echo $!; exit 7", 0, 7 },
	{ "(trap '' HUP; sleep 100) & echo $!; exit 8", 0, 8 },
	/* stopped, which SIGTERM would not wake */
	{ "sleep 100 & kill -STOP $!; echo $!; wait", 300, 128 + SIGKILL },
	{ "echo $$; kill -STOP $$", 300, 128 + SIGKILL },
};

START_TEST(process_leaves_nobody_behind)
	{
		unsigned timeout_ms = leaving[_i].timeout_ms;
		uint64_t start = clock_monotonic_ms(), took;
		struct process_result result = run_shell(leaving[_i].script,
		    (struct process){ .timeout_ms = timeout_ms });

		took = clock_monotonic_ms() - start;
		ck_assert(result.timed_out == (timeout_ms > 0));
		ck_assert_int_eq(result.status, leaving[_i].status);
		ck_assert_uint_ge(took, timeout_ms);
		ck_assert_uint_lt(took, timeout_ms + 5000);
		wait_until_gone(pid_in(result.output));
	}
END_TEST

START_TEST(process_that_writes_for_ever_times_out)
	{
		struct process_result result = run_shell("exec cat /dev/zero",
		    (struct process){ .output_max = 10, .timeout_ms = 200 });

		ck_assert(result.timed_out);
		ck_assert(result.output_cut);
		ck_assert_uint_eq(result.output_len, 10);
	}
END_TEST

START_TEST(process_that_left_its_group_does_not_hold_us)
	{
		uint64_t start = clock_monotonic_ms();
		struct process_result result = run_shell(
		    "setsid sleep 3 & echo started", (struct process){ 0 });

		ck_assert_str_eq(result.output, "started\n");
		ck_assert_uint_lt(clock_monotonic_ms() - start, 2500);
	}
END_TEST

START_TEST(process_inherits_no_descriptor)
	{
		struct process_result result;
		int fds[50];

		for (int i = 0; i < COUNT(fds); i++)
			fds[i] = open("/dev/null", O_RDONLY); /* no O_CLOEXEC */
		/* ls itself opens the directory. */
		result = run_shell(
		    "ls /proc/self/fd | tr '\\n' ' '", (struct process){ 0 });
		ck_assert_str_eq(result.output, "0 1 2 3 ");
		for (int i = 0; i < COUNT(fds); i++)
			close(fds[i]);
	}
END_TEST

START_TEST(process_leaks_no_descriptor_of_ours)
	{
		int before = dup(0), after;

		close(before);
		for (int i = 0; i < 5; i++)
			run_shell("true", (struct process){ 0 });
		after = dup(0);
		close(after);
		ck_assert_int_eq(after, before);
	}
END_TEST

START_TEST(process_starts_with_default_signals)
	{
		struct process_result result;
		sigset_t all, saved;

		signal(SIGTERM, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		signal(SIGCHLD, SIG_IGN);
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, &saved);
		result = run_shell("grep -E '^Sig(Blk|Ign)' /proc/self/status",
		    (struct process){ 0 });
		sigprocmask(SIG_SETMASK, &saved, NULL);
		ck_assert_str_eq(result.output,
		    "SigBlk:\t0000000000000000\n"
		    "SigIgn:\t0000000000000000\n");
		/* And ours are as they were. */
		ck_assert(signal(SIGTERM, SIG_DFL) == SIG_IGN);
		ck_assert(signal(SIGPIPE, SIG_DFL) == SIG_IGN);
		ck_assert(signal(SIGCHLD, SIG_DFL) == SIG_IGN);
	}
END_TEST

START_TEST(process_has_a_group_of_its_own)
	{
		struct process_result result = run_shell(
		    "read -r a b c d pgrp rest </proc/$$/stat; "
		    "[ \"$pgrp\" = $$ ] && echo own",
		    (struct process){ 0 });

		ck_assert_str_eq(result.output, "own\n");
	}
END_TEST

static void run_without_standard_descriptors(void *unused)
{
	struct process_result result;

	(void)unused;
	close(0);
	close(1);
	close(2);
	arena_init(&unit_arena, ARENA_SCRATCH_MAX);
	result = run_shell("cat; echo err >&2",
	    (struct process){
		.input = "in ", .input_len = 3, .merge_stderr = true });
	_exit(strcmp(result.output, "in err\n") == 0 ? 0 : 1);
}

START_TEST(process_runs_where_descriptors_0_to_2_are_closed)
	{
		ck_assert_int_eq(
		    unit_exit_code(run_without_standard_descriptors, NULL), 0);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("process");
	TCase *tcase = unit_case(suite, "answer");

	tcase_add_loop_test(tcase, process_answers, 0, COUNT(rows));
	tcase_add_test(tcase, process_gets_argv_without_a_shell);
	tcase_add_test(tcase, process_gets_the_environment_that_it_is_given);
	tcase_add_test(tcase, process_can_be_handed_a_file_without_a_name);
	tcase_add_test(tcase, process_can_be_short_of_memory);
	tcase_add_test(tcase, process_may_merge_stderr);
	tcase_add_test(tcase, process_starts_where_it_is_told);
	tcase_add_loop_test(tcase, process_that_cannot_start_is_an_error, 0,
	    COUNT(unstartable));
	tcase_add_test(tcase, process_is_fed_and_read_at_once);
	tcase_add_test(tcase, process_need_not_read_its_input);
	tcase = unit_case(suite, "limits");
	tcase_add_test(tcase, process_output_is_cut_but_the_process_may_end);
	tcase_add_loop_test(
	    tcase, process_leaves_nobody_behind, 0, COUNT(leaving));
	tcase_add_test(tcase, process_that_writes_for_ever_times_out);
	tcase_add_test(tcase, process_that_left_its_group_does_not_hold_us);
	tcase = unit_case(suite, "surroundings");
	tcase_add_test(tcase, process_inherits_no_descriptor);
	tcase_add_test(tcase, process_leaks_no_descriptor_of_ours);
	tcase_add_test(tcase, process_starts_with_default_signals);
	tcase_add_test(tcase, process_has_a_group_of_its_own);
	tcase_add_test(tcase, process_runs_where_descriptors_0_to_2_are_closed);
	return unit_main(suite);
}
