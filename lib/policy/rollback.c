#include "policy/loader.h"
#include "policy/names.h"

/* An incident is closed by what somebody says about the commit; what a gate
 * of another kind finds in it was there to be found before it entered. */
static void check_then(
    struct loader *ld, const struct gate_uses *then, const char *what)
{
	for (size_t i = 0; i < then->n; i++) {
		const struct gate *gate = then->v[i].gate;

		if (gate->form && !gate->form->takes_evidence)
			diag_error(ld->diags, then->v[i].mark,
			    "gate '%s' cannot be in %s: an incident is closed "
			    "by statements, and kind '%s' takes none",
			    gate->name, what, gate->form->kind);
	}
}

void read_then(struct loader *ld, const struct node *mapping, const char *what,
    struct gate_uses *then)
{
	read_gate_uses(ld, node_get(mapping, "then"), what, then);
	check_then(ld, then, what);
}

void load_rollback(struct loader *ld)
{
	const struct node *node = node_get(ld->root, "rollback");
	const struct rollback_keys *keys = &ld->keys.rollback;
	struct rollback_rules *rules = &ld->policy->rollback;

	if (!node || node->type != NODE_MAPPING)
		return;
	*rules = (struct rollback_rules){ .on = true,
		.by = keys->by,
		.window_s = keys->window_s,
		.rewind = keys->rewind,
		.mark = field_mark(ld->root, "rollback") };
	check_roles_of(ld->policy, ld->arena, node, rollback_fields, ld->diags);
	read_then(ld, node, "'then' of 'rollback'", &rules->then);
}
