#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "gates/gate.h"

/*
 * scope: work on a module stays within it.  The module is the one that
 * {module} matched in the ref's name; a path that is removed or renamed away
 * is as much a change outside as one that is added.
 */
struct scope_keys {
	struct strings shared; /* globs of what every module may change */
};

static const struct module *module_named(
    const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->nmodules; i++)
		if (strcmp(policy->modules[i].name, name) == 0)
			return &policy->modules[i];
	return NULL;
}

/* Whose path is it?  The first module that says so; NULL: nobody's. */
static const char *owner_of(const struct policy *policy, const char *path)
{
	for (size_t i = 0; i < policy->nmodules; i++)
		if (globs_match(&policy->modules[i].paths, path))
			return policy->modules[i].name;
	return NULL;
}

static void add_outside(
    struct offenders *offenders, const struct policy *policy, const char *path)
{
	const char *shown = text_clean_s(offenders->arena, path);
	const char *owner = owner_of(policy, path);

	if (owner)
		offenders_add(offenders, "%s is of module '%s'", shown, owner);
	else
		offenders_add(offenders, "%s is of no module", shown);
}

static void tell(
    const struct offenders *offenders, const char *module, struct gate_row *row)
{
	struct arena *arena = offenders->arena;

	offenders_finish(offenders, row);
	if (row->state == GATE_PASSED) {
		row->text = arena_printf(arena, "module '%s'", module);
		return;
	}
	row->text = arena_printf(arena, "%zu path%s outside module '%s'",
	    offenders->n, offenders->n == 1 ? "" : "s", module);
	row->hint = "give each module's changes a branch of its own";
}

static int judge_scope(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	const struct scope_keys *keys = gate->params;
	struct offenders offenders = { .arena = arena };
	const struct module *module;
	const struct change *change;

	if (!facts->module) {
		row_not_applicable(row, "the ref's name has no module in it");
		return 0;
	}
	module = module_named(facts->policy, facts->module);
	if (!module)
		return err_set(err, ERR_INTERNAL, "there is no module '%s'",
		    facts->module);
	if (facts_change(facts, &change, err) < 0)
		return -1;
	for (size_t i = 0; i < change->n; i++) {
		const char *path = change->v[i].path;

		if (!globs_match(&module->paths, path) &&
		    !globs_match(&keys->shared, path))
			add_outside(&offenders, facts->policy, path);
	}
	tell(&offenders, module->name, row);
	return 0;
}

/* ---- the form ------------------------------------------------------------ */

static bool has_module(const struct stage *stage)
{
	for (size_t i = 0; i < stage->nrefs; i++)
		if (stage->refs[i].module)
			return true;
	return false;
}

/* Where no ref can have a module the gate says nothing, ever. */
static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	bool always = gate_uses_ask(&policy->always, gate), used = always;

	(void)arena;
	(void)node;
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];

		if (!always && !gate_uses_ask(&stage->gates, gate))
			continue;
		if (has_module(stage))
			return;
		used = true;
	}
	if (used)
		diag_warning(diags, gate->mark,
		    "gate '%s' never applies: no stage that asks for it has "
		    "{module} in its refs",
		    gate->name);
}

static const struct field fields[] = {
	{ .name = "shared",
	    .type = FIELD_GLOBS,
	    .offset = offsetof(struct scope_keys, shared) },
	{ .name = NULL },
};

const struct gate_kind gate_scope = {
	.form = { .kind = "scope",
	    .params_size = sizeof(struct scope_keys),
	    .fields = fields,
	    .check = check },
	.family = GATE_OF_CHANGE,
	.judge = judge_scope,
	.needs_change = true,
};
