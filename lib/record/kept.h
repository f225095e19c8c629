#ifndef RECORD_KEPT_H
#define RECORD_KEPT_H

#include "base/array.h"
#include "git/repo.h"
#include "record/statelock.h"

/*
 * Old tips that stay reachable, under refs/stagegate/kept/<full ref>/<oid>.
 * They are made before the ref leaves the tip, and go by an administrator's
 * `stagegate kept --expire` alone.
 */
#define KEPT_PREFIX "refs/stagegate/kept/"

/* Keeps a tip, durably.  One that is there already is fine; something else in
 * its place is an error, and never overwritten. */
int kept_add(struct arena *arena, struct repo *repo, const char *ref,
    const struct oid *tip, struct err *err);
/* The same by somebody who holds the lock. */
int kept_add_under_lock(struct arena *arena, struct state_lock *lock,
    const char *ref, const struct oid *tip, struct err *err);

struct kept_tip {
	const char *name; /* refs/stagegate/kept/.. */
	const char *ref;  /* for which it is kept */
	struct oid oid;
};
struct kept_tips {
	struct kept_tip *v;
	size_t n, cap;
};
/* Those of a ref, or of every ref (NULL), sorted by name.  ret_odd gets the
 * names of what lies there and is not at the commit that it is named after:
 * nobody but the suite should write there. */
int kept_list(struct arena *arena, struct repo *repo, const char *ref,
    struct kept_tips *ret, struct strings *ret_odd, struct err *err);
/* Lets one go.  ERR_MOVED: it is not there any more. */
int kept_remove_under_lock(
    struct state_lock *lock, const struct kept_tip *tip, struct err *err);

#endif
