#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/text.h"
#include "doctor.h"

/*
 * A repository's owner can put anything into it: a FIFO where git opens a file,
 * configuration that includes itself a billion times.  git and libgit2 wait for
 * these.  So a child looks at one repository after the other and hands over
 * what it has to say; where it takes too long, or ends, that is what is told of
 * the repository, and another child goes on with the next.  What it has read
 * for all of them, policies and hooks, is kept from one to the next.
 */
#if defined(__SANITIZE_ADDRESS__)
#define CHILD_MEMORY_MAX RLIM_INFINITY /* its shadow is terabytes */
#else
#define CHILD_MEMORY_MAX ((rlim_t)2 << 30) /* bytes, of data */
#endif
#define OUTPUT_MAX ((size_t)64 << 20) /* bytes of one repository */

struct message { /* followed by so many bytes of each */
	struct doctor_counts counts;
	size_t output, id, gitdir;
};

/* ---- the child --------------------------------------------------------------
 */

/* What was found is said before its memory is given back. */
static void examine(struct doctor_report *report, const char *path, bool fix)
{
	struct fixes fixes = { NULL, 0, 0 };
	struct arena arena;
	struct doctor d;

	arena_init(&arena, ARENA_RUN_MAX);
	doctor_look(report->server, &arena, path, &d);
	if (fix && d.found) {
		doctor_fix(&d, &fixes);
		if (fixes.n > 0)
			doctor_look(report->server, &arena, path, &d);
	}
	doctor_report_repository(report, &d, &fixes);
	arena_release(&arena);
}

/* With --json the one object that was added, else what is in `out`. */
static char *taken_output(struct doctor_report *report)
{
	struct buf *out = &report->admin->out;
	char *text;

	if (report->admin->json)
		return json_dumps(
		    json_array_get(report->json_repositories, 0), JSON_COMPACT);
	text = strndup(out->p, out->len);
	out->len = 0;
	return text;
}

static bool hand_over(struct doctor_report *report, FILE *to, size_t ids_before)
{
	const struct doctor_server *server = report->server;
	const struct known_id *known = server->ids.n > ids_before
	    ? &server->ids.v[ids_before]
	    : NULL;
	char *output = taken_output(report);
	struct message message = { .counts = report->counts,
		.output = output ? strlen(output) : 0,
		.id = known ? strlen(known->id) : 0,
		.gitdir = known ? strlen(known->gitdir) : 0 };
	bool done = output && fwrite(&message, sizeof(message), 1, to) == 1 &&
	    fputs(output, to) >= 0 &&
	    (!known ||
		(fputs(known->id, to) >= 0 && fputs(known->gitdir, to) >= 0)) &&
	    fflush(to) == 0;

	free(output);
	return done;
}

static void child(struct doctor_report *report, const struct strings *paths,
    size_t from, const struct doctor_apart *how, int fd)
{
	const struct rlimit memory = { CHILD_MEMORY_MAX, CHILD_MEMORY_MAX };
	FILE *to = fdopen(fd, "w");

	if (!to || setrlimit(RLIMIT_DATA, &memory) < 0)
		_exit(EXIT_UNDECIDED);
	for (size_t i = from; i < paths->n; i++) {
		size_t ids = report->server->ids.n;

		report->counts = (struct doctor_counts){ .repositories = 0 };
		if (report->admin->json)
			json_array_clear(report->json_repositories);
		examine(report, paths->v[i], how->fix);
		if (!hand_over(report, to, ids))
			_exit(EXIT_UNDECIDED);
	}
	_exit(EXIT_ALLOWED);
}

/* ---- what it hands over -----------------------------------------------------
 */

struct apart {
	struct doctor_report *report;
	const struct doctor_apart *how;
	pid_t pid;
	int fd;
	uint64_t end; /* of the repository that it is at: clock_monotonic_ms */
	bool late;
};

/* False when it has ended, or its time is over. */
static bool receive(struct apart *apart, void *p, size_t n)
{
	char *at = p;

	while (n > 0) {
		struct pollfd ready = { .fd = apart->fd, .events = POLLIN };
		uint64_t now = clock_monotonic_ms();
		ssize_t got;

		apart->late = now >= apart->end;
		if (apart->late)
			return false;
		if (poll(&ready, 1, (int)(apart->end - now)) <= 0)
			continue;
		got = read(apart->fd, at, n);
		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		at += got > 0 ? got : 0;
		n -= got > 0 ? (size_t)got : 0;
	}
	return true;
}

static bool receive_text(struct apart *apart, size_t n, char **ret)
{
	if (n > OUTPUT_MAX)
		return false;
	*ret = arena_alloc(apart->report->admin->arena, n + 1);
	return receive(apart, *ret, n);
}

static void take(struct apart *apart, const struct message *message,
    const char *output, const char *id, const char *gitdir)
{
	struct doctor_report *report = apart->report;
	struct doctor_server *server = report->server;

	doctor_counts_add(&report->counts, &message->counts);
	if (message->id > 0)
		ARRAY_PUSH(server->arena, &server->ids,
		    (struct known_id){ id, gitdir });
	if (report->admin->json) {
		json_array_append_new(report->json_repositories,
		    json_loads(output, JSON_ALLOW_NUL, NULL));
		return;
	}
	buf_add(&report->admin->out, output, message->output);
	admin_flush(report->admin);
}

static bool receive_one(struct apart *apart)
{
	struct message message;
	char *output, *id, *gitdir;

	apart->end = clock_monotonic_ms() + apart->how->timeout_s * 1000;
	if (!receive(apart, &message, sizeof(message)) ||
	    !receive_text(apart, message.output, &output) ||
	    !receive_text(apart, message.id, &id) ||
	    !receive_text(apart, message.gitdir, &gitdir))
		return false;
	take(apart, &message, output, id, gitdir);
	return true;
}

/* ---- one child after the other ----------------------------------------------
 */

static int start(struct apart *apart, const struct strings *paths, size_t from,
    struct err *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(
		    err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
	apart->pid = fork();
	if (apart->pid == 0) {
		close(fds[0]);
		child(apart->report, paths, from, apart->how, fds[1]);
	}
	close(fds[1]);
	apart->fd = fds[0];
	if (apart->pid > 0)
		return 0;
	close(fds[0]);
	return err_set(
	    err, ERR_IO, "cannot start a process: %s", strerror(errno));
}

static int end(struct apart *apart)
{
	int status = 0;

	close(apart->fd);
	kill(apart->pid, SIGKILL);
	while (waitpid(apart->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void tell_broken_off(struct apart *apart, const char *path, int status)
{
	const struct fixes none = { NULL, 0, 0 };
	struct doctor_report *report = apart->report;
	struct arena *arena = report->admin->arena;
	struct doctor d = { .arena = arena,
		.server = report->server,
		.asked = path,
		.unseen = true };

	if (apart->late)
		doctor_find(&d, "repository.broken-off",
		    "looking at '%s' was broken off after %llu s: something "
		    "in it never answers, such as a FIFO in the place of a "
		    "file, or does not end",
		    text_clean_s(arena, path),
		    (unsigned long long)apart->how->timeout_s);
	else
		doctor_find(&d, "repository.broken-off",
		    "looking at '%s' ended with %s %d",
		    text_clean_s(arena, path),
		    WIFSIGNALED(status) ? "signal" : "exit code",
		    WIFSIGNALED(status) ? WTERMSIG(status)
					: WEXITSTATUS(status));
	doctor_report_repository(report, &d, &none);
}

int doctor_look_apart(struct doctor_report *report, const struct strings *paths,
    const struct doctor_apart *how, struct err *err)
{
	struct apart apart = { .report = report, .how = how };

	for (size_t next = 0; next < paths->n; next++) {
		int status;

		if (start(&apart, paths, next, err) < 0)
			return -1;
		while (next < paths->n && receive_one(&apart))
			next++;
		status = end(&apart);
		if (next < paths->n)
			tell_broken_off(&apart, paths->v[next], status);
	}
	return 0;
}
