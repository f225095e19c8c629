/*
 * One tree of two: what `over` says of its own, and what its base says beside
 * it.  What that does to a base that is locked is not asked here (tighten.c).
 */
#include <string.h>

#include "policy/field.h"
#include "policy/loader.h"
#include "policy/nodes.h"

enum meeting {    /* where both have a key */
	REPLACED, /* over's counts; so for keys that are not named below */
	OWN,      /* of each file alone: over's, or none */
	JOINED,   /* mappings: key by key */
	APPENDED, /* lists: the base's, and what over adds */
	STAGES    /* a list of stages, matched by name */
};

struct rule {
	const char *key;
	enum meeting meeting;
};

static const struct rule root_rules[] = {
	{ "flow", OWN },
	{ "version", OWN },
	{ "status", OWN },
	{ "identity", JOINED },
	{ "people", JOINED },
	{ "roles", JOINED },
	{ "modules", JOINED },
	{ "clients", JOINED },
	{ "gates", JOINED },
	{ "children", JOINED },
	{ "limits", JOINED },
	{ "ledger", JOINED },
	{ "rollback", JOINED },
	{ "bypass", JOINED },
	{ "always", APPENDED },
	{ "notify", APPENDED },
	{ "stages", STAGES },
	{ NULL, REPLACED },
};

static const struct rule stage_rules[] = {
	{ "gates", APPENDED },
	{ "clients", APPENDED },
	{ NULL, REPLACED },
};

static const struct rule no_rules[] = { { NULL, REPLACED } };

static enum meeting meeting_of(const struct rule *rules, const char *key)
{
	while (rules->key && strcmp(rules->key, key) != 0)
		rules++;
	return rules->meeting;
}

/* What becomes of a key that both have. */
typedef struct node *meet_fn(struct arena *arena, enum meeting meeting,
    struct node *base, struct node *over);

static struct name_index keys_of(struct arena *arena, const struct node *node)
{
	struct name_index index = { .n = 0 };

	for (size_t i = 0; i < node->n; i++)
		index_add(arena, &index, node->keys[i]->text, i);
	index_sort(&index);
	return index;
}

static struct node *join(struct arena *arena, const struct node *base,
    const struct node *over, const struct rule *rules, meet_fn *meet)
{
	struct name_index in_base = keys_of(arena, base);
	struct name_index in_over = keys_of(arena, over);
	struct node *node = nodes_new(
	    arena, NODE_MAPPING, base->n + over->n, base);

	for (size_t i = 0; i < base->n; i++) {
		struct node *key = base->keys[i];
		enum meeting meeting = meeting_of(rules, key->text);
		size_t at = index_find(&in_over, key->text);

		if (at != INDEX_NONE)
			nodes_put(node, over->keys[at],
			    meet(arena, meeting, base->items[i],
				over->items[at]));
		else if (meeting != OWN)
			nodes_put(node, key, base->items[i]);
	}
	for (size_t i = 0; i < over->n; i++)
		if (index_find(&in_base, over->keys[i]->text) == INDEX_NONE)
			nodes_put(node, over->keys[i], over->items[i]);
	return node;
}

static struct node *take_over(struct arena *arena, enum meeting meeting,
    struct node *base, struct node *over)
{
	(void)arena;
	(void)meeting;
	(void)base;
	return over;
}

static bool has_word(const struct node *list, const struct node *item)
{
	for (size_t i = 0; i < field_items(list); i++) {
		const struct node *have = field_item(list, i);

		if (have->type == NODE_SCALAR && item->type == NODE_SCALAR &&
		    strcmp(have->text, item->text) == 0)
			return true;
	}
	return false;
}

/* As field_item, of a list that becomes part of another. */
static struct node *item_of(struct node *list, size_t i)
{
	return list->type == NODE_SEQUENCE ? list->items[i] : list;
}

/* A word that the base has stands there once, and where it stands there. */
static struct node *append(
    struct arena *arena, struct node *base, struct node *over)
{
	size_t nbase = field_items(base), nover = field_items(over);
	struct node *node = nodes_new(
	    arena, NODE_SEQUENCE, nbase + nover, over);

	for (size_t i = 0; i < nbase; i++)
		nodes_append(node, item_of(base, i));
	for (size_t i = 0; i < nover; i++) {
		struct node *item = item_of(over, i);

		if (!has_word(base, item))
			nodes_append(node, item);
	}
	return node;
}

static bool is_list(const struct node *node)
{
	return node->type != NODE_MAPPING;
}

static struct node *meet_in_stage(struct arena *arena, enum meeting meeting,
    struct node *base, struct node *over)
{
	if (meeting == APPENDED && is_list(base) && is_list(over))
		return append(arena, base, over);
	return over;
}

/* The stage of that name in a list, INDEX_NONE when it has none. */
static size_t find_stage(const struct node *stages, const struct node *like)
{
	const struct node *name, *other;

	if (like->type != NODE_MAPPING)
		return INDEX_NONE;
	name = node_get(like, "name");
	for (size_t i = 0; name && i < stages->n; i++) {
		if (stages->items[i]->type != NODE_MAPPING)
			continue;
		other = node_get(stages->items[i], "name");
		if (other && other->type == NODE_SCALAR &&
		    name->type == NODE_SCALAR &&
		    strcmp(name->text, other->text) == 0)
			return i;
	}
	return INDEX_NONE;
}

static struct node *join_stages(
    struct arena *arena, const struct node *base, const struct node *over)
{
	struct node *node = nodes_new(
	    arena, NODE_SEQUENCE, base->n + over->n, base);

	for (size_t i = 0; i < base->n; i++) {
		size_t at = find_stage(over, base->items[i]);

		nodes_append(node,
		    at == INDEX_NONE
			? base->items[i]
			: join(arena, base->items[i], over->items[at],
			      stage_rules, meet_in_stage));
	}
	for (size_t i = 0; i < over->n; i++)
		if (find_stage(base, over->items[i]) == INDEX_NONE)
			nodes_append(node, over->items[i]);
	return node;
}

/* What is of a wrong type is over's, for the tables to refuse. */
static struct node *meet_at_root(struct arena *arena, enum meeting meeting,
    struct node *base, struct node *over)
{
	switch (meeting) {
	case JOINED:
		if (base->type == NODE_MAPPING && over->type == NODE_MAPPING)
			return join(arena, base, over, no_rules, take_over);
		break;
	case APPENDED:
		if (is_list(base) && is_list(over))
			return append(arena, base, over);
		break;
	case STAGES:
		if (base->type == NODE_SEQUENCE && over->type == NODE_SEQUENCE)
			return join_stages(arena, base, over);
		break;
	case REPLACED:
	case OWN:
		break;
	}
	return over;
}

const struct node *extend_tree(
    struct arena *arena, const struct node *base, const struct node *over)
{
	struct node *tree = join(arena, base, over, root_rules, meet_at_root);

	tree->mark = over->mark;
	return tree;
}
