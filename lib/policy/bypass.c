#include <string.h>

#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/names.h"

const struct bypass_wait bypass_waits[] = {
	{ "soak", BYPASS_SOAK },
	{ "quorum", BYPASS_QUORUM },
	{ "settled", BYPASS_SETTLED },
	{ "freeze", BYPASS_FREEZE },
	{ "up-to-date", BYPASS_UP_TO_DATE },
	{ NULL, 0 },
};

/* What looks as if it could be there, and why it never is. */
static const struct {
	const char *word, *why;
} never[] = {
	{ "order", "a bypass skips no stage" },
	{ "lock", "it goes when the incident is closed" },
	{ "locked", "it goes when the incident is closed" },
	{ "bypass", "it is the others' approval of the bypass" },
};

static const char in_gates[] = "'gates' of 'bypass'";

static unsigned find_wait(const char *word)
{
	for (const struct bypass_wait *wait = bypass_waits; wait->word; wait++)
		if (strcmp(wait->word, word) == 0)
			return wait->bit;
	return 0;
}

static void unknown_gate(struct loader *ld, const struct node *node)
{
	const struct policy *policy = ld->policy;
	struct strings known = { .n = 0 };

	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		if (strcmp(never[i].word, node->text) != 0)
			continue;
		diag_error(ld->diags, node->mark,
		    "'%s' cannot be gone around: %s", node->text, never[i].why);
		return;
	}
	for (size_t i = 0; i < policy->ngates; i++)
		ARRAY_PUSH(ld->arena, &known, policy->gates[i].name);
	for (const struct bypass_wait *wait = bypass_waits; wait->word; wait++)
		ARRAY_PUSH(ld->arena, &known, wait->word);
	diag_error(ld->diags, node->mark, "unknown gate '%s' in %s%s",
	    node->text, in_gates, words_near(ld->arena, node->text, &known));
}

static bool lists(const struct gate_uses *uses, const struct gate *gate)
{
	for (size_t i = 0; i < uses->n; i++)
		if (uses->v[i].gate == gate)
			return true;
	return false;
}

static void read_name(
    struct loader *ld, const struct node *node, struct bypass_rules *rules)
{
	const struct gate_use use = { .mark = node->mark,
		.gate = policy_gate(ld->policy, node->text) };
	unsigned wait = use.gate ? 0 : find_wait(node->text);

	if (!use.gate && !wait)
		unknown_gate(ld, node);
	else if ((rules->waits & wait) || lists(&rules->gates, use.gate))
		diag_error(ld->diags, node->mark, "'%s' is listed twice in %s",
		    node->text, in_gates);
	else if (wait)
		rules->waits |= wait;
	else if (lists(&ld->policy->always, use.gate))
		diag_error(ld->diags, node->mark,
		    "'%s' cannot be gone around: it is in 'always'",
		    node->text);
	else
		ARRAY_PUSH(ld->arena, &rules->gates, use);
}

/* Items that are no texts have been reported by the reader of the field. */
static void read_names(
    struct loader *ld, const struct node *list, struct bypass_rules *rules)
{
	for (size_t i = 0; i < field_items(list); i++) {
		const struct node *node = field_item(list, i);

		if (node->type == NODE_SCALAR && !node->bad && node->len > 0)
			read_name(ld, node, rules);
	}
}

/* A gate that stands for nothing there is most likely meant otherwise. */
static void check_use(struct loader *ld, const struct gate_use *use)
{
	const struct policy *policy = ld->policy;
	const struct stage_ids *stages = &policy->bypass.stages;
	const char *hint = "";

	for (size_t i = 0; i < stages->n; i++) {
		const struct stage *stage = &policy->stages[stages->v[i]];

		if (lists(&stage->gates, use->gate))
			return;
		if (lists(&stage->settled_by, use->gate))
			hint = "; 'settled' goes around 'settled_by'";
	}
	diag_warning(ld->diags, use->mark,
	    "no stage of 'bypass' asks for gate '%s' to enter%s",
	    use->gate->name, hint);
}

static void check_approvals(
    struct loader *ld, const struct node *node, uint64_t approvals)
{
	const struct mark mark = field_mark(
	    node, node_get(node, "approvals") ? "approvals" : "by");
	size_t n;

	if (approvals == 0)
		diag_warning(ld->diags, mark,
		    "'approvals' is 0: each of 'by' goes around these alone");
	else if (!roles_hold(ld, &ld->policy->bypass.by, approvals + 1, &n))
		diag_warning(ld->diags, mark,
		    "nothing can be gone around: 'approvals' is %llu beside "
		    "who pushes, the roles in 'by' have %zu member%s",
		    (unsigned long long)approvals, n, n == 1 ? "" : "s");
}

void load_bypass(struct loader *ld)
{
	const struct node *node = node_get(ld->root, "bypass");
	const struct bypass_keys *keys = &ld->keys.bypass;
	struct bypass_rules *rules = &ld->policy->bypass;
	size_t errors = ld->diags->errors;

	if (!node || node->type != NODE_MAPPING)
		return;
	*rules = (struct bypass_rules){ .on = true,
		.by = keys->by,
		.approvals = keys->approvals,
		.mark = field_mark(ld->root, "bypass") };
	read_stage_ids(ld, node_get(node, "stages"), "'stages' of 'bypass'",
	    &rules->stages);
	check_roles_of(ld->policy, ld->arena, node, bypass_fields, ld->diags);
	read_names(ld, node_get(node, "gates"), rules);
	read_then(ld, node, "'then' of 'bypass'", &rules->then);
	if (errors != ld->diags->errors || rules->by.n == 0 ||
	    rules->stages.n == 0)
		return; /* what follows from a mistake is not worth a word */
	for (size_t i = 0; i < rules->gates.n; i++)
		check_use(ld, &rules->gates.v[i]);
	check_approvals(ld, node, rules->approvals);
}

void add_bypass_gate(struct loader *ld)
{
	struct bypass_rules *rules = &ld->policy->bypass;
	const struct node *node = node_get(ld->root, "bypass");
	struct evidence_keys *keys;
	struct gate *gate;

	if (!rules->on)
		return;
	gate = append_gate(ld, "bypass", "evidence",
	    field_mark(node, node_get(node, "approvals") ? "approvals" : "by"));
	keys = gate->params;
	keys->by = rules->by;
	keys->count = rules->approvals > 1 ? rules->approvals : 1;
	rules->gate = gate;
}
