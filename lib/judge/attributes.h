#ifndef JUDGE_ATTRIBUTES_H
#define JUDGE_ATTRIBUTES_H

#include "judge/view.h"

/*
 * What the `.gitattributes` of a tree say about merging a path
 * (gitattributes(5)).  Only ever for telling a person why their git merged
 * otherwise than the server: nothing is judged by it, so that quoted patterns
 * and macros other than `binary` may be passed over.
 *
 * *ret: the driver ("union", "ours"), "binary" for `-merge` and `binary`, or
 * NULL.  The file nearest to the path wins, in it the last line.
 */
int attributes_merge(const struct view *view, struct arena *arena,
    const struct oid *tree, const char *path, const char **ret,
    struct err *err);

#endif
