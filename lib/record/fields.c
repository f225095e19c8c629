#include "record/fields.h"

#include <string.h>

#include "base/num.h"

static void spoil(struct fields *f, const char *key)
{
	if (!f->bad_key)
		f->bad_key = key;
}

void fields_open(struct fields *f, struct arena *arena, const char *what,
    const struct node *node)
{
	*f = (struct fields){ .arena = arena, .what = what, .node = node };
	if (node->type != NODE_MAPPING)
		spoil(f, "");
}

int fields_close(const struct fields *f, struct err *err)
{
	if (!f->bad_key)
		return 0;
	if (!*f->bad_key)
		return err_set(err, ERR_FORMAT,
		    "%s is damaged: not keys and values", f->what);
	return err_set(err, ERR_FORMAT, "%s is damaged: its '%s' can't be read",
	    f->what, f->bad_key);
}

static const struct node *get(const struct fields *f, const char *key)
{
	return f->node->type == NODE_MAPPING ? node_get(f->node, key) : NULL;
}

bool fields_have(const struct fields *f, const char *key)
{
	return get(f, key) != NULL;
}

const char *fields_text(struct fields *f, const char *key)
{
	const struct node *node = get(f, key);

	if (node && node->type == NODE_SCALAR)
		return node->text;
	spoil(f, key);
	return "";
}

static bool read_oid(const char *text, struct oid *ret)
{
	return strlen(text) == OID_HEX && oid_parse(text, ret);
}

struct oid fields_oid(struct fields *f, const char *key)
{
	struct oid oid = { 0 };

	if (!read_oid(fields_text(f, key), &oid))
		spoil(f, key);
	return oid;
}

struct oid fields_oid_or_zero(struct fields *f, const char *key)
{
	return fields_have(f, key) ? fields_oid(f, key) : (struct oid){ { 0 } };
}

uint64_t fields_number(struct fields *f, const char *key)
{
	uint64_t n = 0;

	if (!str_to_u64(fields_text(f, key), UINT64_MAX, &n))
		spoil(f, key);
	return n;
}

int64_t fields_time(struct fields *f, const char *key)
{
	int64_t t = 0;

	if (!str_to_time(fields_text(f, key), &t, NULL))
		spoil(f, key);
	return t;
}

enum transition fields_transition(struct fields *f, const char *key)
{
	enum transition kind = TRANSITION_OTHER;

	if (!transition_parse(fields_text(f, key), &kind))
		spoil(f, key);
	return kind;
}

enum passage_state fields_passage_state(struct fields *f, const char *key)
{
	enum passage_state state = PASSAGE_UNOBSERVED;

	if (!passage_state_parse(fields_text(f, key), &state))
		spoil(f, key);
	return state;
}

enum evidence_result fields_result(struct fields *f, const char *key)
{
	enum evidence_result result = EVIDENCE_REVOKE;

	if (!evidence_result_parse(fields_text(f, key), &result))
		spoil(f, key);
	return result;
}

enum incident_kind fields_incident_kind(struct fields *f, const char *key)
{
	enum incident_kind kind = INCIDENT_ROLLBACK;

	if (!incident_kind_parse(fields_text(f, key), &kind))
		spoil(f, key);
	return kind;
}

bool fields_incident_rewind(struct fields *f, const char *key)
{
	bool rewind = false;

	if (!incident_style_parse(fields_text(f, key), &rewind))
		spoil(f, key);
	return rewind;
}

void fields_lack(struct fields *f, const char *key)
{
	if (fields_have(f, key))
		spoil(f, key);
}

static const struct node *collection(
    struct fields *f, const char *key, enum node_type type)
{
	const struct node *node = get(f, key);

	if (!node || node->type == type)
		return node;
	spoil(f, key);
	return NULL;
}

const struct node *fields_nodes(struct fields *f, const char *key)
{
	return collection(f, key, NODE_SEQUENCE);
}

const struct node *fields_map(struct fields *f, const char *key)
{
	return collection(f, key, NODE_MAPPING);
}

struct strings fields_texts(struct fields *f, const char *key)
{
	const struct node *list = fields_nodes(f, key);
	struct strings texts = { NULL, 0, 0 };

	for (size_t i = 0; list && i < list->n; i++) {
		if (list->items[i]->type == NODE_SCALAR)
			ARRAY_PUSH(f->arena, &texts, list->items[i]->text);
		else
			spoil(f, key);
	}
	return texts;
}

struct oids fields_oids(struct fields *f, const char *key)
{
	struct strings texts = fields_texts(f, key);
	struct oids oids = { NULL, 0, 0 };

	for (size_t i = 0; i < texts.n; i++) {
		struct oid oid;

		if (read_oid(texts.v[i], &oid))
			ARRAY_PUSH(f->arena, &oids, oid);
		else
			spoil(f, key);
	}
	return oids;
}
