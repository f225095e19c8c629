#ifndef RECORD_PLANFILE_H
#define RECORD_PLANFILE_H

#include "record/plan.h"

/* The form of a plan on disk: what plan_write.c and plan_read.c share. */
#define PLANS_DIR "plans"
#define POLICIES_DIR "policies"
#define PLAN_ENDING ".yml"
#define PLAN_BYTES_MAX ((size_t)512 << 20)
#define PLAN_STATEMENTS "statements" /* lists at the top */
#define PLAN_REFS "refs"
#define PLAN_WARNED "true"
#define PLAN_COUNT "count" /* of updates; the last line: nothing is cut off */

int plan_format(struct arena *arena, const struct plan *plan,
    const char **ret_bytes, size_t *ret_len, struct err *err);
/* only: see plans_read_for; NULL: all. name: of the file. */
int plan_parse(struct arena *arena, const char *name, const char *bytes,
    size_t len, const char *only, struct plan *ret, struct err *err);

#endif
