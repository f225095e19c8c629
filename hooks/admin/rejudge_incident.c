#include "rejudge.h"

#include <string.h>

#include "base/text.h"
#include "judge/incident.h"

/*
 * Incidents of a recorded push: the reasons that were given, which only its
 * incidents tell, whether it opened what it says, and whether those that it
 * closed had all that they wanted.
 */

/* The incident that this record opened on that ref; *ret NULL: none. */
static int find_opened(struct rejudge_push *p, const char *ref,
    struct view_incident **ret, struct err *err)
{
	const struct log_record *record = p->record->record;

	*ret = NULL;
	for (size_t i = 0; i < record->incidents.n; i++) {
		const struct log_incident *incident = &record->incidents.v[i];

		if (!incident->closed && strcmp(incident->ref, ref) == 0)
			return ledger_incident(p->record->after, p->arena,
			    incident->number, ret, err);
	}
	return 0;
}

int rejudge_reasons(
    struct rejudge_push *p, const struct log_update *update, struct err *err)
{
	struct view_incident *incident;

	if (find_opened(p, update->ref, &incident, err) < 0)
		return -1;
	if (!incident)
		return 0;
	if (incident->kind == INCIDENT_BYPASS) {
		p->push.bypass = incident->reason;
		return 0;
	}
	p->push.rollback = incident->reason;
	p->push.timeline = incident->timeline;
	return 0;
}

/* ---- what was opened -------------------------------------------------------
 */

static bool same(const struct strings *a, const struct strings *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return true;
}

static void compare(const struct rejudge_push *p,
    const struct view_incident *recorded,
    const struct incident_opening *opening, struct complaints *list)
{
	const char *what = NULL;

	if (recorded->kind != opening->kind)
		what = "kind";
	else if (recorded->rewind != opening->rewind)
		what = "style";
	else if (!same(&recorded->then, &opening->then))
		what = "then";
	else if (!same(&recorded->overridden, &opening->overridden))
		what = "overridden";
	else if (!same(&recorded->clients, &opening->clients))
		what = "clients";
	if (what)
		complain(p, list, VERIFY_FINDING,
		    "incident %llu: its '%s' is not what the push opened",
		    (unsigned long long)recorded->number, what);
}

int rejudge_opening(struct rejudge_push *p, const struct ref_verdict *ref,
    struct complaints *list, struct err *err)
{
	struct view_incident *incident;

	if (find_opened(p, ref->ref, &incident, err) < 0)
		return -1;
	if (incident && ref->opening)
		compare(p, incident, ref->opening, list);
	else if (incident)
		complain(p, list, VERIFY_FINDING,
		    "%s opens no incident, and %llu is recorded", ref->ref,
		    (unsigned long long)incident->number);
	else if (ref->opening)
		complain(p, list, VERIFY_FINDING,
		    "%s opens an incident, and none is recorded", ref->ref);
	return 0;
}

/* ---- what was closed -------------------------------------------------------
 */

/* Opened and closed at once is one that asks for nothing. */
static bool is_opened_here(
    const struct log_record *record, const struct log_incident *closed)
{
	for (size_t i = 0; i < record->incidents.n; i++)
		if (!record->incidents.v[i].closed &&
		    record->incidents.v[i].number == closed->number)
			return true;
	return false;
}

static int judge_closing(struct rejudge_push *p, const struct view *view,
    const struct log_incident *closed, struct complaints *list, struct err *err)
{
	unsigned long long number = closed->number;
	struct gate_rows rows = { NULL, 0, 0 };
	struct view_incident *incident;
	bool done;

	if (ledger_incident(p->record->before, p->arena, closed->number,
		&incident, err) < 0)
		return -1;
	if (!incident)
		return 0; /* a finding says so */
	if (incident_ask(p->arena, p->policy, view, p->record->record->at,
		incident, &rows, &done, err) < 0) {
		complain(p, list, VERIFY_UNSHOWN,
		    "that incident %llu could be closed: %s", number,
		    err->text);
		return 0;
	}
	for (size_t i = 0; i < rows.n && !done; i++)
		if (gate_row_refuses(&rows.v[i]))
			complain(p, list,
			    rows.v[i].state == GATE_ERROR ? VERIFY_UNSHOWN
							  : VERIFY_FINDING,
			    "incident %llu is recorded as closed: %s %s %s",
			    number, gate_state_text(rows.v[i].state),
			    rows.v[i].name,
			    rows.v[i].text ? rows.v[i].text : "");
	return 0;
}

int rejudge_closings(
    struct rejudge_push *p, struct complaints *list, struct err *err)
{
	const struct log_record *record = p->record->record;
	struct overlay overlay = { .past = &p->past };
	struct view inner = *p->git, view;

	if (record->incidents.n == 0)
		return 0;
	if (ledger_view(p->record->before, p->arena, p->repo, &inner, err) < 0)
		return -1;
	overlay_view(&overlay, &inner, &view);
	for (size_t i = 0; i < record->incidents.n; i++) {
		const struct log_incident *closed = &record->incidents.v[i];

		if (closed->closed && !is_opened_here(record, closed) &&
		    judge_closing(p, &view, closed, list, err) < 0)
			return -1;
	}
	return 0;
}
