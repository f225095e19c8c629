#ifndef POLICY_INDEX_H
#define POLICY_INDEX_H

#include <stddef.h>

#include "base/array.h"

/*
 * Names in order, each with a number: finds one in log n, and puts equal ones
 * side by side.  Add all, sort once, then look up.
 *
 * No hash table: a sorted array can't be made to degenerate, and most lists
 * of a policy hold ten names.
 */
struct name_entry {
	const char *name;
	size_t i;
};

struct name_index {
	struct name_entry *v;
	size_t n, cap;
};

#define INDEX_NONE ((size_t)-1)

void index_add(
    struct arena *arena, struct name_index *index, const char *name, size_t i);
void index_sort(struct name_index *index);
/* The number of the first entry of that name (the least one), INDEX_NONE. */
size_t index_find(const struct name_index *index, const char *name);
/* Beginning at *at, the next two neighbours with the same name; false when
 * there are none.  Start with *at = 0. */
bool index_duplicate(const struct name_index *index, size_t *at,
    size_t *ret_first, size_t *ret_second);

#endif
