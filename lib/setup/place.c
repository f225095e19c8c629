#include "setup/place.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "git/repo.h"
#include "git/settings.h"

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_gitdir(struct arena *arena, const char *path)
{
	struct stat st;

	/* HEAD may be a symbolic link to a branch that is not born yet. */
	return lstat(arena_printf(arena, "%s/HEAD", path), &st) == 0 &&
	    !S_ISDIR(st.st_mode) &&
	    is_dir(arena_printf(arena, "%s/objects", path)) &&
	    is_dir(arena_printf(arena, "%s/refs", path));
}

/* As git takes core.hooksPath: relative to where hooks run, which on a server
 * is the git directory. */
static void find_hooks(struct arena *arena, struct place *place)
{
	const char *path = place->hooks_path;

	if (!path)
		place->hooks = arena_printf(arena, "%s/hooks", place->gitdir);
	else if (*path == '/')
		place->hooks = path;
	else if (*path == '~' || *path == '%' || !*path)
		place->unservable = arena_printf(arena,
		    "core.hooksPath of '%s' is '%s', which means another "
		    "directory for each account or git: write it out",
		    place->gitdir, text_clean_s(arena, path));
	else
		place->hooks = arena_printf(
		    arena, "%s/%s", place->gitdir, path);
}

static int read_settings(
    struct arena *arena, struct place *place, struct err *err)
{
	struct settings *settings = NULL;
	struct setting shared, hooks, host, policy;
	int status;

	if (settings_open(arena, place->gitdir, &settings, err))
		return -1;
	status = settings_get(
		     settings, arena, "core.sharedrepository", &shared, err) ||
		settings_get(settings, arena, "core.hookspath", &hooks, err) ||
		settings_get(settings, arena, "stagegate.host", &host, err) ||
		settings_get(settings, arena, "stagegate.policy", &policy, err)
	    ? -1
	    : 0;
	settings_close(settings);
	if (status)
		return -1;
	place->shared = shared.value;
	place->hooks_path = hooks.value;
	place->hooks_from = !hooks.value ? HOOKS_OWN
	    : hooks.is_system            ? HOOKS_SYSTEM
					 : HOOKS_REPOSITORY;
	place->host = host.value && *host.value ? host.value : NULL;
	place->policy = policy.value;
	return 0;
}

static int find_gitdir(
    struct arena *arena, const char *path, struct place *place, struct err *err)
{
	const char *inner = arena_printf(arena, "%s/.git", path);
	char real[PATH_MAX];
	struct stat st;

	if (!realpath(is_dir(inner) ? inner : path, real) ||
	    stat(real, &st) < 0)
		return err_set(err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO,
		    "cannot look at '%s': %s", text_clean_s(arena, path),
		    strerror(errno));
	if (!is_gitdir(arena, real))
		return err_set(err, ERR_NOTFOUND, "'%s' is no git repository",
		    text_clean_s(arena, path));
	place->gitdir = arena_strdup(arena, real);
	place->is_bare = !str_suffix(real, "/.git");
	place->gid = st.st_gid;
	account_find(arena, st.st_uid, st.st_gid, &place->owner);
	return 0;
}

static int look_inside(
    struct arena *arena, struct place *place, struct err *err)
{
	struct err why;

	if (read_settings(arena, place, err))
		return -1;
	find_hooks(arena, place);
	if (repo_servable(arena, place->gitdir, &why))
		place->unservable = arena_strdup(arena, why.text);
	return 0;
}

/* As the owner, for a configuration can include any file: opening some devices
 * does something already. */
int place_find(
    struct arena *arena, const char *path, struct place *ret, struct err *err)
{
	struct place place = { .asked = path };
	int status;

	if (find_gitdir(arena, path, &place, err))
		return -1;
	if (account_can_enter(&place.owner) && account_enter(&place.owner, err))
		return -1;
	status = look_inside(arena, &place, err);
	account_leave();
	if (status == 0)
		*ret = place;
	return status;
}
