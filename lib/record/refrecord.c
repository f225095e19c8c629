#include "record/entryfile.h"

#include "record/fields.h"
#include "record/pieces.h"
#include "record/yaml.h"

static void add_oid(struct yaml *yaml, const char *key, const struct oid *oid)
{
	if (!oid_is_zero(oid))
		yaml_oid(yaml, key, oid);
}

int ref_record_format(struct arena *arena, const struct ref_record *record,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct yaml yaml;

	yaml_begin(&yaml, arena, RECORD_BYTES_MAX);
	yaml_text(&yaml, "ref", record->ref);
	yaml_text(&yaml, "stage", record->stage);
	yaml_oid(&yaml, "tip", &record->tip);
	yaml_time(&yaml, "at", record->at);
	yaml_text(&yaml, "by", record->by);
	yaml_number(&yaml, "number", record->number);
	yaml_text(&yaml, "kind", transition_text(record->kind));
	yaml_text(&yaml, "state", passage_state_text(record->state));
	add_oid(&yaml, "candidate", &record->candidate);
	add_oid(&yaml, "previous", &record->previous);
	add_oid(&yaml, "back", &record->back);
	return yaml_end(&yaml, "the record of a ref", ret_bytes, ret_len, err);
}

int ref_record_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct ref_record *ret, struct err *err)
{
	struct ref_record record = { 0 };
	struct pieces pieces;
	struct piece piece;
	struct fields f;
	int more;

	pieces_open(&pieces, arena, what, bytes, len);
	more = pieces_next(&pieces, &piece, err);
	if (more < 0)
		return -1;
	if (more == 0 || piece.key)
		return err_set(err, ERR_FORMAT, "%s is damaged", what);
	fields_open(&f, arena, what, piece.node);
	record.ref = fields_text(&f, "ref");
	record.stage = fields_text(&f, "stage");
	record.tip = fields_oid(&f, "tip");
	record.at = fields_time(&f, "at");
	record.by = fields_text(&f, "by");
	record.number = fields_number(&f, "number");
	record.kind = fields_transition(&f, "kind");
	record.state = fields_passage_state(&f, "state");
	record.candidate = fields_oid_or_zero(&f, "candidate");
	record.previous = fields_oid_or_zero(&f, "previous");
	record.back = fields_oid_or_zero(&f, "back");
	if (fields_close(&f, err))
		return -1;
	*ret = record;
	return 0;
}
