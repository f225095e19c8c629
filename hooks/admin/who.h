#ifndef ADMIN_WHO_H
#define ADMIN_WHO_H

#include "admin.h"

/* As whom a question is asked. */

/* --as, else whom the policy's `identity` finds here, else (in a clone) the
 * person with git's user.email, else the account. */
const char *who_asks(struct admin *admin, const char *as);
/* Somebody who may push to the stage, so that the answer is about everything
 * else. */
const char *who_may_push(struct admin *admin, const struct stage *stage);

#endif
