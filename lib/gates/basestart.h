#ifndef GATES_BASESTART_H
#define GATES_BASESTART_H

#include "judge/facts.h"

/*
 * How far behind a stage's ref a commit is that it contains; for the gate
 * `base`.
 */

/*
 * How many commits of the ref's first-parent line contain the commit and are
 * not it: 0 for the tip itself, 1 for what the newest merge brought.  Counted
 * a little beyond max, and no further.
 */
#define START_BEHIND_MAX 100000 /* commits; of max */
#define START_BEYOND 1000       /* commits */
int start_behind(const struct view *view, const struct oid *commit,
    const struct oid *tip, uint64_t max, uint64_t *ret, struct err *err);

/*
 * For how many seconds the ref has had something that the commit lacks, as
 * the ledger recorded it: 0 for its present tip; for an earlier tip, since the
 * next one entered; for any other commit, since the first that contains it
 * did.  Where that is more than max, it may be any number above max.  A ref of
 * which nothing is recorded is an error.
 */
int start_age(const struct gate_facts *facts, const struct oid *commit,
    const struct view_named_ref *ref, uint64_t max, uint64_t *ret,
    struct err *err);

#endif
