#ifndef NOTIFY_CDEVENT_H
#define NOTIFY_CDEVENT_H

#include <jansson.h>

#include "notify/event.h"

/*
 * What an event is to CDEvents (https://cdevents.dev): its type, what it is
 * about, and what the type's schema wants to know of that; notify/eventjson.h
 * has the table.  For events that event_check has seen.
 */
const char *cdevent_type(const struct event *event);
/* Id of the subject: never empty. */
const char *cdevent_subject(struct arena *arena, const struct event *event);
/* Its content, a new object; NULL: out of memory. */
json_t *cdevent_content(struct arena *arena, const struct event *event);

/* "urn:stagegate:<repository id>" */
const char *cdevent_source(struct arena *arena, const struct event *event);

#endif
