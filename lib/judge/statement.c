#include "judge/statement.h"

#include <string.h>

#include "base/nearest.h"
#include "base/num.h"
#include "base/text.h"
#include "judge/signer.h"
#include "policy/document.h"

/* One message being read: what is wrong with it goes to `why`. */
struct reader {
	struct arena *arena;
	struct statement *statement;
	const char *why;
};

static enum code refuse(
    struct reader *r, enum code code, const struct node *node, const char *text)
{
	r->why = arena_printf(r->arena, "line %zu, column %zu: %s",
	    node->mark.line, node->mark.column, text);
	return code;
}

/* ---- YAML and report ---------------------------------------------------- */

enum marker {
	MARKER_NONE,
	MARKER_END,
	MARKER_SECOND
};

/* What a line means to the split: `---` alone ends the YAML, anything else
 * that YAML could read as the end of a document is a second one. */
static enum marker marker_of(const char *line, size_t len)
{
	if (len == 3 && memcmp(line, "---", 3) == 0)
		return MARKER_END;
	if (len >= 3 && memcmp(line, "---", 3) == 0)
		return MARKER_SECOND;
	if (len >= 3 && memcmp(line, "...", 3) == 0 &&
	    (len == 3 || line[3] == ' ' || line[3] == '\t'))
		return MARKER_SECOND;
	return MARKER_NONE;
}

struct parts { /* of a message */
	size_t yaml_len;
	bool has_report;
	size_t report; /* offset */
};

static enum code split(
    struct reader *r, const char *text, size_t len, struct parts *ret)
{
	size_t number = 1;

	*ret = (struct parts){ .yaml_len = len };
	for (size_t i = 0; i < len; number++) {
		const char *end = memchr(text + i, '\n', len - i);
		size_t n = end ? (size_t)(end - (text + i)) : len - i;
		enum marker marker = marker_of(text + i, n);

		if (marker == MARKER_SECOND ||
		    (marker == MARKER_END && number == 1)) {
			r->why = arena_printf(r->arena,
			    "line %zu, column 1: a second document: a "
			    "statement is one, and ends at a line that is "
			    "'---' alone",
			    number);
			return CODE_EVIDENCE_DOCUMENT;
		}
		if (marker == MARKER_END) {
			ret->yaml_len = i;
			ret->has_report = true;
			ret->report = end ? i + n + 1 : len;
			break;
		}
		i += n + 1;
	}
	return CODE_COUNT;
}

static enum code document_code(unsigned faults)
{
	if (faults & (DOCUMENT_SECOND | DOCUMENT_MARKED))
		return CODE_EVIDENCE_DOCUMENT;
	if (faults & DOCUMENT_DUPLICATE)
		return CODE_EVIDENCE_DUPLICATE;
	return CODE_EVIDENCE_YAML;
}

static enum code read_document(
    struct reader *r, const char *yaml, size_t len, struct node **ret_root)
{
	struct source *source = ARENA_NEW(r->arena, struct source);
	unsigned faults = 0;
	struct diags diags;
	struct node *root;

	source->name = "statement";
	source->text = arena_strndup(r->arena, yaml, len);
	source->len = len;
	diags_init(&diags, r->arena);
	root = document_read(r->arena, source, len, &faults, &diags);
	if (diags.errors > 0 && diags.n > 0) {
		r->why = arena_printf(r->arena, "line %zu, column %zu: %s",
		    diags.v[0].mark.line, diags.v[0].mark.column,
		    text_clean_s(r->arena, diags.v[0].text));
		return document_code(faults);
	}
	if (!root || faults) {
		r->why = "it is not one YAML document";
		return document_code(faults);
	}
	if (root->type != NODE_MAPPING)
		return refuse(r, CODE_EVIDENCE_YAML, root,
		    "a statement is a mapping of keys to values");
	*ret_root = root;
	return CODE_COUNT;
}

/* ---- keys --------------------------------------------------------------- */

static bool is_text(const struct node *node)
{
	return node->type == NODE_SCALAR && node->len > 0;
}

static enum code read_version(struct reader *r, const struct node *node)
{
	if (!is_text(node) || strcmp(node->text, STATEMENT_VERSION) != 0)
		return refuse(r, CODE_EVIDENCE_VERSION, node,
		    "only `evidence: " STATEMENT_VERSION "` is understood");
	return CODE_COUNT;
}

static enum code read_gate(struct reader *r, const struct node *node)
{
	if (!is_text(node))
		return refuse(
		    r, CODE_EVIDENCE_GATE, node, "gate is not a name");
	r->statement->gate = node->text;
	return CODE_COUNT;
}

static enum code read_result(struct reader *r, const struct node *node)
{
	static const char *const results[] = {
		[EVIDENCE_PASS] = "pass",
		[EVIDENCE_FAIL] = "fail",
		[EVIDENCE_REVOKE] = "revoke",
	};

	for (size_t i = 0; is_text(node) && i < 3; i++) {
		if (strcmp(node->text, results[i]) == 0) {
			r->statement->result = (enum evidence_result)i;
			return CODE_COUNT;
		}
	}
	return refuse(r, CODE_EVIDENCE_RESULT, node,
	    "result is neither pass nor fail nor revoke");
}

static enum code read_expires(struct reader *r, const struct node *node)
{
	if (!is_text(node) ||
	    !str_to_time(node->text, &r->statement->expires, NULL))
		return refuse(r, CODE_EVIDENCE_KEY, node,
		    "expires is not a time such as 2026-12-22T00:00:00Z");
	r->statement->has_expires = true;
	return CODE_COUNT;
}

static bool is_number(const char *s)
{
	const char *rest;
	double number;

	return str_to_double(s, &number, &rest) && !*rest;
}

static enum code read_metrics(struct reader *r, const struct node *node)
{
	if (node->type != NODE_MAPPING)
		return refuse(r, CODE_EVIDENCE_KEY, node,
		    "metrics is not a mapping of names to numbers");
	for (size_t i = 0; i < node->n; i++)
		if (!is_text(node->items[i]) ||
		    !is_number(node->items[i]->text))
			return refuse(r, CODE_EVIDENCE_KEY, node->items[i],
			    "metrics are flat: a name and a number such as "
			    "12.5 each");
	r->statement->metrics = node;
	return CODE_COUNT;
}

/* Keys that are text and mean nothing more here: where each goes. */
static const char **text_place(struct statement *statement, const char *key)
{
	const struct {
		const char *key;
		const char **place;
	} places[] = {
		{ "repository", &statement->repository },
		{ "for", &statement->for_stage },
		{ "matrix", &statement->matrix },
		{ "run", &statement->run },
		{ "summary", &statement->summary },
		{ "url", &statement->url },
		{ "report", &statement->report },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (strcmp(places[i].key, key) == 0)
			return places[i].place;
	return NULL;
}

static enum code read_unknown(struct reader *r, const struct node *key)
{
	static const char *keys[] = { "evidence", "gate", "result",
		"repository", "for", "matrix", "expires", "run", "summary",
		"url", "metrics", "report" };
	const struct strings known = { .v = keys,
		.n = sizeof(keys) / sizeof(*keys) };
	const char *near = nearest_name(key->text, &known);

	return refuse(r, CODE_EVIDENCE_KEY, key,
	    arena_printf(r->arena, "unknown key '%s'%s%s%s",
		text_clean_s(r->arena, key->text),
		near ? ", did you mean '" : "", near ? near : "",
		near ? "'?" : ", yours begin with 'x-'"));
}

static enum code read_key(
    struct reader *r, const struct node *key, const struct node *value)
{
	static const struct {
		const char *key;
		enum code (*read)(struct reader *r, const struct node *node);
	} readers[] = {
		{ "evidence", read_version },
		{ "gate", read_gate },
		{ "result", read_result },
		{ "expires", read_expires },
		{ "metrics", read_metrics },
	};
	const char **place = text_place(r->statement, key->text);

	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		if (strcmp(readers[i].key, key->text) == 0)
			return readers[i].read(r, value);
	if (str_prefix(key->text, "x-"))
		return CODE_COUNT;
	if (!place)
		return read_unknown(r, key);
	if (!is_text(value))
		return refuse(r, CODE_EVIDENCE_KEY, value,
		    arena_printf(r->arena, "%s is not text", key->text));
	*place = value->text;
	return CODE_COUNT;
}

static enum code read_keys(struct reader *r, const struct node *root)
{
	static const struct {
		const char *key, *why;
		enum code code;
	} required[] = {
		{ "evidence",
		    "the statement does not begin with "
		    "`evidence: " STATEMENT_VERSION "`",
		    CODE_EVIDENCE_VERSION },
		{ "gate", "the statement names no gate", CODE_EVIDENCE_GATE },
		{ "result", "the statement has no result",
		    CODE_EVIDENCE_RESULT },
	};

	/* The version first: what other keys mean depends on it. */
	for (size_t i = 0; i < sizeof(required) / sizeof(*required); i++) {
		if (!node_get(root, required[i].key)) {
			r->why = required[i].why;
			return required[i].code;
		}
	}
	for (size_t i = 0; i < root->n; i++) {
		enum code code = read_key(r, root->keys[i], root->items[i]);

		if (code != CODE_COUNT)
			return code;
	}
	return CODE_COUNT;
}

static enum code read_report(
    struct reader *r, const char *text, size_t len, const struct parts *parts)
{
	struct statement *statement = r->statement;

	if (parts->has_report && !statement->report) {
		r->why = "what follows the line '---' needs a key `report`";
		return CODE_EVIDENCE_DOCUMENT;
	}
	/* Metrics are a report that stands in the statement itself. */
	if (statement->report && !parts->has_report && !statement->metrics) {
		r->why = "no report follows: it begins after a line '---'";
		return CODE_EVIDENCE_REPORT;
	}
	if (parts->has_report) {
		statement->report_bytes = text + parts->report;
		statement->report_len = len - parts->report;
	}
	return CODE_COUNT;
}

static enum code read_message(struct reader *r, const char *text, size_t len)
{
	struct parts parts;
	struct node *root;
	enum code code = split(r, text, len, &parts);

	if (code == CODE_COUNT)
		code = read_document(r, text, parts.yaml_len, &root);
	if (code == CODE_COUNT)
		code = read_keys(r, root);
	if (code == CODE_COUNT)
		code = read_report(r, text, len, &parts);
	return code;
}

/* Two signatures are no signature of the YAML before the first: some programs
 * take the one, some the other. */
static enum code find_signature(struct reader *r, const char *bytes, size_t len)
{
	struct statement *statement = r->statement;
	struct sigblock block;

	sigblock_find(bytes, len, statement->message, &block);
	statement->is_signed = block.blocks > 0;
	statement->unsigned_len = block.at;
	if (block.blocks <= 1)
		return CODE_COUNT;
	r->why = "it holds more than one signature";
	return CODE_EVIDENCE_SIGNATURE;
}

static enum code check_target(struct reader *r, const struct tag *tag)
{
	if (strcmp(tag->type, "commit") == 0)
		return CODE_COUNT;
	if (strcmp(tag->type, "tag") == 0) {
		r->why = "it is a tag of a tag: tag the commit itself";
		return CODE_EVIDENCE_NESTED;
	}
	r->why = arena_printf(r->arena, "it is a tag of a %s, not of a commit",
	    text_clean_s(r->arena, tag->type));
	return CODE_EVIDENCE_TARGET;
}

enum code statement_parse(struct arena *arena, const char *bytes, size_t len,
    struct statement *ret, const char **ret_why)
{
	struct statement statement = { 0 };
	struct reader r = { .arena = arena, .statement = &statement };
	const char *complaint, *body;
	struct tag tag;
	enum code code;

	complaint = tag_parse(arena, bytes, len, &tag);
	body = complaint ? NULL : strstr(bytes, "\n\n");
	if (!body) {
		*ret_why = complaint ? complaint : "it has no message";
		return complaint ? CODE_OBJECT_MALFORMED : CODE_EVIDENCE_YAML;
	}
	body += 2;
	statement.commit = tag.target;
	statement.tag_name = tag.name;
	code = check_target(&r, &tag);
	statement.message = (size_t)(body - bytes);
	if (code == CODE_COUNT)
		code = find_signature(&r, bytes, len);
	if (code == CODE_COUNT)
		code = read_message(
		    &r, body, statement.unsigned_len - statement.message);
	if (code == CODE_COUNT)
		*ret = statement;
	else
		*ret_why = r.why;
	return code;
}

const char *statement_replay_key(struct arena *arena, const char *bytes,
    const struct statement *statement, const char *person)
{
	const struct signed_text text = {
		.payload = { { bytes, statement->unsigned_len } }, .nparts = 1
	};

	return signed_text_key(arena, &text, person);
}
