#include "base/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/jailwork.h"

#define PATH_BYTES 64
#define MAP_BYTES 96
#define LINE_BYTES 128

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void pipes_shut(struct jail_pipes *pipes)
{
	for (int i = 0; i < 2; i++) {
		shut(&pipes->out[i]);
		shut(&pipes->report[i]);
		shut(&pipes->life[i]);
	}
}

static int pipes_make(struct jail_pipes *pipes, struct err *err)
{
	memset(pipes, -1, sizeof(*pipes));
	if (pipe2(pipes->out, O_CLOEXEC) == 0 &&
	    pipe2(pipes->report, O_CLOEXEC) == 0 &&
	    pipe2(pipes->life, O_CLOEXEC) == 0)
		return 0;
	err_set(err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
	pipes_shut(pipes);
	return -1;
}

/* ---- who it is outside ------------------------------------------------ */

static int write_file(pid_t pid, const char *name, const char *text)
{
	char path[PATH_BYTES];
	size_t len = strlen(text);
	ssize_t put;
	int fd, error;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	put = write(fd, text, len);
	error = errno;
	close(fd);
	errno = error;
	return put == (ssize_t)len ? 0 : -1;
}

/* `inside outside count`, user_namespaces(7). */
static bool line_has_nobody(const char *line)
{
	char *end;
	unsigned long inside = strtoul(line, &end, 10), n;

	(void)strtoul(end, &end, 10);
	n = strtoul(end, &end, 10);
	return JAIL_NOBODY >= inside && JAIL_NOBODY - inside < n;
}

/* Is there an account for nobody?  In some namespaces there is not. */
static bool nobody_exists(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	char line[LINE_BYTES];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = line_has_nobody(line);
	if (file)
		fclose(file);
	return found;
}

bool jail_gives_away(void)
{
	return geteuid() == 0 && nobody_exists();
}

/* One id that is ours; root's program is nobody's, and root may stay for as
 * long as the mounts take. */
static void map_text(char *text, unsigned id)
{
	if (jail_gives_away())
		snprintf(text, MAP_BYTES, "0 0 1\n%u %u 1\n", JAIL_NOBODY,
		    JAIL_NOBODY);
	else
		snprintf(text, MAP_BYTES, "%u %u 1\n",
		    id == 0 ? JAIL_NOBODY : id, id);
}

static int map_ids(pid_t pid)
{
	char users[MAP_BYTES], groups[MAP_BYTES];

	map_text(users, geteuid());
	map_text(groups, getegid());
	if (!jail_gives_away() && write_file(pid, "setgroups", "deny") < 0)
		return -1;
	if (write_file(pid, "uid_map", users) < 0)
		return -1;
	return write_file(pid, "gid_map", groups);
}

/* ---- starting --------------------------------------------------------- */

static pid_t split(const struct jail *jail)
{
	unsigned long flags = SIGCHLD | CLONE_NEWUSER | CLONE_NEWPID |
	    CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;

	if (jail->open)
		return fork();
	if (!jail->network)
		flags |= CLONE_NEWNET;
	return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
}

/* The next thing that our code in the child says; false: nothing more. */
static bool hear(int report, struct jail_message *ret)
{
	ssize_t got;

	do
		got = read(report, ret, sizeof(*ret));
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(*ret);
}

static int deny(bool *ret_denied, const char *what, int error, struct err *err)
{
	*ret_denied = true;
	return err_set(err, ERR_IO, "%s: %s", what, strerror(error));
}

/* Lets it go on, and waits until it is where it should be. */
static int settle(const struct jail *jail, const struct jail_run *run,
    bool *ret_denied, struct err *err)
{
	char who = jail_gives_away() ? JAIL_AS_NOBODY : JAIL_AS_IT_IS;
	struct jail_message message;

	if (!jail->open && map_ids(run->pid) < 0)
		return deny(ret_denied, "mapping its user", errno, err);
	if (write(run->life, &who, 1) != 1)
		return err_set(
		    err, ERR_IO, "cannot start a program: %s", strerror(errno));
	if (!hear(run->report, &message))
		return err_set(err, ERR_IO, "cannot start a program");
	message.what[JAIL_WHAT_BYTES - 1] = '\0';
	if (message.news != JAIL_READY)
		return deny(ret_denied, message.what, message.value, err);
	return 0;
}

int jail_start(const struct jail *jail, struct jail_run *ret, bool *ret_denied,
    struct err *err)
{
	struct jail_pipes pipes;
	struct jail_run run;

	*ret_denied = false;
	if (jail->open && geteuid() == 0)
		return err_set(err, ERR_FORMAT,
		    "no program is run as root that is not shut in");
	if (pipes_make(&pipes, err) < 0)
		return -1;
	run.pid = split(jail);
	if (run.pid == 0)
		jail_child(jail, &pipes);
	if (run.pid < 0) {
		deny(ret_denied, "making namespaces", errno, err);
		pipes_shut(&pipes);
		return -1;
	}
	run.open = jail->open;
	run.out = pipes.out[0];
	run.report = pipes.report[0];
	run.life = pipes.life[1];
	pipes.out[0] = pipes.report[0] = pipes.life[1] = -1;
	pipes_shut(&pipes);
	fcntl(run.out, F_SETFL, O_NONBLOCK);
	run.pidfd = (int)syscall(SYS_pidfd_open, run.pid, 0);
	if (run.pidfd >= 0 && settle(jail, &run, ret_denied, err) == 0) {
		*ret = run;
		return 0;
	}
	if (run.pidfd < 0)
		deny(ret_denied, "watching it", errno, err);
	kill(run.pid, SIGKILL);
	while (waitpid(run.pid, NULL, 0) < 0 && errno == EINTR)
		;
	shut(&run.pidfd);
	shut(&run.out);
	shut(&run.report);
	shut(&run.life);
	return -1;
}

/* ---- ending ----------------------------------------------------------- */

void jail_end(const struct jail_run *run)
{
	/* The one that is not the first of a namespace has to see to others
	 * before it goes. */
	kill(run->pid, run->open ? SIGTERM : SIGKILL);
}

void jail_kill(const struct jail_run *run)
{
	kill(run->pid, SIGKILL);
}

int jail_reap(struct jail_run *run, const char *program, struct jail_end *ret,
    struct err *err)
{
	struct jail_message message;
	int status = 0;

	while (waitpid(run->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*ret = (struct jail_end){ .signal = SIGKILL };
	while (hear(run->report, &message)) {
		if (message.news == JAIL_NOT_STARTED) {
			status = err_set(err,
			    message.value == ENOENT ? ERR_NOTFOUND : ERR_IO,
			    "cannot start '%s': %s", program,
			    strerror(message.value));
		} else if (message.news == JAIL_MEMORY) {
			ret->memory = true;
		} else if (message.news == JAIL_ENDED) {
			ret->signal = WIFSIGNALED(message.value)
			    ? WTERMSIG(message.value)
			    : 0;
			ret->status = WIFEXITED(message.value)
			    ? WEXITSTATUS(message.value)
			    : 0;
		}
	}
	shut(&run->pidfd);
	shut(&run->report);
	shut(&run->life);
	return status;
}
