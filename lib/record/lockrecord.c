#include <string.h>

#include "record/entryfile.h"
#include "record/fields.h"
#include "record/incident.h"
#include "record/pieces.h"
#include "record/yaml.h"

int lock_format(struct arena *arena, const char *ref,
    const struct numbers *open, const char **ret_bytes, size_t *ret_len,
    struct err *err)
{
	struct yaml yaml;

	yaml_begin(&yaml, arena, RECORD_BYTES_MAX);
	yaml_text(&yaml, "ref", ref);
	yaml_list(&yaml, "open", open->n);
	for (size_t i = 0; i < open->n; i++)
		yaml_value_number(&yaml, open->v[i]);
	yaml_close(&yaml);
	return yaml_end(
	    &yaml, "the open incidents of a ref", ret_bytes, ret_len, err);
}

static int add_number(struct arena *arena, const struct piece *piece,
    const char *what, struct numbers *list, struct err *err)
{
	uint64_t number;

	if (strcmp(piece->key, "open") != 0)
		return 0; /* of a later version */
	if (piece->node->type != NODE_SCALAR ||
	    !incident_number_parse(piece->node->text, &number) ||
	    (list->n > 0 && list->v[list->n - 1] >= number))
		return err_set(err, ERR_FORMAT,
		    "%s is damaged: its 'open' can't be read", what);
	ARRAY_PUSH(arena, list, number);
	return 0;
}

int lock_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, const char **ret_ref, struct numbers *ret, struct err *err)
{
	struct numbers open = { NULL, 0, 0 };
	const char *ref = NULL;
	struct pieces pieces;
	struct piece piece;
	int more;

	pieces_open(&pieces, arena, what, bytes, len);
	while ((more = pieces_next(&pieces, &piece, err)) > 0) {
		struct fields f;

		if (piece.key) {
			if (add_number(arena, &piece, what, &open, err))
				return -1;
			continue;
		}
		fields_open(&f, arena, what, piece.node);
		fields_lack(&f, ref ? "ref" : "open");
		if (!ref)
			ref = fields_text(&f, "ref");
		if (fields_close(&f, err))
			return -1;
	}
	if (more < 0)
		return -1;
	if (!ref || open.n == 0)
		return err_set(err, ERR_FORMAT, "%s is damaged", what);
	*ret_ref = ref;
	*ret = open;
	return 0;
}
