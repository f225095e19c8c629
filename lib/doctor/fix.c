#include "doctor/fix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/treeremove.h"
#include "doctor/access.h"
#include "doctor/standing.h"
#include "git/configfile.h"
#include "setup/put.h"

/* ---- the kinds --------------------------------------------------------------
 *
 * Each in the directory where it is to be done, as its owner.
 */
struct fixing {
	struct doctor *d;
	const struct fix *fix;
	const char *name;
	struct stat st; /* of that name, no link followed; st_ino 0: none */
};

static int is_other(struct err *err)
{
	return err_set(err, ERR_MOVED, "another one is there by now");
}

/* The file is held while its mode is changed, so that no link takes its
 * place. */
static int fix_mode(const struct fixing *f, struct err *err)
{
	int fd = open(f->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int status = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 ||
	    fchmod(fd, st.st_mode & f->fix->keep) < 0)
		status = err_set(
		    err, ERR_IO, "cannot set its mode: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return status;
}

static int fix_hook(const struct fixing *f, struct err *err)
{
	struct putter putter = { .arena = f->d->arena,
		.programs = &f->d->server->programs,
		.copies = true };
	struct put_target target = { ".",
		arena_printf(f->d->arena, "./%s", f->name), f->fix->hook };

	return put_hook(&putter, &target, err);
}

typedef void change_fn(
    struct config_file *file, const char *key, const char *value);

/* By its path, for that is how git's lock is made: as root only where nobody
 * else could lead it elsewhere. */
static int change_config(
    const struct fixing *f, change_fn *change, struct err *err)
{
	const struct account root = { .uid = 0, .name = "root" };
	const struct fix *fix = f->fix;
	struct access_look look;
	struct config_file *file;
	bool changed;
	int status;

	if (f->st.st_ino != 0 && !S_ISREG(f->st.st_mode))
		return err_set(err, ERR_FORMAT, "it is a link, or no file");
	if (geteuid() == 0) {
		if (access_way(
			f->d->arena, f->d->place.gitdir, &root, &look, err) < 0)
			return -1;
		if (look.holder != HELD_BY_ROOT)
			return err_set(err, ERR_IO, "%s %s",
			    text_clean_s(f->d->arena, look.path), look.why);
	}
	if (config_file_open(f->d->arena, fix->path, &file, err) < 0)
		return -1;
	change(file, fix->key, fix->value);
	status = config_file_save(file, &changed, err);
	config_file_close(file);
	return status;
}

static int fix_set(const struct fixing *f, struct err *err)
{
	return change_config(f, config_file_set, err);
}

static int fix_add(const struct fixing *f, struct err *err)
{
	return change_config(f, config_file_add, err);
}

static int fix_remove(const struct fixing *f, struct err *err)
{
	if (f->st.st_ino == 0)
		return 0; /* gone by itself */
	if (f->st.st_ino != f->fix->ino || S_ISDIR(f->st.st_mode))
		return is_other(err);
	return file_remove(f->name, err);
}

static int fix_remove_tree(const struct fixing *f, struct err *err)
{
	if (f->st.st_ino == 0)
		return 0;
	if (f->st.st_ino != f->fix->ino || !S_ISDIR(f->st.st_mode))
		return is_other(err);
	/* Somebody else's could be changed while it is emptied. */
	if (f->st.st_uid != geteuid())
		return err_set(
		    err, ERR_IO, "it and its directory belong to two accounts");
	return tree_remove(f->name, err);
}

static int (*const fixers[])(const struct fixing *f, struct err *err) = {
	[FIX_NONE] = NULL,
	[FIX_HOOK] = fix_hook,
	[FIX_MODE] = fix_mode,
	[FIX_CONFIG_SET] = fix_set,
	[FIX_CONFIG_ADD] = fix_add,
	[FIX_REMOVE] = fix_remove,
	[FIX_REMOVE_TREE] = fix_remove_tree,
};

static const char *done_text(struct arena *arena, const struct fix *fix)
{
	const char *path = text_clean_s(arena, fix->path);

	switch (fix->kind) {
	case FIX_NONE:
		break;
	case FIX_HOOK:
		return arena_printf(
		    arena, "the installed hook was put at %s", path);
	case FIX_MODE:
		return arena_printf(arena, "took %03o out of the mode of %s",
		    ~fix->keep & 0777u, path);
	case FIX_CONFIG_SET:
		return arena_printf(
		    arena, "git config %s %s", fix->key, fix->value);
	case FIX_CONFIG_ADD:
		return arena_printf(
		    arena, "git config --add %s %s", fix->key, fix->value);
	case FIX_REMOVE:
	case FIX_REMOVE_TREE:
		return arena_printf(arena, "removed %s", path);
	}
	return "";
}

/* ---- as whom ----------------------------------------------------------------
 */

/* The mode of a file of its own the account may change itself. */
static int find_actor(
    const struct fixing *f, struct account *ret, struct err *err)
{
	if (f->fix->kind == FIX_MODE && f->st.st_uid != 0 &&
	    f->st.st_uid == f->d->account.uid) {
		*ret = f->d->account;
		return 0;
	}
	return standing_owner(f->d, ret, err);
}

static int apply_here(struct fixing *f, struct err *err)
{
	struct account actor;
	int status;

	if (fstatat(AT_FDCWD, f->name, &f->st, AT_SYMLINK_NOFOLLOW) < 0)
		f->st = (struct stat){ .st_ino = 0 };
	if (find_actor(f, &actor, err) < 0 || account_enter(&actor, err) < 0)
		return -1;
	status = fixers[f->fix->kind](f, err);
	account_leave();
	return status;
}

static int apply(struct doctor *d, const struct fix *fix, struct err *err)
{
	struct fixing f = { .d = d, .fix = fix };
	struct standing standing;
	int status;

	if (standing_in(d, fix->path, fix->kind == FIX_HOOK, &standing, err) <
	    0)
		return -1;
	f.name = standing.name;
	status = apply_here(&f, err);
	standing_back(&standing);
	return status;
}

static void fix_one(
    struct doctor *d, const struct ailment *ailment, struct fixes *ret)
{
	const struct fix *fix = &ailment->fix;
	struct fixed fixed = { .code = ailment->code };
	struct err err;

	fixed.done = apply(d, fix, &err) == 0;
	fixed.text = fixed.done ? done_text(d->arena, fix)
				: arena_printf(d->arena, "%s: %s",
				      text_clean_s(d->arena, fix->path),
				      text_clean_s(d->arena, err.text));
	ARRAY_PUSH(d->arena, ret, fixed);
}

/* Modes first: nothing is done as root where others may write. */
void doctor_fix(struct doctor *d, struct fixes *ret)
{
	for (int modes = 1; modes >= 0; modes--)
		for (size_t i = 0; i < d->findings.n; i++) {
			enum fix_kind kind = d->findings.v[i].fix.kind;

			if (kind != FIX_NONE && (kind == FIX_MODE) == modes)
				fix_one(d, &d->findings.v[i], ret);
		}
}
