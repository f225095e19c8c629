#include "git/revision.h"

#include "git/handle.h"

static int find(
    struct repo *repo, const char *text, git_object **ret, struct err *err)
{
	int code = git_revparse_single(ret, repo->store, text);

	if (code == GIT_ENOTFOUND)
		return err_set(err, ERR_NOTFOUND,
		    "'%s' names nothing in this repository", text);
	if (code == GIT_EAMBIGUOUS)
		return err_set(
		    err, ERR_FORMAT, "'%s' names more than one object", text);
	if (code < 0)
		return err_git(err, ERR_FORMAT, "cannot understand '%s'", text);
	return 0;
}

int revision_find(
    struct repo *repo, const char *text, struct oid *ret, struct err *err)
{
	git_object *object = NULL;

	if (find(repo, text, &object, err) < 0)
		return -1;
	*ret = oid_of_git(git_object_id(object));
	git_object_free(object);
	return 0;
}

int revision_commit(
    struct repo *repo, const char *text, struct oid *ret, struct err *err)
{
	git_object *object = NULL, *commit = NULL;
	int status = -1;

	if (find(repo, text, &object, err) < 0)
		return -1;
	if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0) {
		err_set(err, ERR_FORMAT, "'%s' is no commit", text);
		goto out;
	}
	*ret = oid_of_git(git_object_id(commit));
	status = 0;
out:
	git_object_free(commit);
	git_object_free(object);
	return status;
}
