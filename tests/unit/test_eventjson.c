#include "notify/eventjson.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "notify/eventfields.h"
#include "support/eventsamples.h"
#include "support/unit.h"

static struct event_samples samples;

static void make_samples(void)
{
	event_samples(&unit_arena, &samples);
}

static const char *written(const struct event *event)
{
	struct err err = { 0 };
	const char *bytes;
	size_t len;

	ck_assert_msg(event_json(&unit_arena, event, &bytes, &len, &err) == 0,
	    "%s", err.text);
	ck_assert_uint_eq(strlen(bytes), len);
	return bytes;
}

static enum err_kind read_again(const char *bytes, struct event *ret)
{
	struct err err = { 0 };

	if (event_read(&unit_arena, bytes, strlen(bytes), ret, &err) == 0)
		return ERR_NONE;
	ck_assert(err.text[0] != '\0');
	return err.kind;
}

static json_t *parsed(const char *bytes)
{
	json_t *top = json_loads(bytes, 0, NULL);

	ck_assert_ptr_nonnull(top);
	return top;
}

static json_t *custom_of(json_t *top)
{
	return json_object_get(json_object_get(top, "data"), "customData");
}

/* The same bytes, frees the object. */
static const char *dumped(json_t *top)
{
	char *text = json_dumps(top, JSON_COMPACT | JSON_ENSURE_ASCII);
	const char *copy = arena_strdup(&unit_arena, text);

	free(text);
	json_decref(top);
	return copy;
}

/* ---- there and back ----------------------------------------------------- */

START_TEST(event_is_the_same_bytes_once_it_is_read)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const char *bytes = written(&samples.v[i].event);
			struct event event;

			ck_assert_int_eq(read_again(bytes, &event), ERR_NONE);
			ck_assert_str_eq(written(&event), bytes);
		}
	}
END_TEST

START_TEST(event_is_one_line_of_ascii)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const char *bytes = written(&samples.v[i].event);

			for (const char *p = bytes; *p; p++)
				ck_assert(*p >= ' ' && *p <= '~');
		}
	}
END_TEST

START_TEST(event_says_all_that_it_is)
	{
		const struct event *was =
		    &event_sample(&samples, "bypassed")->event;
		struct event is;

		ck_assert_int_eq(read_again(written(was), &is), ERR_NONE);
		ck_assert_int_eq(is.kind, was->kind);
		ck_assert_str_eq(is.id, was->id);
		ck_assert_int_eq(is.at, was->at);
		ck_assert_str_eq(is.by, was->by);
		ck_assert_str_eq(is.flow, was->flow);
		ck_assert_str_eq(is.version, was->version);
		ck_assert_str_eq(is.repository_id, was->repository_id);
		ck_assert_str_eq(is.repository, was->repository);
		ck_assert_str_eq(is.ref, was->ref);
		ck_assert_str_eq(is.stage, was->stage);
		ck_assert(!is.entry_stage);
		ck_assert_str_eq(is.client, was->client);
		ck_assert(oid_eq(&is.old, &was->old));
		ck_assert(oid_eq(&is.new, &was->new));
		ck_assert_str_eq(is.transition, was->transition);
		ck_assert(oid_eq(&is.commit, &was->commit));
		ck_assert_uint_eq(is.changes.n, 3);
		ck_assert_str_eq(
		    is.changes.v[1].subject, was->changes.v[1].subject);
		ck_assert_str_eq(
		    is.changes.v[1].author, was->changes.v[1].author);
		ck_assert_uint_eq(is.changes_more, 0);
		ck_assert_uint_eq(is.gates.n, 2);
		ck_assert_str_eq(is.gates.v[1].state, "not-applicable");
		ck_assert_uint_eq(is.incident, 8);
		ck_assert_str_eq(is.reason, was->reason);
		ck_assert_ptr_null(is.timeline);
		ck_assert(oid_is_zero(&is.restored));
		ck_assert_uint_eq(is.then.n, 1);
		ck_assert_uint_eq(is.overridden.n, 2);
		ck_assert_uint_eq(is.clients.n, 0);
		ck_assert_ptr_null(is.code);
	}
END_TEST

START_TEST(texts_are_neutralised)
	{
		const struct event *event =
		    &event_sample(&samples, "hostile")->event;
		struct event is;

		ck_assert_int_eq(read_again(written(event), &is), ERR_NONE);
		ck_assert_str_eq(
		    is.reason, text_clean_s(&unit_arena, event->reason));
		ck_assert_str_eq(is.changes.v[0].author,
		    text_clean_s(&unit_arena, event->changes.v[0].author));
	}
END_TEST

/* ---- the envelope ------------------------------------------------------- */

static const struct {
	const char *sample, *type, *subject;
} types[] = {
	{ "entered", "dev.cdevents.change.merged.0.3.0",
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" },
	{ "entry-new", "dev.cdevents.branch.created.0.3.0",
	    "refs/heads/feature/billing/cents" },
	{ "entry-update", "dev.cdevents.change.updated.0.3.0",
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" },
	{ "entered-client", "dev.cdevents.service.deployed.0.3.0", "billing" },
	{ "rolled-back", "dev.cdevents.service.rolledback.0.3.0", "billing" },
	{ "bypassed", "dev.cdeventsx.stagegate-stage.bypassed.0.1.0",
	    "canary" },
	{ "refused", "dev.cdeventsx.stagegate-push.refused.0.1.0",
	    "refs/heads/main" },
	{ "held", "dev.cdeventsx.stagegate-client.held.0.1.0", "globex" },
	{ "evidence", "dev.cdeventsx.stagegate-evidence.recorded.0.1.0",
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" },
	{ "incident-closed", "dev.cdevents.incident.resolved.0.3.0", "7" },
	{ "unobserved", "dev.cdeventsx.stagegate-ref.unobserved.0.1.0",
	    "refs/heads/main" },
	{ "delivery-failed", "dev.cdeventsx.stagegate-delivery.failed.0.1.0",
	    "webhook https://ci.example" },
};

static void is_text(const json_t *object, const char *key, const char *text)
{
	ck_assert_str_eq(json_string_value(json_object_get(object, key)), text);
}

/* What the binding of CDEvents to CloudEvents asks for. */
START_TEST(envelope_says_what_its_data_does)
	{
		const struct event *event =
		    &event_sample(&samples, types[_i].sample)->event;
		json_t *top = parsed(written(event));
		const json_t *data = json_object_get(top, "data");
		const json_t *context = json_object_get(data, "context");
		const json_t *subject = json_object_get(data, "subject");

		is_text(top, "specversion", "1.0");
		is_text(top, "datacontenttype", "application/json");
		is_text(context, "specversion", "0.5.1");
		is_text(data, "customDataContentType", "application/json");
		is_text(top, "id", event->id);
		is_text(context, "id", event->id);
		is_text(top, "source",
		    "urn:stagegate:0123456789abcdef0123456789abcdef");
		is_text(context, "source",
		    "urn:stagegate:0123456789abcdef0123456789abcdef");
		is_text(top, "type", types[_i].type);
		is_text(context, "type", types[_i].type);
		is_text(top, "time", "2026-11-23T04:10:07Z");
		is_text(context, "timestamp", "2026-11-23T04:10:07Z");
		is_text(top, "subject", types[_i].subject);
		is_text(subject, "id", types[_i].subject);
		is_text(top, "event", notify_words[event->kind]);
		json_decref(top);
	}
END_TEST

START_TEST(artifact_is_a_package_url)
	{
		struct event event =
		    event_sample(&samples, "entered-client")->event;
		const json_t *content;
		json_t *top;

		event.repository = "a b/\xc3\xa4@#1";
		top = parsed(written(&event));
		content = json_object_get(
		    json_object_get(json_object_get(top, "data"), "subject"),
		    "content");
		is_text(content, "artifactId",
		    "pkg:generic/a%20b%2F%C3%A4%40%231@"
		    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
		is_text(json_object_get(content, "environment"), "id", "acme");
		json_decref(top);
	}
END_TEST

/* ---- the table ---------------------------------------------------------- */

/* Keys stand in the order of the table, and each that an event always has is
 * there. */
START_TEST(custom_data_is_in_the_order_of_the_table)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const struct event *event = &samples.v[i].event;
			json_t *top = parsed(written(event));
			json_t *custom = custom_of(top);
			void *at = json_object_iter(custom);

			for (const struct event_field *field = event_fields;
			     field->key; field++) {
				if (at &&
				    strcmp(json_object_iter_key(at),
					field->key) == 0) {
					at = json_object_iter_next(custom, at);
					continue;
				}
				ck_assert_msg(
				    !(field->always & NOTIFY_BIT(event->kind)),
				    "%s: no '%s'", samples.v[i].name,
				    field->key);
			}
			ck_assert_ptr_null(at);
			json_decref(top);
		}
	}
END_TEST

/* Tests run at the top of the tree; __FILE__ is relative to it. */
static json_t *read_schema(void)
{
	const char *here = __FILE__;
	size_t len = strlen(here) - strlen("tests/unit/test_eventjson.c");
	json_t *schema = json_load_file(
	    arena_printf(&unit_arena, "%.*s%s", (int)len, here,
		"policy/event.schema.json"),
	    0, NULL);

	ck_assert_ptr_nonnull(schema);
	return schema;
}

/* What the schema asks for of events of that kind. */
static bool schema_requires(
    const json_t *custom, enum notify_event kind, const char *key)
{
	const json_t *rule = json_array_get(
	    json_object_get(custom, "allOf"), (size_t)kind);
	const json_t *lists[] = { json_object_get(custom, "required"),
		json_object_get(json_object_get(rule, "then"), "required") };
	const json_t *item;
	size_t i;

	is_text(json_object_get(
		    json_object_get(json_object_get(rule, "if"), "properties"),
		    "event"),
	    "const", notify_words[kind]);
	for (size_t k = 0; k < 2; k++)
		json_array_foreach(lists[k], i, item)
		{
			if (strcmp(json_string_value(item), key) == 0)
				return true;
		}
	return false;
}

START_TEST(schema_has_the_keys_of_the_table)
	{
		json_t *schema = read_schema();
		const json_t *custom = json_object_get(
		    json_object_get(schema, "definitions"), "customData");
		const json_t *keys = json_object_get(custom, "properties");
		size_t n = 0;

		for (; event_fields[n].key; n++) {
			const struct event_field *field = &event_fields[n];

			ck_assert_msg(json_object_get(keys, field->key) != NULL,
			    "the schema has no '%s'", field->key);
			/* These two hang on others. */
			if (field->form == FORM_ENTRY ||
			    strcmp(field->key, "old") == 0)
				continue;
			for (int kind = 0; kind < NOTIFY_EVENTS; kind++)
				ck_assert_msg(
				    schema_requires(custom,
					(enum notify_event)kind, field->key) ==
					((field->always & NOTIFY_BIT(kind)) !=
					    0),
				    "%s: does it always have '%s'?",
				    notify_words[kind], field->key);
		}
		ck_assert_uint_eq(n, json_object_size(keys));
		json_decref(schema);
	}
END_TEST

/* ---- what is damaged ---------------------------------------------------- */

START_TEST(event_that_is_cut_is_damaged)
	{
		const char *bytes = written(
		    &event_sample(&samples, "rolled-back")->event);
		struct event event;

		for (size_t len = 0; len < strlen(bytes); len++) {
			struct err err;

			ck_assert_int_eq(
			    event_read(&unit_arena, bytes, len, &event, &err),
			    -1);
			ck_assert_int_eq(err.kind, ERR_FORMAT);
		}
	}
END_TEST

START_TEST(event_needs_what_it_always_has)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const struct event *sample = &samples.v[i].event;

			for (const struct event_field *field = event_fields;
			     field->key; field++) {
				json_t *top = parsed(written(sample));
				struct event event;

				if (!(field->always &
					NOTIFY_BIT(sample->kind)) ||
				    field->form == FORM_TEXTS ||
				    field->form == FORM_CHANGES ||
				    field->form == FORM_GATES ||
				    field->form == FORM_FLAG) {
					json_decref(top);
					continue;
				}
				json_object_del(custom_of(top), field->key);
				ck_assert_msg(read_again(dumped(top), &event) ==
					ERR_FORMAT,
				    "%s without '%s'", samples.v[i].name,
				    field->key);
			}
		}
	}
END_TEST

/* No key takes a value of another type than its own. */
START_TEST(keys_have_their_types)
	{
		for (const struct event_field *field = event_fields; field->key;
		     field++) {
			json_t *values[] = { json_integer(-1), json_real(1.5),
				json_pack("{s:s}", "x", "y"),
				json_pack("[i]", 1), json_string("") };

			for (int i = 0; i < COUNT(values); i++) {
				json_t *top = parsed(
				    written(&event_sample(&samples, "bypassed")
						 ->event));
				struct event event;

				json_object_set_new(
				    custom_of(top), field->key, values[i]);
				ck_assert_msg(read_again(dumped(top), &event) ==
					ERR_FORMAT,
				    "'%s', value %d", field->key, i);
			}
		}
	}
END_TEST

static const struct {
	const char *from, *to;
} damages[] = {
	{ "\"specversion\":\"1.0\"", "\"specversion\":\"2.0\"" },
	{ "\"id\":\"2000", "\"id\":\"2001" }, /* the first of two */
	{ "\"time\":\"2026", "\"time\":\"2027" },
	{ "2026-11-23T04:10:07Z\",\"data", "2026-11-23T04:10:07\",\"data" },
	{ "\"source\":\"urn:stagegate:0", "\"source\":\"urn:stagegate:1" },
	{ "\"event\":\"rolled-back\"", "\"event\":\"entered\"" },
	{ "\"event\":\"rolled-back\"", "\"event\":\"rolledback\"" },
	{ "\"customData\":{", "\"customdata\":{" },
	{ "\"data\":{", "\"data\":[{" },
	{ "\"reason\":\"", "\"reason\":\"\\u0000" },
	{ "\"reason\":\"", "\"ref\":\"x\",\"reason\":\"" },
	{ "\"reason\":\"", "\"reason\":\"\xff" },
	{ "\"old\":\"b", "\"old\":\"B" },
	{ "\"old\":\"b", "\"old\":\"bb" },
	{ "\"new\":\"cccccccccccccccccccccccccccccccccccccccc\"",
	    "\"new\":null" },
	{ "\"new\":\"cccccccccccccccccccccccccccccccccccccccc\"",
	    "\"new\":\"0000000000000000000000000000000000000000\"" },
	{ "\"incident\":7", "\"incident\":99999999999999999999" },
	{ "\"incident\":7", "\"incident\":0" },
	{ "\"incident\":7", "\"changes_more\":0" },
};

START_TEST(damage_is_seen)
	{
		const char *bytes = written(
		    &event_sample(&samples, "rolled-back")->event);
		const char *at = strstr(bytes, damages[_i].from);
		struct event event;

		ck_assert_ptr_nonnull(at);
		ck_assert_int_eq(
		    read_again(arena_printf(&unit_arena, "%.*s%s%s",
				   (int)(at - bytes), bytes, damages[_i].to,
				   at + strlen(damages[_i].from)),
			&event),
		    ERR_FORMAT);
	}
END_TEST

START_TEST(keys_of_later_versions_are_passed_over)
	{
		const char *bytes = written(
		    &event_sample(&samples, "entered")->event);
		json_t *top = parsed(bytes);
		struct event event;

		json_object_set_new(top, "later", json_integer(1));
		json_object_set_new(custom_of(top), "later", json_integer(1));
		ck_assert_int_eq(read_again(dumped(top), &event), ERR_NONE);
		ck_assert_str_eq(written(&event), bytes);
	}
END_TEST

/* ---- what is never written ---------------------------------------------- */

static void is_not_written(const struct event *event)
{
	struct err err = { 0 };
	const char *bytes;
	size_t len;

	ck_assert_int_eq(
	    event_json(&unit_arena, event, &bytes, &len, &err), -1);
	ck_assert_int_eq(err.kind, ERR_INTERNAL);
	ck_assert(err.text[0] != '\0');
}

START_TEST(event_without_its_own_is_not_written)
	{
		const struct event good =
		    event_sample(&samples, "entered")->event;
		struct event event = good;

		event.id = "x";
		is_not_written(&event);
		event = good;
		event.at = -1;
		is_not_written(&event);
		event = good;
		event.kind = NOTIFY_EVENTS;
		is_not_written(&event);
		event = good;
		event.repository_id = "0123";
		is_not_written(&event);
		event = good;
		event.stage = NULL;
		is_not_written(&event);
		event = good;
		memset(&event.new, 0, sizeof(event.new));
		is_not_written(&event);
		event = good;
		event.incident = UINT64_MAX;
		is_not_written(&event);
		event = event_sample(&samples, "delivery-failed")->event;
		event.failed_kind = "nothing";
		is_not_written(&event);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("eventjson");
	TCase *tcase = unit_case(suite, "eventjson");

	tcase_add_checked_fixture(tcase, make_samples, NULL);
	tcase_add_test(tcase, event_is_the_same_bytes_once_it_is_read);
	tcase_add_test(tcase, event_is_one_line_of_ascii);
	tcase_add_test(tcase, event_says_all_that_it_is);
	tcase_add_test(tcase, texts_are_neutralised);
	tcase_add_loop_test(
	    tcase, envelope_says_what_its_data_does, 0, COUNT(types));
	tcase_add_test(tcase, artifact_is_a_package_url);
	tcase_add_test(tcase, custom_data_is_in_the_order_of_the_table);
	tcase_add_test(tcase, schema_has_the_keys_of_the_table);
	tcase_add_test(tcase, event_that_is_cut_is_damaged);
	tcase_add_test(tcase, event_needs_what_it_always_has);
	tcase_add_test(tcase, keys_have_their_types);
	tcase_add_loop_test(tcase, damage_is_seen, 0, COUNT(damages));
	tcase_add_test(tcase, keys_of_later_versions_are_passed_over);
	tcase_add_test(tcase, event_without_its_own_is_not_written);
	return unit_main(suite);
}
