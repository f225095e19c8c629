#ifndef BASE_TREEREMOVE_H
#define BASE_TREEREMOVE_H

#include "base/err.h"

/*
 * Removes a folder with all that is in it, whatever a program has made of it:
 * folders without permissions, paths longer than PATH_MAX, folders deeper than
 * any stack.  Nothing is followed, and what is not below `path` is not
 * touched.  No process must be left that still writes there.
 */
int tree_remove(const char *path, struct err *err);

#endif
