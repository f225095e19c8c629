#include <string.h>

#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/names.h"

/*
 * Roles may hold roles (`@other`).  First each role's own list is read; then
 * each is resolved by a walk over the roles that it reaches, so that a circle
 * ends where it began.
 */
struct indices {
	size_t *v;
	size_t n, cap;
};

struct raw_role {
	struct strings people;
	struct indices roles;   /* that it names */
	struct indices role_at; /* and which item of `list` did */
	const struct node *list;
};

static size_t find_role(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->nroles; i++)
		if (strcmp(policy->roles[i].name, name) == 0)
			return i;
	return INDEX_NONE;
}

static void unknown_role(struct loader *ld, const struct node *node)
{
	struct strings known = { .n = 0 };

	for (size_t i = 0; i < ld->policy->nroles; i++)
		ARRAY_PUSH(ld->arena, &known,
		    arena_printf(ld->arena, "@%s", ld->policy->roles[i].name));
	diag_error(ld->diags, node->mark, "unknown role '%s'%s", node->text,
	    words_near(ld->arena, node->text, &known));
}

static void read_member(
    struct loader *ld, struct role *role, struct raw_role *raw, size_t item)
{
	const struct node *node = field_item(raw->list, item);
	const char *fault;

	if (node->bad)
		return;
	if (node->type != NODE_SCALAR) {
		diag_error(ld->diags, node->mark,
		    "role '%s' must hold names, not %s", role->name,
		    node_words(ld->arena, node));
		return;
	}
	if (strcmp(node->text, "*") == 0) {
		role->everyone = true;
		return;
	}
	if (node->text[0] == '@') {
		size_t other = find_role(ld->policy, node->text + 1);

		if (other == INDEX_NONE) {
			unknown_role(ld, node);
			return;
		}
		ARRAY_PUSH(ld->arena, &raw->roles, other);
		ARRAY_PUSH(ld->arena, &raw->role_at, item);
		return;
	}
	fault = name_fault(NAME_PERSON, node->text);
	if (fault)
		diag_error(
		    ld->diags, node->mark, "'%s': %s", node->text, fault);
	ARRAY_PUSH(ld->arena, &raw->people, node->text);
}

static void read_role(struct loader *ld, const struct entry *entry,
    struct role *role, struct raw_role *raw)
{
	const char *fault = name_fault(NAME_ROLE, entry->name);

	if (fault)
		diag_error(
		    ld->diags, entry->mark, "'%s': %s", entry->name, fault);
	if (entry->node->bad)
		return;
	if (entry->node->type == NODE_MAPPING) {
		diag_error(ld->diags, entry->node->mark,
		    "role '%s' must be a list of names, not a mapping",
		    entry->name);
		return;
	}
	raw->list = entry->node;
	for (size_t i = 0; i < field_items(raw->list); i++)
		read_member(ld, role, raw, i);
}

/* A walk's way from role to role, for naming a circle. */
struct walk {
	struct indices queue;
	size_t *parent; /* by role; INDEX_NONE: not seen */
};

/* Each circle is met from all of its roles: it is told by the first one. */
static void report_circle(struct loader *ld, const struct walk *walk,
    const struct node *node, size_t start, size_t last)
{
	const struct role *roles = ld->policy->roles;
	const char *way = roles[start].name;

	for (size_t i = last; i != start; i = walk->parent[i]) {
		if (i < start)
			return;
		way = arena_printf(ld->arena, "%s -> %s", roles[i].name, way);
	}
	diag_error(ld->diags, node->mark, "role '%s' holds itself: %s -> %s",
	    roles[start].name, roles[start].name, way);
}

static void walk_on(
    struct loader *ld, struct walk *walk, size_t at, size_t next)
{
	if (walk->parent[next] != INDEX_NONE)
		return;
	walk->parent[next] = at;
	ARRAY_PUSH(ld->arena, &walk->queue, next);
}

/* Collects the members of all roles that one role reaches, itself first. */
static void resolve(struct loader *ld, const struct raw_role *raws,
    size_t start, struct walk *walk, struct strings *members)
{
	struct role *roles = ld->policy->roles;

	walk_on(ld, walk, start, start);
	for (size_t q = 0; q < walk->queue.n; q++) {
		size_t at = walk->queue.v[q];
		const struct raw_role *raw = &raws[at];

		if (roles[at].everyone)
			roles[start].everyone = true;
		for (size_t i = 0; i < raw->people.n; i++)
			ARRAY_PUSH(ld->arena, members, raw->people.v[i]);
		for (size_t i = 0; i < raw->roles.n; i++) {
			if (raw->roles.v[i] == start)
				report_circle(ld, walk,
				    field_item(raw->list, raw->role_at.v[i]),
				    start, at);
			walk_on(ld, walk, at, raw->roles.v[i]);
		}
	}
	for (size_t q = 0; q < walk->queue.n; q++)
		walk->parent[walk->queue.v[q]] = INDEX_NONE;
	walk->queue.n = 0;
}

/* Keeps the first of each name. */
static void keep_distinct(
    struct loader *ld, const struct strings *all, struct strings *distinct)
{
	struct name_index index = { .n = 0 };

	for (size_t i = 0; i < all->n; i++)
		index_add(ld->arena, &index, all->v[i], i);
	index_sort(&index);
	for (size_t i = 0; i < all->n; i++)
		if (index_find(&index, all->v[i]) == i)
			ARRAY_PUSH(ld->arena, distinct, all->v[i]);
}

/* Whoever runs the hook's account is then in every such role. */
static void warn_of_everyone(
    struct loader *ld, const struct role *role, const struct raw_role *raw)
{
	bool os_user = false;

	for (size_t i = 0; i < ld->policy->nidentity; i++)
		if (ld->policy->identity[i].kind == IDENTITY_OS_USER)
			os_user = true;
	if (!os_user || !raw->list)
		return;
	for (size_t i = 0; i < field_items(raw->list); i++) {
		const struct node *node = field_item(raw->list, i);

		if (strcmp(node->text, "*") == 0)
			diag_warning(ld->diags, node->mark,
			    "role '%s' is anyone, and with 'os-user' the "
			    "account that runs the hook is someone",
			    role->name);
	}
}

void load_roles(struct loader *ld)
{
	struct entries entries = entries_read(ld, ld->keys.roles, "roles");
	struct policy *policy = ld->policy;
	struct raw_role *raws = arena_array(
	    ld->arena, entries.n, sizeof(*raws));
	struct walk walk = { .queue = { .n = 0 } };

	policy->roles = arena_array(
	    ld->arena, entries.n, sizeof(*policy->roles));
	policy->nroles = entries.n;
	for (size_t i = 0; i < entries.n; i++) {
		policy->roles[i].name = entries.v[i].name;
		policy->roles[i].mark = entries.v[i].mark;
	}
	for (size_t i = 0; i < entries.n; i++)
		read_role(ld, &entries.v[i], &policy->roles[i], &raws[i]);
	walk.parent = arena_array(ld->arena, entries.n, sizeof(size_t));
	for (size_t i = 0; i < entries.n; i++)
		walk.parent[i] = INDEX_NONE;
	for (size_t i = 0; i < entries.n; i++) {
		struct strings members = { .n = 0 };

		resolve(ld, raws, i, &walk, &members);
		keep_distinct(ld, &members, &policy->roles[i].members);
		warn_of_everyone(ld, &policy->roles[i], &raws[i]);
	}
}

bool roles_hold(const struct loader *ld, const struct strings *roles,
    uint64_t want, size_t *ret_n)
{
	const struct policy *policy = ld->policy;
	struct strings people = { .n = 0 };

	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (!strings_have(roles, role->name))
			continue;
		if (role->everyone || role->members.n >= want)
			return true;
		for (size_t j = 0; j < role->members.n; j++)
			strings_add(ld->arena, &people, role->members.v[j]);
	}
	*ret_n = people.n;
	return people.n >= want;
}
