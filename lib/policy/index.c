#include "policy/index.h"

#include <stdlib.h>
#include <string.h>

void index_add(
    struct arena *arena, struct name_index *index, const char *name, size_t i)
{
	const struct name_entry entry = { .name = name, .i = i };

	ARRAY_PUSH(arena, index, entry);
}

static int entry_cmp(const void *a, const void *b)
{
	const struct name_entry *x = a, *y = b;
	int cmp = strcmp(x->name, y->name);

	if (cmp != 0)
		return cmp;
	return x->i < y->i ? -1 : x->i > y->i;
}

void index_sort(struct name_index *index)
{
	if (index->n > 1)
		qsort(index->v, index->n, sizeof(*index->v), entry_cmp);
}

size_t index_find(const struct name_index *index, const char *name)
{
	size_t low = 0, high = index->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->v[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == index->n || strcmp(index->v[low].name, name) != 0)
		return INDEX_NONE;
	return index->v[low].i;
}

bool index_duplicate(const struct name_index *index, size_t *at,
    size_t *ret_first, size_t *ret_second)
{
	for (size_t i = *at; i + 1 < index->n; i++) {
		if (strcmp(index->v[i].name, index->v[i + 1].name) != 0)
			continue;
		*ret_first = index->v[i].i;
		*ret_second = index->v[i + 1].i;
		*at = i + 1;
		return true;
	}
	return false;
}
