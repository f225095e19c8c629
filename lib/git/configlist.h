#ifndef GIT_CONFIGLIST_H
#define GIT_CONFIGLIST_H

#include <stdbool.h>

#include "base/array.h"
#include "base/err.h"

/*
 * git's configuration of a repository as a list, in the order in which git
 * reads it (git-config(1), FILES): the system's file, the account's two, the
 * repository's, each with what it includes.  Hooks of ours never listen to the
 * account's; git itself does, and so it counts for who asks where git looks
 * for hooks.
 *
 * Read without opening the repository, so that one that can't be served has it
 * too.  Keys are in lower case but for a subsection.
 */
enum config_from {
	CONFIG_SYSTEM,
	CONFIG_ACCOUNT,
	CONFIG_REPOSITORY
};

struct config_entry {
	const char *key, *value; /* "" for a key without a value */
	enum config_from from;
	bool is_included; /* by one of those files, not in it */
};

struct config_list {
	struct config_entry *v;
	size_t n, cap;
};

/* What is asked for. */
struct config_place {
	const char *git_dir; /* absolute */
	const char *home;    /* of the account; NULL: it has none */
};

/* ERR_FORMAT when one of the files does not read. */
int config_list_read(struct arena *arena, const struct config_place *place,
    struct config_list *ret, struct err *err);
/* The last one, which counts; NULL: it is not set. */
const struct config_entry *config_list_last(
    const struct config_list *list, const char *key);
/* The same as git's booleans (git-config(1)); otherwise where it is not set or
 * is none. */
bool config_list_bool(
    const struct config_list *list, const char *key, bool otherwise);

/* Every file that is read, also those that includes of any condition name,
 * absolute, each once. */
int config_list_files(struct arena *arena, const struct config_place *place,
    struct strings *ret, struct err *err);

#endif
