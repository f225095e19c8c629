#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/names.h"
#include "policy/tables.h"

/* Rows of a report that are no gates bear these names. */
static const char *const reserved[] = { "order", "soak", "quorum", "freeze",
	"settled", "up-to-date", "bypass", NULL };

#define GATES_MADE 1 /* by the loader itself, behind those of the policy */

static bool has_word(const char *const *words, const char *word)
{
	for (; words && *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static const struct gate_form *find_form(
    const struct gate_forms *forms, const char *kind)
{
	for (size_t i = 0; i < forms->n; i++)
		if (strcmp(forms->v[i]->kind, kind) == 0)
			return forms->v[i];
	return NULL;
}

static void unknown_kind(struct loader *ld, const struct node *kind)
{
	const struct gate_forms *forms = ld->forms;
	struct strings known = { .n = 0 };
	const char *near;

	if (has_word(forms->later, kind->text)) {
		diag_error(ld->diags, kind->mark,
		    "gate kind '%s' is not in this version", kind->text);
		return;
	}
	for (size_t i = 0; i < forms->n; i++)
		ARRAY_PUSH(ld->arena, &known, forms->v[i]->kind);
	for (size_t i = 0; forms->later && forms->later[i]; i++)
		ARRAY_PUSH(ld->arena, &known, forms->later[i]);
	near = words_near(ld->arena, kind->text, &known);
	if (!*near && forms->n > 0) {
		known.n = forms->n;
		ARRAY_PUSH(ld->arena, &known, NULL);
		near = arena_printf(ld->arena, ", there are %s",
		    words_join(ld->arena, known.v, "and"));
	}
	diag_error(ld->diags, kind->mark, "unknown gate kind '%s'%s",
	    kind->text, near);
}

/* The form of a gate's kind; NULL with an error added. */
static const struct gate_form *read_kind(
    struct loader *ld, const struct node *node, const char *what)
{
	const struct node *kind;
	const struct gate_form *form;

	if (node->bad)
		return NULL;
	if (node->type != NODE_MAPPING) {
		diag_error(ld->diags, node->mark,
		    "%s must be a mapping, not %s", what,
		    node_words(ld->arena, node));
		return NULL;
	}
	kind = node_get(node, "kind");
	if (!kind) {
		diag_error(ld->diags, node->mark, "%s lacks 'kind'", what);
		return NULL;
	}
	if (kind->type != NODE_SCALAR) {
		diag_error(ld->diags, kind->mark,
		    "'kind' must be a text, not %s",
		    node_words(ld->arena, kind));
		return NULL;
	}
	form = kind->bad ? NULL : find_form(ld->forms, kind->text);
	if (!form && !kind->bad)
		unknown_kind(ld, kind);
	return form;
}

static void default_params(const struct gate_form *form, void *params)
{
	if (form->takes_evidence) {
		struct evidence_keys *keys = params;

		keys->count = 1;
		keys->binds = BINDS_COMMIT;
		keys->report = REPORT_ANY;
	}
	if (form->defaults)
		form->defaults(params);
}

/* "Key: value", as git-interpret-trailers(1) writes them. */
static void check_trailer(
    struct loader *ld, const struct node *when, const char *trailer)
{
	size_t len = strspn(trailer,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-");

	if (len > 0 && str_prefix(trailer + len, ": ") && trailer[len + 2] &&
	    trailer[len + 2] != ' ')
		return;
	diag_error(ld->diags, node_get(when, "trailer")->mark,
	    "'trailer' must be of the form 'Key: value', not '%s'", trailer);
}

static void read_gate(struct loader *ld, const struct node *node,
    const char *what, struct gate *gate)
{
	const struct gate_form *form = read_kind(ld, node, what);
	struct gate_keys keys = { .gate = *gate };
	const struct node *when;
	struct field_part parts[FIELD_PARTS_MAX] = {
		{ .fields = gate_fields, .into = &keys },
	};
	size_t nparts = 1;

	if (!form)
		return;
	gate->form = form;
	gate->params = arena_alloc(ld->arena, form->params_size);
	default_params(form, gate->params);
	if (form->takes_evidence)
		parts[nparts++] = (struct field_part){
			.fields = evidence_keys_fields, .into = gate->params
		};
	parts[nparts++] = (struct field_part){ .fields = form->fields,
		.into = gate->params };
	fields_read_parts(ld->arena, node, parts, nparts, what, ld->diags);
	gate->when = keys.gate.when;
	gate->enforce = keys.gate.enforce;
	gate->help = keys.gate.help;
	when = node_get(node, "when");
	if (when && when->type == NODE_MAPPING) {
		gate->when.has_lines_over = node_get(when, "lines_over");
		if (gate->when.trailer)
			check_trailer(ld, when, gate->when.trailer);
	}
}

static void check_name(struct loader *ld, const struct entry *entry)
{
	const char *fault = name_fault(NAME_GATE, entry->name);

	if (fault)
		diag_error(
		    ld->diags, entry->mark, "'%s': %s", entry->name, fault);
	else if (has_word(reserved, entry->name))
		diag_error(ld->diags, entry->mark,
		    "a gate cannot be called '%s': the name is taken",
		    entry->name);
}

void load_gates(struct loader *ld)
{
	struct policy *policy = ld->policy;
	struct entries entries = entries_read(ld, ld->keys.gates, "gates");

	policy->gates = arena_array(
	    ld->arena, entries.n + GATES_MADE, sizeof(*policy->gates));
	policy->ngates = entries.n;
	ld->gate_nodes = arena_array(
	    ld->arena, entries.n, sizeof(*ld->gate_nodes));
	for (size_t i = 0; i < entries.n; i++) {
		const struct entry *entry = &entries.v[i];
		struct gate *gate = &policy->gates[i];

		gate->name = entry->name;
		gate->mark = entry->mark;
		ld->gate_nodes[i] = entry->node;
		check_name(ld, entry);
		read_gate(ld, entry->node,
		    arena_printf(ld->arena, "gate '%s'", entry->name), gate);
	}
}

struct gate *append_gate(
    struct loader *ld, const char *name, const char *kind, struct mark mark)
{
	struct gate *gate = &ld->policy->gates[ld->policy->ngates++];

	gate->name = name;
	gate->mark = mark;
	gate->form = find_form(ld->forms, kind);
	assert(gate->form);
	gate->params = arena_alloc(ld->arena, gate->form->params_size);
	default_params(gate->form, gate->params);
	return gate;
}

/* Resolves one list of names of gates. */
void read_gate_uses(struct loader *ld, const struct node *list,
    const char *what, struct gate_uses *uses)
{
	for (size_t i = 0; i < field_items(list); i++) {
		const struct node *node = field_item(list, i);
		struct gate_use use = { .mark = node->mark };
		bool twice = false;

		if (node->type != NODE_SCALAR || node->bad ||
		    !check_gate(ld->policy, ld->arena, node, ld->diags))
			continue;
		use.gate = policy_gate(ld->policy, node->text);
		for (size_t j = 0; j < uses->n; j++)
			if (uses->v[j].gate == use.gate)
				twice = true;
		if (twice)
			diag_error(ld->diags, node->mark,
			    "gate '%s' is listed twice in %s", node->text,
			    what);
		else
			ARRAY_PUSH(ld->arena, uses, use);
	}
}
