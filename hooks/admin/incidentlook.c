#include "incidentlook.h"

#include <string.h>

#include "base/num.h"
#include "judge/incident.h"
#include "record/words.h"
#include "tell/report_json.h"
#include "words.h"

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

static int is_here(
    struct admin *admin, const struct oid *commit, bool *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	enum object_kind kind;
	uint64_t size;

	if (view->kind(view->git, commit, &kind, &size, err) < 0)
		return -1;
	*ret = kind == OBJECT_COMMIT;
	return 0;
}

/* A clone may lack the commit: then nothing that is there contains it. */
static int contains(struct admin *admin, const struct oid *tip,
    const struct oid *commit, bool *ret, struct err *err)
{
	const struct view *view = &admin->session.view;

	if (is_here(admin, commit, ret, err) < 0)
		return -1;
	return *ret ? view->is_ancestor(view->git, commit, tip, ret, err) : 0;
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

/* A rewind leaves the subject to the server alone, so a clone may lack it.  On
 * the server that is an error. */
static int find_missing(struct admin *admin,
    const struct view_incident *incident, struct incident_look *look,
    struct err *err)
{
	const struct session *session = &admin->session;
	bool done;

	look->judged = true;
	if (admin->is_clone &&
	    is_here(admin, &incident->subject, &look->judged, err) < 0)
		return -1;
	if (!look->judged) {
		look->missing = incident->then;
		return 0;
	}
	if (incident_ask(admin->arena, session->policy, &session->view,
		session->now, incident, &look->rows, &done, err) < 0)
		return -1;
	for (size_t i = 0; i < look->rows.n; i++)
		if (gate_row_refuses(&look->rows.v[i]))
			strings_add(
			    admin->arena, &look->missing, look->rows.v[i].name);
	return 0;
}

int incident_look(struct admin *admin, const struct view_incident *incident,
    struct incident_look *ret, struct err *err)
{
	struct incident_look look = { .judged = false };

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
	    incident_kind_text(incident->kind), incident->ref, incident->stage);
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

void incident_print_missing(struct admin *admin,
    const struct view_incident *incident, const struct incident_look *look)
{
	struct arena *arena = admin->arena;
	const char *list = words_list(arena, &look->missing, "and");
	const char *text = "nothing is missing: the next push to its ref "
			   "closes it";

	if (!look->judged)
		text = arena_printf(arena,
		    "waits for %s; whether they have passed can't be told "
		    "here, where commit %s is not",
		    list, oid_hex8(&incident->subject).s);
	else if (look->missing.n)
		text = arena_printf(arena, "missing for %s: %s",
		    oid_hex8(&incident->subject).s, list);
	admin_wrap(admin, "  ", text, 4);
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

json_t *incident_json(struct arena *arena, const struct view_incident *incident,
    const struct incident_look *look)
{
	json_t *object = json_object();
	bool rollback = incident->kind == INCIDENT_ROLLBACK;

	json_object_set_new(
	    object, "number", json_integer((json_int_t)incident->number));
	add_text(object, arena, "kind", incident_kind_text(incident->kind));
	add_text(object, arena, "style",
	    rollback ? incident_style_text(incident->rewind) : NULL);
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
	json_object_set_new(
	    object, "missing", json_texts(arena, &look->missing));
	json_object_set_new(object, "gates",
	    look->judged ? report_rows_json(arena, &look->rows) : json_null());
	json_object_set_new(
	    object, "running", json_texts(arena, &look->running));
	return object;
}
