/*
 * Writing refs as git does, so that both can at the same time: "<ref>.lock"
 * made with O_EXCL, the old value read under it, rename.  libgit2's own reads
 * all of packed-refs for each write, which takes 40 ms at 100,000 refs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "git/looseref.h"
#include "git/packedrefs.h"
#include "git/queue.h"
#include "git/refs.h"

#define LOCK_WAIT_MS 2000u
#define LOCK_POLL_MS 10u

struct lock {
	char path[REF_PATH_MAX]; /* what is locked */
	char file[REF_PATH_MAX]; /* path + ".lock" */
	int fd;                  /* -1: not held */
};

struct modes { /* as the refs folder has them, whatever the umask */
	mode_t dir, file;
};

static int io(struct err *err, const char *what, const char *path)
{
	return err_set(
	    err, ERR_IO, "cannot %s '%s': %s", what, path, strerror(errno));
}

static int modes_of(const struct repo *repo, struct modes *ret, struct err *err)
{
	char path[REF_PATH_MAX];
	struct stat st;

	if (ref_path(repo, "refs", "", "", path, err))
		return -1;
	if (stat(path, &st) < 0)
		return io(err, "read", path);
	ret->dir = st.st_mode & 07777;
	ret->file = st.st_mode & 0666;
	return 0;
}

/* The folders between the git directory and the last part of path. */
static int make_parents(const struct repo *repo, char *path,
    const struct modes *modes, struct err *err)
{
	for (char *slash = strchr(path + strlen(repo->path) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		int code;

		*slash = '\0';
		code = mkdir(path, 0777);
		if (code == 0)
			code = chmod(path, modes->dir);
		else if (errno == EEXIST)
			code = 0;
		if (code)
			io(err, "make", path);
		*slash = '/';
		if (code)
			return -1;
	}
	return 0;
}

static void lock_release(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	close(lock->fd);
	unlink(lock->file);
	lock->fd = -1;
}

static int lock_take(const struct repo *repo, struct lock *lock,
    const struct modes *modes, struct err *err)
{
	uint64_t until = clock_monotonic_ms() + LOCK_WAIT_MS;

	for (;;) {
		if (make_parents(repo, lock->file, modes, err))
			return -1;
		lock->fd = open(
		    lock->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (lock->fd >= 0)
			break;
		/* ENOENT: git removed the folder, which was empty. */
		if (errno != EEXIST && errno != ENOENT)
			return io(err, "lock", lock->file);
		if (clock_monotonic_ms() >= until)
			return err_set(err, ERR_LIMIT,
			    "'%s' is held by another process; if none is "
			    "running, remove it",
			    lock->file);
		clock_sleep_ms(LOCK_POLL_MS);
	}
	if (fchmod(lock->fd, modes->file) < 0) {
		io(err, "write", lock->file);
		lock_release(lock);
		return -1;
	}
	return 0;
}

static int write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code;

	if (fd < 0)
		return -1;
	code = fsync(fd);
	close(fd);
	return code;
}

/* The folder that a path lies in. */
static int sync_parent(const char *path)
{
	char parent[REF_PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash)
		*slash = '\0';
	return sync_folder(parent);
}

/* A new ref is there after a power cut only if the folders are that lead to
 * it, whoever made them: somebody who was killed may not have come to it. */
static int sync_parents(
    const struct repo *repo, const char *path, struct err *err)
{
	char folder[REF_PATH_MAX];
	size_t top = strlen(repo->path) + strlen("/refs");

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *slash; (slash = strrchr(folder, '/'));) {
		*slash = '\0';
		if (strlen(folder) < top)
			break;
		if (sync_folder(folder))
			return io(err, "fsync", folder);
	}
	return 0;
}

/* Contents, fsync, rename over what was locked, fsync of the folder. */
static int lock_commit(
    struct lock *lock, const char *p, size_t len, struct err *err)
{
	if (write_all(lock->fd, p, len) || fsync(lock->fd) ||
	    rename(lock->file, lock->path)) {
		io(err, "write", lock->path);
		lock_release(lock);
		return -1;
	}
	close(lock->fd);
	lock->fd = -1;
	return sync_parent(lock->path) ? io(err, "fsync", lock->path) : 0;
}

static int lock_ref(const struct repo *repo, const char *name,
    const struct modes *modes, struct lock *lock, struct err *err)
{
	lock->fd = -1;
	if (ref_path(repo, "", name, "", lock->path, err) ||
	    ref_path(repo, "", name, ".lock", lock->file, err))
		return -1;
	return lock_take(repo, lock, modes, err);
}

/* Under the lock: is the ref where the caller thinks it is? */
static int check_old(
    struct repo *repo, const char *name, const struct oid *old, struct err *err)
{
	struct arena arena;
	struct view_ref ref;
	int status;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	status = ref_read(repo, &arena, name, &ref, err);
	if (status == 0 && ref.symbolic)
		status = err_set(err, ERR_FORMAT,
		    "'%s' is a symbolic ref to '%s'", name, ref.symbolic);
	else if (status == 0 &&
	    (oid_is_zero(old) ? ref.exists : !oid_eq(old, &ref.oid)))
		status = err_set(err, ERR_MOVED, "ref '%s' is at %s, not %s",
		    name, oid_hex8(&ref.oid).s, oid_hex8(old).s);
	arena_release(&arena);
	return status;
}

static int collides(const char *name, const char *other, struct err *err)
{
	return err_set(
	    err, ERR_FORMAT, "ref '%s' can't be made beside '%s'", name, other);
}

/* "a/b" and "a" can't both be refs.  Loose ones collide as files do; packed
 * ones must be looked for. */
static int check_packed_collision(
    struct repo *repo, struct arena *arena, const char *name, struct err *err)
{
	const struct packed_refs *packed;
	struct packed_walk walk;
	struct packed_ref ref;
	char *parent = arena_strdup(arena, name);
	int more;

	if (packed_refs_open(repo, &packed, err) ||
	    packed_walk_start(
		packed, arena_printf(arena, "%s/", name), &walk, err))
		return -1;
	more = packed_walk_next(&walk, &ref, err);
	if (more < 0)
		return -1;
	if (more > 0)
		return collides(
		    name, arena_strndup(arena, ref.name, ref.len), err);
	for (char *slash; (slash = strrchr(parent, '/'));) {
		struct oid oid;
		bool found;

		*slash = '\0';
		if (packed_refs_find(packed, parent, &found, &oid, err))
			return -1;
		if (found)
			return collides(name, parent, err);
	}
	return 0;
}

/* A file in place of a folder that the ref needs. */
static int check_loose_parents(
    struct repo *repo, struct arena *arena, const char *name, struct err *err)
{
	char *parent = arena_strdup(arena, name);
	struct loose_ref ref;

	for (char *slash; (slash = strrchr(parent, '/'));) {
		*slash = '\0';
		if (loose_ref_read(repo, parent, &ref, err))
			return -1;
		if (ref.exists)
			return collides(name, parent, err);
	}
	return 0;
}

/* Empty folders left behind by deleted refs give way. */
static int clear_folder(const struct repo *repo, struct arena *arena,
    const char *name, struct err *err)
{
	struct strings names = { 0 }, folders = { 0 };
	const char *folder = arena_printf(arena, "%s/", name);
	char path[REF_PATH_MAX];

	if (loose_refs_list(repo, arena, folder, &names, &folders, err))
		return -1;
	if (names.n > 0)
		return collides(name, names.v[0], err);
	for (size_t i = folders.n; i-- > 0;) {
		if (ref_path(repo, "", folders.v[i], "", path, err))
			return -1;
		if (rmdir(path) < 0 && errno != ENOENT && errno != ENOTDIR)
			return io(err, "remove", path);
	}
	return 0;
}

static bool keeps_reflog(
    struct repo *repo, const char *name, const char *log_path)
{
	git_buf value = { 0 };
	int yes = repo->is_bare ? 0 : 1;
	bool always;

	if (access(log_path, F_OK) == 0)
		return true;
	if (git_config_get_string_buf(
		&value, repo->config, "core.logallrefupdates") == 0 &&
	    git_config_parse_bool(&yes, value.ptr) < 0)
		yes = 0;
	always = value.ptr && strcasecmp(value.ptr, "always") == 0;
	git_buf_dispose(&value);
	return always ||
	    (yes &&
		(str_prefix(name, "refs/heads/") ||
		    str_prefix(name, "refs/remotes/") ||
		    str_prefix(name, "refs/notes/")));
}

static int append_reflog(struct repo *repo, const char *name,
    const struct oid *old, const struct oid *target, const char *why,
    const struct modes *modes, struct err *err)
{
	char path[REF_PATH_MAX], host[256] = "", line[1024];
	int fd, n;

	if (ref_path(repo, "logs/", name, "", path, err))
		return -1;
	if (!keeps_reflog(repo, name, path))
		return 0;
	if (make_parents(repo, path, modes, err))
		return -1;
	gethostname(host, sizeof(host) - 1);
	n = snprintf(line, sizeof(line),
	    "%s %s stagegate <stagegate@%s> %lld +0000\t%.400s", oid_hex(old).s,
	    oid_hex(target).s, host, (long long)clock_now(), why);
	if (n < 0 || (size_t)n >= sizeof(line) - 1)
		return err_set(err, ERR_LIMIT,
		    "the reflog line of '%s' is "
		    "too long",
		    name);
	for (int i = 0; i < n; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[n++] = '\n';
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
	    modes->file);
	if (fd < 0)
		return io(err, "write", path);
	if (write_all(fd, line, (size_t)n)) {
		close(fd);
		return io(err, "write", path);
	}
	close(fd);
	return 0;
}

static int check_name(const char *name, struct err *err)
{
	if (ref_name_is_valid(name) && str_prefix(name, "refs/"))
		return 0;
	return err_set(err, ERR_FORMAT, "'%s' is no name for a ref", name);
}

/* In the store: what only a quarantine holds may be gone in a moment. */
static int check_target(
    struct repo *repo, const struct oid *target, struct err *err)
{
	git_oid id = git_oid_of(target);

	if (object_queue_flush(repo, err))
		return -1;
	if (git_odb_exists(repo->odb, &id))
		return 0;
	return err_set(err, ERR_NOTFOUND, "object %s is not in the repository",
	    oid_hex(target).s);
}

int ref_update(struct repo *repo, const char *name, const struct oid *old,
    const struct oid *target, const char *why, struct err *err)
{
	struct arena arena;
	struct modes modes;
	struct lock lock = { .fd = -1 };
	char text[OID_HEX + 2];
	bool is_new = oid_is_zero(old);
	int status = -1;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	if (check_name(name, err) || check_target(repo, target, err) ||
	    modes_of(repo, &modes, err) ||
	    (is_new && check_loose_parents(repo, &arena, name, err)) ||
	    lock_ref(repo, name, &modes, &lock, err) ||
	    check_old(repo, name, old, err))
		goto out;
	if (is_new &&
	    (check_packed_collision(repo, &arena, name, err) ||
		clear_folder(repo, &arena, name, err)))
		goto out;
	if (append_reflog(repo, name, old, target, why, &modes, err))
		goto out;
	snprintf(text, sizeof(text), "%s\n", oid_hex(target).s);
	status = lock_commit(&lock, text, OID_HEX + 1, err);
	if (status == 0 && is_new)
		status = sync_parents(repo, lock.path, err);
out:
	lock_release(&lock);
	arena_release(&arena);
	return status;
}

/* Takes the ref out of packed-refs, if it is there.  The lock is held, and held
 * on: hence not by renaming it. */
static int remove_packed(struct repo *repo, const char *name,
    const struct modes *modes, struct err *err)
{
	const struct packed_refs *packed;
	struct lock next = { .fd = -1 };
	char *bytes = NULL;
	size_t len = 0;
	int status = -1;

	if (packed_refs_open(repo, &packed, err) ||
	    packed_refs_without(packed, name, &bytes, &len, err))
		return -1;
	if (!bytes)
		return 0;
	if (ref_path(repo, "", "packed-refs", "", next.path, err) ||
	    ref_path(repo, "", REFS_PACKED_NEXT, "", next.file, err))
		goto out;
	next.fd = open(next.file,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (next.fd < 0 || fchmod(next.fd, modes->file) < 0) {
		io(err, "write", next.file);
		goto out;
	}
	status = lock_commit(&next, bytes, len, err);
out:
	free(bytes);
	lock_release(&next);
	return status;
}

/* Folders that this made empty, up to "refs/x/". */
static void prune_parents(
    const struct repo *repo, const char *folder, const char *name)
{
	char path[REF_PATH_MAX];
	struct err ignored;
	size_t keep;

	if (ref_path(repo, folder, name, "", path, &ignored))
		return;
	keep = strlen(repo->path) + 1 + strlen(folder) + strlen("refs/");
	for (char *slash; (slash = strrchr(path, '/'));) {
		*slash = '\0';
		if (strlen(path) <= keep || !strchr(path + keep, '/') ||
		    rmdir(path) < 0)
			break;
	}
}

/* The lock of packed-refs is held all the while, as git does: who packs refs
 * may have read the loose one, and would put it where it was. */
int ref_remove(
    struct repo *repo, const char *name, const struct oid *old, struct err *err)
{
	char log[REF_PATH_MAX];
	struct modes modes;
	struct lock lock = { .fd = -1 }, packed = { .fd = -1 };
	int status = -1;

	if (check_name(name, err) || modes_of(repo, &modes, err) ||
	    ref_path(repo, "logs/", name, "", log, err))
		return -1;
	if (lock_ref(repo, name, &modes, &lock, err) ||
	    check_old(repo, name, old, err) ||
	    lock_ref(repo, "packed-refs", &modes, &packed, err) ||
	    remove_packed(repo, name, &modes, err))
		goto out;
	if (unlink(lock.path) < 0 && errno != ENOENT) {
		io(err, "remove", lock.path);
		goto out;
	}
	if (sync_parent(lock.path)) {
		io(err, "fsync", lock.path);
		goto out;
	}
	(void)unlink(log); /* git keeps no reflog of a deleted ref */
	status = 0;
out:
	lock_release(&packed);
	lock_release(&lock);
	if (status == 0) {
		prune_parents(repo, "", name);
		prune_parents(repo, "logs/", name);
	}
	return status;
}
