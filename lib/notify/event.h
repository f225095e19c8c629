#ifndef NOTIFY_EVENT_H
#define NOTIFY_EVENT_H

#include "base/array.h"
#include "base/oid.h"
#include "policy/model.h"

/*
 * An event: something that happened on the server and that somebody may want
 * to hear of, as plain data.
 *
 * Most are read from the ledger (notify/happened.h): one for each update of a
 * stage's ref that is recorded, each recorded statement, each incident that is
 * closed, each tip that was found unobserved.  Refusals and failed deliveries
 * stand in no ledger; they are told as they happen.
 *
 * Texts are as people wrote them: whoever shows them neutralises them.
 * Everything belongs to the arena that the event was made in.  An event is
 * spooled, sent and read again as JSON (notify/eventjson.h).
 */
#define EVENT_CHANGES_MAX 100 /* commits that are listed */
#define EVENT_SUBJECT_MAX 200 /* bytes kept of a commit's subject */

struct event_change { /* a commit that an update brought */
	struct oid commit;
	const char *subject; /* first line of its message, UTF-8 or not */
	const char *author;  /* name */
};

struct event_gate {
	const char *name, *state; /* "passed", "overridden", .. */
};

struct event {
	enum notify_event kind;
	const char *id; /* 40 hex digits, the same whenever it is told */
	int64_t at;     /* the server's time, as recorded */
	const char *by; /* who did it; "-": the server itself */
	const char *flow, *version; /* of the policy that decided */
	const char *repository_id;  /* 32 hex digits */
	const char *repository;     /* what people call it: "billing" */
	const char *ref, *stage;    /* NULL: of none */
	bool entry_stage;           /* `stage` takes commits from nowhere */
	const char *client;         /* whose ref it is; NULL: nobody's */
	struct oid old, new;        /* of the update; zero: none */
	const char *transition;     /* "merge", .. ; NULL: no update */
	struct oid commit; /* that it is about: the subject of a statement or
			    * of an incident; else zero */

	/* of an update that was recorded */
	struct {
		struct event_change *v;
		size_t n, cap;
	} changes;           /* newest first; of a rollback those taken back */
	size_t changes_more; /* beyond EVENT_CHANGES_MAX; SIZE_MAX: very many */
	struct {
		struct event_gate *v;
		size_t n, cap;
	} gates;

	/* of rolled-back, bypassed and incident-closed */
	uint64_t incident;             /* 0: none */
	const char *reason, *timeline; /* NULL: none was given */
	struct oid restored;           /* of a rollback; else zero */
	struct strings then;           /* gates that are to pass for `commit` */
	struct strings overridden;     /* by a bypass */
	struct strings clients;        /* that had what was rolled back */

	/* of refused and held */
	const char *code;            /* "stage.skip" */
	struct strings codes, texts; /* all of them; what the pusher read */

	/* of evidence */
	const char *gate, *person, *result; /* "pass", "fail", "revoke" */

	/* of delivery-failed */
	const char *destination; /* "mail ops@acme.example" */
	const char *failed_id,
	    *failed_kind; /* of the event that is not there */
	uint64_t attempts;
	const char *why;
	bool given_up; /* it is in the list of dead letters now */
};

struct events {
	struct event *v;
	size_t n, cap;
};

#endif
