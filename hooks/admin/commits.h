#ifndef ADMIN_COMMITS_H
#define ADMIN_COMMITS_H

#include "admin.h"
#include "judge/commit.h"

/* Commits as people name them, and as they are named to people. */

/* What git calls it; else a branch of the remote, or one of the server's that
 * a short name means. */
int commit_named(
    struct admin *admin, const char *text, struct oid *ret, struct err *err);
/* Reads it, with its id: 0, or an exit code after saying why not. */
int commit_read(struct admin *admin, const struct oid *oid, struct commit *ret);
/* "1a2b3c4d Subject", neutralised; the id alone of what is not there. */
int commit_line(struct admin *admin, const struct oid *oid, const char **ret,
    struct err *err);
/* "main", or the whole name of what is no branch. */
const char *short_ref(const char *ref);

#endif
