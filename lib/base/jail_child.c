#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/jailwork.h"
#include "base/process_child.h"

/*
 * The process between the hook and the program.  In a pid namespace it is the
 * first, and when it ends the kernel ends all others.  Else it is the parent
 * of whatever loses its own (PR_SET_CHILD_SUBREAPER), and ends them itself.
 */
#define REPORT_FD 3
#define LIFE_FD 4
#define HUNT_ROUNDS 5000 /* of a millisecond, after those who fork faster */
#define CHILDREN_BYTES 8192

static void report(enum jail_news news, int value, const char *what)
{
	struct jail_message message = { news, value, "" };

	snprintf(message.what, sizeof(message.what), "%s", what ? what : "");
	while (
	    write(REPORT_FD, &message, sizeof(message)) < 0 && errno == EINTR)
		;
}

_Noreturn static void denied(const char *what)
{
	report(JAIL_DENIED, errno, what);
	_exit(127);
}

/* ---- descriptors ------------------------------------------------------ */

static int lift(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 10);
}

/* 0 /dev/null, 1 and 2 the output, 3 the report, 4 the life line. */
static void arrange(const struct jail_pipes *pipes)
{
	int news = lift(pipes->report[1]), life = lift(pipes->life[0]);
	int out = lift(pipes->out[1]), null = open("/dev/null", O_RDONLY);

	null = null >= 0 ? lift(null) : -1;
	if (news < 0 || life < 0 || out < 0 || null < 0 || dup2(null, 0) < 0 ||
	    dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    dup3(news, REPORT_FD, O_CLOEXEC) < 0 ||
	    dup3(life, LIFE_FD, O_CLOEXEC) < 0 ||
	    close_range(LIFE_FD + 1, ~0u, 0) < 0)
		_exit(127);
}

/* ---- who it is -------------------------------------------------------- */

static const char *drop(bool to_nobody)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct none[2] = { { 0 }, { 0 } };

	if (to_nobody &&
	    (setgroups(0, NULL) < 0 ||
		setresgid(JAIL_NOBODY, JAIL_NOBODY, JAIL_NOBODY) < 0 ||
		setresuid(JAIL_NOBODY, JAIL_NOBODY, JAIL_NOBODY) < 0))
		return "becoming nobody";
	if (syscall(SYS_capset, &header, none) < 0)
		return "giving up privileges";
	return NULL;
}

/* What is no promise, but better so. */
static void write_setting(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		errno = 0;
	close(fd);
}

/* No namespaces inside of ours: much of the kernel is out of reach then.  Where
 * memory is short it is the program that goes.  And keys that the server holds
 * for its account are not the program's. */
static void be_modest(bool open_jail)
{
	write_setting("/proc/self/oom_score_adj", "1000");
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	if (!open_jail)
		write_setting("/proc/sys/user/max_user_namespaces", "0");
}

/* Dying with the hook: set last, since a change of identity undoes it; and
 * whoever died before is seen at the life line. */
static bool bind_life(bool open_jail)
{
	struct pollfd life = { .fd = LIFE_FD, .events = 0 };

	/* Ended by force in a namespace; else there is something to do. */
	if (prctl(PR_SET_PDEATHSIG, open_jail ? SIGTERM : SIGKILL) < 0)
		return false;
	return poll(&life, 1, 0) == 0;
}

static void enter(const struct jail *jail, char identity)
{
	const char *failed = NULL;

	be_modest(jail->open);
	if (jail->open) {
		char tree[4096];

		snprintf(tree, sizeof(tree), "%s/" JAIL_TREE, jail->folder);
		if (chdir(tree) < 0)
			denied("entering the tree");
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	} else {
		failed = jail_root(jail);
		if (!failed)
			failed = drop(identity == JAIL_AS_NOBODY);
	}
	if (failed)
		denied(failed);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		denied("giving up new privileges");
	/* What it reports must not be written by the program: without this a
	 * process of the same user may trace us and use our descriptors. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		denied("shutting the program out");
	if (!bind_life(jail->open))
		_exit(127);
}

/* ---- the program ------------------------------------------------------ */

static void limit(__rlimit_resource_t what, uint64_t value)
{
	struct rlimit now, wanted = { value, value };

	/* Never raised. */
	if (getrlimit(what, &now) == 0 && now.rlim_max < wanted.rlim_max)
		wanted.rlim_cur = wanted.rlim_max = now.rlim_max;
	if (setrlimit(what, &wanted) < 0) {
		report(JAIL_NOT_STARTED, errno, "limiting it");
		_exit(127);
	}
}

_Noreturn static void run_program(const struct jail *jail)
{
	signals_reset();
	setsid();
	umask(022);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, JAIL_FILES_MAX);
	limit(RLIMIT_FSIZE, JAIL_FILE_BYTES_MAX);
	limit(RLIMIT_CPU, jail->seconds);
	limit(RLIMIT_NPROC, JAIL_PROCESSES_MAX);
	limit(RLIMIT_MSGQUEUE, 0);
	limit(RLIMIT_MEMLOCK, 0);
	limit(RLIMIT_AS, jail->memory);
	execve(jail->argv[0], exec_words(jail->argv), exec_words(jail->envp));
	report(JAIL_NOT_STARTED, errno, "");
	_exit(127);
}

/* ---- what it leaves behind -------------------------------------------- */

static void kill_children(void)
{
	char path[64], text[CHILDREN_BYTES], *p = text;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
	    (int)syscall(SYS_gettid));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	while (*p) {
		char *end;
		long pid = strtol(p, &end, 10);

		/* One that was cut off is there the next time. */
		if (end == p || *end == '\0')
			return;
		if (pid > 1)
			kill((pid_t)pid, SIGKILL);
		p = end + 1;
	}
}

/* Those whose parent is killed become our children, until none is left. */
static void hunt(void)
{
	const struct timespec pause = { 0, 1000000 };

	for (int i = 0; i < HUNT_ROUNDS; i++) {
		pid_t pid;

		kill_children();
		do
			pid = waitpid(-1, NULL, WNOHANG);
		while (pid > 0);
		if (pid < 0)
			return;
		nanosleep(&pause, NULL);
	}
}

/* Has the program ended?  All others are only seen off. */
static bool has_ended(pid_t program, int *ret_status)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != program)
			continue;
		*ret_status = status;
		ended = true;
	}
	return ended;
}

/* Until the program ends, or the hook wants it to (nothing is reported then),
 * or it takes too much memory. */
static void attend(const struct jail *jail, pid_t program)
{
	const struct timespec pause = { 0, JAIL_LOOK_MS * 1000000L };
	sigset_t wanted;
	int status;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	/* In a namespace the program could send it. */
	if (jail->open)
		sigaddset(&wanted, SIGTERM);
	while (!has_ended(program, &status)) {
		if (!jail->open && jail_memory_used() > jail->memory) {
			report(JAIL_MEMORY, 0, "");
			return;
		}
		if (sigtimedwait(&wanted, NULL, &pause) == SIGTERM) {
			hunt();
			return;
		}
	}
	if (jail->open)
		hunt();
	report(JAIL_ENDED, status, "");
}

_Noreturn void jail_child(
    const struct jail *jail, const struct jail_pipes *pipes)
{
	char identity = 0;
	sigset_t all;
	pid_t program;

	signals_reset();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	arrange(pipes);
	/* Nothing comes where the hook has died, or given up. */
	if (read(LIFE_FD, &identity, 1) != 1)
		_exit(127);
	setsid();
	enter(jail, identity);
	report(JAIL_READY, 0, "");
	program = fork();
	if (program == 0)
		run_program(jail);
	if (program < 0) {
		report(JAIL_NOT_STARTED, errno, "");
		_exit(127);
	}
	close(1);
	close(2);
	attend(jail, program);
	_exit(0);
}
