#ifndef ADMIN_STATUS_H
#define ADMIN_STATUS_H

#include "admin.h"

/* Where everything stands: each stage ref with its tip, and pushes that are
 * under way. */
int status_of_all(struct admin *admin);
/* What a commit still needs for the stages that it may enter next. `as`: who
 * would push; NULL: somebody who may. */
int status_next(struct admin *admin, const struct commit *commit,
    const char *as, json_t *ret_json);

#endif
