#include "record/entryfile.h"

#include <string.h>

#include "record/words.h"
#include "record/yaml.h"

static const char empty_note[] = "passages: []\nevidence: []\n";
static const char empty_list[] = "evidence: []\n";

/* Where a list at the top stands in a text. */
struct span {
	size_t key;  /* its line */
	size_t end;  /* behind its last item */
	bool found, is_empty;
};

static size_t line_after(const struct file_text *text, size_t at)
{
	const char *lf = memchr(text->bytes + at, '\n', text->len - at);

	return lf ? (size_t)(lf - text->bytes) + 1 : text->len;
}

static struct span find_list(const struct file_text *text, const char *key)
{
	struct span span = { .end = text->len };
	size_t len = strlen(key);

	for (size_t at = 0; at < text->len; at = line_after(text, at)) {
		const char *line = text->bytes + at;

		if (span.found && *line != ' ' && *line != '-') {
			span.end = at;
			break;
		}
		if (span.found || strncmp(line, key, len) != 0 ||
		    line[len] != ':')
			continue;
		span.found = true;
		span.key = at;
		span.is_empty = strncmp(line + len, ": []\n", 5) == 0;
	}
	return span;
}

/* The text with one more item in a list, which is made where it is missing. */
static int add_item(struct arena *arena, struct file_text *text,
    const char *key, const struct yaml *item, struct err *err)
{
	struct span span = find_list(text, key);
	struct buf buf;
	size_t keep = span.found && span.is_empty ? span.key : span.end;

	if (item->invalid)
		return err_set(err, ERR_FORMAT,
		    "a name for the ledger is not valid UTF-8");
	buf_init(&buf, arena, NOTE_BYTES_MAX);
	buf_add(&buf, text->bytes, keep);
	if (!span.found || span.is_empty)
		buf_addf(&buf, "%s:\n", key);
	buf_add(&buf, item->buf.p, item->buf.len);
	if (span.found)
		buf_add(&buf, text->bytes + span.end, text->len - span.end);
	if (buf.overflow || item->buf.overflow)
		return err_set(err, ERR_LIMIT,
		    "a note in the ledger has more than %zu bytes",
		    NOTE_BYTES_MAX);
	text->bytes = buf.p;
	text->len = buf.len;
	return 0;
}

static void begin(struct arena *arena, struct file_text *text,
    const char *empty, struct yaml *item)
{
	if (!text->bytes) {
		text->bytes = empty;
		text->len = strlen(empty);
	}
	yaml_begin(item, arena, RECORD_BYTES_MAX);
	item->indent = 2;
	yaml_item(item);
}

int note_add_passage(struct arena *arena, struct file_text *note,
    const struct note_passage *passage, const struct plan_gate *gates,
    size_t ngates, struct err *err)
{
	struct yaml item;

	begin(arena, note, empty_note, &item);
	yaml_text(&item, "stage", passage->stage);
	yaml_text(&item, "ref", passage->ref);
	yaml_time(&item, "at", passage->at);
	yaml_text(&item, "by", passage->by);
	yaml_text(&item, "state", passage_state_text(passage->state));
	yaml_map(&item, "gates", ngates);
	for (size_t i = 0; i < ngates; i++)
		yaml_text(&item, gates[i].name,
		    gate_state_text(gates[i].state));
	yaml_close(&item);
	yaml_number(&item, "entry", passage->number);
	return add_item(arena, note, "passages", &item, err);
}

int note_add_evidence(struct arena *arena, struct file_text *note,
    const struct note_evidence *evidence, struct err *err)
{
	struct yaml item;

	begin(arena, note, empty_note, &item);
	yaml_text(&item, "gate", evidence->gate);
	yaml_text(&item, "result", evidence_result_text(evidence->result));
	yaml_text(&item, "by", evidence->by);
	yaml_time(&item, "at", evidence->at);
	yaml_text(&item, "digest", evidence->digest);
	return add_item(arena, note, "evidence", &item, err);
}

int note_add_squash(struct arena *arena, struct file_text *note,
    const struct oid *squash, struct err *err)
{
	struct yaml item;

	begin(arena, note, empty_note, &item);
	yaml_value(&item, oid_hex(squash).s);
	return add_item(arena, note, "squashes", &item, err);
}

int tree_add_statement(struct arena *arena, struct file_text *list,
    const struct tree_statement *statement, struct err *err)
{
	struct yaml item;

	begin(arena, list, empty_list, &item);
	yaml_text(&item, "gate", statement->gate);
	yaml_text(&item, "by", statement->by);
	yaml_text(&item, "digest", statement->digest);
	yaml_oid(&item, "commit", &statement->commit);
	return add_item(arena, list, "evidence", &item, err);
}
