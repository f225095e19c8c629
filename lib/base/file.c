#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define READ_SIZE ((size_t)16 << 10) /* bytes read at once at least */
#define LOCK_PAUSE_MS 10

static int fail(struct err *err, const char *what, const char *path)
{
	enum err_kind kind = errno == ENOENT ? ERR_NOTFOUND : ERR_IO;

	return err_set(
	    err, kind, "cannot %s '%s': %s", what, path, strerror(errno));
}

/* One read(2) that waits where the descriptor does not. */
static ssize_t read_some(int fd, void *p, size_t n)
{
	for (;;) {
		ssize_t got = read(fd, p, n);

		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN) {
			struct pollfd ready = { .fd = fd, .events = POLLIN };

			poll(&ready, 1, -1);
		}
	}
}

/* What is being read, and what has been. */
struct reading {
	struct arena *arena;
	const char *name; /* for messages, and to open */
	size_t max;       /* bytes */
	bool trusted;
	char *text;
	size_t len;
};

static int read_all(struct reading *r, int fd, size_t expected, struct err *err)
{
	size_t cap = expected <= r->max ? expected + 2 : READ_SIZE;

	r->text = arena_alloc(r->arena, cap);
	for (;;) {
		ssize_t got;

		if (cap - r->len < 2) {
			r->text = arena_grow(
			    r->arena, r->text, r->len, 2 * cap, 1);
			cap *= 2;
		}
		got = read_some(fd, r->text + r->len, cap - r->len - 1);
		if (got < 0)
			return fail(err, "read", r->name);
		if (got == 0)
			break;
		r->len += (size_t)got;
		if (r->len > r->max)
			return err_set(err, ERR_LIMIT,
			    "'%s' is larger than %zu bytes", r->name, r->max);
	}
	r->text[r->len] = '\0';
	return 0;
}

int fd_read(struct arena *arena, int fd, size_t max, char **ret_text,
    size_t *ret_len, struct err *err)
{
	char name[32];
	struct reading r = { .arena = arena, .name = name, .max = max };

	snprintf(name, sizeof(name), "descriptor %d", fd);
	if (read_all(&r, fd, READ_SIZE, err) < 0)
		return -1;
	*ret_text = r.text;
	*ret_len = r.len;
	return 0;
}

/* What makes a file's text somebody else's; NULL: nothing. */
static const char *distrust(const struct stat *st)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "is owned by neither root nor this account";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "is writable by group or others";
	return NULL;
}

static int read_opened(struct reading *r, int fd, struct err *err)
{
	struct stat st;
	size_t expected;
	const char *why;

	if (fstat(fd, &st) < 0)
		return fail(err, "stat", r->name);
	if (!S_ISREG(st.st_mode))
		return err_set(
		    err, ERR_FORMAT, "'%s' is not a regular file", r->name);
	why = r->trusted ? distrust(&st) : NULL;
	if (why)
		return err_set(err, ERR_FORMAT, "'%s' %s", r->name, why);
	expected = st.st_size > 0 ? (size_t)st.st_size : 0;
	if (expected > r->max)
		return err_set(err, ERR_LIMIT, "'%s' is larger than %zu bytes",
		    r->name, r->max);
	/* Files of /proc have no size. */
	return read_all(r, fd, expected > 0 ? expected : READ_SIZE, err);
}

static int open_and_read(struct reading *r, struct err *err)
{
	int fd = open(r->name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return fail(err, "open", r->name);
	result = read_opened(r, fd, err);
	close(fd);
	return result;
}

int file_read(struct arena *arena, const char *path, size_t max,
    char **ret_text, size_t *ret_len, struct err *err)
{
	struct reading r = { .arena = arena, .name = path, .max = max };

	if (open_and_read(&r, err) < 0)
		return -1;
	*ret_text = r.text;
	*ret_len = r.len;
	return 0;
}

int file_read_trusted(struct arena *arena, const char *path, size_t max,
    char **ret_text, size_t *ret_len, struct err *err)
{
	struct reading r = {
		.arena = arena, .name = path, .max = max, .trusted = true
	};

	if (open_and_read(&r, err) < 0)
		return -1;
	*ret_text = r.text;
	*ret_len = r.len;
	return 0;
}

const char *fd_exposed(int fd, unsigned exposing)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file";
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return "it belongs to another account";
	if (st.st_mode & exposing)
		return "others can read or write it";
	return NULL;
}

static int write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, p, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		p += put;
		len -= (size_t)put;
	}
	return 0;
}

/* Fills a new file and brings it to disk. */
static int fill(int fd, const char *path, const void *p, size_t len,
    unsigned mode, struct err *err)
{
	if (write_all(fd, p, len) < 0)
		return fail(err, "write", path);
	if (fchmod(fd, mode) < 0)
		return fail(err, "set the mode of", path);
	if (fsync(fd) < 0)
		return fail(err, "sync", path);
	return 0;
}

static int temporary_name(
    const char *path, char *name, size_t size, struct err *err)
{
	uint64_t random;
	int n;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return fail(err, "get random bytes for", path);
	n = snprintf(name, size, "%s.%016llx%s", path,
	    (unsigned long long)random, FILE_TEMPORARY);
	if (n < 0 || (size_t)n >= size)
		return err_set(err, ERR_LIMIT, "path too long: '%s'", path);
	return 0;
}

static int sync_parent(const char *path, struct err *err)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int n = 1;

	if (slash)
		n = slash > path ? (int)(slash - path) : 1;
	snprintf(parent, sizeof(parent), "%.*s", n, slash ? path : ".");
	return dir_sync(parent, err);
}

int file_replace(
    const char *path, const void *p, size_t len, unsigned mode, struct err *err)
{
	char temporary[PATH_MAX];
	int fd, result;

	if (temporary_name(path, temporary, sizeof(temporary), err) < 0)
		return -1;
	fd = open(temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(err, "create", temporary);
	result = fill(fd, temporary, p, len, mode, err);
	if (close(fd) < 0 && result == 0)
		result = fail(err, "close", temporary);
	if (result == 0 && rename(temporary, path) < 0)
		result = fail(err, "replace", path);
	if (result < 0) {
		unlink(temporary);
		return -1;
	}
	return sync_parent(path, err);
}

int dir_make(const char *path, unsigned mode, struct err *err)
{
	struct stat st;

	if (mkdir(path, 0700) == 0) {
		if (chmod(path, mode) < 0)
			return fail(err, "set the mode of", path);
		return 0;
	}
	if (errno != EEXIST)
		return fail(err, "create", path);
	if (stat(path, &st) < 0)
		return fail(err, "stat", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_IO, "'%s' is not a directory", path);
	return 0;
}

int dir_sync(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	if (fd < 0)
		return fail(err, "open", path);
	/* EINVAL: a file system that cannot sync directories. */
	if (fsync(fd) < 0 && errno != EINVAL)
		result = fail(err, "sync", path);
	close(fd);
	return result;
}

static bool is_listed(DIR *dir, const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t len = strlen(name), tmp = strlen(FILE_TEMPORARY);
	struct stat st;

	if (name[0] == '.')
		return false;
	if (len > tmp && strcmp(name + len - tmp, FILE_TEMPORARY) == 0)
		return false;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_REG;
	return fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode);
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int dir_list(struct arena *arena, const char *path, struct strings *ret_names,
    struct err *err)
{
	struct strings names = { 0 };
	const struct dirent *entry;
	DIR *dir = opendir(path);
	int result = 0;

	if (!dir && errno != ENOENT)
		return fail(err, "open", path);
	while (dir) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (is_listed(dir, entry))
			ARRAY_PUSH(
			    arena, &names, arena_strdup(arena, entry->d_name));
	}
	if (dir && errno != 0)
		result = fail(err, "read", path);
	if (dir)
		closedir(dir);
	if (result < 0)
		return -1;
	if (names.n > 1)
		qsort(names.v, names.n, sizeof(*names.v), name_cmp);
	*ret_names = names;
	return 0;
}

int file_remove(const char *path, struct err *err)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return fail(err, "remove", path);
	return 0;
}

/* Somebody may have removed or replaced the file between open and flock: a
 * lock on a file that has no name any more keeps nobody out. */
static bool still_there(int fd, const char *path)
{
	struct stat mine, named;

	return fstat(fd, &mine) == 0 && stat(path, &named) == 0 &&
	    mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

int file_lock(
    const char *path, unsigned timeout_ms, int *ret_fd, struct err *err)
{
	uint64_t end = clock_monotonic_ms() + timeout_ms;

	for (;;) {
		int fd = open(path,
		    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			O_CLOEXEC,
		    0600);

		if (fd < 0)
			return fail(err, "open", path);
		if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
			if (still_there(fd, path)) {
				*ret_fd = fd;
				return 0;
			}
		} else if (errno != EWOULDBLOCK && errno != EINTR) {
			fail(err, "lock", path);
			close(fd);
			return -1;
		}
		close(fd);
		if (clock_monotonic_ms() >= end)
			return err_set(err, ERR_LIMIT,
			    "'%s' is locked by another process", path);
		clock_sleep_ms(LOCK_PAUSE_MS);
	}
}
