#ifndef SETUP_LAYOUT_H
#define SETUP_LAYOUT_H

#include "setup/hosts.h"
#include "setup/place.h"
#include "setup/put.h"

/*
 * Where the hooks of one repository belong, by who serves it, and what lies
 * there now.
 */
struct layout {
	const struct host *host;
	bool elsewhere;  /* none in the repository: shared ones, gitolite's */
	const char *dir; /* of the hooks; where it is elsewhere, NULL */
	struct put_target target[HOOKS];
	struct hook_look look[HOOKS];
};

/* ERR_FORMAT, with what to do, where hooks in this repository would not be
 * run, or where another program's would no longer be. */
int layout_find(struct arena *arena, const struct place *place,
    const struct host *host, const struct programs *programs,
    struct hooks_seen *seen, struct layout *ret, struct err *err);

/* May ours be put there?  chain: somebody else's hook is kept behind ours.
 * ERR_FORMAT, with what to do. */
int layout_is_free(struct arena *arena, const struct layout *layout,
    const struct programs *programs, bool chain, struct err *err);

/* Makes the directories that are missing, 0755. */
int layout_make_dirs(
    struct arena *arena, const struct layout *layout, struct err *err);

#endif
