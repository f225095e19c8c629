#include "git/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/treeremove.h"
#include "git/handle.h"

#define NFTW_FDS 16
#define ATTEMPTS 10
#define HELD_PREFIX "held-"
#define NEW_PREFIX ".new" /* not held yet */

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)where;
	if (type == FTW_DP)
		rmdir(path);
	else
		unlink(path);
	return 0;
}

/* The folders above go too where nothing else is in them, so that a clone in
 * which somebody only asks is left as it was. */
static void remove_above(const char *path)
{
	char above[PATH_MAX];

	for (int i = 0; i < 2; i++) {
		const char *slash = strrchr(i ? above : path, '/');
		size_t len = (size_t)(slash - (i ? above : path));

		if (len >= sizeof(above))
			return;
		memmove(above, i ? above : path, len);
		above[len] = '\0';
		if (rmdir(above) < 0)
			return;
	}
}

void scratch_remove(const char *path)
{
	if (!path)
		return;
	nftw(path, remove_one, NFTW_FDS, FTW_DEPTH | FTW_PHYS);
	remove_above(path);
}

static int make(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	return err_set(
	    err, ERR_IO, "cannot make '%s': %s", path, strerror(errno));
}

static int make_private(struct repo *repo, struct arena *arena,
    const char *purpose, const char **ret_path, struct err *err)
{
	char *dir = arena_printf(arena, "%s/stagegate", repo->path);

	if (make(dir, err))
		return -1;
	dir = arena_printf(arena, "%s/tmp", dir);
	if (make(dir, err))
		return -1;
	dir = arena_printf(arena, "%s/%s-XXXXXX", dir, purpose);
	if (!mkdtemp(dir))
		return err_set(err, errno == ENOENT ? ERR_MOVED : ERR_IO,
		    "cannot make '%s': %s", dir, strerror(errno));
	*ret_path = dir;
	return 0;
}

int scratch_make(struct repo *repo, struct arena *arena, const char *purpose,
    const char **ret_path, struct err *err)
{
	int status = -1;

	/* Another process that is done may take the empty folders away. */
	for (int i = 0; i < ATTEMPTS && status < 0; i++) {
		status = make_private(repo, arena, purpose, ret_path, err);
		if (status < 0 && err->kind != ERR_MOVED)
			return -1;
	}
	return status;
}

/* ---- held ones -------------------------------------------------------- */

/* -1: somebody has it. */
static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int scratch_hold(struct repo *repo, struct arena *arena, const char **ret_path,
    int *ret_lock, struct err *err)
{
	const char *made, *path;
	int lock;

	/* Locked before it has the name by which others look for it. */
	if (scratch_make(repo, arena, NEW_PREFIX, &made, err) < 0)
		return -1;
	path = arena_printf(arena, "%s/stagegate/tmp/" HELD_PREFIX "%s",
	    repo->path, strrchr(made, '-') + 1);
	lock = lock_folder(made);
	if (lock >= 0 && rename(made, path) == 0) {
		*ret_path = path;
		*ret_lock = lock;
		return 0;
	}
	err_set(err, ERR_IO, "cannot hold '%s': %s", made, strerror(errno));
	if (lock >= 0)
		close(lock);
	scratch_remove(made);
	return -1;
}

int scratch_drop(const char *path, int lock, struct err *err)
{
	int status = tree_remove(path, err);

	close(lock);
	remove_above(path);
	return status;
}

/* ---- what was left behind --------------------------------------------- */

static void clear_held(const char *path)
{
	struct err ignored;
	int lock = lock_folder(path);

	if (lock >= 0)
		(void)scratch_drop(path, lock, &ignored);
}

static bool is_folder_before(
    int above, const char *name, int64_t before, bool *ret_folder)
{
	struct stat st;

	*ret_folder = fstatat(above, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
	return *ret_folder && st.st_mtim.tv_sec < before;
}

void scratch_clear(const struct repo *repo, struct arena *arena, int64_t before)
{
	const char *above = arena_printf(arena, "%s/stagegate/tmp", repo->path);
	DIR *dir = opendir(above);
	struct strings old = { NULL, 0, 0 }, held = { NULL, 0, 0 };
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;
		bool folder;
		bool is_old = is_folder_before(
		    dirfd(dir), name, before, &folder);

		if (folder && str_prefix(name, HELD_PREFIX))
			strings_add(arena, &held,
			    arena_printf(arena, "%s/%s", above, name));
		else if (is_old &&
		    (*name != '.' || str_prefix(name, NEW_PREFIX)))
			strings_add(arena, &old,
			    arena_printf(arena, "%s/%s", above, name));
	}
	if (dir)
		closedir(dir);
	for (size_t i = 0; i < held.n; i++)
		clear_held(held.v[i]);
	for (size_t i = 0; i < old.n; i++)
		scratch_remove(old.v[i]);
}
