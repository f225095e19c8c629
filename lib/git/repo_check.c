/*
 * What a repository is refused for.  A hook that went on in one of these
 * would see another history, or other objects, than git does.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "git/handle.h"

int repo_check_path(const char *path, struct err *err)
{
	/* receive-pack passes it on in a list separated by ':', quoted in a
	 * way that other programs in the hook do not take apart. */
	if (strpbrk(path, ":\"\n"))
		return err_set(err, ERR_FORMAT,
		    "the path of repository '%s' holds a ':', a '\"' or a "
		    "line break, behind which hooks can't see its objects: "
		    "move it to a path without",
		    path);
	return 0;
}

struct safe_directory {
	const char *git_dir;
	size_t work_len; /* bytes of it that are the work tree's path, or 0 */
	bool is_safe;
};

static bool is_named(const struct safe_directory *safe, const char *path)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		return false;
	return strcmp(real, safe->git_dir) == 0 ||
	    (safe->work_len > 0 && strlen(real) == safe->work_len &&
		strncmp(real, safe->git_dir, safe->work_len) == 0);
}

/* As git: later ones win, "" forgets, "*" is any. */
static int safe_directory_seen(const git_config_entry *entry, void *payload)
{
	struct safe_directory *safe = payload;

	if (!entry->value || !*entry->value)
		safe->is_safe = false;
	else if (strcmp(entry->value, "*") == 0 || is_named(safe, entry->value))
		safe->is_safe = true;
	return 0;
}

static bool is_named_safe(const char *git_dir)
{
	struct safe_directory safe = { .git_dir = git_dir };
	git_buf path = { 0 };
	git_config *config = NULL;

	/* git names a work tree, where there is one, not its .git. */
	if (str_suffix(git_dir, "/.git"))
		safe.work_len = strlen(git_dir) - strlen("/.git");
	if (git_config_find_system(&path) == 0 &&
	    git_config_open_ondisk(&config, path.ptr) == 0 &&
	    git_config_get_multivar_foreach(
		config, "safe.directory", NULL, safe_directory_seen, &safe) < 0)
		safe.is_safe = false; /* also where the key is missing */
	git_config_free(config);
	git_buf_dispose(&path);
	return safe.is_safe;
}

int repo_check_owner(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_uid == 0 || st.st_uid == geteuid()))
		return 0;
	if (is_named_safe(path))
		return 0;
	return err_set(err, ERR_FORMAT,
	    "repository '%s' belongs to another account than the one that "
	    "runs the hook: give it to that account, or name it with 'git "
	    "config --system --add safe.directory %s'",
	    path, path);
}

/* What is wrong with an extension; 0 when nothing is. */
static int check_extension(
    const char *path, const char *name, const char *value, struct err *err)
{
	if (strcmp(name, "noop") == 0 ||
	    (strcmp(name, "objectformat") == 0 && strcmp(value, "sha1") == 0) ||
	    (strcmp(name, "refstorage") == 0 && strcmp(value, "files") == 0))
		return 0;
	if (strcmp(name, "objectformat") == 0)
		return err_set(err, ERR_FORMAT,
		    "repository '%s' has %s object ids, and stagegate serves "
		    "SHA-1 alone: make it with 'git init --bare "
		    "--object-format=sha1' and push into that",
		    path, value);
	if (strcmp(name, "refstorage") == 0)
		return err_set(err, ERR_FORMAT,
		    "repository '%s' keeps its refs as '%s', and stagegate "
		    "reads files alone: convert it with 'git refs migrate "
		    "--ref-format=files'",
		    path, value);
	return err_set(err, ERR_FORMAT,
	    "repository '%s' has the extension '%s', which stagegate does not "
	    "know: serve a plain clone of it ('git clone --bare')",
	    path, name);
}

/* git ignores most extensions at version 0; one that is there all the same
 * was meant. */
static int check_extensions(
    const char *path, git_config *config, struct err *err)
{
	static const char prefix[] = "extensions.";
	git_config_iterator *iterator = NULL;
	git_config_entry *entry;
	int code, status = 0;

	if (git_config_iterator_new(&iterator, config) < 0)
		return err_git(err, ERR_FORMAT,
		    "cannot read the configuration of '%s'", path);
	while (status == 0 && (code = git_config_next(&entry, iterator)) == 0) {
		const char *value = entry->value ? entry->value : "";

		if (str_prefix(entry->name, prefix))
			status = check_extension(
			    path, entry->name + strlen(prefix), value, err);
	}
	if (status == 0 && code != GIT_ITEROVER)
		status = err_git(err, ERR_FORMAT,
		    "cannot read the configuration of '%s'", path);
	git_config_iterator_free(iterator);
	return status;
}

int repo_check_format(const char *path, struct err *err)
{
	char file[PATH_MAX];
	git_config *config = NULL;
	int32_t version = 0;
	int status = -1;

	if ((size_t)snprintf(file, sizeof(file), "%s/config", path) >=
	    sizeof(file))
		return err_set(
		    err, ERR_LIMIT, "the path '%s' is too long", path);
	if (access(file, F_OK) != 0)
		return err_set(err, ERR_FORMAT,
		    "'%s' has no 'config' file: is it a git repository?", path);
	if (git_config_open_ondisk(&config, file) < 0) {
		err_git(err, ERR_FORMAT, "cannot read '%s'", file);
		goto out;
	}
	if (git_config_get_int32(
		&version, config, "core.repositoryformatversion") == 0 &&
	    version > 1) {
		err_set(err, ERR_FORMAT,
		    "repository '%s' has format version %d, and stagegate "
		    "knows versions 0 and 1: serve a plain clone of it ('git "
		    "clone --bare')",
		    path, (int)version);
		goto out;
	}
	status = check_extensions(path, config, err);
out:
	git_config_free(config);
	return status;
}

int repo_check_history(struct arena *arena, const char *path, struct err *err)
{
	const char *grafts = arena_printf(arena, "%s/info/grafts", path);
	const char *shallow = arena_printf(arena, "%s/shallow", path);
	struct stat st;

	if (stat(grafts, &st) == 0 && st.st_size > 0)
		return err_set(err, ERR_FORMAT,
		    "'%s' gives commits other parents than they have: remove "
		    "that file",
		    grafts);
	if (access(shallow, F_OK) == 0)
		return err_set(err, ERR_FORMAT,
		    "repository '%s' is shallow, its history is cut off: "
		    "complete it with 'git fetch --unshallow'",
		    path);
	return 0;
}

int repo_servable(struct arena *arena, const char *git_dir, struct err *err)
{
	int status = -1;

	if (library_start(err))
		return -1;
	if (repo_check_path(git_dir, err) == 0 &&
	    (geteuid() == 0 || repo_check_owner(git_dir, err) == 0) &&
	    repo_check_format(git_dir, err) == 0)
		status = repo_check_history(arena, git_dir, err);
	git_libgit2_shutdown();
	return status;
}
