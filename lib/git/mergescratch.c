#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git/handle.h"
#include "git/mergeways.h"

#define NFTW_FDS 16
#define ATTEMPTS 10
#define SCRATCH "merge-" /* and what makes it unique */

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
void merge_scratch_remove(const char *path)
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

static int write_file(struct arena *arena, const char *dir, const char *name,
    const char *text, struct err *err)
{
	const char *path = arena_printf(arena, "%s/%s", dir, name);
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool written;

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot write '%s': %s", path,
		    strerror(errno));
	written = write(fd, text, len) == (ssize_t)len;
	if (close(fd) == 0 && written)
		return 0;
	return err_set(err, ERR_IO, "cannot write '%s'", path);
}

/* Lines of objects/info/alternates.  None begins with '"' or holds a line
 * break: such paths are refused when the repository is opened. */
static const char *alternates(struct repo *repo, struct arena *arena)
{
	const char *text = arena_printf(arena, "%s\n", repo->objects);

	for (size_t i = 0; i < repo->borrowed_dirs.n; i++)
		text = arena_printf(
		    arena, "%s%s\n", text, repo->borrowed_dirs.v[i]);
	if (repo->incoming_dir)
		text = arena_printf(arena, "%s%s\n", text, repo->incoming_dir);
	return text;
}

static int fill(
    struct repo *repo, struct arena *arena, const char *dir, struct err *err)
{
	static const char *const folders[] = { "objects", "objects/info",
		"objects/pack", "refs", "refs/heads", "info" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (make(arena_printf(arena, "%s/%s", dir, folders[i]), err))
			return -1;
	/* HEAD names nothing, so that no version of git reads attributes
	 * from it. */
	if (write_file(arena, dir, "HEAD", "ref: refs/heads/none\n", err) ||
	    write_file(arena, dir, "config",
		"[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
		"\tattributesFile = /dev/null\n\tfsync = none\n",
		err) ||
	    write_file(arena, dir, "objects/info/alternates",
		alternates(repo, arena), err))
		return -1;
	return 0;
}

static int make_private(struct repo *repo, struct arena *arena,
    const char **ret_path, struct err *err)
{
	char *dir = arena_printf(arena, "%s/stagegate", repo->path);

	if (make(dir, err))
		return -1;
	dir = arena_printf(arena, "%s/tmp", dir);
	if (make(dir, err))
		return -1;
	dir = arena_printf(arena, "%s/" SCRATCH "XXXXXX", dir);
	if (!mkdtemp(dir))
		return err_set(err, errno == ENOENT ? ERR_MOVED : ERR_IO,
		    "cannot make '%s': %s", dir, strerror(errno));
	*ret_path = dir;
	return 0;
}

int merge_scratch_make(struct repo *repo, struct arena *arena,
    const char **ret_path, struct err *err)
{
	const char *dir = NULL;
	int status = -1;

	/* Another process that is done may take the empty folders away. */
	for (int i = 0; i < ATTEMPTS && status < 0; i++) {
		status = make_private(repo, arena, &dir, err);
		if (status < 0 && err->kind != ERR_MOVED)
			return -1;
	}
	if (status < 0)
		return -1;
	if (fill(repo, arena, dir, err)) {
		merge_scratch_remove(dir);
		return -1;
	}
	*ret_path = dir;
	return 0;
}

void merge_clear(const struct repo *repo, struct arena *arena, int64_t before)
{
	const char *above = arena_printf(arena, "%s/stagegate/tmp", repo->path);
	DIR *dir = opendir(above);
	struct strings old = { NULL, 0, 0 };
	const struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, SCRATCH, strlen(SCRATCH)) == 0 &&
		    fstatat(dirfd(dir), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(st.st_mode) && st.st_mtim.tv_sec < before)
			strings_add(arena, &old,
			    arena_printf(arena, "%s/%s", above, entry->d_name));
	if (dir)
		closedir(dir);
	for (size_t i = 0; i < old.n; i++)
		merge_scratch_remove(old.v[i]);
}
