#include "policy/names.h"

#include <string.h>

#include "base/text.h"
#include "policy/field_value.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

static const struct {
	const char *first, *rest; /* characters */
	const char *fault;
} rules[] = {
	[NAME_STAGE] = { LOWER, LOWER DIGIT "-",
	    "a stage's name is lower-case letters, digits and '-', "
	    "a letter first" },
	[NAME_GATE] = { LOWER UPPER, LOWER UPPER DIGIT "-_",
	    "a gate's name is letters, digits, '-' and '_', a letter first" },
	[NAME_REFPART] = { LOWER UPPER DIGIT, LOWER UPPER DIGIT "._-",
	    "such a name is letters, digits, '.', '_' and '-', as git takes "
	    "them in a ref" },
	[NAME_ROLE] = { LOWER UPPER DIGIT, LOWER UPPER DIGIT "._-",
	    "a role's name is letters, digits, '.', '_' and '-'" },
	[NAME_PERSON] = { LOWER UPPER DIGIT "_", LOWER UPPER DIGIT "._-@+:\\",
	    "a person's name is letters, digits and any of ._-@+:\\" },
};

/* What git refuses in a component of a ref's name. */
static bool fits_ref(const char *name)
{
	return !strstr(name, "..") && !str_suffix(name, ".") &&
	    !str_suffix(name, ".lock");
}

const char *name_fault(enum name_kind kind, const char *name)
{
	size_t len = strlen(name);

	if (len > NAME_MAX_LEN)
		return "a name is at most 64 bytes";
	if (len == 0 || !strchr(rules[kind].first, name[0]) ||
	    strspn(name, rules[kind].rest) != len)
		return rules[kind].fault;
	if (kind == NAME_REFPART && !fits_ref(name))
		return rules[kind].fault;
	return NULL;
}

/* What is no name at all has been reported by the reader of the field. */
static bool refuse(struct arena *arena, const struct node *node,
    const char *kind, const struct strings *known, struct diags *diags)
{
	if (!node->bad && node->len > 0)
		diag_error(diags, node->mark, "unknown %s '%s'%s", kind,
		    node->text, words_near(arena, node->text, known));
	return false;
}

bool check_role(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags)
{
	struct strings known = { .n = 0 };

	for (size_t i = 0; i < policy->nroles; i++)
		if (strcmp(policy->roles[i].name, node->text) == 0)
			return true;
	for (size_t i = 0; i < policy->nroles; i++)
		ARRAY_PUSH(arena, &known, policy->roles[i].name);
	return refuse(arena, node, "role", &known, diags);
}

bool check_stage(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags)
{
	struct strings known = { .n = 0 };

	if (policy_stage(policy, node->text))
		return true;
	for (size_t i = 0; i < policy->nstages; i++)
		if (policy->stages[i].name)
			ARRAY_PUSH(arena, &known, policy->stages[i].name);
	return refuse(arena, node, "stage", &known, diags);
}

bool check_gate(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags)
{
	struct strings known = { .n = 0 };

	if (policy_gate(policy, node->text))
		return true;
	for (size_t i = 0; i < policy->ngates; i++)
		ARRAY_PUSH(arena, &known, policy->gates[i].name);
	return refuse(arena, node, "gate", &known, diags);
}

bool check_client(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags)
{
	struct strings known = { .n = 0 };

	if (policy_client(policy, node->text))
		return true;
	for (size_t i = 0; i < policy->nclients; i++)
		ARRAY_PUSH(arena, &known, policy->clients[i].name);
	return refuse(arena, node, "client", &known, diags);
}

struct table_at {
	const struct node *mapping;
	const struct field *fields;
};

struct tables_at {
	struct table_at *v;
	size_t n, cap;
};

void check_roles_of(const struct policy *policy, struct arena *arena,
    const struct node *mapping, const struct field *fields, struct diags *diags)
{
	struct tables_at tables = { .n = 0 };
	struct table_at first = { .mapping = mapping, .fields = fields };

	ARRAY_PUSH(arena, &tables, first);
	for (size_t t = 0; t < tables.n; t++) {
		struct table_at at = tables.v[t];

		if (at.mapping->type != NODE_MAPPING)
			continue;
		for (const struct field *row = at.fields; row && row->name;
		     row++) {
			const struct node *node = node_get(
			    at.mapping, row->name);

			if (!node)
				continue;
			if (row->type == FIELD_MAPPING) {
				struct table_at nested = { .mapping = node,
					.fields = row->fields };

				ARRAY_PUSH(arena, &tables, nested);
			}
			if (row->type != FIELD_ROLES &&
			    (row->type != FIELD_BOOL_ROLES ||
				field_is_truth(node)))
				continue;
			for (size_t i = 0; i < field_items(node); i++)
				check_role(
				    policy, arena, field_item(node, i), diags);
		}
	}
}
