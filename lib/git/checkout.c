#include "git/checkout.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "git/raw.h"
#include "git/treediff.h"

#define MODE_RUNS 0000100u
#define LINK_BYTES_MAX ((size_t)4095)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define FILE_FLAGS (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)

struct writing {
	struct repo *repo;
	struct arena *arena;
	const struct checkout *checkout;
	int top;
	/* The folder that was written into last. */
	char at[CHECKOUT_PATH_MAX + 1];
	int folder; /* -1: none */
	size_t files;
	uint64_t bytes;
	struct checkout_links links;
};

static int cannot_write(
    const struct writing *w, const char *path, struct err *err)
{
	int error = errno;

	return err_set(err, ERR_IO, "cannot write '%s': %s",
	    text_clean_s(w->arena, path), strerror(error));
}

/* ---- names ------------------------------------------------------------ */

/* New objects were looked at for such names, old ones may have them: a folder
 * .git would speak to whoever runs git in the tree. */
static bool name_is_safe(const char *name, size_t len)
{
	return len > 0 && !(len == 1 && *name == '.') &&
	    !(len == 2 && memcmp(name, "..", 2) == 0) &&
	    !(len == 4 && strncasecmp(name, ".git", 4) == 0);
}

static bool path_is_safe(const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "/");

		if (!name_is_safe(path, len))
			return false;
		if (path[len] == '\0')
			return true;
		path += len + 1;
	}
}

/* ---- folders ---------------------------------------------------------- */

static int give(const struct writing *w, int above, const char *name)
{
	const struct checkout *c = w->checkout;

	return c->give_away
	    ? fchownat(above, name, c->user, c->group, AT_SYMLINK_NOFOLLOW)
	    : 0;
}

static int make_folder(const struct writing *w, int above, const char *name)
{
	if (mkdirat(above, name, 0700) < 0)
		return errno == EEXIST ? 0 : -1;
	/* Made here, so that it is no link. */
	if (fchmodat(above, name, 0755, 0) < 0)
		return -1;
	return give(w, above, name);
}

/* Descends to a folder of the tree, making what is missing.  len 0: the top. */
static int open_folder(struct writing *w, const char *path, size_t len)
{
	char name[CHECKOUT_PATH_MAX + 1];
	int fd = fcntl(w->top, F_DUPFD_CLOEXEC, 3);

	for (size_t i = 0; fd >= 0 && i < len;) {
		size_t n = strcspn(path + i, "/");
		int above = fd;

		memcpy(name, path + i, n);
		name[n] = '\0';
		fd = make_folder(w, above, name) < 0
		    ? -1
		    : openat(above, name, FOLDER_FLAGS);
		close(above);
		i += n + 1;
	}
	return fd;
}

static void leave_folder(struct writing *w)
{
	if (w->folder >= 0)
		close(w->folder);
	w->folder = -1;
}

/* The name within w->folder, which then is the one that the path lies in. */
static const char *enter_folder(struct writing *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (w->folder < 0 || strlen(w->at) != len ||
	    memcmp(w->at, path, len) != 0) {
		leave_folder(w);
		w->folder = open_folder(w, path, len);
		memcpy(w->at, path, len);
		w->at[len] = '\0';
	}
	if (w->folder < 0)
		return NULL;
	return slash ? slash + 1 : path;
}

/* ---- what is in them -------------------------------------------------- */

static int write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, p, len);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0) {
			p += put;
			len -= (size_t)put;
		}
	}
	return 0;
}

static int fill_file(
    const struct writing *w, int fd, const char *p, size_t len, unsigned mode)
{
	const struct checkout *c = w->checkout;

	if (write_all(fd, p, len) < 0 ||
	    fchmod(fd, mode & MODE_RUNS ? 0755 : 0644) < 0)
		return -1;
	return c->give_away ? fchown(fd, c->user, c->group) : 0;
}

static int write_file(struct writing *w, const char *path, unsigned mode,
    const struct raw_object *blob, struct err *err)
{
	const char *name = enter_folder(w, path);
	int fd = name ? openat(w->folder, name, FILE_FLAGS, 0600) : -1;
	int status = fd < 0 ? -1
			    : fill_file(w, fd, blob->bytes, blob->len, mode);

	if (status < 0)
		cannot_write(w, path, err);
	if (fd >= 0 && close(fd) < 0 && status == 0)
		status = cannot_write(w, path, err);
	return status;
}

/* A link with a NUL in it is none; where it leads is looked at later. */
static int remember_link(struct writing *w, const char *path,
    const struct raw_object *blob, struct err *err)
{
	if (w->links.n >= CHECKOUT_LINKS_MAX)
		return err_set(err, ERR_LIMIT,
		    "the tree has more than %zu symbolic links",
		    CHECKOUT_LINKS_MAX);
	ARRAY_PUSH(w->arena, &w->links,
	    (struct checkout_link){ arena_strdup(w->arena, path),
		memchr(blob->bytes, '\0', blob->len)
		    ? "/"
		    : arena_strndup(w->arena, blob->bytes, blob->len) });
	return 0;
}

static int write_blob(struct writing *w, const char *path,
    const struct view_entry *entry, struct err *err)
{
	bool link = (entry->mode & MODE_KIND) == MODE_SYMLINK;
	size_t max = link ? LINK_BYTES_MAX : (size_t)CHECKOUT_FILE_MAX;
	struct raw_object blob;
	int status;

	if (raw_read(w->repo, &entry->oid, OBJECT_BLOB, max, &blob, err))
		return err_prefix(err, "%s", text_clean_s(w->arena, path));
	w->bytes += blob.len;
	if (w->bytes > CHECKOUT_BYTES_MAX)
		status = err_set(err, ERR_LIMIT,
		    "the tree has more than %llu bytes",
		    (unsigned long long)CHECKOUT_BYTES_MAX);
	else
		status = link ? remember_link(w, path, &blob, err)
			      : write_file(w, path, entry->mode, &blob, err);
	raw_release(&blob);
	return status;
}

static int write_submodule(struct writing *w, const char *path, struct err *err)
{
	const char *name = enter_folder(w, path);

	if (!name || make_folder(w, w->folder, name) < 0)
		return cannot_write(w, path, err);
	return 0;
}

static int write_entry(struct writing *w, const char *path,
    const struct view_entry *entry, struct err *err)
{
	const struct checkout *c = w->checkout;

	if (++w->files > CHECKOUT_FILES_MAX)
		return err_set(err, ERR_LIMIT,
		    "the tree has more than %zu entries", CHECKOUT_FILES_MAX);
	if (c->expired && c->expired(c->ctx))
		return err_set(err, ERR_LIMIT, "time is over");
	if (strlen(path) > CHECKOUT_PATH_MAX || !path_is_safe(path))
		return err_set(err, ERR_FORMAT,
		    "'%.200s' is no path that is written",
		    text_clean_s(w->arena, path));
	switch (entry->mode & MODE_KIND) {
	case MODE_FOLDER:
		return 0; /* made where something is in it */
	case MODE_SUBMODULE:
		return write_submodule(w, path, err);
	default:
		return write_blob(w, path, entry, err);
	}
}

static int write_listed(
    void *ctx, const struct view_change *change, struct err *err)
{
	return write_entry(ctx, change->path, &change->to, err);
}

/* ---- links ------------------------------------------------------------ */

static int write_links(
    struct writing *w, struct checkout_left *ret, struct err *err)
{
	checkout_links_sort(&w->links);
	for (size_t i = 0; i < w->links.n; i++) {
		const struct checkout_link *link = &w->links.v[i];
		const char *name;

		if (!checkout_link_stays(&w->links, link)) {
			if (ret->n++ == 0)
				ret->first = link->path;
			continue;
		}
		name = enter_folder(w, link->path);
		if (!name || symlinkat(link->target, w->folder, name) < 0 ||
		    give(w, w->folder, name) < 0)
			return cannot_write(w, link->path, err);
	}
	return 0;
}

/* ---- all of it -------------------------------------------------------- */

static int write_files(struct writing *w, struct err *err)
{
	const struct checkout *c = w->checkout;
	struct treediff *diff;
	int status = 0;

	if (!c->only) {
		diff = treediff_new(w->arena, w->repo);
		status = treediff_list(diff, c->tree, write_listed, w, err);
		treediff_free(diff);
		return status;
	}
	for (size_t i = 0; status == 0 && i < c->only->n; i++)
		status = write_entry(
		    w, c->only->v[i].path, &c->only->v[i].entry, err);
	return status;
}

int checkout_write(struct repo *repo, struct arena *arena,
    const struct checkout *checkout, int folder, struct checkout_left *ret,
    struct err *err)
{
	struct writing *w = ARENA_NEW(arena, struct writing);
	struct checkout_left left = { 0, NULL };
	int status;

	w->repo = repo;
	w->arena = arena;
	w->checkout = checkout;
	w->top = folder;
	w->folder = -1;
	status = write_files(w, err);
	if (status == 0)
		status = write_links(w, &left, err);
	leave_folder(w);
	if (status == 0)
		*ret = left;
	return status < 0 ? -1 : 0;
}
