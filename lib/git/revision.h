#ifndef GIT_REVISION_H
#define GIT_REVISION_H

#include "git/repo.h"

/*
 * Revisions as people write them, gitrevisions(7): `main`, `HEAD~3`,
 * `1a2b3c4d`, `v1.0^{commit}`.  For the command alone; hooks are given full
 * object ids.
 */

/* The object that a revision names.  ERR_NOTFOUND: none; ERR_FORMAT: several,
 * or not a revision. */
int revision_find(
    struct repo *repo, const char *text, struct oid *ret, struct err *err);
/* The commit that it names, tags peeled. */
int revision_commit(
    struct repo *repo, const char *text, struct oid *ret, struct err *err);

#endif
