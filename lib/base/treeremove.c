#include "base/treeremove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * No descent: each folder found below the top is moved up into it, under a
 * number, and is emptied there.  So two descriptors and short paths are enough
 * for any depth.
 */
#define NAME_BYTES 32
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct removing {
	int top;
	unsigned long long moved;
};

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool is_folder(int above, const char *name)
{
	struct stat st;

	return fstatat(above, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

/* A folder that may be read and changed, even if its mode said otherwise. */
static int open_folder(int above, const char *name)
{
	if (!is_folder(above, name)) {
		errno = ENOTDIR;
		return -1;
	}
	if (fchmodat(above, name, 0700, 0) < 0)
		return -1;
	return openat(above, name, FOLDER_FLAGS);
}

/* Out of `folder` into the top, under a name that nothing has there. */
static int move_up(struct removing *r, int folder, const char *name)
{
	char to[NAME_BYTES];
	struct stat st;

	/* A folder that moves has its `..` written. */
	if (fchmodat(folder, name, 0700, 0) < 0)
		return -1;
	do
		snprintf(to, sizeof(to), "%llu", r->moved++);
	while (fstatat(r->top, to, &st, AT_SYMLINK_NOFOLLOW) == 0);
	return renameat(folder, name, r->top, to);
}

static int empty_folder(struct removing *r, int folder)
{
	DIR *dir = fdopendir(folder);
	const struct dirent *entry;
	int status = 0;

	if (!dir) {
		close(folder);
		return -1;
	}
	while (status == 0 && (entry = readdir(dir))) {
		if (is_dots(entry->d_name))
			continue;
		if (is_folder(folder, entry->d_name))
			status = move_up(r, folder, entry->d_name);
		else
			status = unlinkat(folder, entry->d_name, 0);
	}
	closedir(dir);
	return status;
}

/* What lies in the top itself; *ret_more: folders were emptied into it. */
static int empty_top(struct removing *r, bool *ret_more)
{
	int copy = openat(r->top, ".", FOLDER_FLAGS);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *entry;
	int status = 0;

	*ret_more = false;
	if (!dir)
		return -1;
	while (status == 0 && (entry = readdir(dir))) {
		int folder;

		if (is_dots(entry->d_name))
			continue;
		if (!is_folder(r->top, entry->d_name)) {
			status = unlinkat(r->top, entry->d_name, 0);
			continue;
		}
		*ret_more = true;
		folder = open_folder(r->top, entry->d_name);
		status = folder < 0 ? -1 : empty_folder(r, folder);
		if (status == 0)
			status = unlinkat(r->top, entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
	return status;
}

int tree_remove(const char *path, struct err *err)
{
	struct removing r = { .top = open_folder(AT_FDCWD, path) };
	bool more = true;
	int status = r.top < 0 ? -1 : 0, error;

	while (status == 0 && more)
		status = empty_top(&r, &more);
	error = errno;
	if (r.top >= 0)
		close(r.top);
	if (status == 0 && rmdir(path) < 0) {
		status = -1;
		error = errno;
	}
	if (status < 0)
		return err_set(err, ERR_IO, "cannot remove '%s': %s", path,
		    strerror(error));
	return 0;
}
