#include "run/incidents.h"

#include <string.h>

#include "judge/incident.h"
#include "record/append.h"

#define TURNS_MAX 10 /* the ledger moved on each time */

/* ---- closing --------------------------------------------------------------
 */

static int policy_for(struct session *session, struct err *err)
{
	return session->policy ? 0 : session_load_policy(session, NULL, err);
}

static int add_done(struct session *session,
    const struct view_incident *incident, struct view_incidents *done,
    struct err *err)
{
	struct gate_rows rows = { NULL, 0, 0 };
	bool is_done;

	for (size_t i = 0; i < done->n; i++)
		if (done->v[i].number == incident->number)
			return 0; /* asked about twice */
	if (policy_for(session, err) < 0)
		return -1;
	if (!session->policy)
		return 0;
	if (incident_ask(session->arena, session->policy, &session->view,
		session->now, incident, &rows, &is_done, err) < 0)
		return -1;
	if (is_done)
		ARRAY_PUSH(session->arena, done, *incident);
	return 0;
}

/* Incidents that are done, of those that somebody asks about. */
typedef int find_fn(struct session *session, const void *what,
    struct view_incidents *done, struct err *err);

/* *ret_n: how many were closed; 0 where the ledger has moved on. */
static int close_done(struct session *session,
    const struct view_incidents *done, size_t *ret_n, struct err *err)
{
	struct append append = append_of_policy(
	    session->arena, session->policy);
	struct numbers closed = { NULL, 0, 0 };

	append.since = *ledger_tip(session->ledger);
	append.ret_closed = &closed;
	for (size_t i = 0; i < done->n; i++)
		ARRAY_PUSH(session->arena, &append.closes, done->v[i].number);
	if (ledger_append(session->arena, session->repo, &append, session->now,
		NULL, err) < 0)
		return -1;
	*ret_n = closed.n;
	return session_open_ledger(session, err);
}

/* Others record meanwhile: then all is asked again.  Of several hooks that find
 * the same done, one closes it and tells of it. */
static int close_found(struct session *session, find_fn *find, const void *what,
    struct view_incidents *ret_closed, struct err *err)
{
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		struct view_incidents done = { NULL, 0, 0 };
		size_t n;

		if (find(session, what, &done, err) < 0)
			return -1;
		if (done.n == 0)
			return 0;
		if (close_done(session, &done, &n, err) < 0)
			return -1;
		if (n == 0)
			continue;
		*ret_closed = done;
		return 0;
	}
	return 0; /* the next push to the ref closes them */
}

static int find_about(struct session *session, const struct oid *subject,
    struct view_incidents *done, struct err *err)
{
	struct note note;

	if (ledger_note(session->ledger, session->arena, subject, &note, err) <
	    0)
		return -1;
	for (size_t i = 0; i < note.incidents.n; i++) {
		struct view_incident *incident;

		if (ledger_incident(session->ledger, session->arena,
			note.incidents.v[i], &incident, err) < 0)
			return -1;
		if (incident && !incident->closed &&
		    add_done(session, incident, done, err) < 0)
			return -1;
	}
	return 0;
}

static int find_all_about(struct session *session, const void *what,
    struct view_incidents *done, struct err *err)
{
	const struct oids *subjects = what;

	for (size_t i = 0; i < subjects->n; i++)
		if (find_about(session, &subjects->v[i], done, err) < 0)
			return -1;
	return 0;
}

int incidents_close_about(struct session *session, const struct oids *subjects,
    struct view_incidents *ret_closed, struct err *err)
{
	return close_found(session, find_all_about, subjects, ret_closed, err);
}

static int find_all_on(struct session *session, const void *what,
    struct view_incidents *done, struct err *err)
{
	const struct updates *updates = what;

	for (size_t i = 0; i < updates->n; i++) {
		struct view_incidents open = { NULL, 0, 0 };

		if (ledger_open_incidents(session->ledger, session->arena,
			updates->v[i].ref, &open, err) < 0)
			return -1;
		for (size_t k = 0; k < open.n; k++)
			if (add_done(session, &open.v[k], done, err) < 0)
				return -1;
	}
	return 0;
}

int incidents_close_on(struct session *session, const struct updates *updates,
    struct view_incidents *ret_closed, struct err *err)
{
	return close_found(session, find_all_on, updates, ret_closed, err);
}

/* ---- telling --------------------------------------------------------------
 */

/* The incident that an update of the plan has opened, which may be closed
 * already: its subject's newest that names that tip. */
static int find_opened(struct session *session, const struct plan_ref *ref,
    struct view_incident **ret, struct err *err)
{
	const struct oid *subject = ref->opening->kind == INCIDENT_ROLLBACK
	    ? &ref->old
	    : &ref->new;
	struct note note;

	*ret = NULL;
	if (ledger_note(session->ledger, session->arena, subject, &note, err) <
	    0)
		return -1;
	for (size_t i = note.incidents.n; i > 0; i--) {
		if (ledger_incident(session->ledger, session->arena,
			note.incidents.v[i - 1], ret, err) < 0)
			return -1;
		if (*ret && (*ret)->kind == ref->opening->kind &&
		    oid_eq(&(*ret)->commit, &ref->new) &&
		    strcmp((*ret)->ref, ref->ref) == 0)
			return 0;
	}
	*ret = NULL;
	return 0;
}

int incidents_tell(struct session *session, const struct teller *teller,
    const struct plan *plan, const struct view_incidents *closed,
    struct err *err)
{
	for (size_t i = 0; i < plan->nrefs; i++) {
		const struct plan_ref *ref = &plan->refs[i];
		struct view_incident *incident;

		if (!ref->opening)
			continue;
		if (find_opened(session, ref, &incident, err) < 0)
			return -1;
		if (incident)
			say_opened(teller, incident);
	}
	for (size_t i = 0; i < closed->n; i++)
		say_closed(teller, &closed->v[i]);
	return 0;
}
