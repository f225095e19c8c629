#include "incidentlook.h"

#include <string.h>

#include "base/num.h"
#include "judge/incident.h"

int incidents_read(struct admin *admin, const char *ref,
    struct view_incidents *ret, struct err *err)
{
	struct ledger *ledger = admin->session.ledger;
	struct view_incidents incidents = { NULL, 0, 0 };
	struct numbers numbers;

	if (ledger_incidents(ledger, admin->arena, &numbers, err) < 0)
		return -1;
	for (size_t i = 0; i < numbers.n; i++) {
		struct view_incident *incident;

		if (ledger_incident(
			ledger, admin->arena, numbers.v[i], &incident, err) < 0)
			return -1;
		if (incident && (!ref || strcmp(incident->ref, ref) == 0))
			ARRAY_PUSH(admin->arena, &incidents, *incident);
	}
	*ret = incidents;
	return 0;
}

/* ---- how it stands ---------------------------------------------------- */

/* A clone may lack the commit: then nothing that is there contains it. */
static int contains(struct admin *admin, const struct oid *tip,
    const struct oid *commit, bool *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	enum object_kind kind;
	uint64_t size;

	if (view->kind(view->git, commit, &kind, &size, err) < 0)
		return -1;
	*ret = false;
	return kind != OBJECT_COMMIT
	    ? 0
	    : view->is_ancestor(view->git, commit, tip, ret, err);
}

/* Does that tip hold what was rolled back from?  A tip that holds the revert
 * commit too does not; a rewind leaves none, so one that was mended on top
 * counts until the incident is closed. */
static int runs_it(struct admin *admin, const struct view_incident *incident,
    const struct oid *tip, bool *ret, struct err *err)
{
	bool reverted = false;

	if (contains(admin, tip, &incident->subject, ret, err) < 0 ||
	    (!incident->rewind &&
		contains(admin, tip, &incident->commit, &reverted, err) < 0))
		return -1;
	*ret = *ret && !reverted;
	return 0;
}

/* "A rollback of one client's ref concerns that client alone." */
static bool concerns(const struct policy *policy,
    const struct view_incident *incident, const struct client *client)
{
	for (size_t i = 0; i < policy->nclients; i++)
		if (strcmp(policy->clients[i].ref, incident->ref) == 0)
			return client == &policy->clients[i];
	return true;
}

static int find_running(struct admin *admin,
    const struct view_incident *incident, struct strings *ret, struct err *err)
{
	const struct session *session = &admin->session;
	const struct view *view = &session->view;

	if (incident->kind != INCIDENT_ROLLBACK)
		return 0;
	for (size_t i = 0; i < session->policy->nclients; i++) {
		const struct client *client = &session->policy->clients[i];
		struct view_ref ref;
		bool runs = false;

		if (!concerns(session->policy, incident, client))
			continue;
		if (view->ref(view->git, admin->arena, client->ref, &ref, err) <
			0 ||
		    (ref.exists && !oid_is_zero(&ref.oid) &&
			runs_it(admin, incident, &ref.oid, &runs, err) < 0))
			return -1;
		if (runs)
			ARRAY_PUSH(admin->arena, ret, client->name);
	}
	return 0;
}

static int find_missing(struct admin *admin,
    const struct view_incident *incident, struct incident_look *ret,
    struct err *err)
{
	const struct session *session = &admin->session;
	bool done;

	if (incident_ask(admin->arena, session->policy, &session->view,
		session->now, incident, &ret->rows, &done, err) < 0)
		return -1;
	for (size_t i = 0; i < ret->rows.n; i++)
		if (gate_row_refuses(&ret->rows.v[i]))
			ARRAY_PUSH(
			    admin->arena, &ret->missing, ret->rows.v[i].name);
	return 0;
}

int incident_look(struct admin *admin, const struct view_incident *incident,
    struct incident_look *ret, struct err *err)
{
	struct incident_look look = { .missing = { NULL, 0, 0 } };

	if (find_missing(admin, incident, &look, err) < 0 ||
	    find_running(admin, incident, &look.running, err) < 0)
		return -1;
	*ret = look;
	return 0;
}

/* ---- in words --------------------------------------------------------- */

const char *incident_title(
    struct arena *arena, const struct view_incident *incident)
{
	return arena_printf(arena, "%s of %s (%s)",
	    incident->kind == INCIDENT_ROLLBACK ? "rollback" : "bypass",
	    incident->ref, incident->stage);
}

const char *incident_move(
    struct arena *arena, const struct view_incident *incident)
{
	if (incident->kind == INCIDENT_BYPASS)
		return arena_printf(
		    arena, "%s entered", oid_hex8(&incident->commit).s);
	if (incident->rewind)
		return arena_printf(arena, "%s -> %s, by a rewind",
		    oid_hex8(&incident->subject).s,
		    oid_hex8(&incident->restored).s);
	return arena_printf(arena, "%s -> %s, by the revert commit %s",
	    oid_hex8(&incident->subject).s, oid_hex8(&incident->restored).s,
	    oid_hex8(&incident->commit).s);
}

/* ---- JSON ------------------------------------------------------------- */

static void add_text(
    json_t *object, struct arena *arena, const char *key, const char *text)
{
	json_object_set_new(object, key, json_text(arena, text));
}

static void add_commits(json_t *object, const struct view_incident *incident)
{
	static const struct oid none;
	bool rollback = incident->kind == INCIDENT_ROLLBACK;

	json_object_set_new(object, "commit", json_oid(&incident->commit));
	json_object_set_new(object, "subject", json_oid(&incident->subject));
	json_object_set_new(
	    object, "from", json_oid(rollback ? &incident->subject : &none));
	json_object_set_new(object, "restored",
	    json_oid(rollback ? &incident->restored : &none));
}

static json_t *gates_json(struct arena *arena, const struct gate_rows *rows)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rows->n; i++) {
		json_t *object = json_object();

		add_text(object, arena, "name", rows->v[i].name);
		add_text(
		    object, arena, "state", gate_state_text(rows->v[i].state));
		json_object_set_new(
		    object, "by", json_texts(arena, &rows->v[i].by));
		json_array_append_new(array, object);
	}
	return array;
}

json_t *incident_json(struct arena *arena, const struct view_incident *incident,
    const struct incident_look *look)
{
	json_t *object = json_object();
	bool rollback = incident->kind == INCIDENT_ROLLBACK;

	json_object_set_new(
	    object, "number", json_integer((json_int_t)incident->number));
	add_text(object, arena, "kind", rollback ? "rollback" : "bypass");
	add_text(object, arena, "style",
	    !rollback              ? NULL
		: incident->rewind ? "rewind"
				   : "revert");
	add_text(object, arena, "ref", incident->ref);
	add_text(object, arena, "stage", incident->stage);
	add_text(object, arena, "by", incident->by);
	add_commits(object, incident);
	add_text(object, arena, "reason", incident->reason);
	add_text(object, arena, "timeline", incident->timeline);
	json_object_set_new(
	    object, "opened", json_time(arena, incident->opened));
	json_object_set_new(object, "closed",
	    incident->closed ? json_time(arena, incident->closed_at)
			     : json_null());
	add_text(object, arena, "state", incident->closed ? "closed" : "open");
	json_object_set_new(object, "then", json_texts(arena, &incident->then));
	json_object_set_new(
	    object, "overridden", json_texts(arena, &incident->overridden));
	json_object_set_new(
	    object, "clients", json_texts(arena, &incident->clients));
	if (!look)
		return object;
	json_object_set_new(object, "gates", gates_json(arena, &look->rows));
	json_object_set_new(
	    object, "missing", json_texts(arena, &look->missing));
	json_object_set_new(
	    object, "running", json_texts(arena, &look->running));
	return object;
}
