#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "setup/place.h"

/* Directories still to be looked into, and what was found. */
struct walk {
	struct arena *arena;
	struct strings todo;
	size_t seen;
	struct strings found, problems;
};

static void cannot_read(struct walk *walk, const char *path)
{
	ARRAY_PUSH(walk->arena, &walk->problems,
	    arena_printf(walk->arena, "cannot look into '%s': %s",
		text_clean_s(walk->arena, path), strerror(errno)));
}

static bool is_kind(int dir, const char *name, mode_t kind, int flags)
{
	struct stat st;

	return fstatat(dir, name, &st, flags) == 0 &&
	    ((st.st_mode & S_IFMT) == kind);
}

/* As git takes it: objects/ and refs/ may be links to elsewhere, HEAD to a
 * branch. */
static bool is_repository(int dir)
{
	return (is_kind(dir, "HEAD", S_IFREG, AT_SYMLINK_NOFOLLOW) ||
		   is_kind(dir, "HEAD", S_IFLNK, AT_SYMLINK_NOFOLLOW)) &&
	    is_kind(dir, "objects", S_IFDIR, 0) &&
	    is_kind(dir, "refs", S_IFDIR, 0);
}

static bool is_descended(int dir, const struct dirent *entry)
{
	const char *name = entry->d_name;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    strcmp(name, ".git") == 0)
		return false;
	return entry->d_type == DT_DIR ||
	    (entry->d_type == DT_UNKNOWN &&
		is_kind(dir, name, S_IFDIR, AT_SYMLINK_NOFOLLOW));
}

static int list(struct walk *walk, const char *path, DIR *dir, struct err *err)
{
	const char *slash = str_suffix(path, "/") ? "" : "/";
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (!is_descended(dirfd(dir), entry))
			continue;
		if (++walk->seen > PLACES_SEEN_MAX)
			return err_set(err, ERR_LIMIT,
			    "there are more than %d directories",
			    PLACES_SEEN_MAX);
		ARRAY_PUSH(walk->arena, &walk->todo,
		    arena_printf(
			walk->arena, "%s%s%s", path, slash, entry->d_name));
	}
	if (errno != 0)
		cannot_read(walk, path);
	return 0;
}

static int look_into(struct walk *walk, const char *path, struct err *err)
{
	int fd = open(path,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		(walk->seen > 0 ? O_NOFOLLOW : 0));
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int status = 0;

	if (!dir) {
		/* One that was removed meanwhile is no repository. */
		if (errno != ENOENT || walk->seen == 0)
			cannot_read(walk, path);
		if (fd >= 0)
			close(fd);
		return 0;
	}
	if (!is_repository(fd))
		status = list(walk, path, dir, err);
	else if (walk->found.n == PLACES_MAX)
		status = err_set(err, ERR_LIMIT,
		    "there are more than %d repositories", PLACES_MAX);
	else
		ARRAY_PUSH(walk->arena, &walk->found, path);
	closedir(dir);
	return status;
}

static int path_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct strings *paths)
{
	if (paths->n > 1)
		qsort(paths->v, paths->n, sizeof(*paths->v), path_cmp);
}

int places_below(struct arena *arena, const char *dir,
    struct strings *ret_paths, struct strings *ret_problems, struct err *err)
{
	struct walk walk = { .arena = arena };
	struct stat st;

	if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_NOTFOUND, "'%s' is no directory",
		    text_clean_s(arena, dir));
	ARRAY_PUSH(arena, &walk.todo, dir);
	while (walk.todo.n > 0)
		if (look_into(&walk, walk.todo.v[--walk.todo.n], err))
			return err_prefix(
			    err, "below '%s'", text_clean_s(arena, dir));
	sort(&walk.found);
	sort(&walk.problems);
	*ret_paths = walk.found;
	*ret_problems = walk.problems;
	return 0;
}
