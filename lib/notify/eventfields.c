#include "notify/eventfields.h"

#include <string.h>

#include "base/text.h"

#define KIND(name) NOTIFY_BIT(NOTIFY_##name)
#define EACH (NOTIFY_BIT(NOTIFY_EVENTS) - 1)
#define MOVED (KIND(ENTERED) | KIND(ROLLED_BACK) | KIND(BYPASSED))
#define OF_STAGE (MOVED | KIND(UNOBSERVED) | KIND(INCIDENT_CLOSED))
#define STOPPED (KIND(REFUSED) | KIND(HELD))
#define OF_INCIDENT (KIND(BYPASSED) | KIND(INCIDENT_CLOSED))

#define END_OF_9999 ((int64_t)253402300799) /* what base/num.h can write */

#define AT(member) offsetof(struct event, member)

const struct event_field event_fields[] = {
	{ "event", FORM_KIND, AT(kind), EACH },
	{ "repository", FORM_REPOSITORY, AT(repository), EACH },
	{ "flow", FORM_TEXT, AT(flow), EACH },
	{ "version", FORM_TEXT, AT(version), EACH },
	{ "by", FORM_TEXT, AT(by), EACH },
	{ "ref", FORM_TEXT, AT(ref), OF_STAGE | STOPPED },
	{ "stage", FORM_TEXT, AT(stage), OF_STAGE },
	{ "entry", FORM_ENTRY, AT(entry_stage), 0 },
	{ "client", FORM_TEXT, AT(client), 0 },
	{ "old", FORM_TIP, AT(old), 0 },
	{ "new", FORM_TIP, AT(new), MOVED },
	{ "transition", FORM_TEXT, AT(transition), MOVED },
	{ "commit", FORM_ID, AT(commit),
	    KIND(EVIDENCE) | KIND(INCIDENT_CLOSED) },
	{ "changes", FORM_CHANGES, AT(changes), MOVED },
	{ "changes_more", FORM_MORE, AT(changes_more), 0 },
	{ "gates", FORM_GATES, AT(gates), MOVED | STOPPED },
	{ "incident", FORM_NUMBER, AT(incident), OF_INCIDENT },
	{ "reason", FORM_TEXT, AT(reason), OF_INCIDENT },
	{ "timeline", FORM_TEXT, AT(timeline), 0 },
	{ "restored", FORM_ID, AT(restored), 0 },
	{ "then", FORM_TEXTS, AT(then), OF_INCIDENT | KIND(ROLLED_BACK) },
	{ "overridden", FORM_TEXTS, AT(overridden), KIND(BYPASSED) },
	{ "clients", FORM_TEXTS, AT(clients), KIND(ROLLED_BACK) },
	{ "code", FORM_TEXT, AT(code), STOPPED },
	{ "codes", FORM_TEXTS, AT(codes), STOPPED },
	{ "texts", FORM_TEXTS, AT(texts), STOPPED },
	{ "gate", FORM_TEXT, AT(gate), KIND(EVIDENCE) },
	{ "person", FORM_TEXT, AT(person), KIND(EVIDENCE) },
	{ "result", FORM_TEXT, AT(result), KIND(EVIDENCE) },
	{ "destination", FORM_TEXT, AT(destination), KIND(DELIVERY_FAILED) },
	{ "failed", FORM_FAILED, AT(failed_id), KIND(DELIVERY_FAILED) },
	{ "attempts", FORM_NUMBER, AT(attempts), KIND(DELIVERY_FAILED) },
	{ "why", FORM_TEXT, AT(why), KIND(DELIVERY_FAILED) },
	{ "given_up", FORM_FLAG, AT(given_up), KIND(DELIVERY_FAILED) },
	{ .key = NULL },
};

/* ---- is it all there? --------------------------------------------------- */

static bool is_hex(const char *text, size_t digits)
{
	return text && str_is_hex(text, digits);
}

static bool have_text(const char *text, bool always)
{
	return text ? *text != '\0' : !always;
}

static bool is_kind_word(const char *word)
{
	for (size_t i = 0; notify_words[i]; i++)
		if (word && strcmp(notify_words[i], word) == 0)
			return true;
	return false;
}

static bool have_texts(const struct strings *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i])
			return false;
	return true;
}

static bool have_changes(const struct event *event)
{
	for (size_t i = 0; i < event->changes.n; i++)
		if (!event->changes.v[i].subject || !event->changes.v[i].author)
			return false;
	return event->changes.n <= EVENT_CHANGES_MAX;
}

static bool have_gates(const struct event *event)
{
	for (size_t i = 0; i < event->gates.n; i++)
		if (!event->gates.v[i].name || !event->gates.v[i].state)
			return false;
	return true;
}

static bool have_number(uint64_t number, bool always)
{
	return number <= INT64_MAX && (number > 0 || !always);
}

static bool have_failed(const struct event *event, bool always)
{
	if (!always && !event->failed_id && !event->failed_kind)
		return true;
	return is_hex(event->failed_id, EVENT_ID_HEX) &&
	    is_kind_word(event->failed_kind);
}

static bool have(const struct event *event, const struct event_field *field)
{
	const void *at = (const char *)event + field->offset;
	bool always = field->always & NOTIFY_BIT(event->kind);

	switch (field->form) {
	case FORM_REPOSITORY:
		return is_hex(event->repository_id, EVENT_REPOSITORY_ID_HEX) &&
		    have_text(event->repository, true);
	case FORM_TEXT:
		return have_text(*(const char *const *)at, always);
	case FORM_NUMBER:
		return have_number(*(const uint64_t *)at, always);
	case FORM_ID:
	case FORM_TIP:
		return !always || !oid_is_zero(at);
	case FORM_TEXTS:
		return have_texts(at);
	case FORM_CHANGES:
		return have_changes(event);
	case FORM_GATES:
		return have_gates(event);
	case FORM_MORE:
		return event->changes_more == SIZE_MAX ||
		    have_number(event->changes_more, false);
	case FORM_FAILED:
		return have_failed(event, always);
	case FORM_KIND:
	case FORM_FLAG:
	case FORM_ENTRY:
	case FORMS:
		return true;
	}
	return false;
}

int event_check(const struct event *event, struct err *err)
{
	if (event->kind >= NOTIFY_EVENTS)
		return err_set(err, ERR_FORMAT, "an event of no kind");
	if (!is_hex(event->id, EVENT_ID_HEX) || event->at < 0 ||
	    event->at > END_OF_9999)
		return err_set(err, ERR_FORMAT,
		    "an event has no id, or happened at no time");
	for (const struct event_field *field = event_fields; field->key;
	     field++)
		if (!have(event, field))
			return err_set(err, ERR_FORMAT,
			    "an event (%s) has no '%s' that can be right",
			    notify_words[event->kind], field->key);
	return 0;
}
