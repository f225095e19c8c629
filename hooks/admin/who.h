#ifndef ADMIN_WHO_H
#define ADMIN_WHO_H

#include "admin.h"

/* As whom a question is asked. */

/* --as, else whom the policy's `identity` finds here, else (in a clone) the
 * person with git's user.email, else the account. */
const char *who_asks(struct admin *admin, const char *as);
/* The account where it is in one of the roles, else somebody who is, so that
 * the answer is about everything else. */
const char *who_may(struct admin *admin, const struct strings *roles);
/* For client verbs: --as, else whom a server on this machine would be told,
 * else the person with the e-mail address that the user's git commits with,
 * else who_may; *ret_guessed: that was all that was left. */
const char *who_pushes(struct admin *admin, const char *as,
    const struct strings *roles, bool *ret_guessed);

#endif
