#ifndef GIT_REFS_H
#define GIT_REFS_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * Refs of the store.  Reading one costs the same whatever their number:
 * loose file first, then a binary search in packed-refs.
 */
int ref_read(struct repo *repo, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err);
/* All refs below a prefix that ends in '/' (loose and packed), sorted by name;
 * cost grows with what lies below the prefix.  Symbolic ones are resolved. */
int refs_below(struct repo *repo, struct arena *arena, const char *prefix,
    struct view_refs *ret, struct err *err);
/* Names of the symbolic refs below such a prefix, also of those that lead
 * nowhere. */
int refs_symbolic(struct repo *repo, struct arena *arena, const char *prefix,
    struct strings *ret_names, struct err *err);
/*
 * Compare-and-swap, under git's own <ref>.lock protocol, fsynced, with a
 * reflog entry where the repository keeps one.  old zero: must not exist.
 * ERR_MOVED when the ref is not at old; ERR_LIMIT when the lock stays held.
 */
int ref_update(struct repo *repo, const char *name, const struct oid *old,
    const struct oid *target, const char *why, struct err *err);
/* Removes a ref that is at old. ERR_MOVED when it is not.  Under the lock of
 * packed-refs too; what that is written anew in has a name of its own. */
#define REFS_PACKED_NEXT "packed-refs.stagegate"
int ref_remove(struct repo *repo, const char *name, const struct oid *old,
    struct err *err);

#endif
