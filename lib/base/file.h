#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/err.h"

/*
 * Files: read with a ceiling, trusted only after fstat of the opened
 * descriptor, written so that a crash leaves the old or the new contents.
 */

/* Ending of a half-written file; dir_list does not name those. */
#define FILE_TEMPORARY ".tmp"

/* Reads a regular file (O_NONBLOCK|O_NOCTTY|O_CLOEXEC: a FIFO or device never
 * hangs).  Symbolic links are followed: it is the opened file that counts.  The
 * text is NUL-terminated beyond len.  ERR_NOTFOUND, ERR_LIMIT, ERR_IO,
 * ERR_FORMAT (not regular). */
int file_read(struct arena *arena, const char *path, size_t max,
    char **ret_text, size_t *ret_len, struct err *err);
/* The same, but the opened file must also be owned by root or by the running
 * account and not be writable by group or others; else ERR_FORMAT. */
int file_read_trusted(struct arena *arena, const char *path, size_t max,
    char **ret_text, size_t *ret_len, struct err *err);
/* Reads a descriptor to its end. */
int fd_read(struct arena *arena, int fd, size_t max, char **ret_text,
    size_t *ret_len, struct err *err);

/* Why the opened file can't be taken for a secret, "belongs to another
 * account": it must be a regular one, of root or of the running account, with
 * none of the mode bits in `exposing`.  NULL: nothing is wrong. */
const char *fd_exposed(int fd, unsigned exposing);

/* Writes to "<path>.<random>.tmp" in the same directory, fsync, rename, fsync
 * of the directory.  mode is exact (not subject to umask). */
int file_replace(const char *path, const void *p, size_t len, unsigned mode,
    struct err *err);
/* Makes a directory, not its parents; mode is exact.  One that exists is fine
 * and keeps its mode. */
int dir_make(const char *path, unsigned mode, struct err *err);
int dir_sync(const char *path, struct err *err);
/* Names of the regular files in a directory that do not begin with '.' nor end
 * in FILE_TEMPORARY, in bytewise order.  A missing directory has none. */
int dir_list(struct arena *arena, const char *path, struct strings *ret_names,
    struct err *err);
/* Removes a file; one that is not there is fine. */
int file_remove(const char *path, struct err *err);

/* Takes an exclusive advisory lock (flock) on path, made when missing, waiting
 * at most timeout_ms.  *ret_fd is to be closed, which lets go.  ERR_LIMIT when
 * the time is over. */
int file_lock(
    const char *path, unsigned timeout_ms, int *ret_fd, struct err *err);

#endif
