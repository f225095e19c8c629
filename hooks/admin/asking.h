#ifndef ADMIN_ASKING_H
#define ADMIN_ASKING_H

#include "admin.h"

/*
 * Asking what the hooks would answer to a push: try asks of any, promote and
 * rollback of what they have made.
 */

/* In a clone the policy is what somebody's server says: its programs do not
 * run with the rights of whoever asks, unless told to. */
void asking_commands(struct admin *admin, bool run);
/* Gates that wait for nothing but a program which was not run here, or for the
 * repositories of submodules which are not here, are for the hooks to judge:
 * what is refused for them alone is let pass.  Afterwards. */
void asking_leave_absent(struct verdict *verdict);
/* A refusal on standard error, as the hooks have it; what would be accepted on
 * standard output.  The hook's exit code. */
int asking_tell(struct admin *admin, const struct push *push,
    const struct verdict *verdict);

#endif
