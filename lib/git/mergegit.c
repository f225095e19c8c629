#include <string.h>

#include "git/gitprogram.h"
#include "git/mergeways.h"

#define GIT_OUTPUT_MAX ((size_t)1 << 20) /* bytes */

/* Paths that each end in a NUL. */
static void take_paths(
    struct arena *arena, const char *p, const char *end, struct view_merge *ret)
{
	while (p < end && *p) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			return; /* cut off */
		if (ret->differing.n < MERGE_PATHS_MAX)
			ARRAY_PUSH(arena, &ret->differing,
			    arena_strndup(arena, p, (size_t)(nul - p)));
		else
			ret->more++;
		p = nul + 1;
	}
}

static int take_answer(struct arena *arena, const struct process_result *run,
    struct view_merge *ret, struct err *err)
{
	const char *p = run->output, *end = run->output + run->output_len;

	if (run->output_len <= OID_HEX || !oid_parse(p, &ret->tree) ||
	    p[OID_HEX] != '\0')
		return err_set(err, ERR_FORMAT,
		    "git merge-tree answered something else than a tree");
	ret->state = run->status == 0 ? MERGE_CLEAN : MERGE_CONFLICT;
	ret->tree_is_scratch = true;
	if (ret->state == MERGE_CONFLICT)
		take_paths(arena, p + OID_HEX + 1, end, ret);
	return 0;
}

static int compare(struct arena *arena, const char *git, const char *dir,
    const struct oid *expect, struct view_merge *ret, struct err *err)
{
	const char *const argv[] = { git, "diff-tree", "-r", "-z",
		"--name-only", "--no-renames", "--no-ext-diff",
		arena_strdup(arena, oid_hex(expect).s),
		arena_strdup(arena, oid_hex(&ret->tree).s), NULL };
	struct process_result result;

	if (git_program_run(arena, argv, dir, GIT_OUTPUT_MAX, &result, err))
		return -1;
	if (result.status != 0)
		return git_program_failed(arena, argv, dir, err);
	take_paths(
	    arena, result.output, result.output + result.output_len, ret);
	return 0;
}

static int merge_in(struct arena *arena, const char *git, const char *dir,
    const struct oid *ours, const struct oid *theirs, const struct oid *expect,
    struct view_merge *ret, struct err *err)
{
	const char *const argv[] = { git, "merge-tree", "--write-tree", "-z",
		"--name-only", "--no-messages",
		arena_strdup(arena, oid_hex(ours).s),
		arena_strdup(arena, oid_hex(theirs).s), NULL };
	struct process_result result;

	memset(ret, 0, sizeof(*ret));
	if (git_program_run(arena, argv, dir, GIT_OUTPUT_MAX, &result, err))
		return -1;
	if (result.status != 0 && result.status != 1)
		return git_program_failed(arena, argv, dir, err);
	if (take_answer(arena, &result, ret, err))
		return -1;
	if (expect && ret->state == MERGE_CLEAN && oid_eq(&ret->tree, expect))
		ret->tree_is_scratch = false;
	else if (expect && ret->state == MERGE_CLEAN)
		return compare(arena, git, dir, expect, ret, err);
	return 0;
}

int merge_by_git(struct repo *repo, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err)
{
	const char *git = NULL, *dir = NULL;
	int status;

	if (git_program_find(repo, arena, "judge this merge", &git, err) ||
	    merge_scratch_make(repo, arena, false, &dir, err))
		return -1;
	status = merge_in(arena, git, dir, ours, theirs, expect, ret, err);
	scratch_remove(dir);
	return status;
}

int merge_store(struct repo *repo, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, struct view_merge *ret, struct err *err)
{
	const char *git = NULL, *dir = NULL;
	int status;

	if (git_program_find(repo, arena, "make this merge", &git, err) ||
	    merge_scratch_make(repo, arena, true, &dir, err))
		return -1;
	status = merge_in(arena, git, dir, ours, theirs, NULL, ret, err);
	scratch_remove(dir);
	ret->tree_is_scratch = false;
	return status;
}
