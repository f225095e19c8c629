#include "setup/put.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

#define MODE_HOOK 0755u

static int fail(
    struct putter *putter, struct err *err, const char *what, const char *path)
{
	return err_set(err, ERR_IO, "cannot %s '%s': %s", what,
	    text_clean_s(putter->arena, path), strerror(errno));
}

/* Begins with a dot: hosts run what else lies in a `<hook>.d/`. */
static const char *temporary(
    struct putter *putter, const struct put_target *target)
{
	return arena_printf(putter->arena, "%s/.%s.%.16s" FILE_TEMPORARY,
	    target->dir, hook_name(target->hook), random_hex(putter->arena));
}

static int sync_dir_of(struct putter *putter, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');

	return dir_sync(
	    arena_strndup(putter->arena, path, (size_t)(slash - path)), err);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size && a->st_uid == b->st_uid &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void put_know(
    struct putter *putter, enum hook hook, const struct hook_look *look)
{
	struct put_source *source = &putter->source[hook];

	source->path = arena_strdup(putter->arena, look->path);
	source->st = look->st;
}

/* Is there one file more, which is the good one? */
static bool link_source(
    const struct putter *putter, enum hook hook, const char *to)
{
	const struct put_source *source = &putter->source[hook];
	struct stat st;

	if (putter->copies || !source->path || source->st.st_uid != geteuid() ||
	    link(source->path, to) < 0)
		return false;
	if (lstat(to, &st) == 0 && is_same(&st, &source->st) &&
	    (st.st_mode & 07777) == MODE_HOOK)
		return true;
	unlink(to);
	return false;
}

static int copy_program(struct putter *putter, const struct put_target *target,
    const char *to, struct err *err)
{
	const struct program *program = &putter->programs->v[target->hook];

	return file_replace(to, program->bytes, program->len, MODE_HOOK, err);
}

static int rename_over(
    struct putter *putter, const char *from, const char *to, struct err *err)
{
	if (rename(from, to) == 0)
		return sync_dir_of(putter, to, err);
	return fail(putter, err, "replace", to);
}

int put_hook(
    struct putter *putter, const struct put_target *target, struct err *err)
{
	const char *made = temporary(putter, target);
	struct hook_look look = { .path = target->place };

	if (!link_source(putter, target->hook, made) &&
	    copy_program(putter, target, made, err))
		return -1;
	if (rename_over(putter, made, target->place, err)) {
		unlink(made);
		return -1;
	}
	if (lstat(target->place, &look.st) == 0)
		put_know(putter, target->hook, &look);
	return 0;
}

static const char *aside_of(
    struct putter *putter, const struct put_target *target)
{
	return arena_printf(putter->arena, "%s.chained", target->place);
}

/* Where the system lets nobody link somebody else's file. */
static int copy_aside(struct putter *putter, const struct put_target *target,
    const char *aside, struct err *err)
{
	struct stat st;
	char *bytes;
	size_t len;

	if (stat(target->place, &st) < 0)
		return fail(putter, err, "look at", target->place);
	if (file_read(putter->arena, target->place, PROGRAM_BYTES_MAX, &bytes,
		&len, err))
		return -1;
	return file_replace(aside, bytes, len, st.st_mode & 0777, err);
}

int put_aside(
    struct putter *putter, const struct put_target *target, struct err *err)
{
	const char *aside = aside_of(putter, target);
	struct stat now, there;

	if (lstat(target->place, &now) < 0)
		return fail(putter, err, "look at", target->place);
	if (lstat(aside, &there) == 0)
		/* The same one: whoever began with it was killed. */
		return now.st_dev == there.st_dev && now.st_ino == there.st_ino
		    ? 0
		    : err_set(err, ERR_FORMAT,
			  "'%s' is there already, beside a hook that is not "
			  "ours: look which of the two is wanted",
			  text_clean_s(putter->arena, aside));
	if (link(target->place, aside) < 0)
		return copy_aside(putter, target, aside, err);
	return sync_dir_of(putter, aside, err);
}

int take_hook(
    struct putter *putter, const struct put_target *target, struct err *err)
{
	const char *aside = aside_of(putter, target);
	struct stat st;

	if (lstat(aside, &st) == 0)
		return rename_over(putter, aside, target->place, err);
	if (unlink(target->place) < 0 && errno != ENOENT)
		return fail(putter, err, "remove", target->place);
	return sync_dir_of(putter, target->place, err);
}
