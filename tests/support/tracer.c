#include "support/tracer.h"

#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

struct tracing {
	pid_t pid;
	unsigned n; /* calls to let pass */
	int error;
	bool hit;
};

/* Calls that write, and so may fail for want of room. */
static bool is_writing(unsigned long call)
{
	static const unsigned long calls[] = { SYS_write, SYS_pwrite64,
		SYS_writev, SYS_open, SYS_openat, SYS_mkdir, SYS_mkdirat,
		SYS_rename, SYS_renameat, SYS_renameat2, SYS_link, SYS_linkat,
		SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_close };

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i] == call)
			return true;
	return false;
}

static bool wait_stop(struct tracing *t, int *status)
{
	return waitpid(t->pid, status, __WALL) == t->pid && WIFSTOPPED(*status);
}

/* Stands at the entry of a call that is to fail: lets it do nothing. */
static void fail_call(struct tracing *t, struct user_regs_struct *regs)
{
	int status;

	regs->orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, t->pid, NULL, regs);
	ptrace(PTRACE_SYSCALL, t->pid, NULL, NULL);
	if (!wait_stop(t, &status))
		return;
	ptrace(PTRACE_GETREGS, t->pid, NULL, regs);
	regs->rax = (unsigned long long)-(long long)t->error;
	ptrace(PTRACE_SETREGS, t->pid, NULL, regs);
	t->hit = true;
}

/* At the entry of a call; false when the child is no more. */
static bool on_call(struct tracing *t)
{
	struct user_regs_struct regs;
	int status;

	ptrace(PTRACE_GETREGS, t->pid, NULL, &regs);
	if (!t->hit && (!t->error || is_writing(regs.orig_rax)) &&
	    t->n-- == 0) {
		if (!t->error) {
			kill(t->pid, SIGKILL);
			t->hit = true;
			return false;
		}
		fail_call(t, &regs);
		return true;
	}
	ptrace(PTRACE_SYSCALL, t->pid, NULL, NULL);
	return wait_stop(t, &status);
}

static void trace(struct tracing *t, int *status)
{
	ptrace(PTRACE_SETOPTIONS, t->pid, NULL,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	for (;;) {
		ptrace(PTRACE_SYSCALL, t->pid, NULL, NULL);
		if (!wait_stop(t, status))
			return; /* it has ended */
		if (!on_call(t)) {
			waitpid(t->pid, status, __WALL);
			return;
		}
	}
}

enum tracer_end tracer_run(int (*function)(void *), void *argument, unsigned n,
    int error, int *ret_status)
{
	struct tracing t = { .n = n, .error = error };
	int status = 0;

	t.pid = fork();
	if (t.pid < 0)
		return TRACER_CANNOT;
	if (t.pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(125);
		raise(SIGSTOP);
		_exit(function(argument));
	}
	if (!wait_stop(&t, &status))
		return TRACER_CANNOT;
	trace(&t, &status);
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return t.hit ? TRACER_HIT : TRACER_ENDED;
}

#else

enum tracer_end tracer_run(int (*function)(void *), void *argument, unsigned n,
    int error, int *ret_status)
{
	(void)function;
	(void)argument;
	(void)n;
	(void)error;
	(void)ret_status;
	return TRACER_CANNOT;
}

#endif
