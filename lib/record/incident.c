#include "record/incident.h"

#include <string.h>

#include "base/num.h"
#include "record/fields.h"
#include "record/pieces.h"
#include "record/yaml.h"

bool incident_number_parse(const char *text, uint64_t *ret)
{
	uint64_t n;

	if (!str_to_u64(text, INCIDENT_NUMBER_MAX, &n) || n == 0)
		return false;
	*ret = n;
	return true;
}

/* ---- writing --------------------------------------------------------- */

static void write_list(
    struct yaml *yaml, const char *key, const struct strings *texts)
{
	yaml_list(yaml, key, texts->n);
	for (size_t i = 0; i < texts->n; i++)
		yaml_value(yaml, texts->v[i]);
	yaml_close(yaml);
}

static void write_head(struct yaml *yaml, const struct view_incident *incident)
{
	bool rollback = incident->kind == INCIDENT_ROLLBACK;

	yaml_number(yaml, "number", incident->number);
	yaml_text(yaml, "kind", incident_kind_text(incident->kind));
	if (rollback)
		yaml_text(yaml, "style", incident_style_text(incident->rewind));
	yaml_text(yaml, "ref", incident->ref);
	yaml_text(yaml, "stage", incident->stage);
	yaml_text(yaml, "by", incident->by);
	yaml_oid(yaml, "commit", &incident->commit);
	if (rollback) {
		yaml_oid(yaml, "from", &incident->subject);
		yaml_oid(yaml, "restored", &incident->restored);
	}
	yaml_text(yaml, "reason", incident->reason);
	if (incident->timeline)
		yaml_text(yaml, "timeline", incident->timeline);
	yaml_time(yaml, "opened", incident->opened);
}

int incident_format(struct arena *arena, const struct view_incident *incident,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct yaml yaml;

	yaml_begin(&yaml, arena, INCIDENT_BYTES_MAX);
	write_head(&yaml, incident);
	write_list(&yaml, "then", &incident->then);
	if (incident->kind == INCIDENT_BYPASS)
		write_list(&yaml, "overridden", &incident->overridden);
	if (incident->clients.n > 0)
		write_list(&yaml, "clients", &incident->clients);
	if (incident->earlier.n > 0)
		write_list(&yaml, "earlier", &incident->earlier);
	if (incident->closed)
		yaml_time(&yaml, "closed", incident->closed_at);
	return yaml_end(&yaml, "an incident", ret_bytes, ret_len, err);
}

int incident_close(struct arena *arena, const char *bytes, size_t len,
    int64_t at, const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct buf buf;

	buf_init(&buf, arena, INCIDENT_BYTES_MAX);
	buf_add(&buf, bytes, len);
	buf_addf(&buf, "closed: %s\n", time_format_iso(arena, at));
	if (buf.overflow)
		return err_set(err, ERR_LIMIT,
		    "an incident has more than %zu bytes", INCIDENT_BYTES_MAX);
	*ret_bytes = buf.p;
	*ret_len = buf.len;
	return 0;
}

/* ---- reading --------------------------------------------------------- */

struct reading {
	struct arena *arena;
	const char *what;
	struct view_incident incident;
	bool has_head, has_then, has_overridden;
};

static int damaged(const struct reading *r, const char *key, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s is damaged: its '%s' can't be read",
	    r->what, key);
}

static void read_commits(struct fields *f, struct view_incident *incident)
{
	static const char *const of_rollbacks[] = { "style", "from",
		"restored" };

	incident->commit = fields_oid(f, "commit");
	if (incident->kind == INCIDENT_ROLLBACK) {
		incident->rewind = fields_incident_rewind(f, "style");
		incident->subject = fields_oid(f, "from");
		incident->restored = fields_oid(f, "restored");
		return;
	}
	incident->subject = incident->commit;
	for (size_t i = 0; i < sizeof(of_rollbacks) / sizeof(*of_rollbacks);
	     i++)
		fields_lack(f, of_rollbacks[i]);
}

static void read_plain(struct fields *f, struct view_incident *incident)
{
	const char *number = fields_text(f, "number");

	/* A number that is none is no incident's. */
	if (!incident_number_parse(number, &incident->number))
		incident->number = 0;
	incident->kind = fields_incident_kind(f, "kind");
	incident->ref = fields_text(f, "ref");
	incident->stage = fields_text(f, "stage");
	incident->by = fields_text(f, "by");
	read_commits(f, incident);
	incident->reason = fields_text(f, "reason");
	if (fields_have(f, "timeline"))
		incident->timeline = fields_text(f, "timeline");
	incident->opened = fields_time(f, "opened");
}

/* Behind the lists stands nothing of what is before them. */
static void read_no_plain(struct fields *f)
{
	static const char *const keys[] = { "number", "kind", "style", "ref",
		"stage", "by", "commit", "from", "restored", "reason",
		"timeline", "opened" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		fields_lack(f, keys[i]);
}

/* Empty lists stand among the plain lines. */
static void note_lists(struct reading *r, struct fields *f)
{
	r->has_then |= fields_have(f, "then");
	r->has_overridden |= fields_have(f, "overridden");
}

static int read_head(
    struct reading *r, const struct node *node, struct err *err)
{
	static const char *const lists[] = { "then", "overridden", "clients",
		"earlier" };
	struct view_incident *incident = &r->incident;
	struct fields f;

	fields_open(&f, r->arena, r->what, node);
	if (!r->has_head)
		read_plain(&f, incident);
	else
		read_no_plain(&f);
	r->has_head = true;
	if (fields_have(&f, "closed")) {
		if (incident->closed)
			fields_lack(&f, "closed");
		incident->closed = true;
		incident->closed_at = fields_time(&f, "closed");
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		const struct node *list = fields_nodes(&f, lists[i]);

		if (list && list->n > 0)
			fields_lack(&f, lists[i]);
	}
	note_lists(r, &f);
	return fields_close(&f, err);
}

static struct strings *list_of(struct reading *r, const char *key)
{
	struct view_incident *incident = &r->incident;

	if (strcmp(key, "then") == 0) {
		r->has_then = true;
		return &incident->then;
	}
	if (strcmp(key, "overridden") == 0) {
		r->has_overridden = true;
		return &incident->overridden;
	}
	if (strcmp(key, "clients") == 0)
		return &incident->clients;
	return strcmp(key, "earlier") == 0 ? &incident->earlier : NULL;
}

static int read_item(
    struct reading *r, const struct piece *piece, struct err *err)
{
	const struct node *node = piece->node;
	struct strings *list = list_of(r, piece->key);
	struct oid digest;

	if (!list)
		return 0; /* of a later version */
	if (node->type != NODE_SCALAR || node->len == 0)
		return damaged(r, piece->key, err);
	if (list == &r->incident.earlier &&
	    (node->len != OID_HEX || !oid_parse(node->text, &digest)))
		return damaged(r, piece->key, err);
	ARRAY_PUSH(r->arena, list, node->text);
	return 0;
}

/* What only the whole of it can tell. */
static int check(const struct reading *r, struct err *err)
{
	const struct view_incident *incident = &r->incident;

	if (incident->number == 0)
		return damaged(r, "number", err);
	if (!ref_name_fits(incident->ref))
		return damaged(r, "ref", err);
	if (oid_is_zero(&incident->commit))
		return damaged(r, "commit", err);
	if (incident->kind == INCIDENT_ROLLBACK &&
	    oid_is_zero(&incident->restored))
		return damaged(r, "restored", err);
	if (oid_is_zero(&incident->subject))
		return damaged(r, "from", err);
	if (!r->has_then)
		return damaged(r, "then", err);
	if (r->has_overridden != (incident->kind == INCIDENT_BYPASS))
		return damaged(r, "overridden", err);
	if (incident->closed && incident->closed_at < incident->opened)
		return damaged(r, "closed", err);
	return 0;
}

int incident_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct view_incident *ret, struct err *err)
{
	struct reading r = { .arena = arena, .what = what };
	struct pieces pieces;
	struct piece piece;
	int more;

	if (len == 0 || bytes[len - 1] != '\n')
		return err_set(
		    err, ERR_FORMAT, "%s is damaged: it is not complete", what);
	pieces_open(&pieces, arena, what, bytes, len);
	while ((more = pieces_next(&pieces, &piece, err)) > 0) {
		if (!r.has_head && piece.key)
			return damaged(&r, "number", err);
		if (piece.key ? read_item(&r, &piece, err)
			      : read_head(&r, piece.node, err))
			return -1;
	}
	if (more < 0 || check(&r, err))
		return -1;
	*ret = r.incident;
	return 0;
}
