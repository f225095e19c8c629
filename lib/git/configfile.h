#ifndef GIT_CONFIGFILE_H
#define GIT_CONFIGFILE_H

#include <stdbool.h>

#include "base/array.h"
#include "base/err.h"

/*
 * One of git's configuration files, changed in one step:
 *
 *	config_file_open(arena, path, &file, err)
 *	config_file_values(file, "receive.hiderefs", &values, err)
 *	config_file_set / _add / _remove		noted, any number
 *	config_file_save(file, &changed, err)		all of them or none
 *	config_file_close(file)
 *
 * The changes are made on a copy beside the file, which becomes git's
 * `<path>.lock` and then the file: git and libgit2 never read half of them,
 * and of two who write at once the second is told (ERR_MOVED).  Owner and mode
 * stay as far as the account may; layout and comments stay.  A file that is
 * missing is made, 0644.  A symbolic link stays one, its target is changed.
 */
#define CONFIG_BYTES_MAX ((size_t)4 << 20)

struct config_file;

int config_file_open(struct arena *arena, const char *path,
    struct config_file **ret, struct err *err);
void config_file_close(struct config_file *file); /* NULL is allowed */

/* What the file, with what it includes, holds now, without what is noted. */
int config_file_values(struct config_file *file, const char *key,
    struct strings *ret, struct err *err);

void config_file_set(
    struct config_file *file, const char *key, const char *value);
void config_file_add(
    struct config_file *file, const char *key, const char *value);
/* Each entry of the key with this value. */
void config_file_remove(
    struct config_file *file, const char *key, const char *value);

/* Does what is noted; *ret_changed: the file is another now. */
int config_file_save(
    struct config_file *file, bool *ret_changed, struct err *err);

#endif
