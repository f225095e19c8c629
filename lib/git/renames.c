#include "git/renames.h"

#include <string.h>

#include "git/gitprogram.h"
#include "git/mergeways.h"

#define RENAMES_OUTPUT_MAX ((size_t)16 << 20) /* bytes */

/* A field that ends in a NUL, and moves on; NULL: there is none. */
static const char *next_field(const char **p, const char *end)
{
	const char *field = *p;
	const char *nul = field < end
	    ? memchr(field, '\0', (size_t)(end - field))
	    : NULL;

	if (!nul)
		return NULL;
	*p = nul + 1;
	return field;
}

/* As `--name-status -z` writes them: R087, NUL, from, NUL, to, NUL. */
static int take(struct arena *arena, const struct process_result *run,
    struct view_renames *ret, struct err *err)
{
	const char *p = run->output, *end = p + run->output_len, *status;

	while ((status = next_field(&p, end))) {
		const char *from = next_field(&p, end);
		const char *to = next_field(&p, end);

		if (*status != 'R' || !from || !to)
			return err_set(err, ERR_FORMAT,
			    "git diff-tree answered something else than "
			    "renames");
		ARRAY_PUSH(arena, ret, (struct view_rename){ from, to });
	}
	return 0;
}

static int find_in(struct arena *arena, const char *git, const char *dir,
    const struct oid *old_tree, const struct oid *new_tree,
    struct view_renames *ret, struct err *err)
{
	const char *const argv[] = { git, "diff-tree", "-r", "-z", "-M",
		"--name-status", "--diff-filter=R", "--no-ext-diff",
		arena_strdup(arena, oid_hex(old_tree).s),
		arena_strdup(arena, oid_hex(new_tree).s), NULL };
	struct process_result run;

	if (git_program_run(arena, argv, dir, RENAMES_OUTPUT_MAX, &run, err))
		return -1;
	if (run.status != 0)
		return git_program_failed(arena, argv, dir, err);
	if (run.output_cut)
		return err_set(err, ERR_LIMIT,
		    "the change renames more files than can be looked at");
	return take(arena, &run, ret, err);
}

int renames_by_git(struct repo *repo, struct arena *arena,
    const struct oid *old_tree, const struct oid *new_tree,
    struct view_renames *ret, struct err *err)
{
	struct view_renames found = { NULL, 0, 0 };
	const char *git = NULL, *dir = NULL;
	int status;

	if (git_program_find(repo, arena, "follow renames", &git, err) ||
	    merge_scratch_make(repo, arena, false, &dir, err))
		return -1;
	status = find_in(arena, git, dir, old_tree, new_tree, &found, err);
	scratch_remove(dir);
	if (status == 0)
		*ret = found;
	return status;
}
