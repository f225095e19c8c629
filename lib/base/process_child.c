#include "base/process_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REPORT_FD 3     /* lasts until exec */
#define FILE_FD 4       /* PROCESS_FILE */
#define MANY_FDS 65536u /* looked at where close_range(2) is missing */

void signals_reset(void)
{
	/* All zero is SIG_DFL without flags in the kernel's own structure,
	 * whatever the order of its members. */
	static const unsigned long normal[8];
	sigset_t none;

	/* Past libc, which won't touch the two signals that it keeps for
	 * itself: posix_spawn(3), and so make(1), passes those on ignored.
	 * Fails for SIGKILL and SIGSTOP: no matter. */
	for (int sig = 1; sig < NSIG; sig++)
		syscall(SYS_rt_sigaction, sig, normal, NULL, (NSIG - 1) / 8);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void give_up(int report)
{
	int reason = errno;

	while (write(report, &reason, sizeof(reason)) < 0 && errno == EINTR)
		;
	_exit(127);
}

static void close_from(unsigned first)
{
	struct rlimit limit;
	unsigned end = MANY_FDS;

	if (close_range(first, ~0u, 0) == 0)
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < end)
		end = (unsigned)limit.rlim_cur;
	for (unsigned fd = first; fd < end; fd++)
		close((int)fd);
}

/* Above all numbers that are going to be overwritten. */
static int lift(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 10);
}

/* Puts the pipes to 0-2 and closes everything else; returns the report's. */
static int arrange(
    const struct process *process, const struct process_pipes *pipes)
{
	int report = lift(pipes->report[1]);
	int in = lift(pipes->in[0]), out = lift(pipes->out[1]);
	int file = pipes->file >= 0 ? lift(pipes->file) : -1;
	int errors = process->merge_stderr ? lift(out)
					   : open("/dev/null", O_WRONLY);

	/* Lifted as well, for it may have become 0, 1 or 2. */
	errors = errors >= 0 ? lift(errors) : -1;
	if (report < 0)
		_exit(127);
	if (in < 0 || out < 0 || errors < 0 || dup2(in, 0) < 0 ||
	    dup2(out, 1) < 0 || dup2(errors, 2) < 0 ||
	    dup3(report, REPORT_FD, O_CLOEXEC) < 0 ||
	    (pipes->file >= 0 && (file < 0 || dup2(file, FILE_FD) < 0)))
		give_up(report);
	close_from(pipes->file >= 0 ? FILE_FD + 1 : REPORT_FD + 1);
	return REPORT_FD;
}

static int limit_memory(uint64_t bytes)
{
	struct rlimit limit = { bytes, bytes };

	return bytes == 0 ? 0 : setrlimit(RLIMIT_AS, &limit);
}

char *const *exec_words(const char *const *v)
{
	union {
		const char *const *given;
		char *const *taken;
	} list = { .given = v };

	return list.taken;
}

_Noreturn void process_child(
    const struct process *process, const struct process_pipes *pipes)
{
	static const char *const nothing[] = { NULL };
	int report;

	setpgid(0, 0);
	signals_reset();
	report = arrange(process, pipes);
	if ((process->cwd && chdir(process->cwd) < 0) ||
	    limit_memory(process->memory) < 0)
		give_up(report);
	execve(process->argv[0], exec_words(process->argv),
	    exec_words(process->envp ? process->envp : nothing));
	give_up(report);
}
