#ifndef GIT_RENAMES_H
#define GIT_RENAMES_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * struct view's `renames`: by git itself, `git diff-tree -r -M`
 * (gitdiffcore(7)), since a figure of new lines is one that people compute
 * again with git diff.
 */
int renames_by_git(struct repo *repo, struct arena *arena,
    const struct oid *old_tree, const struct oid *new_tree,
    struct view_renames *ret, struct err *err);

#endif
