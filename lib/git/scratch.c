#include "git/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/handle.h"

#define NFTW_FDS 16
#define ATTEMPTS 10

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
void scratch_remove(const char *path)
{
	char above[PATH_MAX];

	if (!path)
		return;
	nftw(path, remove_one, NFTW_FDS, FTW_DEPTH | FTW_PHYS);
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

void scratch_clear(const struct repo *repo, struct arena *arena, int64_t before)
{
	const char *above = arena_printf(arena, "%s/stagegate/tmp", repo->path);
	DIR *dir = opendir(above);
	struct strings old = { NULL, 0, 0 };
	const struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(dir), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(st.st_mode) && st.st_mtim.tv_sec < before)
			strings_add(arena, &old,
			    arena_printf(arena, "%s/%s", above, entry->d_name));
	if (dir)
		closedir(dir);
	for (size_t i = 0; i < old.n; i++)
		scratch_remove(old.v[i]);
}
