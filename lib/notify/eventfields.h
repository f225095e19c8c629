#ifndef NOTIFY_EVENTFIELDS_H
#define NOTIFY_EVENTFIELDS_H

#include "base/err.h"
#include "notify/event.h"

/*
 * The keys of an event's customData (notify/eventjson.h), in their order: how
 * each is written and read, and which events are never without it.
 */
enum event_form {
	FORM_KIND,
	FORM_REPOSITORY,
	FORM_TEXT,
	FORM_NUMBER, /* 0: left out */
	FORM_FLAG,
	FORM_ENTRY, /* a flag that a stage has */
	FORM_ID,    /* zero: left out */
	FORM_TIP,   /* an id of an update; zero: null */
	FORM_TEXTS,
	FORM_CHANGES,
	FORM_MORE,
	FORM_GATES,
	FORM_FAILED,
	FORMS
};

struct event_field {
	const char *key;
	enum event_form form;
	size_t offset; /* of what it stands for in struct event */
	/* NOTIFY_BIT of the kinds that have it always: a list may be empty
	 * then, a flag false. */
	unsigned always;
};

extern const struct event_field event_fields[]; /* key == NULL ends them */

#define EVENT_ID_HEX 40
#define EVENT_REPOSITORY_ID_HEX 32

/* Nothing is missing that its kind is never without, no text that is there is
 * empty, and ids are ids; else ERR_FORMAT. */
int event_check(const struct event *event, struct err *err);

#endif
