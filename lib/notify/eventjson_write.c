#include <jansson.h>

#include "base/num.h"
#include "base/text.h"
#include "notify/cdevent.h"
#include "notify/eventfields.h"
#include "notify/eventjson.h"
#include "notify/jsonfile.h"

struct writing {
	struct arena *arena;
	const struct event *event;
	json_t *object; /* that is being filled */
	bool failed;    /* out of memory */
};

static void put(struct writing *w, const char *key, json_t *value)
{
	if (json_object_set_new(w->object, key, value) < 0)
		w->failed = true;
}

static json_t *text_of(const struct writing *w, const char *text)
{
	return json_string(text_clean_s(w->arena, text));
}

static void put_text(struct writing *w, const char *key, const char *text)
{
	if (text)
		put(w, key, text_of(w, text));
}

static void append(struct writing *w, json_t *list, json_t *item)
{
	if (json_array_append_new(list, item) < 0)
		w->failed = true;
}

/* ---- each form ---------------------------------------------------------- */

static bool is_always(const struct writing *w, const struct event_field *field)
{
	return field->always & NOTIFY_BIT(w->event->kind);
}

static const void *at(const struct writing *w, const struct event_field *field)
{
	return (const char *)w->event + field->offset;
}

static void write_kind(struct writing *w, const struct event_field *field)
{
	put_text(w, field->key, notify_words[w->event->kind]);
}

static void write_repository(struct writing *w, const struct event_field *field)
{
	put(w, field->key,
	    json_pack("{s:s, s:o}", "id", w->event->repository_id, "name",
		text_of(w, w->event->repository)));
}

static void write_text(struct writing *w, const struct event_field *field)
{
	put_text(w, field->key, *(const char *const *)at(w, field));
}

static void write_number(struct writing *w, const struct event_field *field)
{
	uint64_t number = *(const uint64_t *)at(w, field);

	if (number > 0)
		put(w, field->key, json_integer((json_int_t)number));
}

static void write_flag(struct writing *w, const struct event_field *field)
{
	bool set = *(const bool *)at(w, field);

	if (set || is_always(w, field))
		put(w, field->key, json_boolean(set));
}

static void write_entry(struct writing *w, const struct event_field *field)
{
	if (w->event->stage)
		put(w, field->key, json_boolean(w->event->entry_stage));
}

static void write_id(struct writing *w, const struct event_field *field)
{
	const struct oid *oid = at(w, field);

	if (!oid_is_zero(oid))
		put(w, field->key, json_string(oid_hex(oid).s));
}

static void write_tip(struct writing *w, const struct event_field *field)
{
	const struct event *event = w->event;
	const struct oid *oid = at(w, field);

	if (oid_is_zero(&event->old) && oid_is_zero(&event->new))
		return; /* nothing has moved */
	put(w, field->key,
	    oid_is_zero(oid) ? json_null() : json_string(oid_hex(oid).s));
}

static void write_texts(struct writing *w, const struct event_field *field)
{
	const struct strings *texts = at(w, field);
	json_t *list;

	if (texts->n == 0 && !is_always(w, field))
		return;
	list = json_array();
	for (size_t i = 0; i < texts->n; i++)
		append(w, list, text_of(w, texts->v[i]));
	put(w, field->key, list);
}

static void write_changes(struct writing *w, const struct event_field *field)
{
	const struct event *event = w->event;
	json_t *list;

	if (event->changes.n == 0 && !is_always(w, field))
		return;
	list = json_array();
	for (size_t i = 0; i < event->changes.n; i++) {
		const struct event_change *change = &event->changes.v[i];

		append(w, list,
		    json_pack("{s:s, s:o, s:o}", "commit",
			oid_hex(&change->commit).s, "subject",
			text_of(w, change->subject), "author",
			text_of(w, change->author)));
	}
	put(w, field->key, list);
}

static void write_more(struct writing *w, const struct event_field *field)
{
	size_t more = w->event->changes_more;

	if (more > 0)
		put(w, field->key,
		    more == SIZE_MAX ? json_null()
				     : json_integer((json_int_t)more));
}

static void write_gates(struct writing *w, const struct event_field *field)
{
	const struct event *event = w->event;
	json_t *list;

	if (event->gates.n == 0 && !is_always(w, field))
		return;
	list = json_array();
	for (size_t i = 0; i < event->gates.n; i++)
		append(w, list,
		    json_pack("{s:o, s:o}", "name",
			text_of(w, event->gates.v[i].name), "state",
			text_of(w, event->gates.v[i].state)));
	put(w, field->key, list);
}

static void write_failed(struct writing *w, const struct event_field *field)
{
	if (w->event->failed_id)
		put(w, field->key,
		    json_pack("{s:s, s:s}", "id", w->event->failed_id, "event",
			w->event->failed_kind));
}

typedef void write_fn(struct writing *w, const struct event_field *field);
static write_fn *const writers[FORMS] = {
	[FORM_KIND] = write_kind,
	[FORM_REPOSITORY] = write_repository,
	[FORM_TEXT] = write_text,
	[FORM_NUMBER] = write_number,
	[FORM_FLAG] = write_flag,
	[FORM_ENTRY] = write_entry,
	[FORM_ID] = write_id,
	[FORM_TIP] = write_tip,
	[FORM_TEXTS] = write_texts,
	[FORM_CHANGES] = write_changes,
	[FORM_MORE] = write_more,
	[FORM_GATES] = write_gates,
	[FORM_FAILED] = write_failed,
};

/* ---- the whole ---------------------------------------------------------- */

static json_t *custom_data(struct writing *w)
{
	json_t *object = w->object = json_object();

	for (const struct event_field *field = event_fields; field->key;
	     field++)
		writers[field->form](w, field);
	return object;
}

static json_t *data_of(struct writing *w)
{
	struct arena *arena = w->arena;
	const struct event *event = w->event;
	const char *source = cdevent_source(arena, event);
	json_t *context = json_pack("{s:s, s:s, s:s, s:s, s:s}", "specversion",
	    CDEVENTS_VERSION, "id", event->id, "source", source, "type",
	    cdevent_type(event), "timestamp",
	    time_format_iso(arena, event->at));
	json_t *subject = json_pack("{s:s, s:s, s:o}", "id",
	    cdevent_subject(arena, event), "source", source, "content",
	    cdevent_content(arena, event));

	return json_pack("{s:o, s:o, s:o, s:s}", "context", context, "subject",
	    subject, "customData", custom_data(w), "customDataContentType",
	    "application/json");
}

int event_json(struct arena *arena, const struct event *event,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct writing w = { .arena = arena, .event = event };
	json_t *object, *data;

	if (event_check(event, err) < 0) {
		err->kind = ERR_INTERNAL;
		return -1;
	}
	data = data_of(&w);
	object = w.object = json_object();
	put_text(&w, "specversion", CLOUDEVENTS_VERSION);
	put_text(&w, "id", event->id);
	put_text(&w, "source", cdevent_source(arena, event));
	put_text(&w, "type", cdevent_type(event));
	put_text(&w, "subject", cdevent_subject(arena, event));
	put_text(&w, "time", time_format_iso(arena, event->at));
	put_text(&w, "datacontenttype", "application/json");
	put_text(&w, "event", notify_words[event->kind]);
	put_text(&w, "stage", event->stage);
	put_text(&w, "ref", event->ref);
	put(&w, "data", data);
	if (w.failed) {
		json_decref(object);
		return err_set(err, ERR_INTERNAL, "cannot write JSON");
	}
	return json_line(arena, object, ret_bytes, ret_len, err);
}
