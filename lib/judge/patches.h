#ifndef JUDGE_PATCHES_H
#define JUDGE_PATCHES_H

#include "judge/judging.h"
#include "judge/patch.h"

/*
 * What a statement for a gate with `binds: patch` is recorded under, beside
 * the commit that it speaks about: the digests of what that commit changes,
 * computed when the statement is handed in, since later nobody can tell what
 * its reader saw.  Against what depends on where the commit is promoted to, so
 * there is one for each stage that asks for the gate and each of its refs.
 *
 * No more than so many refs of a stage are looked at, in the order in which
 * stage_refs gives them.  A change that was not computed is not recognised
 * later: it wants a statement of its own.
 */
#define PATCH_REFS_MAX 16

/*
 * The digests, each once, of the commit's change as the candidate of every
 * stage that uses the gate: against the present tip of each of its refs that
 * does not contain the commit, and as for a new ref where there may be one
 * more; on an entry stage, whose refs anybody can make, only as for a new one.
 * Where the time is over the rest is left out (and the push refused).
 */
int statement_patches(struct judging *j, const struct gate *gate,
    const struct oid *commit, struct strings *ret, struct err *err);

#endif
