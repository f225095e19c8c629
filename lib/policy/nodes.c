#include "policy/nodes.h"

#include <string.h>

#include "base/array.h"
#include "policy/field.h"

struct node *nodes_new(
    struct arena *arena, enum node_type type, size_t n, const struct node *like)
{
	struct node *node = ARENA_NEW(arena, struct node);

	node->type = type;
	node->mark = like->mark;
	node->items = arena_array(arena, n, sizeof(*node->items));
	if (type == NODE_MAPPING)
		node->keys = arena_array(arena, n, sizeof(*node->keys));
	return node;
}

void nodes_put(struct node *mapping, struct node *key, struct node *value)
{
	mapping->keys[mapping->n] = key;
	mapping->items[mapping->n++] = value;
}

void nodes_append(struct node *sequence, struct node *item)
{
	sequence->items[sequence->n++] = item;
}

struct node *nodes_key(const struct node *mapping, const char *key)
{
	for (size_t i = 0; i < mapping->n; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->keys[i];
	return NULL;
}

struct pair {
	const struct node *a, *b;
};

struct pairs { /* that have to be compared yet */
	struct pair *v;
	size_t n, cap;
};

static void push(struct arena *arena, struct pairs *pairs, const struct node *a,
    const struct node *b)
{
	ARRAY_PUSH(arena, pairs, (struct pair){ a, b });
}

static bool same_scalar(const struct node *a, const struct node *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Are two alike but for what is in them, which is left in pairs? */
static bool same_outside(
    struct arena *arena, struct pair pair, struct pairs *pairs)
{
	const struct node *a = pair.a, *b = pair.b;

	if (!a || !b)
		return a == b;
	if (a->type == NODE_SCALAR && b->type == NODE_SCALAR)
		return same_scalar(a, b);
	if ((a->type == NODE_MAPPING) != (b->type == NODE_MAPPING))
		return false;
	if (a->type == NODE_MAPPING) {
		for (size_t i = 0; i < a->n; i++)
			push(arena, pairs, a->items[i],
			    node_get(b, a->keys[i]->text));
		return a->n == b->n;
	}
	if (field_items(a) != field_items(b))
		return false;
	for (size_t i = 0; i < field_items(a); i++)
		push(arena, pairs, field_item(a, i), field_item(b, i));
	return true;
}

bool nodes_same(struct arena *arena, const struct node *a, const struct node *b)
{
	struct pairs pairs = { .n = 0 };

	push(arena, &pairs, a, b);
	while (pairs.n > 0) {
		struct pair pair = pairs.v[--pairs.n];

		if (!same_outside(arena, pair, &pairs))
			return false;
	}
	return true;
}
