#ifndef GIT_PACKEDREFS_H
#define GIT_PACKEDREFS_H

#include "git/handle.h"

/*
 * The packed-refs file (git-pack-refs(1)), mapped.  git replaces it by
 * rename, so a mapping never changes; it is mapped again when the name leads
 * to another file.  Sorted, as git has written it since 2.15, a look-up is a
 * binary search; unsorted, a walk over it.
 */
struct packed_refs;

/* *ret NULL when there is no such file. */
int packed_refs_open(
    struct repo *repo, const struct packed_refs **ret, struct err *err);
void packed_refs_close(struct packed_refs *packed); /* NULL is allowed */

/* False when it is not in there. packed may be NULL. */
int packed_refs_find(const struct packed_refs *packed, const char *name,
    bool *ret_found, struct oid *ret_oid, struct err *err);

/* Walks the refs whose name begins with prefix, in the file's order. */
struct packed_walk {
	const struct packed_refs *packed;
	const char *at;
	const char *prefix;
};
struct packed_ref {
	const char *name; /* not NUL-terminated */
	size_t len;
	struct oid oid;
};
int packed_walk_start(const struct packed_refs *packed, const char *prefix,
    struct packed_walk *walk, struct err *err);
/* 1 and *ret, 0 at the end, -1 with err. */
int packed_walk_next(
    struct packed_walk *walk, struct packed_ref *ret, struct err *err);
/* A copy of the file without that ref, for writing it anew: malloc'ed, the
 * caller frees. *ret_bytes NULL when the ref is not in it. */
int packed_refs_without(const struct packed_refs *packed, const char *name,
    char **ret_bytes, size_t *ret_len, struct err *err);

#endif
