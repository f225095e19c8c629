/*
 * Is a policy as tight as the locked ones that it extends?  It may add people,
 * roles, modules, clients, children and gates, have stages ask for more gates
 * and hold more clients, lengthen `soak`, raise `quorum` and narrow `push`.
 * All else that is not as it was is an error, which names both places.
 *
 * Joining trees (extend.c) takes nothing away, so that what is compared here is
 * the tree of a locked base with the one that came of it.
 */
#include <string.h>

#include "base/num.h"
#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/nodes.h"

#define SHARE_ALL 10000 /* hundredths of a per cent */

struct tightening {
	struct loader *ld;
	const struct level *locked;
};

/* A key, there and here; either may lack it. */
struct both {
	const char *what;                /* "'soak' of stage 'testing'" */
	const struct node *base_in, *in; /* mappings that hold it */
	const struct node *base_key, *key;
	const struct node *base, *now;
};

static struct both both_of(struct loader *ld, const struct node *base_in,
    const struct node *in, const char *key, const char *of)
{
	return (
	    struct both){ .what = arena_printf(ld->arena, "'%s'%s", key, of),
		.base_in = base_in,
		.in = in,
		.base_key = nodes_key(base_in, key),
		.key = nodes_key(in, key),
		.base = node_get(base_in, key),
		.now = node_get(in, key) };
}

static void refuse(
    const struct tightening *t, const struct both *both, const char *why)
{
	struct diags *diags = t->ld->diags;
	struct mark mark = both->now ? both->now->mark : both->in->mark;

	diag_error(diags, mark, "%s %s", both->what, why);
	if (both->base)
		diag_related(
		    diags, both->base->mark, "what the locked base says");
	else
		diag_related(diags, t->locked->locked,
		    "the base, which does not set it, is locked");
}

/* ---- what may not be otherwise --------------------------------------------
 */

/* What is absent is as if it said so. */
static bool is_default(const struct node *node)
{
	return node && node->type == NODE_SCALAR &&
	    strcmp(node->text, "false") == 0;
}

static bool is_same(const struct tightening *t, const struct both *both)
{
	return nodes_same(t->ld->arena, both->base, both->now) ||
	    (!both->base && is_default(both->now));
}

static void check_same(const struct tightening *t, const struct both *both)
{
	if (!is_same(t, both))
		refuse(t, both,
		    "is not what a locked base says, and can't be changed");
}

/* Of a mapping each key, so that the place is told. */
static void check_keys(const struct tightening *t, const struct both *both)
{
	const char *of = arena_printf(t->ld->arena, " of %s", both->what);

	if (!both->base || both->base->type != NODE_MAPPING ||
	    both->now->type != NODE_MAPPING) {
		check_same(t, both);
		return;
	}
	for (size_t i = 0; i < both->now->n; i++) {
		struct both one = both_of(
		    t->ld, both->base, both->now, both->now->keys[i]->text, of);

		check_same(t, &one);
	}
}

/* ---- what may be added to -------------------------------------------------
 */

static struct name_index keys_of(struct arena *arena, const struct node *node)
{
	struct name_index index = { .n = 0 };

	for (size_t i = 0; node && node->keys && i < node->n; i++)
		index_add(arena, &index, node->keys[i]->text, i);
	index_sort(&index);
	return index;
}

/* What was there is as it was. */
static void check_names(const struct tightening *t, const struct both *both)
{
	struct arena *arena = t->ld->arena;
	struct name_index index;

	if (!both->base || both->base->type != NODE_MAPPING ||
	    both->now->type != NODE_MAPPING)
		return;
	index = keys_of(arena, both->base);
	for (size_t i = 0; i < both->now->n; i++) {
		const struct node *key = both->now->keys[i];
		size_t at = index_find(&index, key->text);
		struct both one;

		/* Most are the very same node, from the base. */
		if (at == INDEX_NONE ||
		    both->base->items[at] == both->now->items[i])
			continue;
		one = (struct both){ .what = arena_printf(arena, "'%s' of %s",
					 key->text, both->what),
			.in = both->now,
			.base = both->base->items[at],
			.now = both->now->items[i] };
		check_same(t, &one);
	}
}

static void check_status(const struct tightening *t, const struct both *both)
{
	if (both->now->type == NODE_SCALAR &&
	    strcmp(both->now->text, "draft") == 0)
		refuse(t, both,
		    "can't be draft: what a locked base refuses would only "
		    "be warned of");
}

/* ---- what may grow --------------------------------------------------------
 */

static const char *scalar_of(const struct node *node)
{
	return node && node->type == NODE_SCALAR ? node->text : NULL;
}

static void check_soak(const struct tightening *t, const struct both *both)
{
	const char *base = scalar_of(both->base), *now = scalar_of(both->now);
	uint64_t base_s = 0, now_s = 0;

	if (!now || !str_to_duration(now, &now_s) ||
	    (base && !str_to_duration(base, &base_s)))
		return; /* said already */
	if (now_s < base_s)
		refuse(t, both, "is shorter than a locked base wants");
}

/* Of two numbers, or of two shares, it can be told which asks for more; of one
 * of each only that 1 is the least there is. */
static bool is_raised(const char *base, const char *now)
{
	unsigned base_bp = SHARE_ALL, now_bp = SHARE_ALL;
	uint64_t base_n, now_n;

	if (strcmp(base, "1") == 0)
		return true;
	if (str_to_u64(base, UINT32_MAX, &base_n))
		return str_to_u64(now, UINT32_MAX, &now_n) && now_n >= base_n;
	if (strcmp(base, "all") != 0 && !str_to_share(base, &base_bp))
		return true; /* no quorum, which was reported */
	return (strcmp(now, "all") == 0 || str_to_share(now, &now_bp)) &&
	    now_bp >= base_bp;
}

static void check_quorum(const struct tightening *t, const struct both *both)
{
	const char *base = scalar_of(both->base), *now = scalar_of(both->now);

	if (now && !is_raised(base ? base : "1", now))
		refuse(t, both,
		    "does not ask for at least what a locked base wants");
}

/* ---- what may be narrowed -------------------------------------------------
 */

static const struct role *role_of(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->nroles; i++)
		if (strcmp(policy->roles[i].name, name) == 0)
			return &policy->roles[i];
	return NULL;
}

static struct strings words_of(struct arena *arena, const struct node *list)
{
	struct strings words = { .n = 0 };

	for (size_t i = 0; i < field_items(list); i++) {
		const char *word = scalar_of(field_item(list, i));

		if (word)
			strings_add(arena, &words, word);
	}
	return words;
}

/* Nobody who may by that role might not before. */
static bool role_is_within(
    const struct policy *policy, const struct strings *before, const char *name)
{
	const struct role *role = role_of(policy, name);

	if (strings_have(before, name) || !role)
		return true; /* a role that is not there was reported */
	for (size_t i = 0; i < before->n; i++) {
		const struct role *other = role_of(policy, before->v[i]);

		if (other && other->everyone)
			return true;
	}
	if (role->everyone)
		return false;
	for (size_t i = 0; i < role->members.n; i++)
		if (!policy_in_roles(policy, before, role->members.v[i]))
			return false;
	return true;
}

static void check_push(const struct tightening *t, const struct both *both)
{
	struct arena *arena = t->ld->arena;
	struct strings before = words_of(arena, both->base);
	struct strings now = words_of(arena, both->now);

	for (size_t i = 0; i < now.n; i++) {
		if (role_is_within(t->ld->policy, &before, now.v[i]))
			continue;
		refuse(t, both,
		    arena_printf(arena,
			"lets role '%s' in, whose members a locked base does "
			"not all let in",
			now.v[i]));
		return;
	}
}

/* ---- stages ---------------------------------------------------------------
 */

typedef void check_fn(const struct tightening *t, const struct both *both);

struct check {
	const char *key; /* NULL: all others */
	check_fn *fn;    /* NULL: it may be otherwise, or was only added to */
};

static const struct check stage_checks[] = {
	{ "gates", NULL },
	{ "clients", NULL },
	{ "soak", check_soak },
	{ "quorum", check_quorum },
	{ "push", check_push },
	{ NULL, check_same },
};

static check_fn *check_of(const struct check *checks, const char *key)
{
	while (checks->key && strcmp(checks->key, key) != 0)
		checks++;
	return checks->fn;
}

static bool is_known(const struct field *fields, const char *key)
{
	while (fields->name && strcmp(fields->name, key) != 0)
		fields++;
	return fields->name != NULL;
}

/* A key that no table knows was reported. */
static void check_each(const struct tightening *t, const struct check *checks,
    const struct field *fields, const struct node *base, const struct node *now,
    const char *of)
{
	for (size_t i = 0; i < now->n; i++) {
		const char *key = now->keys[i]->text;
		struct both both = both_of(t->ld, base, now, key, of);
		check_fn *check = check_of(checks, key);

		if (check && is_known(fields, key))
			check(t, &both);
	}
}

static const char *name_of(const struct node *stage)
{
	return stage->type == NODE_MAPPING ? scalar_of(node_get(stage, "name"))
					   : NULL;
}

static const struct node *find_stage(const struct node *list, const char *name)
{
	for (size_t i = 0; i < field_items(list); i++) {
		const char *other = name_of(field_item(list, i));

		if (other && strcmp(other, name) == 0)
			return field_item(list, i);
	}
	return NULL;
}

static void check_stages_of(const struct tightening *t, const struct both *both)
{
	for (size_t i = 0; i < field_items(both->now); i++) {
		const struct node *stage = field_item(both->now, i), *base;
		const char *name = name_of(stage);
		struct both one = { .in = stage, .now = stage };

		if (!name)
			continue;
		base = find_stage(both->base, name);
		one.what = arena_printf(t->ld->arena, "stage '%s'", name);
		if (!base)
			refuse(t, &one,
			    "is no stage of the locked base, to which none "
			    "can be added");
		else
			check_each(t, stage_checks, stage_fields, base, stage,
			    arena_printf(t->ld->arena, " of %s", one.what));
	}
}

/* ---- all of it ------------------------------------------------------------
 */

/* The first role of the locked base that somebody is in; NULL: none. */
static const struct node *role_in(const struct tightening *t, const char *name)
{
	const struct node *roles = node_get(t->locked->tree, "roles");

	for (size_t i = 0; roles && roles->keys && i < roles->n; i++) {
		const struct role *role = role_of(
		    t->ld->policy, roles->keys[i]->text);

		if (role && strings_have(&role->members, name))
			return roles->keys[i];
	}
	return NULL;
}

/* Whoever says by which keys somebody is known can speak for them. */
static void warn_of_keys(const struct tightening *t)
{
	const struct node *people = node_get(t->ld->root, "people");
	struct name_index before = keys_of(
	    t->ld->arena, node_get(t->locked->tree, "people"));

	for (size_t i = 0; people && people->keys && i < people->n; i++) {
		const struct node *key = people->keys[i], *role;

		if (index_find(&before, key->text) != INDEX_NONE ||
		    people->items[i]->type != NODE_MAPPING ||
		    !node_get(people->items[i], "keys"))
			continue;
		role = role_in(t, key->text);
		if (!role)
			continue;
		diag_warning(t->ld->diags, key->mark,
		    "'%s' is in role '%s' of a locked base, and this file "
		    "says by which keys that person is known",
		    key->text, role->text);
		diag_related(
		    t->ld->diags, role->mark, "the role of the locked base");
	}
}

static const struct check root_checks[] = {
	{ "flow", NULL },
	{ "version", NULL },
	{ "status", check_status },
	{ "people", check_names },
	{ "roles", check_names },
	{ "modules", check_names },
	{ "clients", check_names },
	{ "children", check_names },
	{ "gates", check_names },
	{ "always", NULL },
	{ "stages", check_stages_of },
	{ "identity", check_keys },
	{ "limits", check_keys },
	{ "ledger", check_keys },
	{ "rollback", check_keys },
	{ "bypass", check_keys },
	{ NULL, check_same },
};

void check_tighter(struct loader *ld)
{
	for (size_t i = 1; i < ld->nlevels; i++) {
		const struct tightening t = { ld, &ld->levels[i] };

		if (!ld->levels[i].is_locked)
			continue;
		check_each(&t, root_checks, policy_fields, ld->levels[i].tree,
		    ld->root, "");
		warn_of_keys(&t);
	}
}
