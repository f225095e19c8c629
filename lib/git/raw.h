#ifndef GIT_RAW_H
#define GIT_RAW_H

#include "git/objects.h"

/*
 * The bytes of one object where the library keeps them, without a copy, for
 * readers that are done with them soon: private to lib/git.
 */
struct raw_object {
	const char *bytes; /* NUL-terminated beyond len */
	size_t len;
	/* whose they are: one of the two */
	struct pack_bytes *shared;
	void *object; /* of libgit2 */
};

/* want must be its kind: ERR_FORMAT; more than max bytes: ERR_LIMIT; missing:
 * ERR_NOTFOUND.  On success the caller gives it back with raw_release. */
int raw_read(struct repo *repo, const struct oid *oid, enum object_kind want,
    size_t max, struct raw_object *ret, struct err *err);
/* It will be asked for again in this run. */
void raw_keep(
    struct repo *repo, const struct oid *oid, const struct raw_object *object);
void raw_release(struct raw_object *object); /* zeroed is allowed, and left */

/* Is it in the quarantine's own directory, in the store or its alternates?
 * As of the start: nothing is looked for again. */
bool object_is_in_quarantine(struct repo *repo, const struct oid *oid);
bool object_is_in_store(struct repo *repo, const struct oid *oid);

#endif
