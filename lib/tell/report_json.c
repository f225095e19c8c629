#include "tell/report_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tell/outcome.h"
#include "tell/phrase.h"
#include "tell/report.h"
#include "tell/report_rows.h"

#define JSON_FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII)
#define MESSAGES_SHORT 10 /* messages kept of each ref when it gets long */
#define TEXT_SHORT 120    /* bytes of a text kept then */

/* What is left out; each step leaves out all that the one before did. */
enum cut {
	CUT_NOTHING,
	CUT_MESSAGES, /* all but the first few, and long texts */
	CUT_ROWS,     /* rows that let pass */
	CUT_REFS      /* refs that are fine, and those that find no room */
};

struct writer {
	struct arena *arena;
	enum cut cut;
};

/* A string, cut between characters where short ones are wanted. */
static json_t *text_of(const struct writer *writer, const char *text)
{
	const char *clean;
	size_t len;

	if (!text)
		return json_null();
	clean = text_clean_s(writer->arena, text);
	len = strlen(clean);
	if (writer->cut >= CUT_MESSAGES && len > TEXT_SHORT) {
		len = TEXT_SHORT;
		while (len > 0 && ((unsigned char)clean[len] & 0xc0) == 0x80)
			len--;
	}
	return json_stringn(clean, len);
}

static json_t *texts_of(
    const struct writer *writer, const struct strings *texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(array, text_of(writer, texts->v[i]));
	return array;
}

static json_t *row_of(const struct writer *writer, const struct gate_row *row)
{
	json_t *object = json_object();
	/* Gates that count nothing have only a sentence. */
	const char *have = row->have ? row->have
				     : report_row_text(writer->arena, row);
	const char *hint = row->hint;
	size_t line = row->mark.source ? row->mark.line : 0;

	if (!hint && gate_row_refuses(row))
		hint = row->help;
	json_object_set_new(object, "name", text_of(writer, row->name));
	json_object_set_new(
	    object, "kind", text_of(writer, row->kind ? row->kind : ""));
	json_object_set_new(
	    object, "state", json_string(gate_state_text(row->state)));
	json_object_set_new(object, "by", texts_of(writer, &row->by));
	json_object_set_new(
	    object, "have", text_of(writer, *have ? have : NULL));
	json_object_set_new(object, "want", text_of(writer, row->want));
	json_object_set_new(object, "line", json_integer((json_int_t)line));
	json_object_set_new(object, "hint", text_of(writer, hint));
	return object;
}

static json_t *rows_of(
    const struct writer *writer, const struct gate_rows *rows)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rows->n; i++) {
		const struct gate_row *row = &rows->v[i];

		if (writer->cut >= CUT_ROWS && !gate_row_speaks(row))
			continue;
		json_array_append_new(array, row_of(writer, row));
	}
	return array;
}

static void add_message(
    const struct writer *writer, json_t *array, const char *text)
{
	if (writer->cut == CUT_NOTHING ||
	    json_array_size(array) < MESSAGES_SHORT)
		json_array_append_new(array, text_of(writer, text));
}

static json_t *messages_of(const struct writer *writer,
    const struct findings *findings, const struct gate_rows *rows)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];

		add_message(writer, array,
		    finding->code == CODE_INTERNAL
			? phrase_without_paths(writer->arena, finding->text)
			: finding->text);
		for (size_t k = 0; k < finding->details.n; k++)
			add_message(writer, array, finding->details.v[k]);
		for (size_t k = 0; k < finding->hints.n; k++)
			add_message(writer, array, finding->hints.v[k]);
		for (size_t k = 0; k < finding->commands.n; k++)
			add_message(writer, array, finding->commands.v[k]);
	}
	for (size_t i = 0; rows && i < rows->n; i++)
		for (size_t k = 0; k < rows->v[i].details.n; k++)
			add_message(writer, array,
			    arena_printf(writer->arena, "%s: %s",
				rows->v[i].name, rows->v[i].details.v[k]));
	return array;
}

/* A ref that is refused only for what is wrong with the push has none. */
static json_t *ref_codes_of(
    const struct verdict *verdict, const struct ref_verdict *ref)
{
	json_t *array = json_array();
	enum code codes[CODE_COUNT];
	size_t n = ref_outcome(verdict, ref) == OUTCOME_REFUSED
	    ? ref_verdict_codes(ref, codes)
	    : 0;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(code_text(codes[i])));
	return array;
}

static json_t *ref_of(const struct writer *writer,
    const struct verdict *verdict, const struct ref_verdict *ref)
{
	json_t *object = json_object();
	json_t *codes = ref_codes_of(verdict, ref);

	/* A name is never cut: it would be another one. */
	json_object_set_new(
	    object, "ref", json_string(text_clean_s(writer->arena, ref->ref)));
	json_object_set_new(object, "stage",
	    text_of(writer, ref->stage ? ref->stage->name : NULL));
	json_object_set_new(object, "old", json_string(oid_hex(&ref->old).s));
	json_object_set_new(object, "new", json_string(oid_hex(&ref->new).s));
	json_object_set_new(object, "code",
	    json_array_size(codes) > 0 ? json_copy(json_array_get(codes, 0))
				       : json_null());
	json_object_set_new(object, "codes", codes);
	json_object_set_new(object, "gates", rows_of(writer, &ref->gates));
	json_object_set_new(object, "messages",
	    messages_of(writer, &ref->findings, &ref->gates));
	return object;
}

/* Codes of what is wrong with the whole push, each once. */
static json_t *codes_of(const struct findings *findings)
{
	json_t *array = json_array();
	bool had[CODE_COUNT] = { false };

	for (size_t i = 0; i < findings->n; i++) {
		enum code code = findings->v[i].code;

		if (!findings->v[i].warns && !had[code])
			json_array_append_new(
			    array, json_string(code_text(code)));
		had[code] = had[code] || !findings->v[i].warns;
	}
	return array;
}

static json_t *top_of(const struct writer *writer,
    const struct verdict *verdict, json_t *refs, json_t *messages)
{
	json_t *object = json_object();
	const struct policy *policy = verdict->policy;

	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(
	    object, "flow", text_of(writer, policy ? policy->flow : NULL));
	json_object_set_new(object, "version",
	    text_of(writer, policy ? policy->version.text : NULL));
	json_object_set_new(object, "verdict",
	    json_string(verdict->refused ? "refused" : "accepted"));
	json_object_set_new(object, "codes", codes_of(&verdict->findings));
	json_object_set_new(object, "refs", refs);
	json_object_set_new(object, "messages", messages);
	if (writer->cut > CUT_NOTHING)
		json_object_set_new(object, "cut", json_true());
	return object;
}

static size_t size_of(const json_t *json)
{
	return json_dumpb(json, NULL, 0, JSON_FLAGS);
}

/* The refs, in at most `room` bytes; false when they are more and may not be
 * left out yet. */
static bool fill_refs(
    enum cut cut, const struct verdict *verdict, json_t *refs, size_t room)
{
	struct arena scratch;
	const struct writer writer = { &scratch, cut };
	bool fits = true;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < verdict->nrefs && fits; i++) {
		const struct ref_verdict *ref = &verdict->refs[i];
		json_t *object;
		size_t size;

		arena_reset(&scratch);
		if (cut == CUT_REFS &&
		    ref_outcome(verdict, ref) == OUTCOME_FINE)
			continue;
		object = ref_of(&writer, verdict, ref);
		size = size_of(object) + 1; /* a comma */
		if (size > room) {
			json_decref(object);
			fits = cut == CUT_REFS;
			continue;
		}
		room -= size;
		json_array_append_new(refs, object);
	}
	arena_release(&scratch);
	return fits;
}

/* One try; false when it is too long.  jansson answers NULL and -1 where
 * memory is out, and takes both in silence; the size then is 0. */
static bool write_verdict(const struct writer *writer,
    const struct verdict *verdict, struct buf *out, size_t room)
{
	json_t *refs = json_array();
	json_t *top = top_of(writer, verdict, refs,
	    messages_of(writer, &verdict->findings, NULL));
	size_t frame;
	char *line = NULL;
	bool fits = false;

	for (size_t i = 0; i < verdict->warnings.n; i++)
		add_message(writer, json_object_get(top, "messages"),
		    verdict->warnings.v[i]);
	frame = size_of(top);
	if (frame > 0 && frame < room &&
	    fill_refs(writer->cut, verdict, refs, room - frame))
		line = json_dumps(top, JSON_FLAGS);
	if (line && strlen(line) < room) {
		buf_adds(out, line);
		buf_addc(out, '\n');
		fits = true;
	}
	free(line);
	json_decref(top);
	return fits;
}

static size_t room_in(const struct buf *out)
{
	size_t room = out->max - out->len;

	return room < REPORT_BYTES_MAX ? room : REPORT_BYTES_MAX;
}

void report_json(
    struct arena *arena, const struct verdict *verdict, struct buf *out)
{
	struct writer writer = { arena, CUT_NOTHING };
	size_t room = room_in(out);

	for (int cut = CUT_NOTHING; cut <= CUT_REFS; cut++) {
		writer.cut = (enum cut)cut;
		if (write_verdict(&writer, verdict, out, room))
			return;
	}
	buf_addf(out, "{\"v\":1,\"verdict\":\"%s\",\"refs\":[],\"cut\":true}\n",
	    verdict->refused ? "refused" : "accepted");
}

json_t *report_rows_json(struct arena *arena, const struct gate_rows *rows)
{
	const struct writer writer = { arena, CUT_NOTHING };

	return rows_of(&writer, rows);
}

json_t *report_ref_json(struct arena *arena, const struct verdict *verdict,
    const struct ref_verdict *ref)
{
	const struct writer writer = { arena, CUT_NOTHING };

	return ref_of(&writer, verdict, ref);
}

void report_json_refusal(
    struct arena *arena, enum code code, const char *why, struct buf *out)
{
	struct writer writer = { arena, CUT_MESSAGES };
	json_t *top = json_object(), *messages = json_array();
	json_t *codes = json_array();
	char *line;

	json_array_append_new(codes, json_string(code_text(code)));
	json_array_append_new(messages,
	    text_of(&writer, phrase_without_paths(arena, why ? why : "")));
	json_object_set_new(top, "v", json_integer(1));
	json_object_set_new(top, "flow", json_null());
	json_object_set_new(top, "version", json_null());
	json_object_set_new(top, "verdict", json_string("refused"));
	json_object_set_new(top, "codes", codes);
	json_object_set_new(top, "refs", json_array());
	json_object_set_new(top, "messages", messages);
	line = json_dumps(top, JSON_FLAGS);
	if (line)
		buf_addf(out, "%s\n", line);
	free(line);
	json_decref(top);
}
