#include "git/configlist.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "git/handle.h"

#define CONFIG_FILES_MAX 256 /* with what they include */

/* ---- the four files ------------------------------------------------------ */

struct config_origin {
	const char *path;
	git_config_level_t level;
};

#define FILES 4

/* In git's order; path NULL: there is none. */
static void find_files(struct arena *arena, const struct config_place *place,
    struct config_origin files[FILES])
{
	git_buf system = { 0 };

	files[0] = (struct config_origin){ NULL, GIT_CONFIG_LEVEL_SYSTEM };
	files[1] = (struct config_origin){ NULL, GIT_CONFIG_LEVEL_XDG };
	files[2] = (struct config_origin){ NULL, GIT_CONFIG_LEVEL_GLOBAL };
	files[3] = (struct config_origin){ arena_printf(arena, "%s/config",
					       place->git_dir),
		GIT_CONFIG_LEVEL_LOCAL };
	if (git_config_find_system(&system) == 0)
		files[0].path = arena_strdup(arena, system.ptr);
	git_buf_dispose(&system);
	if (place->home) {
		files[1].path = arena_printf(
		    arena, "%s/.config/git/config", place->home);
		files[2].path = arena_printf(
		    arena, "%s/.gitconfig", place->home);
	}
	for (size_t i = 0; i < FILES; i++)
		if (files[i].path && access(files[i].path, F_OK) != 0)
			files[i].path = NULL;
}

static enum config_from from_level(git_config_level_t level)
{
	if (level == GIT_CONFIG_LEVEL_LOCAL)
		return CONFIG_REPOSITORY;
	return level == GIT_CONFIG_LEVEL_SYSTEM ? CONFIG_SYSTEM
						: CONFIG_ACCOUNT;
}

static int list_entries(struct arena *arena, git_config *config,
    struct config_list *ret, struct err *err)
{
	git_config_iterator *iterator = NULL;
	git_config_entry *entry;
	int code;

	if (git_config_iterator_new(&iterator, config) < 0)
		return err_git(
		    err, ERR_FORMAT, "cannot read the configuration");
	while ((code = git_config_next(&entry, iterator)) == 0)
		ARRAY_PUSH(arena, ret,
		    (struct config_entry){
			.key = arena_strdup(arena, entry->name),
			.value = arena_strdup(
			    arena, entry->value ? entry->value : ""),
			.from = from_level(entry->level),
			.is_included = entry->include_depth > 0,
		    });
	git_config_iterator_free(iterator);
	return code == GIT_ITEROVER
	    ? 0
	    : err_git(err, ERR_FORMAT, "cannot read the configuration");
}

/* One file after the other: libgit2 walks through levels from the last to the
 * first. */
static int read_file(struct arena *arena, const struct config_origin *file,
    const git_repository *repository, struct config_list *ret, struct err *err)
{
	git_config *config = NULL;
	int status = -1;

	if (git_config_new(&config) < 0 ||
	    git_config_add_file_ondisk(
		config, file->path, file->level, repository, 0) < 0)
		err_git(err, ERR_FORMAT, "cannot read '%s'", file->path);
	else
		status = list_entries(arena, config, ret, err);
	git_config_free(config);
	return status;
}

int config_list_read(struct arena *arena, const struct config_place *place,
    struct config_list *ret, struct err *err)
{
	struct config_list list = { NULL, 0, 0 };
	struct config_origin files[FILES];
	git_repository *repository = NULL;
	int status = 0;

	if (git_libgit2_init() < 0)
		return err_git(err, ERR_INTERNAL, "cannot start libgit2");
	/* Conditions of includes ask it; without it they don't hold. */
	if (git_repository_open_bare(&repository, place->git_dir) < 0)
		repository = NULL;
	find_files(arena, place, files);
	for (size_t i = 0; i < FILES && status == 0; i++)
		if (files[i].path)
			status = read_file(
			    arena, &files[i], repository, &list, err);
	git_repository_free(repository);
	git_libgit2_shutdown();
	if (status == 0)
		*ret = list;
	return status;
}

const struct config_entry *config_list_last(
    const struct config_list *list, const char *key)
{
	for (size_t i = list->n; i > 0; i--)
		if (strcmp(list->v[i - 1].key, key) == 0)
			return &list->v[i - 1];
	return NULL;
}

bool config_list_bool(
    const struct config_list *list, const char *key, bool otherwise)
{
	const struct config_entry *entry = config_list_last(list, key);
	int yes;

	if (!entry || git_config_parse_bool(&yes, entry->value) < 0)
		return otherwise;
	/* libgit2 hands a key without a value over as none. */
	return *entry->value ? yes != 0 : true;
}

/* ---- includes -------------------------------------------------------------
 */

static bool is_include(const char *key)
{
	return strcmp(key, "include.path") == 0 ||
	    (str_prefix(key, "includeif.") && str_suffix(key, ".path"));
}

/* Relative to the file that names it; "~/" is the account's home. */
static const char *include_path(
    struct arena *arena, const char *file, const char *value, const char *home)
{
	const char *slash = strrchr(file, '/');

	if (*value == '/')
		return value;
	if (str_prefix(value, "~/"))
		return arena_printf(arena, "%s%s", home ? home : "", value + 1);
	return arena_printf(
	    arena, "%.*s%s", (int)(slash - file + 1), file, value);
}

static int add_includes(struct arena *arena, const char *path, const char *home,
    struct strings *files, struct err *err)
{
	struct config_origin file = { path, GIT_CONFIG_LEVEL_LOCAL };
	struct config_list list = { NULL, 0, 0 };

	if (read_file(arena, &file, NULL, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (!list.v[i].is_included && is_include(list.v[i].key) &&
		    *list.v[i].value)
			strings_add(arena, files,
			    include_path(arena, path, list.v[i].value, home));
	if (files->n > CONFIG_FILES_MAX)
		return err_set(err, ERR_LIMIT,
		    "'%s' and others include more than %d files", path,
		    CONFIG_FILES_MAX);
	return 0;
}

int config_list_files(struct arena *arena, const struct config_place *place,
    struct strings *ret, struct err *err)
{
	struct config_origin files[FILES];
	struct strings paths = { NULL, 0, 0 };
	int status = 0;

	if (git_libgit2_init() < 0)
		return err_git(err, ERR_INTERNAL, "cannot start libgit2");
	find_files(arena, place, files);
	for (size_t i = 0; i < FILES; i++)
		if (files[i].path)
			strings_add(arena, &paths, files[i].path);
	for (size_t i = 0; i < paths.n && status == 0; i++)
		if (access(paths.v[i], F_OK) == 0)
			status = add_includes(
			    arena, paths.v[i], place->home, &paths, err);
	git_libgit2_shutdown();
	if (status == 0)
		*ret = paths;
	return status;
}
