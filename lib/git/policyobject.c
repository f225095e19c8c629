#include "git/policyobject.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "git/handle.h"
#include "git/objects.h"
#include "git/refs.h"

/* git looks upwards for a repository; this one is named. */
static int check_place(
    const struct repo *repo, const char *path, struct err *err)
{
	char real[PATH_MAX], *git_dir = real;

	if (realpath(path, real) &&
	    (strcmp(git_dir, repo_path(repo)) == 0 ||
		(strncmp(repo_path(repo), real, strlen(real)) == 0 &&
		    strcmp(repo_path(repo) + strlen(real), "/.git") == 0)))
		return 0;
	return err_set(err, ERR_NOTFOUND, "'%s' is not a git repository", path);
}

static int check_modes(const struct repo *repo, struct err *err)
{
	struct stat st;

	if (stat(repo_path(repo), &st) == 0 &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return 0;
	return err_set(err, ERR_FORMAT,
	    "the repository '%s' can be written by more than its owner: take "
	    "that away with 'chmod -R go-w'",
	    repo_path(repo));
}

/* The tree of the commit that the revision names. */
static int find_tree(struct repo *repo, struct arena *arena,
    const char *revision, git_tree **ret, struct err *err)
{
	git_object *object = NULL;
	struct view_ref ref = { .exists = true };
	git_oid id;
	int code;

	if (!oid_parse(revision, &ref.oid) &&
	    ref_read(repo, arena, revision, &ref, err) < 0)
		return -1;
	if (!ref.exists)
		return err_set(err, ERR_NOTFOUND, "'%s' has no '%s'",
		    repo_path(repo), revision);
	id = git_oid_of(&ref.oid);
	if (git_object_lookup(&object, repo->store, &id, GIT_OBJECT_ANY) < 0)
		return err_git(err, ERR_FORMAT, "cannot read '%s'", revision);
	code = git_object_peel((git_object **)ret, object, GIT_OBJECT_TREE);
	git_object_free(object);
	return code < 0 ? err_set(err, ERR_FORMAT, "'%s' of '%s' is no commit",
			      revision, repo_path(repo))
			: 0;
}

static int find_blob(git_tree *tree, const char *revision, const char *path,
    struct oid *ret, struct err *err)
{
	git_tree_entry *entry = NULL;
	git_filemode_t mode;

	if (git_tree_entry_bypath(&entry, tree, path) < 0)
		return err_set(err, ERR_NOTFOUND, "there is no '%s' in '%s'",
		    path, revision);
	mode = git_tree_entry_filemode(entry);
	*ret = oid_of_git(git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return err_set(
		    err, ERR_FORMAT, "'%s' in '%s' is no file", path, revision);
	return 0;
}

static int read_in(struct repo *repo, struct arena *arena, const char *revision,
    const char *path, char **ret_text, size_t *ret_len, struct err *err)
{
	git_tree *tree = NULL;
	const char *bytes;
	struct oid blob;
	int status;

	if (find_tree(repo, arena, revision, &tree, err) < 0)
		return -1;
	status = find_blob(tree, revision, path, &blob, err);
	git_tree_free(tree);
	if (status < 0 ||
	    object_read(repo, arena, &blob, OBJECT_BLOB, POLICY_BYTES_MAX,
		&bytes, ret_len, err) < 0)
		return -1;
	*ret_text = arena_strndup(arena, bytes, *ret_len);
	return 0;
}

static int read_object(struct arena *arena, const char *repository,
    const char *revision, const char *path, enum policy_trust trust,
    char **ret_text, size_t *ret_len, struct err *err)
{
	struct repo *repo;
	int status = -1;

	if (repo_open_path(arena, repository, &repo, err) < 0)
		return -1;
	if (check_place(repo, repository, err) == 0 &&
	    (trust != POLICY_TRUSTED || check_modes(repo, err) == 0))
		status = read_in(
		    repo, arena, revision, path, ret_text, ret_len, err);
	repo_close(repo);
	return status;
}

const struct policy_objects policy_objects = { .read = read_object };
