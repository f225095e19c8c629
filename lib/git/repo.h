#ifndef GIT_REPO_H
#define GIT_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/oid.h"

/*
 * A repository, opened for reading objects of a push and for writing what is
 * ours.  Two handles on the same place:
 *
 *   incoming  GIT_REPOSITORY_OPEN_FROM_ENV: sees the quarantine of the push.
 *   store     opened by path: only what is really there.  Refs are read and
 *             written, and objects written, through this one alone, since a
 *             ref written from inside a quarantine could point at an object
 *             that a refusal takes away (git-receive-pack(1), QUARANTINE).
 *
 * Refused with a sentence of its own each (ERR_FORMAT): SHA-256, reftable,
 * unknown extensions, owners other than root or the running account (unless
 * safe.directory of the system configuration names it), a path with ':' or
 * '"', GIT_NAMESPACE, grafts and shallow files.
 */
struct repo;

/* Opens the repository of a hook: GIT_DIR (or the current directory). */
int repo_open_hook(struct arena *arena, struct repo **ret, struct err *err);
/* Opens by path (`-C DIR` or where one stands; searches upwards as git does,
 * also the .git of a work tree). No quarantine: both handles are the same. */
int repo_open_path(
    struct arena *arena, const char *path, struct repo **ret, struct err *err);
void repo_close(struct repo *repo); /* NULL is allowed */

/* What opening would refuse a git directory for, without opening it; git_dir
 * is absolute, links resolved.  Its owner may be anybody where root asks, who
 * looks after other accounts' repositories. */
int repo_servable(struct arena *arena, const char *git_dir, struct err *err);

/* Absolute path of the git directory without a final slash. */
const char *repo_path(const struct repo *repo);
/* True when a quarantine is in use. */
bool repo_has_quarantine(const struct repo *repo);
/* A string of the configuration (system and repository only, never the
 * account's or the environment's); NULL when not set. */
int repo_config(struct repo *repo, struct arena *arena, const char *key,
    const char **ret_value, struct err *err);
/* system only */
int repo_config_system(struct repo *repo, struct arena *arena, const char *key,
    const char **ret_value, struct err *err);

#endif
