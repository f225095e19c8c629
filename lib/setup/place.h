#ifndef SETUP_PLACE_H
#define SETUP_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/array.h"
#include "base/err.h"
#include "setup/account.h"

/*
 * A repository on a server as the installer and `stagegate doctor` find it:
 * where it lies, whose it is, where git looks for its hooks.  Only looked at,
 * never changed, and without opening it, so that one that can't be served is
 * found too.
 */
enum hooks_from {
	HOOKS_OWN,        /* <git directory>/hooks */
	HOOKS_REPOSITORY, /* core.hooksPath of the repository */
	HOOKS_SYSTEM      /* core.hooksPath of the system's gitconfig */
};

struct place {
	const char *asked;      /* as it was named */
	const char *gitdir;     /* absolute, links resolved, no final slash */
	bool is_bare;           /* it is not the .git of a work tree */
	struct account owner;   /* of the git directory */
	gid_t gid;              /* the directory's, maybe none of the owner's */
	const char *shared;     /* core.sharedRepository; NULL: not set */
	const char *hooks_path; /* effective core.hooksPath; NULL: not set */
	enum hooks_from hooks_from;
	const char *hooks;  /* where git looks, absolute; NULL: not known */
	const char *host;   /* stagegate.host; NULL: not set, or empty */
	const char *policy; /* stagegate.policy; NULL: not set */
	/* Why hooks of ours would refuse every push there, in a sentence that
	 * says what to do; NULL: it can be served. */
	const char *unservable;
};

/* Looks at the git directory `path` or `path`/.git.  ERR_NOTFOUND when there
 * is no repository, ERR_FORMAT when its configuration can't be read. */
int place_find(
    struct arena *arena, const char *path, struct place *ret, struct err *err);

/* Every bare repository in and below a directory, as paths in bytewise order:
 * a directory with the file HEAD and the directories objects and refs.
 * Symbolic links are not followed, repositories not descended into, nor is
 * anything called .git.  Directories that can't be read are told in
 * *ret_problems, one sentence each, and stop nothing.  ERR_NOTFOUND when there
 * is no such directory, ERR_LIMIT at a ceiling. */
#define PLACES_MAX 100000       /* repositories */
#define PLACES_SEEN_MAX 1000000 /* directories looked into */
int places_below(struct arena *arena, const char *dir,
    struct strings *ret_paths, struct strings *ret_problems, struct err *err);

#endif
