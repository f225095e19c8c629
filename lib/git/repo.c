#include "git/repo.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "git/handle.h"
#include "git/objectcache.h"
#include "git/pack.h"
#include "git/packedrefs.h"
#include "git/queue.h"

#define LIBRARY_CACHE_MAX (4 << 20)   /* bytes */
#define LIBRARY_CACHED_MAX (64 << 10) /* bytes of one object */

int err_git(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	char why[ERR_TEXT_MAX], what[ERR_TEXT_MAX];
	va_list ap;

	/* At once: the next call of libgit2 replaces its message. */
	snprintf(why, sizeof(why), "%s",
	    last && last->message ? last->message : "unknown error");
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(err, kind, "%s: %s", what, why);
}

/* Of packs, whose objects are read by lib/git/packs.c, the caches of lib/git
 * know better what is asked again.  What is left for the library is loose: the
 * few objects of a small push and of the last ones, which each gate reads. */
static void library_cache(void)
{
	static const int types[] = { GIT_OBJECT_COMMIT, GIT_OBJECT_TREE,
		GIT_OBJECT_BLOB, GIT_OBJECT_TAG };

	git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 1);
	git_libgit2_opts(
	    GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)LIBRARY_CACHE_MAX);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, types[i],
		    (size_t)LIBRARY_CACHED_MAX);
}

int library_start(struct err *err)
{
	if (git_libgit2_init() < 0)
		return err_git(err, ERR_INTERNAL, "cannot start libgit2");
	/* receive-pack has just hashed every object of the push, and git does
	 * not hash packed objects again on reading either. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	library_cache();
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	/* repo_check_owner does it, with the system's safe.directory alone. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	/* Neither the account nor the environment configures the hooks. */
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
	git_libgit2_opts(
	    GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_PROGRAMDATA, "");
	return 0;
}

static const char *without_slash(struct arena *arena, const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return arena_strndup(arena, path, len);
}

/* git's own guess where core.bare is not set. */
static bool is_bare(const struct repo *repo)
{
	int yes;

	if (git_config_get_bool(&yes, repo->config, "core.bare") == 0)
		return yes != 0;
	return !str_suffix(repo->path, "/.git");
}

/*
 * libgit2's git_repository_open_ext checks owner and extensions too, but in
 * words that help nobody ("config value 'safe.directory' was not found"), and
 * asks the account's configuration.  So the bare opening, which checks
 * nothing, and checks of our own.
 */
static int open_checked(
    struct repo *repo, const char *git_dir, bool from_env, struct err *err)
{
	char real[PATH_MAX];

	if (!realpath(git_dir, real))
		return err_set(err, ERR_NOTFOUND,
		    "cannot open repository '%s': %s", git_dir,
		    strerror(errno));
	if (repo_check_path(real, err) || repo_check_owner(real, err))
		return -1;
	if (git_repository_open_bare(&repo->store, real) < 0)
		return err_set(
		    err, ERR_NOTFOUND, "'%s' is not a git repository", real);
	repo->path = without_slash(
	    repo->arena, git_repository_commondir(repo->store));
	repo->objects = arena_printf(repo->arena, "%s/objects", repo->path);
	if (repo_check_path(repo->path, err) ||
	    repo_check_owner(repo->path, err) ||
	    repo_check_format(repo->path, err) ||
	    repo_check_history(repo->arena, repo->path, err))
		return -1;
	if (git_repository_config_snapshot(&repo->config, repo->store) < 0)
		return err_git(err, ERR_FORMAT,
		    "cannot read the configuration of '%s'", repo->path);
	repo->is_bare = is_bare(repo);
	return repo_open_odb(repo, from_env, err);
}

static int open_at(struct arena *arena, const char *git_dir, bool from_env,
    struct repo **ret, struct err *err)
{
	struct repo *repo = ARENA_NEW(arena, struct repo);

	repo->arena = arena;
	repo->initialised = library_start(err) == 0;
	if (!repo->initialised || open_checked(repo, git_dir, from_env, err)) {
		repo_close(repo);
		return -1;
	}
	*ret = repo;
	return 0;
}

static int find_and_open(struct arena *arena, const char *path, bool from_env,
    struct repo **ret, struct err *err)
{
	git_buf found = { 0 };
	const char *git_dir = NULL;

	if (git_libgit2_init() < 0)
		return err_git(err, ERR_INTERNAL, "cannot start libgit2");
	if (git_repository_discover(&found, path, 0, NULL) < 0)
		err_set(err, ERR_NOTFOUND,
		    "no git repository in '%s' nor above it", path);
	else
		git_dir = arena_strdup(arena, found.ptr);
	git_buf_dispose(&found);
	git_libgit2_shutdown();
	return git_dir ? open_at(arena, git_dir, from_env, ret, err) : -1;
}

int repo_open_hook(struct arena *arena, struct repo **ret, struct err *err)
{
	const char *git_dir = getenv("GIT_DIR");
	const char *space = getenv("GIT_NAMESPACE");

	if (space && *space)
		return err_set(err, ERR_FORMAT,
		    "GIT_NAMESPACE is set to '%s', and stagegate guards whole "
		    "repositories: serve this one without a namespace",
		    space);
	if (!git_dir || !*git_dir)
		return find_and_open(arena, ".", true, ret, err);
	return open_at(arena, git_dir, true, ret, err);
}

int repo_open_path(
    struct arena *arena, const char *path, struct repo **ret, struct err *err)
{
	return find_and_open(arena, path, false, ret, err);
}

void repo_close(struct repo *repo)
{
	if (!repo)
		return;
	object_queue_drop(repo);
	object_cache_free(repo->cache);
	packs_close(repo->incoming_packs);
	packs_close(repo->packs);
	packed_refs_close(repo->packed);
	git_odb_free(repo->incoming);
	git_odb_free(repo->borrowed);
	git_odb_free(repo->odb);
	git_config_free(repo->config);
	git_repository_free(repo->store);
	if (repo->initialised)
		git_libgit2_shutdown();
	memset(repo, 0, sizeof(*repo));
}

const char *repo_path(const struct repo *repo)
{
	return repo->path;
}

bool repo_has_quarantine(const struct repo *repo)
{
	return repo->incoming_dir != NULL;
}

static int config_string(git_config *config, struct arena *arena,
    const char *key, const char **ret_value, struct err *err)
{
	git_buf value = { 0 };
	int code = git_config_get_string_buf(&value, config, key);

	if (code == 0)
		*ret_value = arena_strdup(arena, value.ptr);
	else if (code == GIT_ENOTFOUND)
		*ret_value = NULL;
	git_buf_dispose(&value);
	if (code < 0 && code != GIT_ENOTFOUND)
		return err_git(err, ERR_FORMAT,
		    "cannot read '%s' from the git "
		    "configuration",
		    key);
	return 0;
}

int repo_config(struct repo *repo, struct arena *arena, const char *key,
    const char **ret_value, struct err *err)
{
	return config_string(repo->config, arena, key, ret_value, err);
}

int repo_config_system(struct repo *repo, struct arena *arena, const char *key,
    const char **ret_value, struct err *err)
{
	git_buf path = { 0 };
	git_config *config = NULL;
	int status = -1;

	(void)repo;
	if (git_config_find_system(&path) < 0) { /* there is no such file */
		*ret_value = NULL;
		status = 0;
		goto out;
	}
	if (git_config_open_ondisk(&config, path.ptr) < 0) {
		err_git(err, ERR_FORMAT, "cannot read '%s'", path.ptr);
		goto out;
	}
	status = config_string(config, arena, key, ret_value, err);
out:
	git_config_free(config);
	git_buf_dispose(&path);
	return status;
}
