#ifndef GIT_LOOSEREF_H
#define GIT_LOOSEREF_H

#include "git/handle.h"

/* Refs as files of their own, below the git directory: private to lib/git. */
#define REF_PATH_MAX 4096 /* bytes, with the NUL */

/* Whether git takes it for a full ref name ("refs/heads/x", "HEAD").  Nothing
 * else is ever made into a path. */
bool ref_name_is_valid(const char *name);
/* "<git directory>/<folder><name><suffix>" */
int ref_path(const struct repo *repo, const char *folder, const char *name,
    const char *suffix, char path[REF_PATH_MAX], struct err *err);

struct loose_ref {
	bool exists;
	bool is_symbolic;
	char target[REF_PATH_MAX]; /* of a symbolic ref */
	struct oid oid;
};
int loose_ref_read(const struct repo *repo, const char *name,
    struct loose_ref *ret, struct err *err);
/* Full names of the files below a folder of refs ("refs/heads/"); folders
 * (may be NULL) gets the folders, parents first. */
int loose_refs_list(const struct repo *repo, struct arena *arena,
    const char *folder, struct strings *ret_names, struct strings *folders,
    struct err *err);

#endif
