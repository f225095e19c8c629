#include "git/refsync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "git/looseref.h"

static int failed(struct err *err, const char *path)
{
	return err_set(
	    err, ERR_IO, "cannot fsync '%s': %s", path, strerror(errno));
}

/* 1: there is no such file or folder. */
static int sync_path(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	int code;

	if (fd < 0)
		return errno == ENOENT ? 1 : -1;
	code = fsync(fd);
	close(fd);
	return code;
}

int ref_sync_folder(const char *path)
{
	char parent[REF_PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash)
		*slash = '\0';
	return sync_path(parent, O_DIRECTORY) < 0 ? -1 : 0;
}

int ref_sync_folders(const struct repo *repo, const char *path, struct err *err)
{
	char folder[REF_PATH_MAX];
	size_t top = strlen(repo->path) + strlen("/refs");

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *slash; (slash = strrchr(folder, '/'));) {
		*slash = '\0';
		if (strlen(folder) < top)
			break;
		if (sync_path(folder, O_DIRECTORY) < 0)
			return failed(err, folder);
	}
	return 0;
}

int ref_sync_packed(const struct repo *repo, const char *path, struct err *err)
{
	char packed[REF_PATH_MAX];

	if (access(path, F_OK) == 0)
		return 0;
	if (ref_path(repo, "", "packed-refs", "", packed, err))
		return -1;
	return sync_path(packed, 0) < 0 || ref_sync_folder(packed)
	    ? failed(err, packed)
	    : 0;
}
