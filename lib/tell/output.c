#include "tell/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

/* At most so much at once: a pipe that poll(2) calls writable takes PIPE_BUF
 * bytes without blocking (pipe(7)). */
#define CHUNK ((size_t)PIPE_BUF)

/*
 * O_NONBLOCK belongs to the open file description, which git and the server
 * may share; so a description of our own is made where that can be done (pipes
 * and terminals).  -1: write to fd itself, in chunks that don't block.
 */
static int open_own(int fd)
{
	char path[32];
	struct stat st;

	if (fstat(fd, &st) < 0 ||
	    !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(
	    path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static bool wait_writable(int fd, uint64_t deadline_ms)
{
	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
		uint64_t now = clock_monotonic_ms();
		uint64_t left = deadline_ms > now ? deadline_ms - now : 0;
		int n = poll(&poll_fd, 1, (int)left);

		if (n > 0)
			return (poll_fd.revents & POLLOUT) != 0;
		if (n == 0 || errno != EINTR)
			return false;
	}
}

/* A descriptor that can't be written now may be written soon. */
static bool is_passing(int error)
{
	return error == EINTR || error == EAGAIN;
}

static size_t write_until(
    int fd, const char *p, size_t len, uint64_t deadline_ms)
{
	size_t done = 0;

	while (done < len && wait_writable(fd, deadline_ms)) {
		size_t n = len - done < CHUNK ? len - done : CHUNK;
		ssize_t written = write(fd, p + done, n);

		if (written > 0)
			done += (size_t)written;
		else if (written == 0 || !is_passing(errno) ||
		    clock_monotonic_ms() >= deadline_ms)
			break;
	}
	return done;
}

static size_t write_within(int fd, const char *p, size_t len, unsigned wait_ms)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int saved = errno, own = open_own(fd);
	size_t done;

	sigaction(SIGPIPE, &ignore, &before);
	done = write_until(
	    own >= 0 ? own : fd, p, len, clock_monotonic_ms() + wait_ms);
	sigaction(SIGPIPE, &before, NULL);
	if (own >= 0)
		close(own);
	errno = saved;
	return done;
}

void output_write(int fd, const char *p, size_t len)
{
	write_within(fd, p, len, OUTPUT_WAIT_MS);
}

bool output_try(int fd, const char *p, size_t len)
{
	return len <= CHUNK && write_within(fd, p, len, 0) == len;
}
