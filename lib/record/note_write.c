#include "record/entryfile.h"

#include <string.h>

#include "record/words.h"

static const char *const list_names[NOTE_LISTS] = {
	[NOTE_PASSAGES] = "passages",
	[NOTE_EVIDENCE] = "evidence",
	[NOTE_SQUASHES] = "squashes",
	[NOTE_INCIDENTS] = "incidents",
};

/* ---- items ----------------------------------------------------------- */

void note_begin(
    struct note_text *note, struct arena *arena, const char *bytes, size_t len)
{
	*note = (struct note_text){
		.arena = arena, .bytes = bytes, .len = len
	};
	for (size_t i = 0; i < NOTE_LISTS; i++) {
		yaml_begin(&note->added[i], arena, NOTE_BYTES_MAX);
		yaml_in_list(&note->added[i]);
	}
}

void note_add_passage(struct note_text *note,
    const struct note_passage *passage, const struct plan_gate *gates,
    size_t ngates)
{
	struct yaml *list = &note->added[NOTE_PASSAGES];

	yaml_item(list);
	yaml_text(list, "stage", passage->stage);
	yaml_text(list, "ref", passage->ref);
	yaml_time(list, "at", passage->at);
	yaml_text(list, "by", passage->by);
	yaml_text(list, "state", passage_state_text(passage->state));
	yaml_map(list, "gates", ngates);
	for (size_t i = 0; i < ngates; i++)
		yaml_text(list, gates[i].name, gate_state_text(gates[i].state));
	yaml_close(list);
	yaml_number(list, "entry", passage->number);
}

void note_add_evidence(
    struct note_text *note, const struct note_evidence *evidence)
{
	struct yaml *list = &note->added[NOTE_EVIDENCE];

	yaml_item(list);
	yaml_text(list, "gate", evidence->gate);
	yaml_text(list, "result", evidence_result_text(evidence->result));
	yaml_text(list, "by", evidence->by);
	yaml_time(list, "at", evidence->at);
	yaml_text(list, "digest", evidence->digest);
}

void note_add_squash(struct note_text *note, const struct oid *squash)
{
	yaml_value(&note->added[NOTE_SQUASHES], oid_hex(squash).s);
}

void note_add_incident(struct note_text *note, uint64_t number)
{
	yaml_value_number(&note->added[NOTE_INCIDENTS], number);
}

void tree_add_statement(
    struct note_text *list, const struct tree_statement *statement)
{
	struct yaml *items = &list->added[NOTE_EVIDENCE];

	yaml_item(items);
	yaml_text(items, "gate", statement->gate);
	yaml_text(items, "by", statement->by);
	yaml_text(items, "digest", statement->digest);
	yaml_oid(items, "commit", &statement->commit);
}

/* ---- putting them in place ------------------------------------------- */

/* Where a list at the top stands in a text. */
struct span {
	size_t key; /* its line */
	size_t end; /* behind its last item */
	bool found, is_empty;
};

static size_t line_after(const char *bytes, size_t len, size_t at)
{
	const char *lf = memchr(bytes + at, '\n', len - at);

	return lf ? (size_t)(lf - bytes) + 1 : len;
}

static struct span find_list(const char *bytes, size_t len, const char *key)
{
	struct span span = { .end = len };
	size_t key_len = strlen(key);

	for (size_t at = 0; at < len; at = line_after(bytes, len, at)) {
		const char *line = bytes + at;

		if (span.found && *line != ' ' && *line != '-') {
			span.end = at;
			break;
		}
		if (span.found || strncmp(line, key, key_len) != 0 ||
		    line[key_len] != ':')
			continue;
		span.found = true;
		span.key = at;
		span.is_empty = strncmp(line + key_len, ": []\n", 5) == 0;
	}
	return span;
}

/* The text with more items in a list, which is made where it is missing. */
static void add_items(struct buf *buf, const char *bytes, size_t len,
    const char *key, const struct buf *items)
{
	struct span span = find_list(bytes, len, key);

	buf_add(buf, bytes, span.found && span.is_empty ? span.key : span.end);
	if (!span.found || span.is_empty)
		buf_addf(buf, "%s:\n", key);
	buf_add(buf, items->p, items->len);
	buf_add(buf, bytes + span.end, len - span.end);
}

int note_end(struct note_text *note, const char **ret_bytes, size_t *ret_len,
    struct err *err)
{
	const char *bytes = note->bytes;
	size_t len = note->len;

	for (size_t i = 0; i < NOTE_LISTS; i++) {
		const char *items;
		size_t items_len;
		struct buf buf;

		if (yaml_end(&note->added[i], "a note in the ledger", &items,
			&items_len, err))
			return -1;
		if (items_len == 0)
			continue;
		buf_init(&buf, note->arena, NOTE_BYTES_MAX);
		add_items(&buf, bytes, len, list_names[i], &note->added[i].buf);
		if (buf.overflow)
			return err_set(err, ERR_LIMIT,
			    "a note in the ledger has more than %zu bytes",
			    NOTE_BYTES_MAX);
		bytes = buf.p;
		len = buf.len;
	}
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
}
