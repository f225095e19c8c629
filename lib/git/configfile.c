#include "git/configfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "git/handle.h"

#define MODE_NEW 0644u

enum change_kind {
	CHANGE_SET,
	CHANGE_ADD,
	CHANGE_REMOVE
};

struct change {
	enum change_kind kind;
	const char *key, *value;
};

struct config_file {
	struct arena *arena;
	const char *path; /* links resolved */
	const char *copy; /* what the changes are made on */
	bool is_new;
	struct stat st;
	char *bytes; /* as it was opened */
	size_t len;
	git_config *config;
	bool started;
	struct {
		struct change *v;
		size_t n, cap;
	} changes;
};

static int fail(struct err *err, const char *what, const char *path)
{
	return err_set(
	    err, ERR_IO, "cannot %s '%s': %s", what, path, strerror(errno));
}

static int read_file(struct config_file *file, struct err *err)
{
	char real[PATH_MAX];

	if (!realpath(file->path, real)) {
		if (errno != ENOENT)
			return fail(err, "find", file->path);
		file->is_new = true;
		file->bytes = arena_strdup(file->arena, "");
		return 0;
	}
	file->path = arena_strdup(file->arena, real);
	if (stat(real, &file->st) < 0)
		return fail(err, "look at", real);
	return file_read(
	    file->arena, real, CONFIG_BYTES_MAX, &file->bytes, &file->len, err);
}

static int open_config(struct config_file *file, struct err *err)
{
	if (library_start(err))
		return -1;
	file->started = true;
	if (file->is_new ? git_config_new(&file->config)
			 : git_config_open_ondisk(&file->config, file->path))
		return err_git(err, ERR_FORMAT, "cannot read '%s'", file->path);
	return 0;
}

int config_file_open(struct arena *arena, const char *path,
    struct config_file **ret, struct err *err)
{
	struct config_file *file = ARENA_NEW(arena, struct config_file);

	file->arena = arena;
	file->path = path;
	if (read_file(file, err) || open_config(file, err)) {
		config_file_close(file);
		return -1;
	}
	file->copy = arena_printf(
	    arena, "%s.%.16s" FILE_TEMPORARY, file->path, random_hex(arena));
	*ret = file;
	return 0;
}

void config_file_close(struct config_file *file)
{
	if (!file)
		return;
	git_config_free(file->config);
	file->config = NULL;
	if (file->started)
		git_libgit2_shutdown();
	file->started = false;
}

struct collecting {
	struct arena *arena;
	struct strings values;
};

static int collect(const git_config_entry *entry, void *payload)
{
	struct collecting *c = payload;

	ARRAY_PUSH(c->arena, &c->values,
	    arena_strdup(c->arena, entry->value ? entry->value : ""));
	return 0;
}

int config_file_values(struct config_file *file, const char *key,
    struct strings *ret, struct err *err)
{
	struct collecting c = { .arena = file->arena };
	int code = git_config_get_multivar_foreach(
	    file->config, key, NULL, collect, &c);

	if (code < 0 && code != GIT_ENOTFOUND)
		return err_git(err, ERR_FORMAT, "cannot read '%s' of '%s'", key,
		    file->path);
	*ret = c.values;
	return 0;
}

static void note(struct config_file *file, enum change_kind kind,
    const char *key, const char *value)
{
	struct change change = { kind, key, value };

	ARRAY_PUSH(file->arena, &file->changes, change);
}

void config_file_set(
    struct config_file *file, const char *key, const char *value)
{
	note(file, CHANGE_SET, key, value);
}

void config_file_add(
    struct config_file *file, const char *key, const char *value)
{
	note(file, CHANGE_ADD, key, value);
}

void config_file_remove(
    struct config_file *file, const char *key, const char *value)
{
	note(file, CHANGE_REMOVE, key, value);
}

/* A regular expression that matches the value and nothing else. */
static const char *exactly(struct arena *arena, const char *value)
{
	char *pattern = arena_alloc(arena, 2 * strlen(value) + 3),
	     *to = pattern;

	*to++ = '^';
	for (; *value; value++) {
		if (isascii(*value) && !isalnum((unsigned char)*value))
			*to++ = '\\';
		*to++ = *value;
	}
	*to = '$';
	return pattern;
}

static int apply(struct config_file *file, git_config *config,
    const struct change *change, struct err *err)
{
	int code = 0;

	switch (change->kind) {
	case CHANGE_SET: /* all of them where there are several */
		code = git_config_set_string(
		    config, change->key, change->value);
		if (code < 0)
			code = git_config_set_multivar(
			    config, change->key, ".*", change->value);
		break;
	case CHANGE_ADD: /* the pattern is no value's */
		code = git_config_set_multivar(
		    config, change->key, "$^.", change->value);
		break;
	case CHANGE_REMOVE:
		code = git_config_delete_multivar(
		    config, change->key, exactly(file->arena, change->value));
		if (code == GIT_ENOTFOUND)
			code = 0;
		break;
	}
	return code < 0 ? err_git(err, ERR_IO, "cannot change '%s' in '%s'",
			      change->key, file->path)
			: 0;
}

/* Without its lock libgit2 writes the file anew for each change. */
static int apply_locked(
    struct config_file *file, git_config *config, struct err *err)
{
	git_transaction *all = NULL;
	int status = 0;

	if (git_config_lock(&all, config) < 0)
		return err_git(err, ERR_IO, "cannot lock '%s'", file->copy);
	for (size_t i = 0; status == 0 && i < file->changes.n; i++)
		status = apply(file, config, &file->changes.v[i], err);
	if (status == 0 && git_transaction_commit(all) < 0)
		status = err_git(err, ERR_IO, "cannot write '%s'", file->copy);
	git_transaction_free(all);
	return status;
}

static int apply_all(struct config_file *file, struct err *err)
{
	git_config *config = NULL;
	int status;

	if (git_config_open_ondisk(&config, file->copy) < 0)
		return err_git(err, ERR_IO, "cannot read '%s'", file->copy);
	status = apply_locked(file, config, err);
	git_config_free(config);
	return status;
}

/* Owner, mode and contents of the copy, durably. */
static int finish_copy(struct config_file *file, struct err *err)
{
	int fd = open(file->copy, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int status = 0;

	if (fd < 0)
		return fail(err, "open", file->copy);
	if (fstat(fd, &st) < 0) {
		status = fail(err, "look at", file->copy);
	} else if (file->is_new) {
		if (fchmod(fd, MODE_NEW) < 0)
			status = fail(err, "set the mode of", file->copy);
	} else {
		/* Only root gives files away; a group of one's own works. */
		if ((st.st_uid != file->st.st_uid &&
			fchown(fd, file->st.st_uid, (gid_t)-1) < 0 &&
			geteuid() == 0) ||
		    (st.st_gid != file->st.st_gid &&
			fchown(fd, (uid_t)-1, file->st.st_gid) < 0 &&
			geteuid() == 0))
			status = fail(err, "give away", file->copy);
		if (status == 0 && fchmod(fd, file->st.st_mode & 0777) < 0)
			status = fail(err, "set the mode of", file->copy);
	}
	if (status == 0 && fsync(fd) < 0)
		status = fail(err, "sync", file->copy);
	close(fd);
	return status;
}

static bool is_as_read(struct config_file *file)
{
	struct err ignored;
	char *bytes;
	size_t len;

	if (file->is_new)
		return access(file->path, F_OK) < 0 && errno == ENOENT;
	return file_read(file->arena, file->path, CONFIG_BYTES_MAX, &bytes,
		   &len, &ignored) == 0 &&
	    len == file->len && memcmp(bytes, file->bytes, len) == 0;
}

/* git's own lock, held for two system calls: a process that is killed leaves
 * none behind but between these. */
static int put_in_place(struct config_file *file, struct err *err)
{
	const char *lock = arena_printf(file->arena, "%s.lock", file->path);
	const char *slash = strrchr(file->path, '/');

	if (link(file->copy, lock) < 0)
		return errno == EEXIST
		    ? err_set(err, ERR_MOVED,
			  "'%s' is there: another program changes that "
			  "configuration just now, or was killed while it "
			  "did; run again, or remove that file",
			  lock)
		    : fail(err, "make", lock);
	unlink(file->copy);
	if (!is_as_read(file)) {
		unlink(lock);
		return err_set(err, ERR_MOVED,
		    "'%s' was changed by another program meanwhile: run again",
		    file->path);
	}
	if (rename(lock, file->path) < 0) {
		fail(err, "replace", file->path);
		unlink(lock);
		return -1;
	}
	return dir_sync(slash > file->path
		? arena_strndup(
		      file->arena, file->path, (size_t)(slash - file->path))
		: "/",
	    err);
}

static int is_copy_other(
    struct config_file *file, bool *ret_other, struct err *err)
{
	char *bytes;
	size_t len;

	if (file_read(
		file->arena, file->copy, CONFIG_BYTES_MAX, &bytes, &len, err))
		return -1;
	*ret_other = len != file->len || memcmp(bytes, file->bytes, len) != 0;
	return 0;
}

static int make_copy(struct config_file *file, struct err *err)
{
	int fd = open(file->copy,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t put;

	if (fd < 0)
		return fail(err, "create", file->copy);
	put = write(fd, file->bytes, file->len);
	if (close(fd) < 0 || put != (ssize_t)file->len)
		return fail(err, "write", file->copy);
	return 0;
}

int config_file_save(
    struct config_file *file, bool *ret_changed, struct err *err)
{
	bool other = false;
	int status;

	if (file->changes.n == 0) {
		*ret_changed = false;
		return 0;
	}
	status = make_copy(file, err) || apply_all(file, err) ||
		is_copy_other(file, &other, err)
	    ? -1
	    : 0;
	if (status == 0 && other)
		status = finish_copy(file, err) || put_in_place(file, err) ? -1
									   : 0;
	if (status || !other)
		unlink(file->copy);
	if (status == 0)
		*ret_changed = other;
	return status;
}
