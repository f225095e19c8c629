#ifndef JUDGE_CHANGEPATHS_H
#define JUDGE_CHANGEPATHS_H

#include "judge/facts.h"

/*
 * Fills change->v from change->bases (the K's, none of which contains another)
 * and the candidate: "A path is in the change when the candidate does not have
 * there what K gives: with one K its entry; with several the entry of the side
 * that alone changed it since their merge base; where more than one did, the
 * lines that none of them has are added."
 */
int change_paths(const struct view *view, struct arena *arena,
    const struct oid *candidate, struct change *change, struct err *err);

/* The tree of a commit. */
int commit_tree(const struct view *view, struct arena *arena,
    const struct oid *commit, struct oid *ret, struct err *err);

#endif
