/*
 * Breaks a hook at its n-th call of the system.  The Makefile links it into
 * copies of the hooks (build/faults/), with --wrap for each function below, so
 * that our own calls and those of the libraries come by here.  A copy that is
 * told nothing is the hook as it is installed.
 *
 *	STAGEGATE_FAULT='HOOK ACTION CLASS N'	n counts from 1; `N+`: that one
 *						and all that follow
 *	STAGEGATE_FAULT_STATE=FILE
 *	STAGEGATE_HOLD=FILE			update, when it is done, makes
 *						FILE.held and waits until FILE
 *						is gone
 *
 * HOOK is pre-receive, update or post-receive: only that one is touched.
 * ACTION is what the call fails with (EIO, ENOSPC ..), or
 *	short	a read or write that does a part of what it was asked for
 *	kill	SIGKILL before the call
 *	orphan	SIGKILL for the parent, which is git receive-pack; we go on
 *	both	SIGKILL for both
 * CLASS is one of the enum below.
 *
 * FILE, 64 bytes, is there before.  It begins with the number of calls of that
 * class and, when n was reached, the call's name; processes of one push count
 * together.  Each holds a shared flock on it, which tells when all have ended.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum class {
	CLASS_ALLOC = 1 << 0, /* memory */
	CLASS_OPEN = 1 << 1,  /* whatever takes a descriptor */
	CLASS_READ = 1 << 2,
	CLASS_WRITE = 1 << 3, /* whatever changes a file or a folder */
	CLASS_LOOK = 1 << 4,  /* stat and its like */
	CLASS_FORK = 1 << 5,
	CLASS_SLOW = 1 << 6 /* what a signal may interrupt */
};

static const struct {
	const char *name;
	unsigned class;
} classes[] = { { "alloc", CLASS_ALLOC }, { "open", CLASS_OPEN },
	{ "read", CLASS_READ }, { "write", CLASS_WRITE },
	{ "look", CLASS_LOOK }, { "fork", CLASS_FORK },
	{ "slow", CLASS_SLOW } };

enum {
	ACTION_SHORT = -1,
	ACTION_KILL = -2,
	ACTION_ORPHAN = -3,
	ACTION_BOTH = -4
};

static const struct {
	const char *name;
	int action; /* or errno */
} actions[] = { { "short", ACTION_SHORT }, { "kill", ACTION_KILL },
	{ "orphan", ACTION_ORPHAN }, { "both", ACTION_BOTH }, { "EIO", EIO },
	{ "ENOSPC", ENOSPC }, { "ENOMEM", ENOMEM }, { "EMFILE", EMFILE },
	{ "ENFILE", ENFILE }, { "EAGAIN", EAGAIN }, { "EINTR", EINTR },
	{ "EACCES", EACCES } };

#define STATE_SIZE 64

static struct {
	unsigned class; /* 0: nothing is to be broken */
	int action;
	unsigned long at;
	bool onwards;
	char *state; /* mapped and shared */
} fault;

static char hold[4096]; /* a copy: the hooks wipe their environment */

/* ---- when ------------------------------------------------------------ */

static void note(unsigned long calls, const char *name)
{
	char line[STATE_SIZE];

	(void)snprintf(line, sizeof(line), "%lu %s\n", calls, name);
	memcpy(fault.state, line, strlen(line));
}

/* Is the n-th call of its class being made, and is it to fail? */
static bool strikes(unsigned class, const char *name)
{
	unsigned long calls, before;
	char struck[STATE_SIZE] = "";

	if (!(class & fault.class))
		return false;
	before = strtoul(fault.state, NULL, 10);
	calls = before + 1;
	if (calls == fault.at) {
		note(calls, name);
	} else {
		(void)sscanf(fault.state, "%*u %40s", struck);
		note(calls, struck);
		if (calls < fault.at || !fault.onwards)
			return false;
	}
	if (fault.action == ACTION_ORPHAN || fault.action == ACTION_BOTH)
		(void)kill(getppid(), SIGKILL);
	if (fault.action == ACTION_KILL || fault.action == ACTION_BOTH)
		(void)kill(getpid(), SIGKILL);
	return fault.action != ACTION_ORPHAN;
}

/* The call fails, unless it is to be done in part. */
static bool fails(unsigned class, const char *name)
{
	if (!strikes(class, name) || fault.action == ACTION_SHORT)
		return false;
	errno = fault.action;
	return true;
}

/* How much of n bytes is to be read or written; -1: none, it fails. */
static ssize_t part_of(unsigned class, const char *name, size_t n)
{
	if (!strikes(class | CLASS_SLOW, name))
		return (ssize_t)n;
	if (fault.action == ACTION_SHORT)
		return n > 1 ? (ssize_t)(n / 2) : (ssize_t)n;
	errno = fault.action;
	return -1;
}

/* ---- the functions --------------------------------------------------- */

/* The linker's names for what is called and for what it stands for. */
#define WRAP(type, failed, class, name, parameters, arguments)                 \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters                                          \
	{                                                                      \
		return fails(class, #name) ? (failed)                          \
					   : __real_##name arguments;          \
	}

WRAP(void *, NULL, CLASS_ALLOC, malloc, (size_t n), (n))
WRAP(void *, NULL, CLASS_ALLOC, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, NULL, CLASS_ALLOC, realloc, (void *p, size_t n), (p, n))
WRAP(void *, MAP_FAILED, CLASS_ALLOC, mmap,
    (void *p, size_t n, int prot, int flags, int fd, off_t at),
    (p, n, prot, flags, fd, at))

WRAP(DIR *, NULL, CLASS_OPEN, opendir, (const char *path), (path))
WRAP(FILE *, NULL, CLASS_OPEN, fopen, (const char *path, const char *mode),
    (path, mode))
WRAP(int, -1, CLASS_OPEN, pipe2, (int fds[2], int flags), (fds, flags))
WRAP(int, -1, CLASS_OPEN | CLASS_WRITE, mkostemp, (char *path, int flags),
    (path, flags))
WRAP(char *, NULL, CLASS_WRITE, mkdtemp, (char *path), (path))

WRAP(struct dirent *, NULL, CLASS_READ, readdir, (DIR * dir), (dir))
WRAP(ssize_t, -1, CLASS_READ, getrandom, (void *p, size_t n, unsigned flags),
    (p, n, flags))

WRAP(int, -1, CLASS_WRITE | CLASS_SLOW, fsync, (int fd), (fd))
WRAP(int, -1, CLASS_WRITE | CLASS_SLOW, ftruncate, (int fd, off_t n), (fd, n))
WRAP(int, -1, CLASS_WRITE, rename, (const char *old, const char *new),
    (old, new))
WRAP(int, -1, CLASS_WRITE, link, (const char *old, const char *new), (old, new))
WRAP(int, -1, CLASS_WRITE, unlink, (const char *path), (path))
WRAP(int, -1, CLASS_WRITE, rmdir, (const char *path), (path))
WRAP(int, -1, CLASS_WRITE, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, -1, CLASS_WRITE, chmod, (const char *path, mode_t mode), (path, mode))
WRAP(int, -1, CLASS_WRITE, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, -1, CLASS_WRITE | CLASS_SLOW, flock, (int fd, int what), (fd, what))

WRAP(int, -1, CLASS_LOOK, stat, (const char *path, struct stat *st), (path, st))
WRAP(
    int, -1, CLASS_LOOK, lstat, (const char *path, struct stat *st), (path, st))
WRAP(int, -1, CLASS_LOOK, fstat, (int fd, struct stat *st), (fd, st))
WRAP(int, -1, CLASS_LOOK, access, (const char *path, int mode), (path, mode))
WRAP(ssize_t, -1, CLASS_LOOK, readlink, (const char *path, char *p, size_t n),
    (path, p, n))

WRAP(pid_t, -1, CLASS_FORK, fork, (void), ())

/* What leaves the push, to deliver, is no hook any more. */
pid_t __real_setsid(void);
pid_t __wrap_setsid(void);
pid_t __wrap_setsid(void)
{
	fault.class = 0;
	*hold = '\0';
	return __real_setsid();
}

WRAP(pid_t, -1, CLASS_SLOW, waitpid, (pid_t pid, int *status, int options),
    (pid, status, options))
WRAP(int, -1, CLASS_SLOW, poll, (struct pollfd * v, nfds_t n, int timeout),
    (v, n, timeout))

#define WRAP_PART(class, name, parameters, arguments)                          \
	ssize_t __real_##name parameters;                                      \
	ssize_t __wrap_##name parameters;                                      \
	ssize_t __wrap_##name parameters                                       \
	{                                                                      \
		ssize_t some = part_of(class, #name, n);                       \
                                                                               \
		return some < 0 ? -1 : __real_##name arguments;                \
	}

WRAP_PART(CLASS_READ, read, (int fd, void *p, size_t n), (fd, p, (size_t)some))
WRAP_PART(CLASS_READ, pread, (int fd, void *p, size_t n, off_t at),
    (fd, p, (size_t)some, at))
WRAP_PART(CLASS_WRITE, write, (int fd, const void *p, size_t n),
    (fd, p, (size_t)some))
WRAP_PART(CLASS_WRITE, pwrite, (int fd, const void *p, size_t n, off_t at),
    (fd, p, (size_t)some, at))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	unsigned class = CLASS_OPEN | CLASS_SLOW;
	mode_t mode = 0;

	if (flags & O_CREAT) {
		va_list ap;

		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
		class |= CLASS_WRITE;
	}
	return fails(class, "open") ? -1 : __real_open(path, flags, mode);
}

/* ---- what is asked for ----------------------------------------------- */

static _Noreturn void refuse(const char *why)
{
	fprintf(stderr, "shim: %s\n", why);
	_exit(125);
}

static unsigned class_of(const char *name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strcmp(classes[i].name, name) == 0)
			return classes[i].class;
	refuse("no such class");
}

static int action_of(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].action;
	refuse("no such action");
}

__attribute__((constructor)) static void begin(void)
{
	const char *wish = getenv("STAGEGATE_FAULT");
	const char *path = getenv("STAGEGATE_FAULT_STATE");
	const char *held = getenv("STAGEGATE_HOLD");
	char hook[16], action[16], class[16], plus[2] = "";
	unsigned long at;
	int fd;

	if (held)
		(void)snprintf(hold, sizeof(hold), "%s", held);
	if (!wish || !path)
		return;
	if (sscanf(wish, "%15s %15s %15s %lu%1s", hook, action, class, &at,
		plus) < 4)
		refuse("what is STAGEGATE_FAULT to mean?");
	/* Kept open: the lock goes with the process. */
	fd = __real_open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || __real_flock(fd, LOCK_SH) < 0)
		refuse("cannot open STAGEGATE_FAULT_STATE");
	if (strcmp(hook, program_invocation_short_name) != 0)
		return;
	fault.state = __real_mmap(
	    NULL, STATE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fault.state == MAP_FAILED)
		refuse("cannot map STAGEGATE_FAULT_STATE");
	fault.at = at;
	fault.onwards = *plus == '+';
	fault.action = action_of(action);
	fault.class = class_of(class);
}

#define HOLD_STEP_US 2000
#define HOLD_STEPS 30000u

/* At the end of update: git has not moved the ref yet. */
__attribute__((destructor)) static void end(void)
{
	char there[sizeof(hold) + sizeof(".held")];
	int fd;

	if (!*hold || strcmp(program_invocation_short_name, "update") != 0)
		return;
	(void)snprintf(there, sizeof(there), "%s.held", hold);
	fd = __real_open(there, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	for (unsigned i = 0; i < HOLD_STEPS; i++) {
		if (__real_access(hold, F_OK) < 0)
			return;
		(void)usleep(HOLD_STEP_US);
	}
}
