#include "record/entryfile.h"

#include <string.h>

#include "record/fields.h"
#include "record/incident.h"
#include "record/pieces.h"

struct reading {
	struct arena *arena;
	const char *what;
	struct {
		struct note_passage *v;
		size_t n, cap;
	} passages;
	struct {
		struct note_evidence *v;
		size_t n, cap;
	} evidence;
	struct oids squashes;
	struct numbers incidents;
};

static int read_passage(
    struct reading *r, const struct node *node, struct err *err)
{
	struct note_passage passage = { 0 };
	const struct node *gates;
	struct fields f;

	fields_open(&f, r->arena, r->what, node);
	passage.stage = fields_text(&f, "stage");
	passage.ref = fields_text(&f, "ref");
	passage.at = fields_time(&f, "at");
	passage.by = fields_text(&f, "by");
	passage.state = fields_passage_state(&f, "state");
	passage.number = fields_number(&f, "entry");
	gates = fields_map(&f, "gates");
	for (size_t i = 0; gates && i < gates->n; i++) {
		ARRAY_PUSH(r->arena, &passage.gates, gates->keys[i]->text);
		ARRAY_PUSH(
		    r->arena, &passage.gate_states, gates->items[i]->text);
	}
	if (fields_close(&f, err))
		return -1;
	ARRAY_PUSH(r->arena, &r->passages, passage);
	return 0;
}

static int read_evidence(
    struct reading *r, const struct node *node, struct err *err)
{
	struct note_evidence evidence = { 0 };
	struct fields f;

	fields_open(&f, r->arena, r->what, node);
	evidence.gate = fields_text(&f, "gate");
	evidence.result = fields_result(&f, "result");
	evidence.by = fields_text(&f, "by");
	evidence.at = fields_time(&f, "at");
	evidence.digest = fields_text(&f, "digest");
	if (fields_close(&f, err))
		return -1;
	ARRAY_PUSH(r->arena, &r->evidence, evidence);
	return 0;
}

static int read_squash(
    struct reading *r, const struct node *node, struct err *err)
{
	struct oid oid;

	if (node->type != NODE_SCALAR || node->len != OID_HEX ||
	    !oid_parse(node->text, &oid))
		return err_set(err, ERR_FORMAT,
		    "%s is damaged: its 'squashes' can't be read", r->what);
	ARRAY_PUSH(r->arena, &r->squashes, oid);
	return 0;
}

static int read_incident(
    struct reading *r, const struct node *node, struct err *err)
{
	uint64_t number;

	if (node->type != NODE_SCALAR ||
	    !incident_number_parse(node->text, &number))
		return err_set(err, ERR_FORMAT,
		    "%s is damaged: its 'incidents' can't be read", r->what);
	ARRAY_PUSH(r->arena, &r->incidents, number);
	return 0;
}

/* An empty list stands among the plain lines; one with contents there was not
 * written by us. */
static int check_head(
    const struct reading *r, const struct node *node, struct err *err)
{
	static const char *const lists[] = { "passages", "evidence", "squashes",
		"incidents" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		const struct node *list = node_get(node, lists[i]);

		if (list && (list->type != NODE_SEQUENCE || list->n > 0))
			return err_set(err, ERR_FORMAT,
			    "%s is not in the form of this version", r->what);
	}
	return 0;
}

static int read_piece(
    struct reading *r, const struct piece *piece, struct err *err)
{
	if (!piece->key)
		return check_head(r, piece->node, err);
	if (strcmp(piece->key, "passages") == 0)
		return read_passage(r, piece->node, err);
	if (strcmp(piece->key, "evidence") == 0)
		return read_evidence(r, piece->node, err);
	if (strcmp(piece->key, "squashes") == 0)
		return read_squash(r, piece->node, err);
	if (strcmp(piece->key, "incidents") == 0)
		return read_incident(r, piece->node, err);
	return 0; /* of a later version */
}

int note_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct note *ret, struct err *err)
{
	struct reading r = { .arena = arena, .what = what };
	struct pieces pieces;
	struct piece piece;
	int more;

	pieces_open(&pieces, arena, what, bytes, len);
	while ((more = pieces_next(&pieces, &piece, err)) > 0)
		if (read_piece(&r, &piece, err))
			return -1;
	if (more < 0)
		return -1;
	*ret = (struct note){ r.passages.v, r.passages.n, r.evidence.v,
		r.evidence.n, r.squashes, r.incidents };
	return 0;
}

int tree_statements_parse(struct arena *arena, const char *what,
    const char *bytes, size_t len, struct tree_statements *ret, struct err *err)
{
	struct tree_statements list = { NULL, 0, 0 };
	struct pieces pieces;
	struct piece piece;
	struct fields f;
	int more;

	pieces_open(&pieces, arena, what, bytes, len);
	while ((more = pieces_next(&pieces, &piece, err)) > 0) {
		struct tree_statement statement;

		if (!piece.key || strcmp(piece.key, "evidence") != 0)
			continue;
		fields_open(&f, arena, what, piece.node);
		statement.gate = fields_text(&f, "gate");
		statement.by = fields_text(&f, "by");
		statement.digest = fields_text(&f, "digest");
		statement.commit = fields_oid(&f, "commit");
		if (fields_close(&f, err))
			return -1;
		ARRAY_PUSH(arena, &list, statement);
	}
	if (more < 0)
		return -1;
	*ret = list;
	return 0;
}
