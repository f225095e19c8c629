#include "pastrefs.h"

#include <string.h>

#include "base/text.h"

/* Where the name stands, or belongs. */
static size_t place_of(const struct past_refs *refs, const char *name)
{
	size_t low = 0, high = refs->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(refs->v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool stands_at(
    const struct past_refs *refs, size_t place, const char *name)
{
	return place < refs->n && strcmp(refs->v[place].name, name) == 0;
}

void past_refs_put(
    struct past_refs *refs, const char *name, const struct oid *oid)
{
	size_t place = place_of(refs, name);
	struct view_named_ref *there;

	if (stands_at(refs, place, name)) {
		there = &refs->v[place];
		there->oid = *oid;
		if (!oid_is_zero(oid))
			return;
		refs->n--;
		memmove(there, there + 1, (refs->n - place) * sizeof(*there));
		return;
	}
	if (oid_is_zero(oid))
		return;
	ARRAY_PUSH(refs->arena, refs, (struct view_named_ref){ NULL });
	there = &refs->v[place];
	memmove(there + 1, there, (refs->n - 1 - place) * sizeof(*there));
	there->name = arena_strdup(refs->arena, name);
	there->oid = *oid;
}

bool past_refs_get(
    const struct past_refs *refs, const char *name, struct oid *ret)
{
	size_t place = place_of(refs, name);

	*ret = (struct oid){ { 0 } };
	if (!stands_at(refs, place, name))
		return false;
	*ret = refs->v[place].oid;
	return true;
}

void past_refs_below(const struct past_refs *refs, struct arena *arena,
    const char *prefix, struct view_refs *ret)
{
	struct view_refs found = { NULL, 0, 0 };

	for (size_t i = place_of(refs, prefix);
	     i < refs->n && str_prefix(refs->v[i].name, prefix); i++)
		ARRAY_PUSH(arena, &found, refs->v[i]);
	*ret = found;
}
