#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/handle.h"
#include "git/mergeways.h"

static int make(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == 0)
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

static int make_objects(
    struct repo *repo, struct arena *arena, const char *dir, struct err *err)
{
	static const char *const folders[] = { "objects", "objects/info",
		"objects/pack" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (make(arena_printf(arena, "%s/%s", dir, folders[i]), err))
			return -1;
	return write_file(arena, dir, "objects/info/alternates",
	    alternates(repo, arena), err);
}

static int link_objects(
    struct repo *repo, struct arena *arena, const char *dir, struct err *err)
{
	const char *path = arena_printf(arena, "%s/objects", dir);

	if (symlink(repo->objects, path) == 0)
		return 0;
	return err_set(
	    err, ERR_IO, "cannot make '%s': %s", path, strerror(errno));
}

static int fill(struct repo *repo, struct arena *arena, bool store,
    const char *dir, struct err *err)
{
	static const char *const folders[] = { "refs", "refs/heads", "info" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (make(arena_printf(arena, "%s/%s", dir, folders[i]), err))
			return -1;
	/* HEAD names nothing, so that no version of git reads attributes
	 * from it. */
	if (write_file(arena, dir, "HEAD", "ref: refs/heads/none\n", err) ||
	    write_file(arena, dir, "config",
		arena_printf(arena,
		    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
		    "\tattributesFile = /dev/null\n%s",
		    store ? "" : "\tfsync = none\n"),
		err))
		return -1;
	return store ? link_objects(repo, arena, dir, err)
		     : make_objects(repo, arena, dir, err);
}

int merge_scratch_make(struct repo *repo, struct arena *arena, bool store,
    const char **ret_path, struct err *err)
{
	const char *dir = NULL;

	if (scratch_make(repo, arena, "merge", &dir, err))
		return -1;
	if (fill(repo, arena, store, dir, err)) {
		scratch_remove(dir);
		return -1;
	}
	*ret_path = dir;
	return 0;
}
