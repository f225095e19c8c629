#include <string.h>

#include "base/num.h"
#include "policy/compare.h"

/*
 * Gates as facts, read through the tables by which they were loaded: a new key
 * of a kind is compared without a line here.  What it means that a number is
 * greater is known by the key's name; of all other keys it is not.
 */
struct telling_gate {
	struct arena *arena;
	const struct policy *policy;
	const struct gate *gate;
	const char *owner;
	struct policy_facts *ret;
};

static void value(struct telling_gate *t, enum fact_sense sense,
    const char *what, const char *text, uint64_t number)
{
	ARRAY_PUSH(t->arena, t->ret,
	    (struct policy_fact){ .key = arena_printf(t->arena,
				      "%s of gate '%s'", what, t->gate->name),
		.value = text ? text : "not given",
		.number = number,
		.sense = sense,
		.owner = t->owner,
		.mark = t->gate->mark });
}

/* ---- values ------------------------------------------------------------- */

struct node_stack {
	struct {
		const struct node *node; /* NULL: text alone */
		const char *text;
	} * v;
	size_t n, cap;
};

static void stack_push(struct arena *arena, struct node_stack *stack,
    const struct node *node, const char *text)
{
	if (stack->n == stack->cap) {
		size_t cap = stack->cap ? 2 * stack->cap : 16;

		stack->v = arena_grow(
		    arena, stack->v, stack->n, cap, sizeof(*stack->v));
		stack->cap = cap;
	}
	stack->v[stack->n].node = node;
	stack->v[stack->n++].text = text;
}

/* A value that is read by hand, as it might be written. */
static const char *node_text(struct arena *arena, const struct node *root)
{
	struct node_stack stack = { NULL, 0, 0 };
	const char *text = "";

	if (!root)
		return NULL;
	stack_push(arena, &stack, root, "");
	while (stack.n > 0) {
		const struct node *node = stack.v[--stack.n].node;

		text = arena_printf(arena, "%s%s", text, stack.v[stack.n].text);
		if (!node)
			continue;
		if (node->type == NODE_SCALAR) {
			text = arena_printf(arena, "%s%s", text, node->text);
			continue;
		}
		text = arena_printf(arena, "%s%s", text,
		    node->type == NODE_MAPPING ? "{" : "[");
		stack_push(arena, &stack, NULL,
		    node->type == NODE_MAPPING ? "}" : "]");
		for (size_t i = node->n; i-- > 0;)
			stack_push(arena, &stack, node->items[i],
			    arena_printf(arena, "%s%s%s", i ? ", " : "",
				node->keys ? node->keys[i]->text : "",
				node->keys ? ": " : ""));
	}
	return text;
}

static const char *choices_text(
    struct arena *arena, const char *const *choices, unsigned mask)
{
	struct strings chosen = { NULL, 0, 0 };

	for (unsigned i = 0; choices[i]; i++)
		if (mask & (1u << i))
			strings_add(arena, &chosen, choices[i]);
	return strings_join(arena, &chosen, "");
}

/* *ret_number: for those that have an order. */
static const char *field_text(struct arena *arena, const struct field *field,
    const void *at, uint64_t *ret_number)
{
	const struct bool_roles *roles;

	switch (field->type) {
	case FIELD_STRING:
		return *(const char *const *)at;
	case FIELD_STRINGS:
	case FIELD_GLOBS:
	case FIELD_ROLES:
	case FIELD_GATES:
		return strings_join(arena, at, "");
	case FIELD_BOOL:
		*ret_number = *(const bool *)at;
		return *ret_number ? "true" : "false";
	case FIELD_BOOL_ROLES:
		roles = at;
		return roles->roles.n ? strings_join(arena, &roles->roles, "")
		    : roles->on       ? "true"
				      : "false";
	case FIELD_COUNT:
		*ret_number = *(const uint64_t *)at;
		return arena_printf(
		    arena, "%llu", (unsigned long long)*ret_number);
	case FIELD_DURATION:
		*ret_number = *(const uint64_t *)at;
		return policy_seconds(arena, *ret_number);
	case FIELD_SIZE:
		*ret_number = *(const uint64_t *)at;
		return size_format(arena, *ret_number);
	case FIELD_SHARE:
		*ret_number = *(const unsigned *)at;
		return share_format(arena, (unsigned)*ret_number);
	case FIELD_REGEX:
		return *(struct regex *const *)at
		    ? regex_source(*(struct regex *const *)at)
		    : NULL;
	case FIELD_CHOICE:
		return field->choices[*(const int *)at];
	case FIELD_CHOICES:
		return choices_text(
		    arena, field->choices, *(const unsigned *)at);
	case FIELD_NODE:
		return node_text(arena, *(const struct node *const *)at);
	case FIELD_MAPPING:
	case FIELD_LATER:
		break;
	}
	return NULL;
}

/* Of keys where 0 is no bound it is not known. */
static enum fact_sense sense_of(const struct field *field, uint64_t number)
{
	static const char *const tighten[] = { "signed", "not_author",
		"min_tests", "min", "new_lines", "total", "known", "sign_off",
		"portable", "conflict_markers", "trailing_space",
		"no_decrease" };
	static const char *const loosen[] = { "network", "inline_allow",
		"new_only" };

	for (size_t i = 0; i < sizeof(tighten) / sizeof(*tighten); i++)
		if (strcmp(field->name, tighten[i]) == 0)
			return FACT_TIGHTENS;
	for (size_t i = 0; i < sizeof(loosen) / sizeof(*loosen); i++)
		if (strcmp(field->name, loosen[i]) == 0)
			return FACT_LOOSENS;
	if (number > 0 &&
	    (field->type == FIELD_SIZE || strncmp(field->name, "max", 3) == 0))
		return FACT_LOOSENS;
	return FACT_UNKNOWN;
}

static void tell_field(struct telling_gate *t, const char *before,
    const struct field *field, const char *at)
{
	uint64_t number = 0;
	const char *text = field_text(
	    t->arena, field, at + field->offset, &number);

	value(t, sense_of(field, number),
	    arena_printf(t->arena, "%s%s", before, field->name), text, number);
}

/* Tables nest one level deep. */
static void tell_fields(
    struct telling_gate *t, const struct field *fields, const char *at)
{
	for (; fields && fields->name; fields++) {
		if (fields->type != FIELD_MAPPING) {
			tell_field(t, "", fields, at);
			continue;
		}
		for (const struct field *f = fields->fields; f && f->name; f++)
			tell_field(t,
			    arena_printf(t->arena, "%s.", fields->name), f,
			    at + fields->offset);
	}
}

/* ---- what all of them have ------------------------------------------------
 */

static void tell_evidence(
    struct telling_gate *t, const struct evidence_keys *keys)
{
	static const char *const binds[] = { "commit", "tree", "patch" };
	const struct gate_form *form = t->gate->form;

	policy_facts_of_people(t->arena, t->policy, &keys->by, "",
	    arena_printf(t->arena, " may speak for gate '%s'", t->gate->name),
	    (struct policy_fact){ .sense = FACT_LOOSENS,
		.owner = t->owner,
		.mark = t->gate->mark },
	    t->ret);
	value(t, FACT_TIGHTENS, "count",
	    arena_printf(t->arena, "%llu", (unsigned long long)keys->count),
	    keys->count);
	value(t, FACT_TIGHTENS, "signed", keys->is_signed ? "true" : "false",
	    keys->is_signed);
	value(t, FACT_LOOSENS, "max_age",
	    keys->max_age_s ? policy_seconds(t->arena, keys->max_age_s)
			    : "any age",
	    keys->max_age_s ? keys->max_age_s : UINT64_MAX);
	value(t, FACT_UNKNOWN, "binds", binds[keys->binds], 0);
	value(t, FACT_TIGHTENS, "not_author",
	    keys->not_author ? "true" : "false", keys->not_author);
	value(t, FACT_UNKNOWN, "matrix",
	    strings_join(t->arena, &keys->matrix, ""), 0);
	value(t, FACT_UNKNOWN, "report",
	    form->reports && keys->report >= 0 ? form->reports[keys->report]
					       : "any",
	    0);
}

/* Whose commits are asked for; where only one side says, that is all. */
static void tell_authors(struct telling_gate *t, const struct when *when)
{
	struct policy_fact each = { .sense = FACT_TIGHTENS,
		.mark = t->gate->mark };

	if (when->authors.n == 0)
		return;
	value(t, FACT_LOOSENS, "when.authors", "given", 0);
	each.owner = t->ret->v[t->ret->n - 1].key;
	policy_facts_of_people(t->arena, t->policy, &when->authors, "",
	    arena_printf(
		t->arena, "'s commits are asked for gate '%s'", t->gate->name),
	    each, t->ret);
}

static void tell_when(struct telling_gate *t, const struct when *when)
{
	struct arena *arena = t->arena;

	value(t, FACT_UNKNOWN, "when.paths",
	    strings_join(arena, &when->paths, ""), 0);
	value(t, FACT_UNKNOWN, "when.not_paths",
	    strings_join(arena, &when->not_paths, ""), 0);
	value(t, FACT_UNKNOWN, "when.stages_from",
	    strings_join(arena, &when->stages_from, ""), 0);
	tell_authors(t, when);
	value(t, FACT_UNKNOWN, "when.trailer", when->trailer, 0);
	value(t, FACT_LOOSENS, "when.lines_over",
	    when->has_lines_over ? arena_printf(arena, "%llu",
				       (unsigned long long)when->lines_over)
				 : NULL,
	    when->has_lines_over ? when->lines_over + 1 : 0);
}

static void tell_gate(struct telling_gate *t)
{
	static const char *const enforces[] = { "block", "warn", "off" };
	const struct gate *gate = t->gate;

	value(t, FACT_UNKNOWN, "kind", gate->form->kind, 0);
	value(
	    t, FACT_LOOSENS, "enforce", enforces[gate->enforce], gate->enforce);
	value(t, FACT_NO_MATTER, "help", gate->help, 0);
	tell_when(t, &gate->when);
	if (gate->form->takes_evidence)
		tell_evidence(t, gate->params);
	tell_fields(t, gate->form->fields, gate->params);
}

void policy_facts_of_gates(
    struct arena *arena, const struct policy *policy, struct policy_facts *ret)
{
	for (size_t i = 0; i < policy->ngates; i++) {
		struct telling_gate t = { .arena = arena,
			.policy = policy,
			.gate = &policy->gates[i],
			.ret = ret };

		if (t.gate == policy->bypass.gate)
			continue; /* told by the rules of a bypass */
		t.owner = arena_printf(
		    arena, "there is a gate '%s'", t.gate->name);
		ARRAY_PUSH(arena, ret,
		    (struct policy_fact){ .key = t.owner,
			.sense = FACT_NO_MATTER,
			.mark = t.gate->mark });
		tell_gate(&t);
	}
}
