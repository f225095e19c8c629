#ifndef NOTIFY_EVENTJSON_H
#define NOTIFY_EVENTJSON_H

#include <stddef.h>

#include "base/err.h"
#include "notify/event.h"

/*
 * Events as JSON: what is spooled, what a web hook gets as its body, and what a
 * program gets on its standard input.  One line, all ASCII.
 *
 * The envelope is CloudEvents 1.0 in structured mode (media type
 * application/cloudevents+json), its data a CDEvent as CDEvents 0.5.1 and its
 * CloudEvents binding have it; sources: https://cloudevents.io (spec,
 * json-format), https://cdevents.dev (spec, cloudevents-binding, schemas).
 * policy/event.schema.json is the same as a JSON schema, for receivers.
 *
 *	specversion	"1.0"
 *	id		of the event, 40 hex digits.  What is delivered twice
 *			has the same id both times.
 *	source		"urn:stagegate:" and the id of the repository
 *	type		of the CDEvent, see below
 *	subject		id of its subject
 *	time		"2026-11-23T04:10:07Z"
 *	datacontenttype	"application/json"
 *	event		extension: what `on` in policy.yml calls it
 *	stage, ref	extensions, where there is one
 *	data		the CDEvent:
 *	  context	specversion "0.5.1"; id, source, type as above;
 *			timestamp as time
 *	  subject	id, source, content (as the CDEvent's schema has it)
 *	  customData	all of struct event, see below
 *	  customDataContentType  "application/json"
 *
 * Types, behind "dev.cdevents.", and what the subject's id is:
 *
 *	entered		branch.created.0.3.0 (the ref) where the ref of an entry
 *			stage is new; change.updated.0.3.0 (the commit) on
 *			others of them; service.deployed.0.3.0 (the repository,
 *			its environment the client) on a client's ref;
 *			change.merged.0.3.0 (the commit) elsewhere
 *	rolled-back	service.rolledback.0.3.0 (the repository, its
 *			environment the client, or the stage)
 *	incident-closed	incident.resolved.0.3.0 (the incident's number)
 *
 * and behind "dev.cdeventsx.stagegate-":
 *
 *	bypassed	stage.bypassed.0.1.0 (the stage)
 *	refused		push.refused.0.1.0 (the ref)
 *	held		client.held.0.1.0 (the client)
 *	evidence	evidence.recorded.0.1.0 (the commit)
 *	unobserved	ref.unobserved.0.1.0 (the ref)
 *	delivery-failed	delivery.failed.0.1.0 (the destination)
 *
 * An artifactId is the purl "pkg:generic/<repository>@<commit>".
 *
 * customData, in this order; what does not apply is left out:
 *
 *	event		as above
 *	repository	{"id": 32 hex digits, "name"}
 *	flow, version	of the policy that decided
 *	by		who did it; "-": the server itself
 *	ref, stage
 *	entry		with a stage: is it an entry stage?
 *	client		whose ref it is
 *	old, new	full ids of an update; null: there was, there is none
 *	transition	"merge", ..
 *	commit		that a statement or an incident is about
 *	changes		[{"commit", "subject", "author"}], newest first; of a
 *			rollback those that were taken back
 *	changes_more	how many are not listed; null: very many
 *	gates		[{"name", "state"}]
 *	incident	its number
 *	reason, timeline
 *	restored	the commit that a rollback went back to
 *	then		gates that are still to pass for `commit`
 *	overridden	gates and waits that a bypass went around
 *	clients		that had what was rolled back
 *	code, codes	of a refusal: the first, and all of them
 *	texts		what the pusher read
 *	gate, person, result	of a statement
 *	destination	that nothing gets through to
 *	failed		{"id", "event"}: what was not delivered
 *	attempts, why, given_up
 *
 * Texts are neutralised (base/text.h): control characters, what is not UTF-8
 * and hidden characters are \xNN in them.
 *
 * Keys may be added, in any object of ours; none changes what it means.
 */
#define CLOUDEVENTS_VERSION "1.0"
#define CLOUDEVENTS_MEDIA_TYPE "application/cloudevents+json"
#define CDEVENTS_VERSION "0.5.1"

/* ERR_INTERNAL: the event lacks what one of its kind is never without. */
int event_json(struct arena *arena, const struct event *event,
    const char **ret_bytes, size_t *ret_len, struct err *err);

/* The way back.  ERR_FORMAT for anything that event_json does not write, but
 * for keys that are not known.  Texts stay neutralised: written again, it is
 * the same bytes. */
int event_read(struct arena *arena, const char *bytes, size_t len,
    struct event *ret, struct err *err);

#endif
