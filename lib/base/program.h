#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "base/arena.h"
#include "base/err.h"

/*
 * Programs of the system that an administrator names: an absolute path, or a
 * name that is looked for in the folders of PROGRAM_PATH, never in PATH.
 */
#define PROGRAM_PATH "/usr/local/bin:/usr/bin:/bin"

/* ERR_NOTFOUND, with what the administrator can do, where there is none that
 * could be run. */
int program_find(
    struct arena *arena, const char *name, const char **ret, struct err *err);

#endif
