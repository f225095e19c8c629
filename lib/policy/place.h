#ifndef POLICY_PLACE_H
#define POLICY_PLACE_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Where a policy file is: a path, or a file of a commit of a repository,
 * written REPOSITORY:REVISION:PATH such as
 *
 *	/srv/git/process.git:refs/tags/v1.0.0-process:policy.yml
 */
struct policy_place {
	const char *repository; /* absolute path; NULL: a file */
	const char *revision;   /* full ref name, or object id of 40 digits */
	const char *path;       /* from the commit's root, or a file's */
};

/* Takes a text apart.  False: it has the colons, but is none (why: *ret_fault);
 * a text without is a path. */
bool place_parse(struct arena *arena, const char *text,
    struct policy_place *ret, const char **ret_fault);
/* What a file at `from` calls `text`: a path that is not absolute is beside
 * it, in the same folder or commit.  False: *ret_fault says why not. */
bool place_beside(struct arena *arena, const struct policy_place *from,
    const char *text, struct policy_place *ret, const char **ret_fault);
/* For people: the whole of it. */
const char *place_text(struct arena *arena, const struct policy_place *place);
/* Short, for reports: "base.yml", "process.git:policy.yml".  With the folder,
 * where that is not enough: "etc:base.yml". */
const char *place_short(struct arena *arena, const struct policy_place *place);
const char *place_with_folder(
    struct arena *arena, const struct policy_place *place);

#endif
