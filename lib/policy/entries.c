#include <string.h>

#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/nodes.h"

static void add_entries(struct loader *ld, const struct node *node,
    const char *what, struct entries *entries)
{
	if (node->type != NODE_MAPPING) {
		diag_error(ld->diags, node->mark,
		    "'%s' must be a mapping of names, not %s", what,
		    node_words(ld->arena, node));
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		struct entry entry = { .name = node->keys[i]->text,
			.key = node->keys[i],
			.mark = node->keys[i]->mark,
			.node = node->items[i] };

		ARRAY_PUSH(ld->arena, entries, entry);
	}
}

/* Twice in one file is a duplicate key; this is about several files. */
static void refuse_duplicates(
    struct loader *ld, const char *what, const struct entries *entries)
{
	struct name_index index = { .n = 0 };
	size_t at = 0, first, second;

	for (size_t i = 0; i < entries->n; i++)
		index_add(ld->arena, &index, entries->v[i].name, i);
	index_sort(&index);
	while (index_duplicate(&index, &at, &first, &second)) {
		diag_error(ld->diags, entries->v[second].mark,
		    "'%s' stands in '%s' twice", entries->v[second].name, what);
		diag_related(
		    ld->diags, entries->v[first].mark, "first defined here");
	}
}

void entries_join(struct loader *ld, const struct node *const *roots, size_t n,
    const char *what, struct node *tree)
{
	struct entries entries = { .n = 0 };
	struct node *first = NULL, *mapping;
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		const struct node *section = node_get(roots[i], what);

		if (!section || section->bad)
			continue;
		if (found++ == 0)
			first = nodes_key(roots[i], what);
		add_entries(ld, section, what, &entries);
	}
	if (!first)
		return;
	if (found > 1 && entries.v)
		refuse_duplicates(ld, what, &entries);
	mapping = nodes_new(ld->arena, NODE_MAPPING, entries.n, first);
	for (size_t i = 0; i < entries.n; i++)
		nodes_put(mapping, entries.v[i].key, entries.v[i].node);
	nodes_put(tree, first, mapping);
}

struct entries entries_read(
    struct loader *ld, const struct node *section, const char *what)
{
	struct entries entries = { .n = 0 };

	if (section)
		add_entries(ld, section, what, &entries);
	return entries;
}
