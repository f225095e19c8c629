#include "tell/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/unit.h"

#define MUCH ((size_t)1 << 20) /* more than any pipe takes */

static int ends[2];

static void make_pipe(void)
{
	ck_assert_int_eq(pipe(ends), 0);
	/* A hang is a failure, not the end of all tests. */
	alarm(60);
}

static void close_pipe(void)
{
	close(ends[0]);
	close(ends[1]);
	alarm(0);
}

static size_t read_all(int fd, char *to, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size && (n = read(fd, to + len, size - len)) > 0)
		len += (size_t)n;
	return len;
}

START_TEST(output_write_gives_everything_to_a_reader)
	{
		char got[64];

		make_pipe();
		output_write(ends[1], "error: no\n", 10);
		close(ends[1]);
		ck_assert_uint_eq(read_all(ends[0], got, sizeof(got)), 10);
		ck_assert_int_eq(memcmp(got, "error: no\n", 10), 0);
		close(ends[0]);
		alarm(0);
	}
END_TEST

START_TEST(output_write_gives_up_when_nobody_reads)
	{
		char *much = arena_alloc(&unit_arena, MUCH);
		uint64_t start = clock_monotonic_ms(), took;

		make_pipe();
		output_write(ends[1], much, MUCH);
		took = clock_monotonic_ms() - start;
		ck_assert_uint_ge(took, OUTPUT_WAIT_MS - 100);
		ck_assert_uint_le(took, OUTPUT_WAIT_MS + 2000);
		close_pipe();
	}
END_TEST

START_TEST(output_write_survives_a_closed_reader)
	{
		char *much = arena_alloc(&unit_arena, MUCH);
		struct sigaction action = { .sa_handler = SIG_DFL }, before;
		uint64_t start = clock_monotonic_ms();

		make_pipe();
		close(ends[0]);
		sigaction(SIGPIPE, &action, &before);
		output_write(ends[1], much, MUCH); /* SIGPIPE would end us */
		sigaction(SIGPIPE, NULL, &action);
		ck_assert(action.sa_handler == SIG_DFL);
		sigaction(SIGPIPE, &before, NULL);
		ck_assert_uint_le(clock_monotonic_ms() - start, 1000);
		close(ends[1]);
		alarm(0);
	}
END_TEST

START_TEST(output_write_leaves_the_flags_of_the_pipe_alone)
	{
		make_pipe();
		output_write(ends[1], "x", 1);
		ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
		close_pipe();
	}
END_TEST

START_TEST(output_write_writes_to_sockets_and_files)
	{
		char name[] = "/tmp/stagegate-output-XXXXXX", got[32];
		int pair[2], fd = mkstemp(name);

		alarm(60);
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		output_write(pair[0], "socket", 6);
		close(pair[0]);
		ck_assert_uint_eq(read_all(pair[1], got, sizeof(got)), 6);
		close(pair[1]);
		ck_assert_int_ge(fd, 0);
		output_write(fd, "one ", 4);
		output_write(fd, "two", 3);
		ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
		ck_assert_uint_eq(read_all(fd, got, sizeof(got)), 7);
		ck_assert_int_eq(memcmp(got, "one two", 7), 0);
		close(fd);
		unlink(name);
		alarm(0);
	}
END_TEST

START_TEST(output_write_takes_a_closed_descriptor)
	{
		uint64_t start = clock_monotonic_ms();

		make_pipe();
		close_pipe();
		output_write(ends[1], "x", 1);
		ck_assert_uint_le(clock_monotonic_ms() - start, 1000);
	}
END_TEST

START_TEST(output_try_never_waits)
	{
		uint64_t start = clock_monotonic_ms();
		char line[100] = { 0 };
		size_t tries = 0;

		make_pipe();
		while (
		    tries < 100000 && output_try(ends[1], line, sizeof(line)))
			tries++;
		ck_assert_uint_gt(tries, 100);
		ck_assert_uint_lt(tries, 100000);
		ck_assert(!output_try(ends[1], line, sizeof(line)));
		ck_assert_uint_le(clock_monotonic_ms() - start, 3000);
		close_pipe();
	}
END_TEST

START_TEST(output_try_refuses_what_is_no_line)
	{
		char *much = arena_alloc(&unit_arena, MUCH);

		make_pipe();
		ck_assert(!output_try(ends[1], much, MUCH));
		close_pipe();
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("output");
	TCase *tcase = unit_case(suite, "output");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, output_write_gives_everything_to_a_reader);
	tcase_add_test(tcase, output_write_gives_up_when_nobody_reads);
	tcase_add_test(tcase, output_write_survives_a_closed_reader);
	tcase_add_test(tcase, output_write_leaves_the_flags_of_the_pipe_alone);
	tcase_add_test(tcase, output_write_writes_to_sockets_and_files);
	tcase_add_test(tcase, output_write_takes_a_closed_descriptor);
	tcase_add_test(tcase, output_try_never_waits);
	tcase_add_test(tcase, output_try_refuses_what_is_no_line);
	return unit_main(suite);
}
