#ifndef GIT_OBJECTDIRS_H
#define GIT_OBJECTDIRS_H

#include "base/array.h"

/* An object directory and, behind it, its alternates and theirs, each once:
 * objects/info/alternates (gitrepository-layout(5)).  Quoted lines and what
 * is beyond OBJECT_DIRS_MAX are left out: for readers that only save time. */
#define OBJECT_DIRS_MAX 32u
void object_dirs(
    struct arena *arena, const char *objects, struct strings *ret_dirs);

#endif
