#include "git/gitview.h"

#include "git/foreignsig.h"
#include "git/hunks.h"
#include "git/linecount.h"
#include "git/merge.h"
#include "git/newobjects.h"
#include "git/objects.h"
#include "git/raw.h"
#include "git/refs.h"
#include "git/renames.h"
#include "git/treediff.h"

struct gitview {
	struct repo *repo;
	struct history *history;
	struct treediff *diff;
	struct newobjects *newobjects;
};

static int git_ref(void *git, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err)
{
	struct gitview *v = git;

	return ref_read(v->repo, arena, name, ret, err);
}

static int git_refs_below(void *git, struct arena *arena, const char *prefix,
    struct view_refs *ret, struct err *err)
{
	struct gitview *v = git;

	return refs_below(v->repo, arena, prefix, ret, err);
}

static int git_kind(void *git, const struct oid *oid, enum object_kind *ret,
    uint64_t *ret_size, struct err *err)
{
	struct gitview *v = git;

	return object_header(v->repo, oid, ret, ret_size, err);
}

static int git_commit_of(void *git, struct arena *arena, const struct oid *oid,
    struct commit *ret, const char **ret_complaint, struct err *err)
{
	struct gitview *v = git;
	struct raw_object object;

	if (raw_read(
		v->repo, oid, OBJECT_COMMIT, COMMIT_BYTES_MAX, &object, err))
		return -1;
	ret->id = *oid;
	*ret_complaint = commit_parse(arena, object.bytes, object.len, ret);
	raw_release(&object);
	return 0;
}

static int git_tag_of(void *git, struct arena *arena, const struct oid *oid,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct gitview *v = git;

	return object_read(v->repo, arena, oid, OBJECT_TAG, TAG_BYTES_MAX,
	    ret_bytes, ret_len, err);
}

static int git_blob_of(void *git, struct arena *arena, const struct oid *oid,
    size_t max, const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct gitview *v = git;

	return object_read(
	    v->repo, arena, oid, OBJECT_BLOB, max, ret_bytes, ret_len, err);
}

static int git_node(void *git, struct arena *arena, const struct oid *oid,
    struct view_node *ret, struct err *err)
{
	struct gitview *v = git;

	return history_node(v->history, arena, oid, ret, err);
}

static int git_is_ancestor(void *git, const struct oid *a, const struct oid *b,
    bool *ret, struct err *err)
{
	struct gitview *v = git;

	return history_is_ancestor(v->history, a, b, ret, err);
}

static int git_merge_bases_of(void *git, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret, struct err *err)
{
	struct gitview *v = git;

	return history_merge_bases(v->history, arena, a, b, ret, err);
}

static int git_walk(void *git, struct arena *arena, const struct oids *tips,
    const struct oids *hide, view_stop_fn *stop, void *stop_ctx, size_t max,
    struct oids *ret, struct err *err)
{
	struct gitview *v = git;

	return history_walk(
	    v->history, arena, tips, hide, stop, stop_ctx, max, ret, err);
}

static int git_merge_of(void *git, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err)
{
	struct gitview *v = git;

	return merge_compute(
	    v->repo, v->history, arena, ours, theirs, expect, ret, err);
}

static int git_changes(void *git, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *ctx, struct err *err)
{
	struct gitview *v = git;

	return treediff_run(v->diff, old_tree, new_tree, fn, ctx, err);
}

static int git_entry(void *git, const struct oid *tree, const char *path,
    struct view_entry *ret, struct err *err)
{
	struct gitview *v = git;

	return treediff_entry(v->diff, tree, path, ret, err);
}

static int git_list(void *git, const struct oid *tree, view_change_fn *fn,
    void *ctx, struct err *err)
{
	struct gitview *v = git;

	return treediff_list(v->diff, tree, fn, ctx, err);
}

static int git_lines(void *git, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err)
{
	struct gitview *v = git;

	return line_count(
	    v->repo, old_blob, new_blob, ret_added, ret_removed, err);
}

static int git_hunks(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *ctx, struct err *err)
{
	struct gitview *v = git;

	return hunks_read(v->repo, old_blob, new_blob, fn, ctx, err);
}

static int git_added(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *ctx, struct err *err)
{
	struct gitview *v = git;

	return added_lines_read(v->repo, old_blob, new_blob, fn, ctx, err);
}

static int git_renames(void *git, struct arena *arena,
    const struct oid *old_tree, const struct oid *new_tree,
    struct view_renames *ret, struct err *err)
{
	struct gitview *v = git;

	return renames_by_git(v->repo, arena, old_tree, new_tree, ret, err);
}

static int git_foreign_signature(void *git, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err)
{
	struct gitview *v = git;

	return foreign_signature_verify(
	    v->repo, arena, text, sig, ret_good, err);
}

static int git_faults(void *git, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err)
{
	struct gitview *v = git;

	return newobjects_check(v->newobjects, arena, commits, ret, err);
}

struct gitview *gitview_new(
    struct arena *arena, struct repo *repo, struct view *view)
{
	struct gitview *v = ARENA_NEW(arena, struct gitview);

	v->repo = repo;
	v->history = history_new(arena, repo);
	v->diff = treediff_new(arena, repo);
	v->newobjects = newobjects_new(arena, repo, v->history, v->diff);
	view->git = v;
	view->ref = git_ref;
	view->refs_below = git_refs_below;
	view->kind = git_kind;
	view->commit = git_commit_of;
	view->tag = git_tag_of;
	view->blob = git_blob_of;
	view->node = git_node;
	view->is_ancestor = git_is_ancestor;
	view->merge_bases = git_merge_bases_of;
	view->walk = git_walk;
	view->merge = git_merge_of;
	view->changes = git_changes;
	view->entry = git_entry;
	view->list = git_list;
	view->lines = git_lines;
	view->hunks = git_hunks;
	view->added = git_added;
	view->renames = git_renames;
	view->foreign_signature = git_foreign_signature;
	view->faults = git_faults;
	return v;
}

void gitview_free(struct gitview *gitview)
{
	if (!gitview)
		return;
	newobjects_free(gitview->newobjects);
	treediff_free(gitview->diff);
	history_free(gitview->history);
}

struct history *gitview_history(struct gitview *gitview)
{
	return gitview->history;
}
