#ifndef RUN_GROUND_H
#define RUN_GROUND_H

#include "policy/model.h"

/* One digest over all files of a policy: by it `update` sees that one of them
 * was replaced since pre-receive decided. */
const char *policy_ground(struct arena *arena, const struct policy *policy);

#endif
