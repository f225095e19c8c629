#include "doctor/standing.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/file.h"
#include "base/text.h"
#include "doctor/access.h"

#define STEP_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static int fail(
    struct doctor *d, struct err *err, const char *what, const char *path)
{
	return err_set(err, ERR_IO, "cannot %s '%s': %s", what,
	    text_clean_s(d->arena, path), strerror(errno));
}

int standing_owner(struct doctor *d, struct account *ret, struct err *err)
{
	const struct account root = { .uid = 0, .name = "root" };
	struct access_look look;
	struct stat st;

	if (stat(".", &st) < 0)
		return fail(d, err, "look at", ".");
	account_find(d->arena, st.st_uid, st.st_gid, ret);
	if (st.st_uid == 0) {
		if (access_of(d->arena, ".", &root, &look, err) < 0)
			return -1;
		return look.holder == HELD_BY_ROOT
		    ? 0
		    : err_set(err, ERR_IO,
			  "it lies in a directory of root's of which is true "
			  "that %s: put that right first",
			  look.why);
	}
	return st.st_uid == d->account.uid
	    ? 0
	    : err_set(err, ERR_IO,
		  "it lies in a directory that belongs to "
		  "'%s'",
		  ret->name);
}

/* In the working directory. */
static int make_step(struct doctor *d, const char *name, struct err *err)
{
	struct account owner;
	int status;

	if (standing_owner(d, &owner, err) < 0 ||
	    account_enter(&owner, err) < 0)
		return -1;
	status = dir_make(name, 0755, err);
	account_leave();
	return status;
}

/* One directory further down. */
static int step(struct doctor *d, const char *name, bool make, struct err *err)
{
	int fd = open(name, STEP_FLAGS), status;

	if (fd < 0 && errno == ENOENT && make) {
		if (make_step(d, name, err) < 0)
			return -1;
		fd = open(name, STEP_FLAGS);
	}
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return err_set(err, ERR_FORMAT,
		    "'%s' on the way to it is a link, or no directory",
		    text_clean_s(d->arena, name));
	if (fd < 0)
		return fail(d, err, "go into", name);
	status = fchdir(fd) < 0 ? fail(d, err, "go into", name) : 0;
	close(fd);
	return status;
}

/* Only what is in the repository is made. */
static int walk(struct doctor *d, const char *path, bool make, struct err *err)
{
	size_t inside = strlen(d->place.gitdir);
	const char *at = path + 1, *slash;

	if (chdir("/") < 0)
		return fail(d, err, "go into", "/");
	while ((slash = strchr(at, '/'))) {
		const char *name = arena_strndup(
		    d->arena, at, (size_t)(slash - at));

		if (strcmp(name, "..") == 0)
			return err_set(err, ERR_FORMAT,
			    "it lies outside of the repository");
		if (*name &&
		    step(d, name, make && (size_t)(slash - path) > inside,
			err) < 0)
			return -1;
		at = slash + 1;
	}
	return 0;
}

int standing_in(struct doctor *d, const char *path, bool make,
    struct standing *ret, struct err *err)
{
	struct standing standing = { .name = strrchr(path, '/') + 1 };

	if (!doctor_is_inside(d, path))
		return err_set(
		    err, ERR_FORMAT, "it lies outside of the repository");
	standing.back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (standing.back < 0)
		return fail(d, err, "look at", ".");
	if (walk(d, path, make, err) < 0) {
		standing_back(&standing);
		return -1;
	}
	*ret = standing;
	return 0;
}

void standing_back(struct standing *standing)
{
	/* Whoever can't go back there goes nowhere else either. */
	if (fchdir(standing->back) < 0 && chdir("/") < 0)
		_exit(EXIT_UNDECIDED);
	close(standing->back);
}
