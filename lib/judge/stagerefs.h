#ifndef JUDGE_STAGEREFS_H
#define JUDGE_STAGEREFS_H

#include "judge/view.h"
#include "policy/model.h"

/*
 * The refs of a stage that exist, each once.  Those that the policy names are
 * asked for one by one; for globs everything in their folder is looked at, so
 * that the cost grows with what lies there.
 */
int stage_refs(const struct view *view, struct arena *arena,
    const struct stage *stage, struct view_refs *ret, struct err *err);

/* The stage's only ref, where the policy names just one; else NULL. */
const char *stage_single_ref(const struct stage *stage);

#endif
