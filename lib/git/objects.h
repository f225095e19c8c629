#ifndef GIT_OBJECTS_H
#define GIT_OBJECTS_H

#include <stdint.h>

#include "git/repo.h"
#include "judge/commit.h"
#include "judge/view.h"

/*
 * Raw objects, quarantine included.  A missing object is a result
 * (OBJECT_MISSING), never "nothing to check".  Reading has ceilings, asked of
 * the header before a byte is inflated: ERR_LIMIT.
 */
#define COMMIT_BYTES_MAX ((size_t)8 << 20)
#define TREE_BYTES_MAX ((size_t)64 << 20)
#define TAG_BYTES_MAX ((size_t)64 << 20)

/* Kind and inflated size, from the header. */
int object_header(struct repo *repo, const struct oid *oid,
    enum object_kind *ret_kind, uint64_t *ret_size, struct err *err);
/* The id that an object of these bytes has, whether it is there or not. */
int object_hash(enum object_kind kind, const void *p, size_t len,
    struct oid *ret_oid, struct err *err);
/* The bytes, NUL-terminated beyond len. want must be its kind: ERR_FORMAT. */
int object_read(struct repo *repo, struct arena *arena, const struct oid *oid,
    enum object_kind want, size_t max, const char **ret_bytes, size_t *ret_len,
    struct err *err);
/* Is it in the quarantine's own object directory (new to the repository)? */
int object_is_incoming(
    struct repo *repo, const struct oid *oid, bool *ret, struct err *err);
/* Writes to the store (never to the quarantine), fsynced. */
int object_write(struct repo *repo, enum object_kind kind, const void *p,
    size_t len, struct oid *ret_oid, struct err *err);

#endif
