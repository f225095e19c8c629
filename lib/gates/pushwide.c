#include "gates/gate.h"

struct kept {
	const struct gate *gate;
	void *state;
	struct kept *next;
};

struct push_wide {
	struct kept *first;
};

struct push_wide *push_wide_new(struct arena *arena)
{
	return ARENA_NEW(arena, struct push_wide);
}

void *push_wide_of(struct push_wide *wide, struct arena *arena,
    const struct gate *gate, size_t size, bool *ret_new)
{
	struct kept *kept = wide ? wide->first : NULL;

	while (kept && kept->gate != gate)
		kept = kept->next;
	*ret_new = !kept;
	if (kept)
		return kept->state;
	kept = ARENA_NEW(arena, struct kept);
	kept->gate = gate;
	kept->state = arena_alloc(arena, size);
	if (wide) {
		kept->next = wide->first;
		wide->first = kept;
	}
	return kept->state;
}
