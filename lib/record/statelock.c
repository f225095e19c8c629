#include "record/statelock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "git/refs.h"
#include "judge/push.h"
#include "record/repoid.h"

/* git holds the lock of a single ref for milliseconds (pack-refs); one that
 * stands still for longer, after one of us was killed, was its. */
#define STALE_MS 1000u
#define POLL_MS 50u
#define NAME_MAX_BYTES (REF_NAME_MAX + 256)

/* The ref that the last holder was at work on when it ended; "": none. */
static int read_name(
    const struct state_lock *lock, char *name, size_t size, struct err *err)
{
	ssize_t n = pread(lock->fd, name, size - 1, 0);

	if (n < 0)
		return err_set(err, ERR_IO, "cannot read '%s': %s", lock->path,
		    strerror(errno));
	name[n] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return 0;
}

static int clear_name(const struct state_lock *lock, struct err *err)
{
	if (ftruncate(lock->fd, 0) < 0)
		return err_set(err, ERR_IO, "cannot write '%s': %s", lock->path,
		    strerror(errno));
	return 0;
}

static int write_name(
    const struct state_lock *lock, const char *ref, struct err *err)
{
	char line[NAME_MAX_BYTES];
	int n = snprintf(line, sizeof(line), "%s\n", ref);

	if (n < 0 || (size_t)n >= sizeof(line))
		return err_set(err, ERR_LIMIT, "the name of a ref is too long");
	if (pwrite(lock->fd, line, (size_t)n, 0) != n)
		return err_set(err, ERR_IO, "cannot write '%s': %s", lock->path,
		    strerror(errno));
	return 0;
}

static bool same_file(const char *path, const struct stat *before)
{
	struct stat now;

	return stat(path, &now) == 0 && now.st_ino == before->st_ino &&
	    now.st_dev == before->st_dev && now.st_size == before->st_size &&
	    now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static int clear_stale(struct arena *arena, const struct state_lock *lock,
    const char *ref, struct err *err)
{
	const char *path = arena_printf(
	    arena, "%s/%s.lock", repo_path(lock->repo), ref);
	uint64_t until = clock_monotonic_ms() + STALE_MS;
	struct stat st;

	if (stat(path, &st) < 0)
		return 0;
	while (clock_monotonic_ms() < until) {
		clock_sleep_ms(POLL_MS);
		if (!same_file(path, &st))
			return 0;
	}
	return file_remove(path, err);
}

/* git writes packed-refs.new for as long as it takes, under a lock that stands
 * still. */
static int clear_packed(
    struct arena *arena, const struct state_lock *lock, struct err *err)
{
	const char *path = repo_path(lock->repo);

	if (access(arena_printf(arena, "%s/packed-refs.new", path), F_OK) !=
		0 &&
	    clear_stale(arena, lock, "packed-refs", err))
		return -1;
	return file_remove(
	    arena_printf(arena, "%s/" REFS_PACKED_NEXT, path), err);
}

/* What somebody who was killed has left. */
static int clean_up(
    struct arena *arena, struct state_lock *lock, struct err *err)
{
	char ref[NAME_MAX_BYTES];

	if (read_name(lock, ref, sizeof(ref), err))
		return -1;
	if (!*ref)
		return 0;
	if (strncmp(ref, "refs/", 5) == 0 && !strstr(ref, "..") &&
	    (clear_stale(arena, lock, ref, err) ||
		clear_packed(arena, lock, err)))
		return -1;
	return clear_name(lock, err);
}

int state_lock_take(struct arena *arena, struct repo *repo,
    struct state_lock *ret, struct err *err)
{
	struct state_lock lock = { .repo = repo, .fd = -1 };
	const char *dir;

	*ret = lock;
	if (state_dir(arena, repo, &dir, err))
		return -1;
	lock.path = arena_printf(arena, "%s/lock", dir);
	if (state_file_lock(
		arena, repo, lock.path, STATE_LOCK_WAIT_MS, &lock.fd, err))
		return -1;
	if (clean_up(arena, &lock, err)) {
		close(lock.fd);
		return -1;
	}
	*ret = lock;
	return 0;
}

void state_lock_release(struct state_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
}

int state_lock_update(struct state_lock *lock, const char *ref,
    const struct oid *old, const struct oid *target, const char *why,
    struct err *err)
{
	struct err ignored;
	int status;

	if (write_name(lock, ref, err))
		return -1;
	status = ref_update(lock->repo, ref, old, target, why, err);
	(void)clear_name(lock, status ? &ignored : err);
	return status;
}

int state_lock_remove(struct state_lock *lock, const char *ref,
    const struct oid *old, struct err *err)
{
	struct err ignored;
	int status;

	if (write_name(lock, ref, err))
		return -1;
	status = ref_remove(lock->repo, ref, old, err);
	(void)clear_name(lock, status ? &ignored : err);
	return status;
}
