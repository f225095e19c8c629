#include "policy/document_keys.h"

#include <stdlib.h>
#include <string.h>

/* By text, then by place: nodes come from one text, so places differ. */
static int key_cmp(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;
	int cmp = strcmp((*x)->text, (*y)->text);

	if (cmp != 0)
		return cmp;
	if ((*x)->mark.line != (*y)->mark.line)
		return (*x)->mark.line < (*y)->mark.line ? -1 : 1;
	if ((*x)->mark.column != (*y)->mark.column)
		return (*x)->mark.column < (*y)->mark.column ? -1 : 1;
	return 0;
}

/* Sorted, because mappings come from strangers too (statements) and a hash
 * table could be made to collide. */
bool keys_refuse_duplicates(
    struct arena *arena, const struct node *mapping, struct diags *diags)
{
	struct node **sorted;
	bool any = false;

	if (mapping->n < 2)
		return false;
	sorted = arena_grow(
	    arena, mapping->keys, mapping->n, mapping->n, sizeof(*sorted));
	qsort(sorted, mapping->n, sizeof(*sorted), key_cmp);
	for (size_t i = 1, first = 0; i < mapping->n; i++) {
		if (strcmp(sorted[i]->text, sorted[first]->text) != 0) {
			first = i;
		} else if (!sorted[i]->bad) {
			any = true;
			diag_error(diags, sorted[i]->mark, "duplicate key '%s'",
			    sorted[i]->text);
			diag_related(
			    diags, sorted[first]->mark, "first defined here");
			sorted[i]->bad = true;
		}
	}
	return any;
}

void keys_drop_bad(struct node *mapping)
{
	size_t kept = 0;

	for (size_t i = 0; i < mapping->n; i++) {
		if (mapping->keys[i]->bad)
			continue;
		mapping->keys[kept] = mapping->keys[i];
		mapping->items[kept++] = mapping->items[i];
	}
	mapping->n = kept;
}

struct node *node_get(const struct node *mapping, const char *key)
{
	for (size_t i = 0; i < mapping->n; i++)
		if (mapping->keys && strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->items[i];
	return NULL;
}
