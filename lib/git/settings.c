#include "git/settings.h"

#include "git/handle.h"

struct settings {
	git_repository *repository;
	git_config *config; /* a snapshot */
	bool started;
};

static int open_config(
    struct settings *settings, const char *git_dir, struct err *err)
{
	if (library_start(err))
		return -1;
	settings->started = true;
	if (git_repository_open_bare(&settings->repository, git_dir) < 0)
		return err_set(
		    err, ERR_NOTFOUND, "'%s' is not a git repository", git_dir);
	if (git_repository_config_snapshot(
		&settings->config, settings->repository) < 0)
		return err_git(err, ERR_FORMAT,
		    "cannot read the configuration of '%s'", git_dir);
	return 0;
}

int settings_open(struct arena *arena, const char *git_dir,
    struct settings **ret, struct err *err)
{
	struct settings *settings = ARENA_NEW(arena, struct settings);

	if (open_config(settings, git_dir, err)) {
		settings_close(settings);
		return -1;
	}
	*ret = settings;
	return 0;
}

void settings_close(struct settings *settings)
{
	if (!settings)
		return;
	git_config_free(settings->config);
	git_repository_free(settings->repository);
	if (settings->started)
		git_libgit2_shutdown();
	*settings = (struct settings){ 0 };
}

int settings_get(struct settings *settings, struct arena *arena,
    const char *key, struct setting *ret, struct err *err)
{
	git_config_entry *entry = NULL;
	int code = git_config_get_entry(&entry, settings->config, key);

	if (code < 0 && code != GIT_ENOTFOUND)
		return err_git(err, ERR_FORMAT,
		    "cannot read '%s' from the git configuration", key);
	*ret = (struct setting){ NULL, false };
	if (code == 0) {
		ret->value = arena_strdup(
		    arena, entry->value ? entry->value : "");
		ret->is_system = entry->level == GIT_CONFIG_LEVEL_SYSTEM;
	}
	git_config_entry_free(entry);
	return 0;
}

int settings_all(struct settings *settings, struct arena *arena,
    const char *key, struct strings *ret, struct err *err)
{
	struct strings values = { NULL, 0, 0 };
	git_config_iterator *iterator = NULL;
	git_config_entry *entry;
	int code;

	if (git_config_multivar_iterator_new(
		&iterator, settings->config, key, NULL) < 0)
		return err_git(err, ERR_FORMAT,
		    "cannot read '%s' from the git configuration", key);
	while ((code = git_config_next(&entry, iterator)) == 0)
		ARRAY_PUSH(arena, &values,
		    arena_strdup(arena, entry->value ? entry->value : ""));
	git_config_iterator_free(iterator);
	if (code != GIT_ITEROVER)
		return err_git(err, ERR_FORMAT,
		    "cannot read '%s' from the git configuration", key);
	*ret = values;
	return 0;
}
