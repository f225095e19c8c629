#include "git/objectcache.h"

#include <stdlib.h>

#define KIND_BITS 3 /* of a header; the size above */

struct kept {
	struct pack_bytes **v;
	size_t n, cap;
};

struct object_cache {
	struct arena arena;
	struct oidmap headers; /* size << KIND_BITS | kind, as a pointer */
	struct oidmap bytes;   /* struct pack_bytes */
	struct kept kept;      /* the same, for releasing them */
	size_t size;           /* of kept */
};

struct object_cache *object_cache_new(void)
{
	struct object_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	arena_init(&cache->arena, ARENA_RUN_MAX);
	oidmap_init(&cache->headers, &cache->arena);
	oidmap_init(&cache->bytes, &cache->arena);
	return cache;
}

void object_cache_free(struct object_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < cache->kept.n; i++)
		pack_bytes_release(cache->kept.v[i]);
	arena_release(&cache->arena);
	free(cache);
}

bool object_cache_header(const struct object_cache *cache,
    const struct oid *oid, enum object_kind *ret_kind, uint64_t *ret_size)
{
	uintptr_t value;

	if (!cache)
		return false;
	value = (uintptr_t)oidmap_get(&cache->headers, oid);
	*ret_kind = (enum object_kind)(value & ((1u << KIND_BITS) - 1));
	*ret_size = value >> KIND_BITS;
	return value != 0;
}

void object_cache_put_header(struct object_cache *cache, const struct oid *oid,
    enum object_kind kind, uint64_t size)
{
	if (!cache || cache->headers.n >= CACHE_HEADERS_MAX ||
	    size > UINTPTR_MAX >> KIND_BITS || kind == OBJECT_MISSING)
		return;
	oidmap_put(&cache->headers, oid,
	    (void *)((uintptr_t)size << KIND_BITS | (uintptr_t)kind));
}

struct pack_bytes *object_cache_bytes(const struct object_cache *cache,
    const struct oid *oid, enum object_kind kind)
{
	struct pack_bytes *bytes = cache ? oidmap_get(&cache->bytes, oid)
					 : NULL;

	if (!bytes || bytes->kind != kind)
		return NULL;
	bytes->users++;
	return bytes;
}

void object_cache_put_bytes(
    struct object_cache *cache, const struct oid *oid, struct pack_bytes *bytes)
{
	if (!cache || oidmap_has(&cache->bytes, oid) ||
	    cache->size + bytes->len > CACHE_BYTES)
		return;
	cache->size += bytes->len + sizeof(*bytes);
	bytes->users++;
	oidmap_put(&cache->bytes, oid, bytes);
	ARRAY_PUSH(&cache->arena, &cache->kept, bytes);
}
