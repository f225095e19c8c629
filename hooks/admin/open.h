#ifndef ADMIN_OPEN_H
#define ADMIN_OPEN_H

#include "admin.h"
#include "overlay.h"

/*
 * What a verb puts together before it can ask: repository, policy, ledger.
 *
 * On the server that is what the hooks see.  In a clone that fetched the
 * ledger (there is refs/notes/stagegate, but no id of its own) the policy is
 * the one that the ledger recorded last, and branches are those of the remote.
 */

/* The repository alone.  0, or an exit code after saying why. */
int open_repository(struct admin *admin);
/* Repository, ledger and view. */
int open_ledger(struct admin *admin, const char *remote);
/* All of it.  file: a draft to use instead, or NULL. */
int open_all(struct admin *admin, const char *file, const char *remote);
/* A clone that did not fetch the ledger has nothing to tell: EXIT_UNDECIDED
 * with a hint.  After open_ledger. */
int need_ledger(struct admin *admin);
/* Prints the mistakes of the policy; EXIT_POLICY. */
int policy_is_invalid(struct admin *admin);

/* For a clone whose ledger was fetched before its branches were. */
void hint_to_fetch(struct admin *admin);
/* Is a stage's ref, which is `now`, not what the ledger recorded last of it?
 * Then that is said. */
int hint_if_stale(struct admin *admin, const char *ref,
    const struct view_ref *now, struct err *err);
/* "main" -> "refs/heads/main"; full names stay. */
const char *full_ref(struct arena *arena, const char *name);
/* Has the suite made its id here?  A clone has none: it reads the ledger's. */
bool is_server(struct admin *admin);

#endif
