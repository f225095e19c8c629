#ifndef GIT_REFSYNC_H
#define GIT_REFSYNC_H

#include "git/handle.h"

/*
 * That a ref file which was renamed into place is there after a power cut:
 * private to lib/git.  path: "<git directory>/refs/..".
 *
 * Who packs refs meanwhile removes loose ones that it has written down, and
 * folders that this leaves empty.  One that is gone is no failure here: then
 * the ref is in packed-refs.
 */

/* fsyncs the folder that a path lies in; -1 with errno. */
int ref_sync_folder(const char *path);
/* All folders that lead to it, from refs/ on: a new ref lasts only if they do,
 * whoever made them.  Somebody who was killed may not have come to it. */
int ref_sync_folders(
    const struct repo *repo, const char *path, struct err *err);
/* Where the file is not there any more: packed-refs, which git need not have
 * made durable. */
int ref_sync_packed(const struct repo *repo, const char *path, struct err *err);

#endif
