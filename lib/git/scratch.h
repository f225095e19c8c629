#ifndef GIT_SCRATCH_H
#define GIT_SCRATCH_H

#include <stdint.h>

#include "git/repo.h"

/*
 * A private folder for the time of one call, 0700, with a name of its own
 * below stagegate/tmp/: for programs that want to be given files.
 *
 *	if (scratch_make(repo, arena, "merge", &dir, err))
 *		return -1;
 *	..
 *	scratch_remove(dir);
 */
int scratch_make(struct repo *repo, struct arena *arena, const char *purpose,
    const char **ret_path, struct err *err);
/* With all that is in it.  NULL is allowed. */
void scratch_remove(const char *path);
/* Removes those that a killed process has left, in which nothing was made
 * since that time.  They harm nobody, so that nothing is said when it fails. */
void scratch_clear(
    const struct repo *repo, struct arena *arena, int64_t before);

#endif
