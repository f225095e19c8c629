/*
 * A hook that runs another one in its place and writes down how long that
 * took: what of a push is the hooks' own time?
 *
 * Installed as hooks/NAME it runs $STOPWATCH_HOOKS/NAME with the arguments,
 * input and environment that git gave it, appends the microseconds to
 * $STOPWATCH_LOG, and answers as that hook did.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAIL 2

static long long now_us(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
		exit(FAIL);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	const char *dir = getenv("STOPWATCH_HOOKS");
	const char *log = getenv("STOPWATCH_LOG");
	const char *slash = strrchr(argv[0], '/');
	char path[4096], line[32];
	long long begin;
	int fd, n, status;
	pid_t pid;

	(void)argc;
	if (!dir || !log)
		return FAIL;
	(void)snprintf(
	    path, sizeof(path), "%s/%s", dir, slash ? slash + 1 : argv[0]);
	begin = now_us();
	if (posix_spawn(&pid, path, NULL, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) < 0)
		return FAIL;
	n = snprintf(line, sizeof(line), "%lld\n", now_us() - begin);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || write(fd, line, (size_t)n) != n || close(fd) < 0)
		return FAIL;
	return WIFEXITED(status) ? WEXITSTATUS(status) : FAIL;
}
