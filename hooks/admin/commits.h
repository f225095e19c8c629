#ifndef ADMIN_COMMITS_H
#define ADMIN_COMMITS_H

#include "admin.h"

/* Commits as people name them, and as they are named to people. */

/* What git calls it; else a branch of the remote, or one of the server's that
 * a short name means. */
int commit_named(
    struct admin *admin, const char *text, struct oid *ret, struct err *err);
/* "1a2b3c4d Subject", neutralised; the id alone of what is not there. */
int commit_line(struct admin *admin, const struct oid *oid, const char **ret,
    struct err *err);
/* "main", or the whole name of what is no branch. */
const char *short_ref(const char *ref);

#endif
