#include <jansson.h>
#include <string.h>

#include "base/num.h"
#include "notify/eventfields.h"
#include "notify/eventjson.h"
#include "notify/jsonfile.h"

struct reading {
	struct arena *arena;
	struct event event;
};

/* ---- each form ---------------------------------------------------------- */

static void *at(struct reading *r, const struct event_field *field)
{
	return (char *)&r->event + field->offset;
}

static bool read_word(const json_t *value, enum notify_event *ret)
{
	const char *word = json_string_value(value);

	for (size_t i = 0; word && notify_words[i]; i++) {
		if (strcmp(notify_words[i], word) == 0) {
			*ret = (enum notify_event)i;
			return true;
		}
	}
	return false;
}

static bool read_kind(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	(void)field;
	return read_word(value, &r->event.kind);
}

static bool read_repository(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	(void)field;
	r->event.repository_id = json_text_of(r->arena, value, "id");
	r->event.repository = json_text_of(r->arena, value, "name");
	return r->event.repository_id && r->event.repository;
}

static bool read_text(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	const char *text = json_string_value(value);

	if (!text)
		return false;
	*(const char **)at(r, field) = arena_strdup(r->arena, text);
	return true;
}

static bool read_number(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	if (!json_is_integer(value) || json_integer_value(value) <= 0)
		return false;
	*(uint64_t *)at(r, field) = (uint64_t)json_integer_value(value);
	return true;
}

static bool read_flag(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	*(bool *)at(r, field) = json_is_true(value);
	return json_is_boolean(value);
}

static bool read_oid(const json_t *value, struct oid *ret)
{
	const char *text = json_string_value(value);

	return text && strlen(text) == OID_HEX && oid_parse(text, ret) &&
	    !oid_is_zero(ret);
}

static bool read_id(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	return read_oid(value, at(r, field));
}

static bool read_tip(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	return json_is_null(value) || read_oid(value, at(r, field));
}

static bool read_texts(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	struct strings *texts = at(r, field);
	const json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		if (!json_is_string(item))
			return false;
		ARRAY_PUSH(r->arena, texts,
		    arena_strdup(r->arena, json_string_value(item)));
	}
	return json_is_array(value);
}

static bool read_changes(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	const json_t *item;
	size_t i;

	(void)field;
	json_array_foreach(value, i, item)
	{
		struct event_change change = { .subject = json_text_of(
						   r->arena, item, "subject"),
			.author = json_text_of(r->arena, item, "author") };

		if (!json_oid_of(item, "commit", &change.commit) ||
		    !change.subject || !change.author)
			return false;
		ARRAY_PUSH(r->arena, &r->event.changes, change);
	}
	return json_is_array(value);
}

static bool read_more(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	uint64_t more;

	(void)field;
	r->event.changes_more = SIZE_MAX;
	if (json_is_null(value))
		return true;
	if (!json_is_integer(value) || json_integer_value(value) <= 0)
		return false;
	more = (uint64_t)json_integer_value(value);
	r->event.changes_more = more;
	return more < SIZE_MAX;
}

static bool read_gates(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	const json_t *item;
	size_t i;

	(void)field;
	json_array_foreach(value, i, item)
	{
		struct event_gate gate = { .name = json_text_of(
					       r->arena, item, "name"),
			.state = json_text_of(r->arena, item, "state") };

		if (!gate.name || !gate.state)
			return false;
		ARRAY_PUSH(r->arena, &r->event.gates, gate);
	}
	return json_is_array(value);
}

static bool read_failed(
    struct reading *r, const struct event_field *field, const json_t *value)
{
	(void)field;
	r->event.failed_id = json_text_of(r->arena, value, "id");
	r->event.failed_kind = json_text_of(r->arena, value, "event");
	return r->event.failed_id && r->event.failed_kind;
}

typedef bool read_fn(
    struct reading *r, const struct event_field *field, const json_t *value);
static read_fn *const readers[FORMS] = {
	[FORM_KIND] = read_kind,
	[FORM_REPOSITORY] = read_repository,
	[FORM_TEXT] = read_text,
	[FORM_NUMBER] = read_number,
	[FORM_FLAG] = read_flag,
	[FORM_ENTRY] = read_flag,
	[FORM_ID] = read_id,
	[FORM_TIP] = read_tip,
	[FORM_TEXTS] = read_texts,
	[FORM_CHANGES] = read_changes,
	[FORM_MORE] = read_more,
	[FORM_GATES] = read_gates,
	[FORM_FAILED] = read_failed,
};

/* ---- the whole ---------------------------------------------------------- */

static int damaged(struct err *err, const char *key)
{
	return err_set(err, ERR_FORMAT,
	    "an event is damaged: its '%s' can't be read", key);
}

static int read_custom(struct reading *r, const json_t *custom, struct err *err)
{
	for (const struct event_field *field = event_fields; field->key;
	     field++) {
		const json_t *value = json_object_get(custom, field->key);

		if (value && !readers[field->form](r, field, value))
			return damaged(err, field->key);
	}
	return 0;
}

static bool is_text(const json_t *object, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value && strcmp(value, text) == 0;
}

static bool read_time(struct reading *r, const char *text)
{
	return text && str_to_time(text, &r->event.at, NULL) &&
	    strcmp(time_format_iso(r->arena, r->event.at), text) == 0;
}

/* What stands in two places is the same in both. */
static const char *read_envelope(
    struct reading *r, const json_t *top, const json_t *context)
{
	struct event *event = &r->event;
	const char *time = json_text_of(r->arena, top, "time");

	event->id = json_text_of(r->arena, top, "id");
	if (!is_text(top, "specversion", CLOUDEVENTS_VERSION))
		return "specversion";
	if (!event->id || !is_text(context, "id", event->id))
		return "id";
	if (!read_time(r, time) || !is_text(context, "timestamp", time))
		return "time";
	return NULL;
}

/* After the rest: that says what must stand here. */
static const char *check_envelope(struct reading *r, const json_t *top)
{
	const struct event *event = &r->event;
	const char *source;

	if (!event->repository_id)
		return "repository";
	source = arena_printf(
	    r->arena, "urn:stagegate:%s", event->repository_id);
	if (!is_text(top, "source", source))
		return "source";
	if (event->kind == NOTIFY_EVENTS ||
	    !is_text(top, "event", notify_words[event->kind]))
		return "event";
	return NULL;
}

static int read_top(struct reading *r, const json_t *top, struct err *err)
{
	const json_t *data = json_object_get(top, "data");
	const json_t *custom = json_object_get(data, "customData");
	const char *wrong = read_envelope(
	    r, top, json_object_get(data, "context"));

	if (wrong)
		return damaged(err, wrong);
	if (!json_is_object(custom))
		return damaged(err, "customData");
	if (read_custom(r, custom, err) < 0)
		return -1;
	wrong = check_envelope(r, top);
	if (wrong)
		return damaged(err, wrong);
	return event_check(&r->event, err);
}

int event_read(struct arena *arena, const char *bytes, size_t len,
    struct event *ret, struct err *err)
{
	struct reading r = { .arena = arena,
		.event = { .kind = NOTIFY_EVENTS } };
	json_t *top = json_line_read(bytes, len, err);
	int result;

	if (!top)
		return err_prefix(err, "an event");
	result = read_top(&r, top, err);
	json_decref(top);
	if (result == 0)
		*ret = r.event;
	return result;
}
