#include "git/looseref.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "judge/push.h"

#define LOOSE_BYTES_MAX 2048 /* of a loose ref file */
/* What a push may name, kept under refs/stagegate/kept/<name>/<oid>. */
#define REF_NAME_BYTES_MAX (REF_NAME_MAX + 64)
#define REFS_MAX ((size_t)2 << 20) /* below one prefix */

bool ref_name_is_valid(const char *name)
{
	int valid = 0;

	return strlen(name) <= REF_NAME_BYTES_MAX &&
	    git_reference_name_is_valid(&valid, name) == 0 && valid;
}

int ref_path(const struct repo *repo, const char *folder, const char *name,
    const char *suffix, char path[REF_PATH_MAX], struct err *err)
{
	int n = snprintf(
	    path, REF_PATH_MAX, "%s/%s%s%s", repo->path, folder, name, suffix);

	if (n < 0 || n >= REF_PATH_MAX)
		return err_set(err, ERR_LIMIT,
		    "the path of ref '%s' is too "
		    "long",
		    name);
	return 0;
}

static int broken(const char *name, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    "ref '%s' of the repository is broken: see 'git fsck'", name);
}

static size_t trimmed(const char *p, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", p[len - 1]))
		len--;
	return len;
}

/* "ref: refs/heads/main" or 40 hex digits, white space behind. */
static int parse(const char *name, char *text, size_t len,
    struct loose_ref *ret, struct err *err)
{
	text[trimmed(text, len)] = '\0';
	if (str_prefix(text, "ref:")) {
		const char *target = text + strlen("ref:");

		target += strspn(target, " \t");
		ret->is_symbolic = true;
		snprintf(ret->target, sizeof(ret->target), "%s", target);
		if (!ref_name_is_valid(ret->target))
			return broken(name, err);
	} else if (!oid_parse(text, &ret->oid) ||
	    (text[OID_HEX] && !strchr(" \t\r\n", text[OID_HEX]))) {
		return broken(name, err);
	}
	ret->exists = true;
	return 0;
}

/* git's old form of a symbolic ref. */
static int read_link(
    const char *name, const char *path, struct loose_ref *ret, struct err *err)
{
	ssize_t n = readlink(path, ret->target, sizeof(ret->target) - 1);

	if (n < 0)
		return errno == ENOENT ? 0 : broken(name, err);
	ret->target[n] = '\0';
	if (!str_prefix(ret->target, "refs/") ||
	    !ref_name_is_valid(ret->target))
		return broken(name, err);
	ret->is_symbolic = true;
	ret->exists = true;
	return 0;
}

int loose_ref_read(const struct repo *repo, const char *name,
    struct loose_ref *ret, struct err *err)
{
	char path[REF_PATH_MAX], text[LOOSE_BYTES_MAX + 1];
	struct stat st;
	ssize_t n = -1;
	int fd;

	ret->exists = ret->is_symbolic = false;
	if (ref_path(repo, "", name, "", path, err))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ELOOP)
		return read_link(name, path, ret, err);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : err_set(err, ERR_IO, "cannot read ref '%s': %s", name,
			  strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd); /* refs below it */
		return 0;
	}
	if (S_ISREG(st.st_mode))
		n = read(fd, text, LOOSE_BYTES_MAX);
	close(fd);
	if (n < 0 || n == LOOSE_BYTES_MAX)
		return broken(name, err);
	return parse(name, text, (size_t)n, ret, err);
}

static bool is_folder(const char *path, const struct dirent *entry)
{
	char full[REF_PATH_MAX + 256];
	struct stat st;

	if (entry->d_type == DT_DIR)
		return true;
	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return false;
	snprintf(full, sizeof(full), "%s/%s", path, entry->d_name);
	return stat(full, &st) == 0 && S_ISDIR(st.st_mode);
}

static int list_one(const struct repo *repo, struct arena *arena,
    const char *folder, struct strings *names, struct strings *folders,
    struct err *err)
{
	char path[REF_PATH_MAX];
	struct dirent *entry;
	int code = 0;
	DIR *dir;

	if (ref_path(repo, "", folder, "", path, err))
		return -1;
	dir = opendir(path);
	if (!dir) /* emptied and removed meanwhile */
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : err_set(err, ERR_IO, "cannot read '%s': %s", path,
			  strerror(errno));
	while (names->n + folders->n <= REFS_MAX) {
		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			code = errno;
			break;
		}
		if (*entry->d_name == '.' || str_suffix(entry->d_name, ".lock"))
			continue;
		if (is_folder(path, entry))
			ARRAY_PUSH(arena, folders,
			    arena_printf(
				arena, "%s%s/", folder, entry->d_name));
		else
			ARRAY_PUSH(arena, names,
			    arena_printf(arena, "%s%s", folder, entry->d_name));
	}
	closedir(dir);
	if (code) /* what was read is not all there is */
		return err_set(
		    err, ERR_IO, "cannot read '%s': %s", path, strerror(code));
	if (names->n + folders->n > REFS_MAX)
		return err_set(err, ERR_LIMIT, "more than %zu refs in '%s'",
		    REFS_MAX, folder);
	return 0;
}

int loose_refs_list(const struct repo *repo, struct arena *arena,
    const char *folder, struct strings *ret_names, struct strings *folders,
    struct err *err)
{
	struct strings own = { 0 };

	if (!folders)
		folders = &own;
	ARRAY_PUSH(arena, folders, arena_strdup(arena, folder));
	for (size_t i = 0; i < folders->n; i++)
		if (list_one(
			repo, arena, folders->v[i], ret_names, folders, err))
			return -1;
	return 0;
}
