#ifndef GIT_OBJECTCACHE_H
#define GIT_OBJECTCACHE_H

#include "base/oidmap.h"
#include "git/pack.h"

/*
 * What is asked of an object more than once a run: private to lib/git.  The
 * walk, the check of form and the gates each want the commits; the check of
 * form and the gates each want the sizes of files; whoever opens the ledger
 * again wants its trees.  What has found no room is read again.
 */
#define CACHE_BYTES ((size_t)8 << 20) /* of commits and trees */
#define CACHE_HEADERS_MAX 200000u

struct object_cache;

struct object_cache *object_cache_new(void); /* NULL: no memory, none needed */
void object_cache_free(struct object_cache *cache); /* NULL is allowed */

bool object_cache_header(const struct object_cache *cache,
    const struct oid *oid, enum object_kind *ret_kind, uint64_t *ret_size);
void object_cache_put_header(struct object_cache *cache, const struct oid *oid,
    enum object_kind kind, uint64_t size);
/* The bytes of an object of that kind; NULL: not kept.  Counted for the
 * caller. */
struct pack_bytes *object_cache_bytes(const struct object_cache *cache,
    const struct oid *oid, enum object_kind kind);
void object_cache_put_bytes(struct object_cache *cache, const struct oid *oid,
    struct pack_bytes *bytes);

#endif
