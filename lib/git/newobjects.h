#ifndef GIT_NEWOBJECTS_H
#define GIT_NEWOBJECTS_H

#include "git/history.h"
#include "git/repo.h"
#include "git/treediff.h"
#include "judge/view.h"

/*
 * Everything that a ref update makes newly reachable, looked at for canonical
 * form (judge/commit.h): commits whole, and every tree that none of a
 * commit's parents has at that place, down to where ids are equal; files,
 * links and folders that are new at their place must exist and be of the kind
 * that their mode says.  What is wrong is a fault, not an error.  An object is
 * looked at once a run.  A missing object is a fault (`missing`).
 *
 * Trees are compared through the run's treediff, so that gates which ask for
 * the same comparison later get it from memory.
 */
struct newobjects;

struct newobjects *newobjects_new(struct arena *arena, struct repo *repo,
    struct history *history, struct treediff *diff);
void newobjects_free(struct newobjects *seen); /* NULL is allowed */
/* commits: as history_walk gives them.  At most FAULTS_MAX faults are kept. */
int newobjects_check(struct newobjects *seen, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err);

#endif
