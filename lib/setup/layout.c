#include "setup/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"

struct finding {
	struct arena *arena;
	const struct place *place;
	const struct programs *programs;
	struct hooks_seen *seen;
	struct layout *layout;
};

static void look(
    struct finding *f, enum hook hook, const char *dir, const char *path)
{
	f->layout->target[hook] = (struct put_target){ dir, path, hook };
	hook_look(
	    f->arena, path, f->programs, hook, f->seen, &f->layout->look[hook]);
}

static bool are_all_good(const struct layout *layout)
{
	for (int i = 0; i < HOOKS; i++)
		if (!hook_is_good(&layout->look[i]))
			return false;
	return true;
}

/* Where git's hooks directory is not the repository's own: what to say, with
 * what to do.  NULL: it is. */
static const char *shared_directory(struct finding *f)
{
	const struct place *place = f->place;
	char real[PATH_MAX];

	if (place->hooks_path && *place->hooks_path == '/')
		return arena_printf(f->arena,
		    "core.hooksPath %sis '%s', shared with other repositories: "
		    "unset it, or put the hooks there for all of them "
		    "(--system)",
		    place->hooks_from == HOOKS_SYSTEM ? "of the system " : "",
		    text_clean_s(f->arena, place->hooks_path));
	if (!realpath(place->hooks, real) || str_below(real, place->gitdir))
		return NULL;
	return arena_printf(f->arena,
	    "hooks are run from '%s', outside of the repository, which others "
	    "may share: let '%s' be a directory of its own",
	    text_clean_s(f->arena, real), text_clean_s(f->arena, place->hooks));
}

/* The hooks directory of git, whose owner is the repository's, or who shares
 * it between repositories. */
static int find_own(struct finding *f, struct err *err)
{
	struct layout *layout = f->layout;
	const char *shared = shared_directory(f);

	layout->dir = f->place->hooks;
	for (int i = 0; i < HOOKS; i++)
		look(f, (enum hook)i, layout->dir,
		    arena_printf(f->arena, "%s/%s", layout->dir,
			hook_name((enum hook)i)));
	if (!shared)
		return 0;
	if (are_all_good(layout)) {
		layout->elsewhere = true;
		return 0;
	}
	return err_set(err, ERR_FORMAT, "%s", shared);
}

static int find_drop(struct finding *f, const char *under, struct err *err)
{
	struct layout *layout = f->layout;
	struct stat st;

	layout->dir = arena_printf(f->arena, "%s/%s", f->place->gitdir, under);
	for (int i = 0; i < HOOKS; i++) {
		const char *drop = arena_printf(
		    f->arena, "%s/%s.d", layout->dir, hook_name((enum hook)i));

		if (layout->host->layout == LAYOUT_DROP &&
		    (stat(drop, &st) < 0 || !S_ISDIR(st.st_mode)))
			return err_set(err, ERR_FORMAT,
			    "'%s' is missing: this is no repository of %s, "
			    "or its hooks are to be made again first",
			    text_clean_s(f->arena, drop), layout->host->title);
		look(f, (enum hook)i, layout->dir,
		    arena_printf(f->arena, "%s/" HOOK_DROP_NAME, drop));
	}
	return 0;
}

int layout_find(struct arena *arena, const struct place *place,
    const struct host *host, const struct programs *programs,
    struct hooks_seen *seen, struct layout *ret, struct err *err)
{
	struct layout layout = { .host = host };
	struct finding f = { arena, place, programs, seen, &layout };
	int status = 0;

	switch (host->layout) {
	case LAYOUT_OWN:
		status = find_own(&f, err);
		break;
	case LAYOUT_DROP:
		status = find_drop(&f, "hooks", err);
		break;
	case LAYOUT_CUSTOM_DROP:
		status = find_drop(&f, "custom_hooks", err);
		break;
	case LAYOUT_SHARED:
		layout.elsewhere = true;
		break;
	}
	if (status == 0)
		*ret = layout;
	return status;
}

/* ---- may ours be put there? ------------------------------------------- */

static bool is_newer(const char *there, const char *ours)
{
	uint64_t a, b;

	return *there &&
	    (!str_to_u64(there, UINT64_MAX, &a) ||
		!str_to_u64(ours, UINT64_MAX, &b) || a > b);
}

/* Hooks of a later version may have written what these can't read. */
static int check_version(struct arena *arena, const struct hook_look *look,
    const struct program *program, struct err *err)
{
	if (!is_newer(look->mark.ledger, program->mark.ledger) &&
	    !is_newer(look->mark.plan, program->mark.plan))
		return 0;
	return err_set(err, ERR_FORMAT,
	    "'%s' %s, later than this stagegate (%s, ledger format %s): "
	    "install that version or a later one",
	    text_clean_s(arena, look->path), hook_state_text(arena, look),
	    program->mark.version, program->mark.ledger);
}

static int check_foreign(struct arena *arena, const struct layout *layout,
    const struct hook_look *look, bool chain, struct err *err)
{
	const char *path = text_clean_s(arena, look->path);
	const char *state = hook_state_text(arena, look);
	struct stat st;

	if (layout->host->layout != LAYOUT_OWN || look->state != HOOK_FOREIGN ||
	    !look->executable)
		return err_set(err, ERR_FORMAT,
		    "'%s' %s and was left alone: move it away", path,
		    look->state == HOOK_FOREIGN && !look->executable
			? "is not ours, and git does not run it either,"
			: state);
	if (chain)
		return 0;
	if (stat(arena_printf(arena, "%s.d", look->path), &st) == 0)
		return err_set(err, ERR_FORMAT,
		    "'%s' %s and was left alone: it seems to run what lies in "
		    "'%s.d', where Gitea's and Forgejo's belong; run again "
		    "with --host gitea, or with --chain to keep it behind ours",
		    path, state, path);
	return err_set(err, ERR_FORMAT,
	    "'%s' %s and was left alone: run again with --chain to keep it "
	    "behind ours, or move it away",
	    path, state);
}

static int is_free(struct arena *arena, const struct layout *layout,
    const struct hook_look *look, const struct program *program, bool chain,
    struct err *err)
{
	switch (look->state) {
	case HOOK_IDENTICAL:
	case HOOK_MISSING:
		return 0;
	case HOOK_OTHER:
		return check_version(arena, look, program, err);
	case HOOK_DANGLING:
	case HOOK_EMPTY:
	case HOOK_NULS:
	case HOOK_FOREIGN:
	case HOOK_NO_FILE:
	case HOOK_UNREADABLE:
		return check_foreign(arena, layout, look, chain, err);
	}
	return err_set(err, ERR_INTERNAL, "a hook in no known state");
}

int layout_is_free(struct arena *arena, const struct layout *layout,
    const struct programs *programs, bool chain, struct err *err)
{
	for (int i = 0; !layout->elsewhere && i < HOOKS; i++)
		if (is_free(arena, layout, &layout->look[i], &programs->v[i],
			chain, err))
			return -1;
	return 0;
}

int layout_make_dirs(
    struct arena *arena, const struct layout *layout, struct err *err)
{
	if (layout->elsewhere)
		return 0;
	if (dir_make(layout->dir, 0755, err))
		return -1;
	for (int i = 0; i < HOOKS; i++) {
		const char *place = layout->target[i].place;
		const char *parent = arena_strndup(
		    arena, place, (size_t)(strrchr(place, '/') - place));

		if (strcmp(parent, layout->dir) != 0 &&
		    dir_make(parent, 0755, err))
			return -1;
	}
	return dir_sync(layout->dir, err);
}
