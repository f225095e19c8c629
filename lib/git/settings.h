#ifndef GIT_SETTINGS_H
#define GIT_SETTINGS_H

#include <stdbool.h>

#include "base/array.h"
#include "base/err.h"

/*
 * git's configuration of a repository, as the hooks' git finds it, read
 * without opening the repository: one that can't be served has it too.  The
 * system's file comes first, then the repository's, each with what it
 * includes; never the account's and never the environment's, of which nobody
 * knows here what they will be when somebody pushes.
 *
 *	settings_open(arena, git_dir, &settings, err)
 *	settings_get(settings, arena, "core.hookspath", &one, err)
 *	settings_close(settings)
 *
 * Keys are in lower case but for a subsection.  git_dir is absolute.
 */
struct settings;

struct setting {
	const char *value; /* NULL: not set; "" for a key without a value */
	bool is_system;    /* from the system's file, not the repository's */
};

int settings_open(struct arena *arena, const char *git_dir,
    struct settings **ret, struct err *err);
void settings_close(struct settings *settings); /* NULL is allowed */

/* The last one, which counts. */
int settings_get(struct settings *settings, struct arena *arena,
    const char *key, struct setting *ret, struct err *err);
/* All of a key, in git's order. */
int settings_all(struct settings *settings, struct arena *arena,
    const char *key, struct strings *ret, struct err *err);

#endif
