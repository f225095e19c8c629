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
	int status; /* as waitpid gave it last */
};

/* Calls that write, and so may fail for want of room. */
static bool is_writing(unsigned long call)
{
	static const unsigned long calls[] = { SYS_write, SYS_pwrite64,
		SYS_writev, SYS_open, SYS_openat, SYS_mkdir, SYS_mkdirat,
		SYS_rename, SYS_renameat, SYS_renameat2, SYS_link, SYS_linkat,
		SYS_fsync, SYS_fdatasync, SYS_ftruncate };

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i] == call)
			return true;
	return false;
}

/* Lets the child run until its next stop; false when it is no more. */
static bool go_on(struct tracing *t, int signal)
{
	ptrace(PTRACE_SYSCALL, t->pid, NULL, signal);
	return waitpid(t->pid, &t->status, __WALL) == t->pid &&
	    WIFSTOPPED(t->status);
}

static bool is_at_call(const struct tracing *t)
{
	return WSTOPSIG(t->status) == (SIGTRAP | 0x80);
}

/* At the entry of a call that is to fail: it does nothing. */
static bool fail_call(struct tracing *t, struct user_regs_struct *regs)
{
	regs->orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, t->pid, NULL, regs);
	t->hit = true;
	if (!go_on(t, 0))
		return false;
	ptrace(PTRACE_GETREGS, t->pid, NULL, regs);
	regs->rax = (unsigned long long)-(long long)t->error;
	ptrace(PTRACE_SETREGS, t->pid, NULL, regs);
	return true;
}

/* From the entry of a call to its exit; false when the child is no more. */
static bool on_call(struct tracing *t)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, t->pid, NULL, &regs);
	if (t->hit || (t->error && !is_writing(regs.orig_rax)) || t->n-- > 0)
		return go_on(t, 0);
	if (t->error)
		return fail_call(t, &regs);
	t->hit = true;
	kill(t->pid, SIGKILL);
	waitpid(t->pid, &t->status, __WALL);
	return false;
}

enum tracer_end tracer_run(int (*function)(void *), void *argument, unsigned n,
    int error, int *ret_status)
{
	struct tracing t = { .n = n, .error = error };
	bool there;

	t.pid = fork();
	if (t.pid < 0)
		return TRACER_CANNOT;
	if (t.pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(125);
		raise(SIGSTOP);
		_exit(function(argument));
	}
	if (waitpid(t.pid, &t.status, __WALL) != t.pid || !WIFSTOPPED(t.status))
		return TRACER_CANNOT;
	ptrace(PTRACE_SETOPTIONS, t.pid, NULL,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	there = go_on(&t, 0);
	while (there)
		there = is_at_call(&t) ? on_call(&t) && go_on(&t, 0)
				       : go_on(&t, WSTOPSIG(t.status));
	*ret_status = WIFEXITED(t.status) ? WEXITSTATUS(t.status) : -1;
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
