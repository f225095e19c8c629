#include <string.h>

#include "policy/loader.h"
#include "policy/names.h"
#include "policy/signers.h"
#include "policy/tables.h"

static void warn_of_unused(struct loader *ld, const struct gate *gate)
{
	const struct policy *policy = ld->policy;

	if (gate_uses_ask(&policy->always, gate) ||
	    gate_uses_ask(&policy->rollback.then, gate) ||
	    gate_uses_ask(&policy->bypass.then, gate))
		return;
	for (size_t i = 0; i < policy->nstages; i++)
		if (gate_uses_ask(&policy->stages[i].gates, gate) ||
		    gate_uses_ask(&policy->stages[i].settled_by, gate))
			return;
	diag_warning(
	    ld->diags, gate->mark, "no stage uses gate '%s'", gate->name);
}

/* A gate that wants more people than its roles hold never passes. */
static void check_count(
    struct loader *ld, const struct gate *gate, const struct node *node)
{
	const struct evidence_keys *keys = gate->params;
	size_t n;

	if (keys->by.n == 0)
		return; /* missing or wrong, and reported */
	if (!roles_hold(ld, &keys->by, keys->count, &n))
		diag_warning(ld->diags, field_mark(node, "by"),
		    "gate '%s' can never pass: 'count' is %llu, its roles "
		    "have %zu member%s",
		    gate->name, (unsigned long long)keys->count, n,
		    n == 1 ? "" : "s");
}

static void check_names(
    struct loader *ld, const struct gate *gate, const struct node *node)
{
	const struct node *when = node_get(node, "when"), *stages = NULL;

	check_roles_of(ld->policy, ld->arena, node, gate_fields, ld->diags);
	check_roles_of(
	    ld->policy, ld->arena, node, gate->form->fields, ld->diags);
	if (gate->form->takes_evidence)
		check_roles_of(ld->policy, ld->arena, node,
		    evidence_keys_fields, ld->diags);
	if (when && when->type == NODE_MAPPING)
		stages = node_get(when, "stages_from");
	for (size_t i = 0; i < field_items(stages); i++)
		check_stage(
		    ld->policy, ld->arena, field_item(stages, i), ld->diags);
}

/* The row whose key names gates that can stand in; NULL: the kind has none. */
static const struct field *others_of(const struct gate *gate)
{
	const struct field *row = gate->form ? gate->form->fields : NULL;

	for (; row && row->name; row++)
		if (row->type == FIELD_GATES)
			return row;
	return NULL;
}

/* A gate that stands in has none that stands in for it: there are no circles,
 * and few gates to judge. */
static void check_other(
    struct loader *ld, const struct gate *gate, const struct node *name)
{
	const struct gate *other;
	const struct field *row;

	if (name->type != NODE_SCALAR || name->bad ||
	    !check_gate(ld->policy, ld->arena, name, ld->diags))
		return;
	other = policy_gate(ld->policy, name->text);
	row = others_of(other);
	if (other == gate)
		diag_error(ld->diags, name->mark,
		    "gate '%s' cannot stand in for itself", gate->name);
	else if (row &&
	    node_get(ld->gate_nodes[other - ld->policy->gates], row->name))
		diag_error(ld->diags, name->mark,
		    "gate '%s' has '%s' itself: name the gates in it here",
		    other->name, row->name);
}

static void check_others(
    struct loader *ld, const struct gate *gate, const struct node *node)
{
	const struct field *row = others_of(gate);
	const struct node *names = row ? node_get(node, row->name) : NULL;

	for (size_t i = 0; i < field_items(names); i++)
		check_other(ld, gate, field_item(names, i));
}

static void check_keys(
    struct loader *ld, const struct gate *gate, const struct node *node)
{
	const struct evidence_keys *keys = gate->params;
	const struct signers_wanted wanted = { .mark = field_mark(node, "by"),
		.what = arena_printf(ld->arena, "gate '%s'", gate->name),
		.roles = &keys->by,
		.count = keys->count };

	if (keys->is_signed)
		check_signers(ld->policy, ld->arena, &wanted, ld->diags);
}

void check_gates(struct loader *ld)
{
	for (size_t i = 0; i < ld->policy->ngates; i++) {
		const struct gate *gate = &ld->policy->gates[i];
		const struct node *node = ld->gate_nodes[i];
		size_t errors = ld->diags->errors;

		warn_of_unused(ld, gate);
		if (!gate->form)
			continue;
		check_names(ld, gate, node);
		check_others(ld, gate, node);
		if (gate->form->takes_evidence && errors == ld->diags->errors) {
			check_count(ld, gate, node);
			check_keys(ld, gate, node);
		}
		if (gate->form->check)
			gate->form->check(
			    ld->arena, ld->policy, gate, node, ld->diags);
	}
}
