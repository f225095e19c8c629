#ifndef GIT_MERGE_H
#define GIT_MERGE_H

#include "git/history.h"
#include "git/repo.h"
#include "judge/view.h"

/*
 * The tree that git computes when theirs is merged into ours, with git's
 * defaults: no attributes, no merge drivers, no configuration, default rename
 * detection and limits.  Where no path needs more than the entry of the side
 * that changed it, libgit2 makes that tree (merge base from our own history,
 * git_merge_trees in memory).  Elsewhere, and where its tree is not `expect`,
 * `git merge-tree --write-tree` decides (git 2.38 or later, absolute path from
 * `git config stagegate.git`, /usr/bin/git, /usr/local/bin/git): libgit2 knows
 * no directory renames and merges lines by another algorithm, so that its
 * clean merge may be another one than git's.  So does git where there are
 * several merge bases, since it merges those first.
 *
 * git works in a bare repository of its own, "<git directory>/stagegate/tmp/
 * merge-XXXXXX", whose objects directory borrows from the real ones (the
 * quarantine included) and takes what the merge writes; it is removed before
 * this returns.  One that a killed process has left is for scratch_clear.
 *
 * expect NULL: nothing is expected, git decides.  An error, never a conflict,
 * when git is missing or too old.
 */
int merge_compute(struct repo *repo, struct history *history,
    struct arena *arena, const struct oid *ours, const struct oid *theirs,
    const struct oid *expect, struct view_merge *ret, struct err *err);

/* For the command alone, which makes a merge and does not only judge one: git
 * merges, and the objects stay in the repository, where nothing names them yet.
 * The two share a commit, and neither contains the other. */
int merge_store(struct repo *repo, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, struct view_merge *ret, struct err *err);

#endif
