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
/*
 * The same for somebody who runs programs there, which may leave anything
 * behind: *ret_lock is held for as long as this process lives, so that the
 * next hook knows at once that a folder has lost its owner.
 */
int scratch_hold(struct repo *repo, struct arena *arena, const char **ret_path,
    int *ret_lock, struct err *err);
int scratch_drop(const char *path, int lock, struct err *err);
/* Removes those that a killed process has left, in which nothing was made
 * since that time, and those that were held.  They harm nobody, so that nothing
 * is said when it fails. */
void scratch_clear(
    const struct repo *repo, struct arena *arena, int64_t before);

#endif
