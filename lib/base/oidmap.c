#include "base/oidmap.h"

#include <stdint.h>
#include <string.h>

#define FIRST_CAP 64 /* slots; always a power of two */

struct oidmap_slot {
	struct oid key;
	bool taken;
	void *value;
};

/* The slot that holds the key, or the free one where it belongs.  At least
 * half of the slots are free, so the walk ends. */
static struct oidmap_slot *find(
    struct oidmap_slot *slots, size_t cap, const struct oid *key)
{
	uint64_t hash;
	size_t at;

	memcpy(&hash, key->b, sizeof(hash));
	at = (size_t)hash & (cap - 1);
	while (slots[at].taken && !oid_eq(&slots[at].key, key))
		at = (at + 1) & (cap - 1);
	return &slots[at];
}

static void grow(struct oidmap *map)
{
	size_t cap = map->cap ? 2 * map->cap : FIRST_CAP;
	struct oidmap_slot *slots = arena_array(
	    map->arena, cap, sizeof(*slots));

	for (size_t i = 0; i < map->cap; i++)
		if (map->slots[i].taken)
			*find(slots, cap, &map->slots[i].key) = map->slots[i];
	map->slots = slots;
	map->cap = cap;
}

void oidmap_init(struct oidmap *map, struct arena *arena)
{
	map->arena = arena;
	map->slots = NULL;
	map->n = 0;
	map->cap = 0;
}

bool oidmap_put(struct oidmap *map, const struct oid *key, void *value)
{
	struct oidmap_slot *slot;
	bool is_new;

	if (2 * map->n >= map->cap)
		grow(map);
	slot = find(map->slots, map->cap, key);
	is_new = !slot->taken;
	if (is_new)
		map->n++;
	slot->key = *key;
	slot->taken = true;
	slot->value = value;
	return is_new;
}

bool oidmap_has(const struct oidmap *map, const struct oid *key)
{
	return map->n > 0 && find(map->slots, map->cap, key)->taken;
}

void *oidmap_get(const struct oidmap *map, const struct oid *key)
{
	/* A free slot is all zero, so its value is NULL. */
	return map->n > 0 ? find(map->slots, map->cap, key)->value : NULL;
}
