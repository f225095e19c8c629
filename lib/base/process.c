#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/process_child.h"

#define READ_SIZE ((size_t)16 << 10) /* bytes */
#define DRAIN_READS 64   /* of what lies in the pipe when the child is gone */
#define LOOK_EVERY_MS 10 /* at the child, where there is no pidfd */
#define NO_DEADLINE UINT64_MAX

/* A child that is running, seen from here.  Descriptors are -1 when closed. */
struct running {
	const struct process *process;
	pid_t pid;
	int pidfd;
	int in, out, report;
	size_t fed;        /* bytes of input written */
	uint64_t deadline; /* clock_monotonic_ms */
	struct buf output;
	bool timed_out;
};

/* Signals whose handling by this process would get in the way. */
struct handlers {
	struct sigaction pipe, child;
};

static void handlers_set(struct handlers *saved)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = SIG_IGN; /* a child need not read its input */
	sigaction(SIGPIPE, &action, &saved->pipe);
	action.sa_handler = SIG_DFL; /* when ignored, waitpid knows nothing */
	sigaction(SIGCHLD, &action, &saved->child);
}

static void handlers_restore(const struct handlers *saved)
{
	sigaction(SIGPIPE, &saved->pipe, NULL);
	sigaction(SIGCHLD, &saved->child, NULL);
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void pipes_shut(struct process_pipes *pipes)
{
	for (int i = 0; i < 2; i++) {
		shut(&pipes->in[i]);
		shut(&pipes->out[i]);
		shut(&pipes->report[i]);
	}
	shut(&pipes->file);
}

/* It begins at its start: /dev/fd opens it anew. */
static int make_file(
    const struct process *process, int *ret_fd, struct err *err)
{
	const char *p = process->file;
	size_t left = process->file_len;
	int fd;

	if (!process->file)
		return 0;
	fd = memfd_create("stagegate", MFD_CLOEXEC);
	while (fd >= 0 && left > 0) {
		ssize_t put = write(fd, p, left);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			break;
		p += put;
		left -= (size_t)put;
	}
	if (fd < 0 || left > 0 || lseek(fd, 0, SEEK_SET) < 0) {
		err_set(err, ERR_IO, "cannot make a file for '%s': %s",
		    process->argv[0], strerror(errno));
		shut(&fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

static int start(struct running *run, struct err *err)
{
	struct process_pipes pipes = { { -1, -1 }, { -1, -1 }, { -1, -1 }, -1 };
	const char *name = run->process->argv[0];

	if (make_file(run->process, &pipes.file, err) < 0)
		return -1;
	if (pipe2(pipes.in, O_CLOEXEC) < 0 || pipe2(pipes.out, O_CLOEXEC) < 0 ||
	    pipe2(pipes.report, O_CLOEXEC) < 0) {
		err_set(err, ERR_IO, "cannot make a pipe for '%s': %s", name,
		    strerror(errno));
		pipes_shut(&pipes);
		return -1;
	}
	run->pid = fork();
	if (run->pid == 0)
		process_child(run->process, &pipes);
	if (run->pid < 0) {
		err_set(err, ERR_IO, "cannot start '%s': %s", name,
		    strerror(errno));
		pipes_shut(&pipes);
		return -1;
	}
	/* Here too, lest we signal a group that is not there yet. */
	setpgid(run->pid, run->pid);
	shut(&pipes.in[0]);
	shut(&pipes.out[1]);
	shut(&pipes.report[1]);
	shut(&pipes.file);
	run->in = pipes.in[1];
	run->out = pipes.out[0];
	run->report = pipes.report[0];
	fcntl(run->in, F_SETFL, O_NONBLOCK);
	fcntl(run->out, F_SETFL, O_NONBLOCK);
	run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
	return 0;
}

/* Waits for the exec: the report pipe is closed by it, or holds an errno. */
static int started(struct running *run, struct err *err)
{
	int reason = 0;
	ssize_t got;

	do
		got = read(run->report, &reason, sizeof(reason));
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return 0;
	if (got != sizeof(reason))
		reason = EIO;
	return err_set(err, reason == ENOENT ? ERR_NOTFOUND : ERR_IO,
	    "cannot start '%s': %s", run->process->argv[0], strerror(reason));
}

static void feed(struct running *run)
{
	const char *p = run->process->input;
	size_t left = run->process->input_len - run->fed;
	ssize_t put = left > 0 ? write(run->in, p + run->fed, left) : 0;

	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (put > 0)
		run->fed += (size_t)put;
	/* EPIPE: the child does not want more; that is its affair. */
	if (put < 0 || run->fed == run->process->input_len)
		shut(&run->in);
}

/* False: there is nothing to read now. */
static bool take(struct running *run)
{
	char bytes[READ_SIZE];
	ssize_t got = read(run->out, bytes, sizeof(bytes));

	if (got < 0 && errno == EINTR)
		return true;
	if (got > 0) {
		/* What is over the ceiling is read all the same, so that
		 * the child can end. */
		buf_add(&run->output, bytes, (size_t)got);
		return true;
	}
	if (got == 0 || errno != EAGAIN)
		shut(&run->out);
	return false;
}

static bool has_ended(const struct running *run)
{
	siginfo_t info;

	info.si_pid = 0;
	return waitid(P_PID, (id_t)run->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) < 0 ||
	    info.si_pid != 0;
}

/* Milliseconds for poll(2); 0 when the time is over. */
static int patience(const struct running *run)
{
	uint64_t now = clock_monotonic_ms(), left;

	if (run->deadline == NO_DEADLINE)
		return run->pidfd >= 0 ? -1 : LOOK_EVERY_MS;
	left = run->deadline > now ? run->deadline - now : 0;
	if (run->pidfd < 0 && left > LOOK_EVERY_MS)
		return LOOK_EVERY_MS;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

/* Until the child ends (its descendants may go on) or the time is over. */
static void attend(struct running *run)
{
	while (!has_ended(run)) {
		struct pollfd fds[] = {
			{ .fd = run->pidfd, .events = POLLIN },
			{ .fd = run->in, .events = POLLOUT },
			{ .fd = run->out, .events = POLLIN },
		};
		int wait = patience(run);

		if (wait == 0) {
			run->timed_out = true;
			return;
		}
		if (poll(fds, sizeof(fds) / sizeof(*fds), wait) <= 0)
			continue;
		if (fds[1].revents)
			feed(run);
		if (fds[2].revents)
			take(run);
	}
}

static int reap(struct running *run, struct err *err)
{
	int status;

	/* The child is a zombie at most, so its group's number is still its
	 * own: nobody else can be hit. */
	kill(-run->pid, SIGKILL);
	kill(run->pid, SIGKILL);
	while (waitpid(run->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, ERR_IO, "cannot wait for '%s': %s",
			    run->process->argv[0], strerror(errno));
	for (int i = 0; i < DRAIN_READS && run->out >= 0 && take(run); i++)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_run(struct arena *arena, const struct process *process,
    struct process_result *ret, struct err *err)
{
	struct running run = { .process = process, .deadline = NO_DEADLINE };
	struct handlers saved;
	int status, result = -1;

	run.pidfd = run.in = run.out = run.report = -1;
	buf_init(&run.output, arena, process->output_max);
	if (process->timeout_ms > 0)
		run.deadline = clock_monotonic_ms() + process->timeout_ms;
	handlers_set(&saved);
	if (start(&run, err) < 0)
		goto out;
	result = started(&run, err);
	if (result == 0)
		attend(&run);
	status = reap(&run, err);
	if (result < 0 || status < 0) {
		result = -1;
		goto out;
	}
	ret->output = run.output.p;
	ret->output_len = run.output.len;
	ret->output_cut = run.output.overflow;
	ret->timed_out = run.timed_out;
	ret->status = status;
out:
	shut(&run.pidfd);
	shut(&run.in);
	shut(&run.out);
	shut(&run.report);
	handlers_restore(&saved);
	return result;
}
