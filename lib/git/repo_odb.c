/* The object directories of a repository and of the push. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>

#include "git/handle.h"
#include "git/objectdirs.h"
#include "git/pack.h"

#define ALTERNATES_MAX 16 /* directories in the environment's list */

/* Loose objects live in two-digit folders; without one, asking for them would
 * only cost a system call at each look-up. */
static bool has_loose_folders(const char *dir)
{
	DIR *d = opendir(dir);
	bool found = false;
	struct dirent *entry;

	if (!d)
		return true; /* add_fixed says what is wrong */
	while (!found && (errno = 0, entry = readdir(d)))
		found = strlen(entry->d_name) == 2 &&
		    strcmp(entry->d_name, "..") != 0;
	found = found || errno; /* one may be behind what does not read */
	closedir(d);
	return found;
}

/* An object database of one directory that never looks again: what is not
 * there at the start does not come.  The caller frees it. */
static int add_fixed(git_odb *odb, const char *dir, struct err *err)
{
	git_odb_backend *pack = NULL, *loose = NULL;
	struct stat st;

	if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_IO,
		    "cannot read the object directory '%s': %s", dir,
		    errno ? strerror(errno) : "not a directory");
	if (git_odb_backend_pack(&pack, dir) < 0)
		return err_git(err, ERR_IO, "cannot read '%s'", dir);
	pack->refresh = NULL;
	if (git_odb_add_alternate(odb, pack, 2) < 0)
		return err_git(err, ERR_INTERNAL, "cannot use '%s'", dir);
	if (!has_loose_folders(dir))
		return 0;
	if (git_odb_backend_loose(&loose, dir, -1, 0, 0, 0) < 0)
		return err_git(err, ERR_IO, "cannot read '%s'", dir);
	if (git_odb_add_alternate(odb, loose, 1) < 0)
		return err_git(err, ERR_INTERNAL, "cannot use '%s'", dir);
	return 0;
}

static bool same_directory(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
	    sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* Directories of GIT_ALTERNATE_OBJECT_DIRECTORIES other than the store's.
 * A quoted entry can't name ours, whose path has no ':' nor '"'. */
static int borrow(struct repo *repo, const char *list, struct err *err)
{
	char *copy = arena_strdup(repo->arena, list);
	char *rest = copy, *dir;

	while ((dir = strsep(&rest, ":"))) {
		if (!*dir || same_directory(dir, repo->objects))
			continue;
		if (*dir == '"')
			return err_set(err, ERR_FORMAT,
			    "GIT_ALTERNATE_OBJECT_DIRECTORIES names a path "
			    "with a ':' or a '\"', behind which hooks can't "
			    "see objects: move it to a path without");
		if (repo->borrowed_dirs.n == ALTERNATES_MAX)
			return err_set(err, ERR_LIMIT,
			    "more than %d alternate object directories",
			    ALTERNATES_MAX);
		strings_add(repo->arena, &repo->borrowed_dirs, dir);
	}
	if (repo->borrowed_dirs.n == 0)
		return 0;
	if (git_odb_new(&repo->borrowed) < 0)
		return err_git(err, ERR_INTERNAL, "cannot make an odb");
	for (size_t i = 0; i < repo->borrowed_dirs.n; i++)
		if (add_fixed(repo->borrowed, repo->borrowed_dirs.v[i], err))
			return -1;
	return 0;
}

static int open_incoming(struct repo *repo, const char *dir, struct err *err)
{
	struct strings dirs = { 0 };

	repo->incoming_dir = arena_strdup(repo->arena, dir);
	strings_add(repo->arena, &dirs, repo->incoming_dir);
	repo->incoming_packs = packs_open(&dirs);
	if (packs_are_complete(repo->incoming_packs) && !has_loose_folders(dir))
		return 0;
	if (git_odb_new(&repo->incoming) < 0)
		return err_git(err, ERR_INTERNAL, "cannot make an odb");
	return add_fixed(repo->incoming, dir, err);
}

int repo_open_odb(struct repo *repo, bool from_environment, struct err *err)
{
	const char *dir = getenv("GIT_OBJECT_DIRECTORY");
	const char *alternates = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	struct strings dirs;

	if (git_repository_odb(&repo->odb, repo->store) < 0)
		return err_git(err, ERR_IO, "cannot read '%s'", repo->objects);
	object_dirs(repo->arena, repo->objects, &dirs);
	repo->packs = packs_open(&dirs);
	if (!from_environment)
		return 0;
	if (dir && *dir && !same_directory(dir, repo->objects) &&
	    open_incoming(repo, dir, err))
		return -1;
	if (alternates && *alternates)
		return borrow(repo, alternates, err);
	return 0;
}
