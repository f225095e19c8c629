#include "log_gates.h"

#include <string.h>

#include "record/ledger.h"

/* The passage that this very record made, or NULL. */
static const struct note_passage *find_passage(const struct note *note,
    const struct log_record *record, const struct log_update *update)
{
	for (size_t i = note->npassages; i > 0; i--) {
		const struct note_passage *passage = &note->passages[i - 1];

		if (passage->at == record->at &&
		    strcmp(passage->ref, update->ref) == 0)
			return passage;
	}
	return NULL;
}

/* People whose last word by then was a pass.  Notes are in order. */
static void add_people(struct arena *arena, const struct note *note,
    int64_t until, const char *gate, struct strings *ret)
{
	for (size_t i = 0; i < note->nevidence; i++) {
		const struct note_evidence *e = &note->evidence[i];
		bool is_last = e->at <= until && strcmp(e->gate, gate) == 0;

		for (size_t k = i + 1; is_last && k < note->nevidence; k++)
			is_last = note->evidence[k].at > until ||
			    strcmp(note->evidence[k].gate, gate) != 0 ||
			    strcmp(note->evidence[k].by, e->by) != 0;
		if (is_last && e->result == EVIDENCE_PASS)
			strings_add(arena, ret, e->by);
	}
}

/* Statements are about what a merge brings in, its second parent; where a
 * clone lacks the commit nobody is named. */
static int read_candidate(struct admin *admin, struct arena *arena,
    const struct log_update *update, struct note *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	enum object_kind kind;
	struct view_node node;
	uint64_t size;

	memset(ret, 0, sizeof(*ret));
	if (strcmp(update->kind, "merge") != 0)
		return 0;
	if (view->kind(view->git, &update->new, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_COMMIT)
		return 0;
	if (view->node(view->git, arena, &update->new, &node, err) < 0)
		return -1;
	return node.parents.n < 2 ? 0
				  : ledger_note(admin->session.ledger, arena,
					&node.parents.v[1], ret, err);
}

int log_gates_find(struct admin *admin, struct arena *arena,
    const struct log_record *record, const struct log_update *update,
    struct log_gates *ret, struct err *err)
{
	const struct note_passage *passage;
	struct note note, candidate;

	memset(ret, 0, sizeof(*ret));
	if (strcmp(update->stage, "-") == 0 || oid_is_zero(&update->new))
		return 0;
	if (ledger_note(
		admin->session.ledger, arena, &update->new, &note, err) < 0 ||
	    read_candidate(admin, arena, update, &candidate, err) < 0)
		return -1;
	passage = find_passage(&note, record, update);
	for (size_t i = 0; passage && i < passage->gates.n; i++) {
		struct log_gate gate = { .name = passage->gates.v[i],
			.state = passage->gate_states.v[i] };

		add_people(arena, &note, record->at, gate.name, &gate.by);
		add_people(arena, &candidate, record->at, gate.name, &gate.by);
		ARRAY_PUSH(arena, ret, gate);
	}
	return 0;
}

const char *log_gates_text(struct arena *arena, const struct log_gates *gates)
{
	const char *text = NULL;

	for (size_t i = 0; i < gates->n; i++) {
		const struct log_gate *gate = &gates->v[i];

		text = arena_printf(arena, "%s%s%s %s", text ? text : "",
		    text ? ", " : "", gate->name, gate->state);
		for (size_t k = 0; k < gate->by.n; k++)
			text = arena_printf(arena, "%s%s%s%s", text,
			    k > 0 ? ", " : " (", gate->by.v[k],
			    k + 1 == gate->by.n ? ")" : "");
	}
	return text;
}

json_t *log_gates_json(struct arena *arena, const struct log_gates *gates)
{
	json_t *array = json_array();

	for (size_t i = 0; i < gates->n; i++) {
		json_t *object = json_object();

		json_object_set_new(
		    object, "name", json_text(arena, gates->v[i].name));
		json_object_set_new(
		    object, "state", json_text(arena, gates->v[i].state));
		json_object_set_new(
		    object, "by", json_texts(arena, &gates->v[i].by));
		json_array_append_new(array, object);
	}
	return array;
}
