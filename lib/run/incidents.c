#include "run/incidents.h"

#include "judge/incident.h"
#include "record/append.h"

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
			return 0;
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

/* Of several hooks that close the same at once, one tells of it. */
static int close_done(
    struct session *session, struct view_incidents *done, struct err *err)
{
	struct numbers closed = { NULL, 0, 0 };
	struct append append;
	size_t n = 0;

	if (done->n == 0)
		return 0;
	append = append_of_policy(session->arena, session->policy);
	append.ret_closed = &closed;
	for (size_t i = 0; i < done->n; i++)
		ARRAY_PUSH(session->arena, &append.closes, done->v[i].number);
	if (ledger_append(session->arena, session->repo, &append, session->now,
		NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < done->n; i++)
		for (size_t k = 0; k < closed.n; k++)
			if (done->v[i].number == closed.v[k])
				done->v[n++] = done->v[i];
	done->n = n;
	return session_open_ledger(session, err);
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

int incidents_close_about(struct session *session, const struct oids *subjects,
    struct view_incidents *ret_closed, struct err *err)
{
	for (size_t i = 0; i < subjects->n; i++)
		if (find_about(session, &subjects->v[i], ret_closed, err) < 0)
			return -1;
	return close_done(session, ret_closed, err);
}

int incidents_close_on(struct session *session, const struct updates *updates,
    struct view_incidents *ret_closed, struct err *err)
{
	for (size_t i = 0; i < updates->n; i++) {
		struct view_incidents open = { NULL, 0, 0 };

		if (ledger_open_incidents(session->ledger, session->arena,
			updates->v[i].ref, &open, err) < 0)
			return -1;
		for (size_t k = 0; k < open.n; k++)
			if (add_done(session, &open.v[k], ret_closed, err) < 0)
				return -1;
	}
	return close_done(session, ret_closed, err);
}

/* ---- telling --------------------------------------------------------------
 */

/* The incident that an update of the plan has opened. */
static int find_opened(struct session *session, const struct plan_ref *ref,
    struct view_incident *ret, bool *ret_found, struct err *err)
{
	struct view_incidents open = { NULL, 0, 0 };

	*ret_found = false;
	if (ledger_open_incidents(
		session->ledger, session->arena, ref->ref, &open, err) < 0)
		return -1;
	for (size_t i = 0; i < open.n; i++) {
		if (!oid_eq(&open.v[i].commit, &ref->new) ||
		    open.v[i].kind != ref->opening->kind)
			continue;
		*ret = open.v[i];
		*ret_found = true;
	}
	return 0;
}

int incidents_tell(struct session *session, const struct teller *teller,
    const struct plan *plan, const struct view_incidents *closed,
    struct err *err)
{
	for (size_t i = 0; i < plan->nrefs; i++) {
		const struct plan_ref *ref = &plan->refs[i];
		struct view_incident incident;
		bool found;

		if (!ref->opening)
			continue;
		if (find_opened(session, ref, &incident, &found, err) < 0)
			return -1;
		if (found)
			say_opened(teller, &incident);
	}
	for (size_t i = 0; i < closed->n; i++)
		say_closed(teller, &closed->v[i]);
	return 0;
}
