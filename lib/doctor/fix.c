#include "doctor/fix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/treeremove.h"
#include "git/configfile.h"

/* ---- the kinds --------------------------------------------------------------
 */

/* The file is held while its mode is changed, so that no link takes its
 * place. */
static int fix_mode(struct doctor *d, const struct fix *fix, struct err *err)
{
	int fd = open(
	    fix->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int status = 0;

	(void)d;
	if (fd < 0 || fchmod(fd, fix->mode) < 0)
		status = err_set(err, ERR_IO, "cannot set the mode of '%s': %s",
		    fix->path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return status;
}

/* update first: it refuses what no pre-receive of ours has planned. */
static int fix_hooks(struct doctor *d, const struct fix *fix, struct err *err)
{
	struct hooks_look look;

	(void)fix;
	hooks_look(d->arena, d->place.hooks, &d->server->programs,
	    &d->server->seen, &look);
	if (!look.is_there && dir_make(d->place.hooks, 0755, err) < 0)
		return -1;
	for (int i = 0; i < HOOKS; i++) {
		const struct program *program = &d->server->programs.v[i];
		const struct hook_look *hook = &look.hook[i];

		if (hook_is_good(hook) || hook->state == HOOK_FOREIGN ||
		    hook->state == HOOK_NO_FILE ||
		    hook->state == HOOK_UNREADABLE)
			continue;
		if (file_replace(hook->path, program->bytes, program->len, 0755,
			err) < 0)
			return -1;
	}
	return 0;
}

typedef void change_fn(
    struct config_file *file, const char *key, const char *value);

static int change_config(
    struct doctor *d, const struct fix *fix, change_fn *change, struct err *err)
{
	struct config_file *file;
	bool changed;
	int status;

	if (config_file_open(d->arena, fix->path, &file, err) < 0)
		return -1;
	change(file, fix->key, fix->value);
	status = config_file_save(file, &changed, err);
	config_file_close(file);
	return status;
}

static int fix_set(struct doctor *d, const struct fix *fix, struct err *err)
{
	return change_config(d, fix, config_file_set, err);
}

static int fix_add(struct doctor *d, const struct fix *fix, struct err *err)
{
	return change_config(d, fix, config_file_add, err);
}

static int fix_remove(struct doctor *d, const struct fix *fix, struct err *err)
{
	(void)d;
	return file_remove(fix->path, err);
}

static int fix_remove_tree(
    struct doctor *d, const struct fix *fix, struct err *err)
{
	(void)d;
	return tree_remove(fix->path, err);
}

static int (*const fixers[])(
    struct doctor *d, const struct fix *fix, struct err *err) = {
	[FIX_NONE] = NULL,
	[FIX_HOOKS] = fix_hooks,
	[FIX_MODE] = fix_mode,
	[FIX_CONFIG_SET] = fix_set,
	[FIX_CONFIG_ADD] = fix_add,
	[FIX_REMOVE] = fix_remove,
	[FIX_REMOVE_TREE] = fix_remove_tree,
};

static const char *done_text(struct arena *arena, const struct fix *fix)
{
	const char *path = fix->path ? text_clean_s(arena, fix->path) : "";

	switch (fix->kind) {
	case FIX_NONE:
		break;
	case FIX_HOOKS:
		return "the installed hooks were put again";
	case FIX_MODE:
		return arena_printf(arena, "chmod %04o %s", fix->mode, path);
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
 *
 * Whose the directory is may change what is in it.  What is root's is changed
 * as root: nobody else could have put anything there.
 */
static int owner_of(struct doctor *d, const struct fix *fix,
    struct account *ret, struct err *err)
{
	const char *path = fix->path ? fix->path : d->place.hooks;
	struct stat st;

	/* Hooks may lie in a directory that is to be made. */
	if (lstat(path, &st) < 0 && stat(d->place.gitdir, &st) < 0)
		return err_set(err, ERR_IO, "cannot look at '%s': %s", path,
		    strerror(errno));
	account_find(d->arena, st.st_uid, st.st_gid, ret);
	return 0;
}

static int apply(struct doctor *d, const struct fix *fix, struct err *err)
{
	struct account owner;
	int status;

	if (owner_of(d, fix, &owner, err) < 0)
		return -1;
	/* Of a third account's nothing is put right. */
	if (owner.uid != 0 && owner.uid != d->account.uid)
		return err_set(err, ERR_IO, "it belongs to '%s'", owner.name);
	if (account_enter(&owner, err) < 0)
		return -1;
	status = fixers[fix->kind](d, fix, err);
	account_leave();
	return status;
}

/* Three hooks are put at once. */
static bool is_repeated(const struct ailments *ailments, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (ailments->v[i].fix.kind == FIX_HOOKS &&
		    ailments->v[k].fix.kind == FIX_HOOKS)
			return true;
	return false;
}

void doctor_fix(struct doctor *d, struct fixes *ret)
{
	for (size_t i = 0; i < d->findings.n; i++) {
		const struct ailment *ailment = &d->findings.v[i];
		struct fixed fixed = { .code = ailment->code };
		struct err err;

		if (ailment->fix.kind == FIX_NONE ||
		    is_repeated(&d->findings, i))
			continue;
		fixed.done = apply(d, &ailment->fix, &err) == 0;
		fixed.text = fixed.done ? done_text(d->arena, &ailment->fix)
					: text_clean_s(d->arena, err.text);
		ARRAY_PUSH(d->arena, ret, fixed);
	}
}
