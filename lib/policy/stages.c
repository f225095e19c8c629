#include <string.h>

#include "base/num.h"
#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/names.h"

/* The marks that reports show: of the key, or of the stage. */
static void set_marks(struct stage *stage, const struct node *node)
{
	stage->push_mark = field_mark(node, "push");
	stage->soak_mark = field_mark(node, "soak");
	stage->quorum_mark = field_mark(node, "quorum");
	stage->up_to_date_mark = field_mark(node, "up_to_date");
	stage->settled_mark = field_mark(node, "settled_by");
	stage->freeze_mark = field_mark(node, "freeze");
	stage->accept_mark = field_mark(node, "accept");
}

static void check_name(
    struct loader *ld, const struct stage *stage, const struct node *name)
{
	const char *fault = name_fault(NAME_STAGE, stage->name);
	const struct stage *first = policy_stage(ld->policy, stage->name);

	if (fault)
		diag_error(
		    ld->diags, name->mark, "'%s': %s", stage->name, fault);
	if (first && first->index != stage->index) {
		diag_error(ld->diags, name->mark, "stage '%s' is defined twice",
		    stage->name);
		diag_related(ld->diags, first->mark, "first defined here");
	}
}

static void read_quorum(struct loader *ld, struct stage_keys *keys)
{
	struct quorum *quorum = &keys->stage.quorum;
	const char *text = keys->quorum;
	struct mark mark;

	*quorum = (struct quorum){
		.kind = QUORUM_COUNT, .count = 1, .text = text ? text : "1"
	};
	if (!text)
		return;
	mark = node_get(keys->node, "quorum")->mark;
	if (strcmp(text, "all") == 0) {
		quorum->kind = QUORUM_ALL;
	} else if (str_to_share(text, &quorum->share)) {
		quorum->kind = QUORUM_SHARE;
		if (quorum->share == 0)
			diag_error(
			    ld->diags, mark, "'quorum' must be more than 0");
	} else if (str_to_u64(text, UINT32_MAX, &quorum->count)) {
		if (quorum->count == 0)
			diag_error(
			    ld->diags, mark, "'quorum' must be more than 0");
	} else {
		diag_error(ld->diags, mark,
		    "'quorum' must be a number, a share such as 50%%, or all, "
		    "not '%s'",
		    text);
	}
}

/* The keys of one stage; what other stages say comes later. */
static void read_keys(struct loader *ld, const struct node *node, size_t i)
{
	struct stage_keys *keys = &ld->stage_keys[i];
	const char *what = arena_printf(ld->arena, "stage %zu", i + 1);
	const struct node *name = NULL;

	keys->stage.index = i;
	keys->stage.mark = node->mark;
	keys->stage.accept = ACCEPT_FAST_FORWARD | ACCEPT_MERGE;
	if (node->type == NODE_MAPPING) {
		name = node_get(node, "name");
		keys->node = node;
		set_marks(&keys->stage, node);
	}
	if (name && name->type == NODE_SCALAR && name->len > 0)
		what = arena_printf(ld->arena, "stage '%s'", name->text);
	fields_read(ld->arena, node, stage_fields, what, keys, ld->diags);
	ld->policy->stages[i].index = i;
	ld->policy->stages[i].name = keys->stage.name;
	ld->policy->stages[i].mark = node->mark;
	if (keys->stage.name && name)
		check_name(ld, &keys->stage, name);
}

/* Everything that needs the names of all stages is there by now. */
static void finish_stage(struct loader *ld, struct stage_keys *keys)
{
	struct stage *stage = &ld->policy->stages[keys->stage.index];
	struct stage_ids from = stage->from, later = stage->later;

	if (!keys->node)
		return;
	read_quorum(ld, keys);
	read_freezes(ld, keys);
	read_refs(ld, keys);
	read_gate_uses(
	    ld, node_get(keys->node, "gates"), "'gates'", &keys->stage.gates);
	read_gate_uses(ld, node_get(keys->node, "settled_by"), "'settled_by'",
	    &keys->stage.settled_by);
	check_roles_of(
	    ld->policy, ld->arena, keys->node, stage_fields, ld->diags);
	*stage = keys->stage;
	stage->from = from;
	stage->later = later;
	if (!stage->name)
		stage->name = "?"; /* missing, and reported */
}

static void read_stage_id(struct loader *ld, const struct node *node,
    const char *what, struct stage_ids *ids)
{
	size_t index;

	if (node->type != NODE_SCALAR || node->bad ||
	    !check_stage(ld->policy, ld->arena, node, ld->diags))
		return;
	index = policy_stage(ld->policy, node->text)->index;
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->v[i] != index)
			continue;
		diag_error(ld->diags, node->mark,
		    "stage '%s' is listed twice in %s", node->text, what);
		return;
	}
	ARRAY_PUSH(ld->arena, ids, index);
}

void read_stage_ids(struct loader *ld, const struct node *list,
    const char *what, struct stage_ids *ids)
{
	for (size_t i = 0; i < field_items(list); i++)
		read_stage_id(ld, field_item(list, i), what, ids);
}

void load_stages(struct loader *ld)
{
	const struct node *list = ld->keys.stages;
	struct policy *policy = ld->policy;

	if (!list)
		return;
	if (list->type != NODE_SEQUENCE) {
		diag_error(ld->diags, list->mark,
		    "'stages' must be a list, not %s",
		    node_words(ld->arena, list));
		return;
	}
	if (list->n == 0 || list->n > STAGES_MAX) {
		diag_error(ld->diags, list->mark,
		    "'stages' must hold 1 to %d stages, not %zu", STAGES_MAX,
		    list->n);
		return;
	}
	policy->nstages = list->n;
	policy->stages = arena_array(
	    ld->arena, list->n, sizeof(*policy->stages));
	ld->stage_keys = arena_array(
	    ld->arena, list->n, sizeof(*ld->stage_keys));
	for (size_t i = 0; i < list->n; i++)
		read_keys(ld, list->items[i], i);
	read_order(ld);
	for (size_t i = 0; i < list->n; i++)
		finish_stage(ld, &ld->stage_keys[i]);
}
