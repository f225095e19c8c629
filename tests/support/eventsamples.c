#include "support/eventsamples.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) (sizeof(list) / sizeof(*(list)))
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

/* Forty times the same digit. */
static struct oid id(char digit)
{
	char hex[OID_HEX + 1];
	struct oid oid;

	memset(hex, digit, OID_HEX);
	hex[OID_HEX] = '\0';
	if (!oid_parse(hex, &oid))
		abort();
	return oid;
}

static struct event begin(enum notify_event kind, const char *id_of_event)
{
	return (struct event){ .kind = kind,
		.id = id_of_event,
		.at = T0,
		.by = "dana",
		.flow = "update-flow",
		.version = "1.0.0",
		.repository_id = "0123456789abcdef0123456789abcdef",
		.repository = "billing" };
}

static void set_ref(struct event *event, const char *stage, const char *ref)
{
	event->stage = stage;
	event->ref = ref;
}

static void set_moved(
    struct event *event, char old, char new, const char *transition)
{
	if (old)
		event->old = id(old);
	if (new)
		event->new = id(new);
	event->transition = transition;
}

static void add_changes(struct arena *arena, struct event *event)
{
	static const char *const subjects[] = { "billing: round to cents",
		"Merge feature/billing/cents: amounts are kept in cents, and "
		"shown with two digits whatever the currency",
		"tests: amounts that do not fit" };

	for (size_t i = 0; i < COUNT_OF(subjects); i++)
		ARRAY_PUSH(arena, &event->changes,
		    (struct event_change){
			id((char)('1' + i)), subjects[i], "Alice Ex\xc3\xa4" });
}

static void add_gates(struct arena *arena, struct event *event)
{
	ARRAY_PUSH(
	    arena, &event->gates, (struct event_gate){ "tests", "passed" });
	ARRAY_PUSH(arena, &event->gates,
	    (struct event_gate){ "performance", "not-applicable" });
}

static void add(struct arena *arena, struct event_samples *samples,
    const char *name, const char *client, struct event event)
{
	ARRAY_PUSH(arena, samples,
	    (struct event_sample){
		.name = name, .event = event, .client = client });
}

/* ---- of each kind ------------------------------------------------------- */

static struct event entered(
    struct arena *arena, const char *event_id, const char *stage)
{
	struct event event = begin(NOTIFY_ENTERED, event_id);

	set_ref(&event, stage, "refs/heads/main");
	set_moved(&event, 'a', 'b', "merge");
	add_changes(arena, &event);
	add_gates(arena, &event);
	return event;
}

static void add_entered(struct arena *arena, struct event_samples *samples)
{
	struct event event = entered(
	    arena, "1000000000000000000000000000000000000000", "deployment");

	event.changes_more = 12;
	add(arena, samples, "entered", NULL, event);

	event = entered(
	    arena, "1100000000000000000000000000000000000000", "development");
	event.ref = "refs/heads/feature/billing/cents";
	event.entry_stage = true;
	event.gates.n = 0;
	event.transition = "push";
	add(arena, samples, "entry-update", NULL, event);
	event.id = "1200000000000000000000000000000000000000";
	memset(&event.old, 0, sizeof(event.old));
	event.changes_more = SIZE_MAX;
	add(arena, samples, "entry-new", NULL, event);

	event = entered(
	    arena, "1300000000000000000000000000000000000000", "canary");
	event.ref = "refs/heads/clients/acme";
	event.client = "acme";
	event.transition = "fast-forward";
	add(arena, samples, "entered-client", "acme", event);
}

static struct event rolled_back(struct arena *arena, const char *event_id)
{
	struct event event = begin(NOTIFY_ROLLED_BACK, event_id);

	set_ref(&event, "deployment", "refs/heads/main");
	set_moved(&event, 'b', 'c', "rollback");
	add_changes(arena, &event);
	event.commit = id('b');
	event.restored = id('a');
	event.incident = 7;
	event.reason = "INC-42 latency at Globex and ACME-EU, not at acme";
	event.timeline = "a fix follows by Friday";
	strings_add(arena, &event.then, "root-cause");
	strings_add(arena, &event.then, "follow-up-review");
	strings_add(arena, &event.clients, "acme");
	strings_add(arena, &event.clients, "globex");
	return event;
}

static void add_rolled_back(struct arena *arena, struct event_samples *samples)
{
	struct event event = rolled_back(
	    arena, "2000000000000000000000000000000000000000");

	add(arena, samples, "rolled-back", "acme", event);

	event = rolled_back(arena, "2100000000000000000000000000000000000000");
	set_ref(&event, "general", "refs/heads/clients/acme");
	event.client = "acme";
	event.timeline = NULL;
	add(arena, samples, "rolled-back-client", "acme", event);
}

static void add_bypassed(struct arena *arena, struct event_samples *samples)
{
	struct event event = begin(
	    NOTIFY_BYPASSED, "3000000000000000000000000000000000000000");

	set_ref(&event, "canary", "refs/heads/clients/acme");
	event.client = "acme";
	set_moved(&event, 'a', 'b', "fast-forward");
	add_changes(arena, &event);
	add_gates(arena, &event);
	event.commit = id('b');
	event.incident = 8;
	event.reason = "INC-43 payments stand still";
	strings_add(arena, &event.overridden, "soak");
	strings_add(arena, &event.overridden, "performance");
	strings_add(arena, &event.then, "root-cause");
	add(arena, samples, "bypassed", "acme", event);
}

static struct event refused(struct arena *arena, enum notify_event kind,
    const char *event_id, const char *code)
{
	struct event event = begin(kind, event_id);

	set_moved(&event, 'a', 'b', NULL);
	event.code = code;
	strings_add(arena, &event.codes, code);
	return event;
}

static void add_refused(struct arena *arena, struct event_samples *samples)
{
	struct event event = refused(arena, NOTIFY_REFUSED,
	    "4000000000000000000000000000000000000000", "stage.gates");

	set_ref(&event, "deployment", "refs/heads/main");
	strings_add(arena, &event.codes, "stage.soak");
	add_gates(arena, &event);
	event.gates.v[1].state = "missing";
	strings_add(arena, &event.texts,
	    "commit 'bbbbbbbb' has been in stage 'testing' for 2 h only: 24 h "
	    "are asked for");
	strings_add(arena, &event.texts, "MISSING performance: no statement");
	add(arena, samples, "refused", NULL, event);

	event = refused(arena, NOTIFY_REFUSED,
	    "4100000000000000000000000000000000000000", "ref.reserved");
	event.ref = "refs/stagegate/ledger";
	event.by = "-";
	add(arena, samples, "refused-elsewhere", NULL, event);

	event = refused(arena, NOTIFY_HELD,
	    "4200000000000000000000000000000000000000", "stage.held");
	set_ref(&event, "general", "refs/heads/clients/globex");
	event.client = "globex";
	strings_add(arena, &event.texts,
	    "client 'globex' is held: contract freeze until March");
	add(arena, samples, "held", NULL, event);
}

static void add_others(struct arena *arena, struct event_samples *samples)
{
	struct event event = begin(
	    NOTIFY_EVIDENCE, "5000000000000000000000000000000000000000");

	event.gate = "tests";
	event.person = "ci-bot";
	event.result = "pass";
	event.commit = id('b');
	add(arena, samples, "evidence", NULL, event);

	event = begin(
	    NOTIFY_INCIDENT_CLOSED, "6000000000000000000000000000000000000000");
	set_ref(&event, "general", "refs/heads/clients/acme");
	event.client = "acme";
	event.commit = id('b');
	event.restored = id('a');
	event.incident = 7;
	event.reason = "INC-42 latency";
	strings_add(arena, &event.then, "root-cause");
	add(arena, samples, "incident-closed", "acme", event);

	event = begin(
	    NOTIFY_UNOBSERVED, "7000000000000000000000000000000000000000");
	event.by = "-";
	set_ref(&event, "deployment", "refs/heads/main");
	set_moved(&event, 'a', 'b', "rewind");
	add(arena, samples, "unobserved", NULL, event);
	event.id = "7100000000000000000000000000000000000000";
	memset(&event.new, 0, sizeof(event.new));
	event.transition = "delete";
	add(arena, samples, "unobserved-gone", NULL, event);

	event = begin(
	    NOTIFY_DELIVERY_FAILED, "8000000000000000000000000000000000000000");
	event.by = "-";
	event.destination = "webhook https://ci.example";
	event.failed_id = "1000000000000000000000000000000000000000";
	event.failed_kind = "entered";
	event.attempts = 12;
	event.why = "curl: (22) The requested URL returned error: 500";
	event.given_up = true;
	add(arena, samples, "delivery-failed", NULL, event);
	event.id = "8100000000000000000000000000000000000000";
	event.attempts = 3;
	event.given_up = false;
	add(arena, samples, "delivery-late", NULL, event);
}

/* ---- all that somebody could put into it -------------------------------- */

static const char *of_length(
    struct arena *arena, const char *piece, size_t times)
{
	size_t len = strlen(piece);
	char *text = arena_alloc(arena, times * len + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(text + i * len, piece, len);
	return text;
}

static void add_hostile(struct arena *arena, struct event_samples *samples)
{
	struct event event = rolled_back(
	    arena, "9000000000000000000000000000000000000000");
	const char **const texts[] = { &event.by, &event.flow, &event.version,
		&event.repository, &event.ref, &event.stage, &event.transition,
		&event.reason, &event.timeline };

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = HOSTILE;
	event.changes.v[0].subject = event.changes.v[0].author = HOSTILE;
	ARRAY_PUSH(
	    arena, &event.gates, (struct event_gate){ HOSTILE, HOSTILE });
	strings_add(arena, &event.then, HOSTILE);
	strings_add(arena, &event.clients, HOSTILE);
	add(arena, samples, "hostile", "acme", event);

	event = rolled_back(arena, "9100000000000000000000000000000000000000");
	event.reason = of_length(arena, "x", 10000);
	event.timeline = of_length(arena, "\xcc\x81", 5000);
	event.changes.v[0].subject = of_length(arena, "\xf0\x9f\x98\x80", 50);
	event.changes.v[1].subject = of_length(arena, ". ", 100);
	event.changes.v[2].subject = of_length(arena, "From ", 40);
	add(arena, samples, "long", "acme", event);
}

void event_samples(struct arena *arena, struct event_samples *ret)
{
	*ret = (struct event_samples){ NULL, 0, 0 };
	add_entered(arena, ret);
	add_rolled_back(arena, ret);
	add_bypassed(arena, ret);
	add_refused(arena, ret);
	add_others(arena, ret);
	add_hostile(arena, ret);
}

const struct event_sample *event_sample(
    const struct event_samples *samples, const char *name)
{
	for (size_t i = 0; i < samples->n; i++)
		if (strcmp(samples->v[i].name, name) == 0)
			return &samples->v[i];
	abort();
}

const struct policy *event_sample_policy(struct arena *arena)
{
	static const struct {
		const char *name, *ref;
	} clients[] = { { "acme", "refs/heads/clients/acme" },
		{ "acme-eu", "refs/heads/clients/acme-eu" },
		{ "globex", "refs/heads/clients/globex" } };
	struct policy *policy = ARENA_NEW(arena, struct policy);

	policy->nclients = COUNT_OF(clients);
	policy->clients = arena_array(
	    arena, COUNT_OF(clients), sizeof(*policy->clients));
	for (size_t i = 0; i < COUNT_OF(clients); i++) {
		policy->clients[i].name = clients[i].name;
		policy->clients[i].ref = clients[i].ref;
	}
	return policy;
}
