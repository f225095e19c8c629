#ifndef JUDGE_SUBMODULES_H
#define JUDGE_SUBMODULES_H

#include "judge/view.h"

/*
 * The submodules that a tree records: its entries of mode 160000, in the
 * tree's order.  `.gitmodules` is not asked: whoever pushes writes it, and a
 * submodule is one without it too.  More than VIEW_LINKS_MAX are ERR_LIMIT.
 *
 * Every folder of the tree is read, no file is.
 */
int submodules_of(const struct view *view, struct arena *arena,
    const struct oid *tree, struct view_links *ret, struct err *err);

#endif
