#include <string.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "git/handle.h"
#include "git/mergeways.h"

/* git takes up to 7000; beyond a thousand, libgit2's search for renames gets
 * slow, and git, which is better at it, is asked instead. */
#define RENAME_TARGETS_MAX 1000u

/*
 * A repository that is nothing but objects: no directory, so no attributes
 * from anywhere in it, no configuration, an index in memory.  What the merge
 * writes stays in memory.
 */
struct workshop {
	git_odb *odb;
	git_config *config;
	git_index *index;
	git_repository *repo;
};

static int add_directories(
    const struct repo *repo, git_odb *odb, struct err *err)
{
	if (repo->incoming_dir &&
	    git_odb_add_disk_alternate(odb, repo->incoming_dir) < 0)
		return err_git(err, ERR_IO, "cannot read the push's objects");
	for (size_t i = 0; i < repo->borrowed_dirs.n; i++)
		if (git_odb_add_disk_alternate(odb, repo->borrowed_dirs.v[i]) <
		    0)
			return err_git(err, ERR_IO, "cannot read '%s'",
			    repo->borrowed_dirs.v[i]);
	if (git_odb_add_disk_alternate(odb, repo->objects) < 0)
		return err_git(err, ERR_IO, "cannot read '%s'", repo->objects);
	return 0;
}

static int workshop_open(
    const struct repo *repo, struct workshop *shop, struct err *err)
{
	git_odb_backend *memory = NULL;

	if (git_odb_new(&shop->odb) < 0 || git_mempack_new(&memory) < 0)
		return err_git(err, ERR_INTERNAL, "cannot make an odb");
	if (git_odb_add_backend(shop->odb, memory, 999) < 0) {
		memory->free(memory);
		return err_git(err, ERR_INTERNAL, "cannot make an odb");
	}
	if (add_directories(repo, shop->odb, err))
		return -1;
	if (git_config_new(&shop->config) < 0 ||
	    git_index_new(&shop->index) < 0 ||
	    git_repository_wrap_odb(&shop->repo, shop->odb) < 0 ||
	    git_repository_set_config(shop->repo, shop->config) < 0 ||
	    git_repository_set_index(shop->repo, shop->index) < 0)
		return err_git(err, ERR_INTERNAL, "cannot merge in memory");
	return 0;
}

static void workshop_close(struct workshop *shop)
{
	git_repository_free(shop->repo);
	git_index_free(shop->index);
	git_config_free(shop->config);
	git_odb_free(shop->odb);
}

static int merge_trees(struct workshop *shop, const struct oid *const ids[3],
    struct view_merge *ret, struct err *err)
{
	git_merge_options options = { .version = GIT_MERGE_OPTIONS_VERSION };
	git_tree *trees[3] = { NULL, NULL, NULL };
	git_index *index = NULL;
	git_oid id;
	int code = 0, status = -1;

	options.flags = GIT_MERGE_FIND_RENAMES | GIT_MERGE_FAIL_ON_CONFLICT |
	    GIT_MERGE_SKIP_REUC;
	options.rename_threshold = 50;
	options.target_limit = RENAME_TARGETS_MAX;
	for (size_t i = 0; i < 3 && code == 0; i++) {
		id = git_oid_of(ids[i]);
		code = git_tree_lookup(&trees[i], shop->repo, &id);
	}
	if (code == 0)
		code = git_merge_trees(
		    &index, shop->repo, trees[0], trees[1], trees[2], &options);
	if (code == 0 && !git_index_has_conflicts(index)) {
		code = git_index_write_tree_to(&id, index, shop->repo);
		ret->tree = oid_of_git(&id);
		ret->state = MERGE_CLEAN;
	} else if (code == 0 || code == GIT_EMERGECONFLICT) {
		ret->state = MERGE_CONFLICT;
		code = 0;
	}
	if (code < 0)
		err_git(err, ERR_FORMAT, "cannot merge");
	else
		status = 0;
	git_index_free(index);
	for (size_t i = 0; i < 3; i++)
		git_tree_free(trees[i]);
	return status;
}

int merge_by_library(struct repo *repo, const struct oid *base,
    const struct oid *ours, const struct oid *theirs, struct view_merge *ret,
    struct err *err)
{
	const struct oid *const ids[3] = { base, ours, theirs };
	struct workshop shop = { 0 };
	git_buf system = { 0 };
	int status = -1;

	/* The server's own gitattributes file counts as little. */
	if (git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM,
		&system) < 0 ||
	    git_libgit2_opts(
		GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "") < 0)
		err_git(err, ERR_INTERNAL, "cannot set up libgit2");
	else if (workshop_open(repo, &shop, err) == 0)
		status = merge_trees(&shop, ids, ret, err);
	workshop_close(&shop);
	if (system.ptr)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH,
		    GIT_CONFIG_LEVEL_SYSTEM, system.ptr);
	git_buf_dispose(&system);
	return status;
}
