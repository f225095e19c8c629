#ifndef BASE_OIDMAP_H
#define BASE_OIDMAP_H

#include "base/arena.h"
#include "base/oid.h"

/*
 * A set of object ids with a pointer beside each (open addressing; object
 * ids are already uniformly distributed, so their first bytes are the hash).
 * Keys are copied; values are borrowed.  Memory is the arena's.
 */
struct oidmap {
	struct arena *arena;
	struct oidmap_slot *slots;
	size_t n, cap;
};

void oidmap_init(struct oidmap *map, struct arena *arena);
/* Adds or replaces.  Returns true when the key was not there before. */
bool oidmap_put(struct oidmap *map, const struct oid *key, void *value);
bool oidmap_has(const struct oidmap *map, const struct oid *key);
/* The value, or NULL when absent (a NULL value reads as absent too). */
void *oidmap_get(const struct oidmap *map, const struct oid *key);

#endif
