#include <string.h>

#include "policy/loader.h"
#include "policy/names.h"
#include "policy/signers.h"
#include "policy/tables.h"

static bool is_used(const struct gate_uses *uses, const struct gate *gate)
{
	for (size_t i = 0; i < uses->n; i++)
		if (uses->v[i].gate == gate)
			return true;
	return false;
}

static void warn_of_unused(struct loader *ld, const struct gate *gate)
{
	const struct policy *policy = ld->policy;

	if (is_used(&policy->always, gate))
		return;
	for (size_t i = 0; i < policy->nstages; i++)
		if (is_used(&policy->stages[i].gates, gate) ||
		    is_used(&policy->stages[i].settled_by, gate))
			return;
	diag_warning(
	    ld->diags, gate->mark, "no stage uses gate '%s'", gate->name);
}

/* A gate that wants more people than its roles hold never passes. */
static void check_count(
    struct loader *ld, const struct gate *gate, const struct node *node)
{
	const struct evidence_keys *keys = gate->params;
	const struct policy *policy = ld->policy;
	struct strings people = { .n = 0 };

	if (keys->by.n == 0)
		return; /* missing or wrong, and reported */
	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (!strings_have(&keys->by, role->name))
			continue;
		if (role->everyone || role->members.n >= keys->count)
			return;
		for (size_t j = 0; j < role->members.n; j++)
			strings_add(ld->arena, &people, role->members.v[j]);
	}
	if (people.n < keys->count)
		diag_warning(ld->diags, field_mark(node, "by"),
		    "gate '%s' can never pass: 'count' is %llu, its roles "
		    "have %zu member%s",
		    gate->name, (unsigned long long)keys->count, people.n,
		    people.n == 1 ? "" : "s");
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
		if (gate->form->takes_evidence && errors == ld->diags->errors) {
			check_count(ld, gate, node);
			check_keys(ld, gate, node);
		}
		if (gate->form->check)
			gate->form->check(
			    ld->arena, ld->policy, gate, node, ld->diags);
	}
}
