#include <string.h>

#include "base/num.h"
#include "status.h"
#include "words.h"

int open_incidents_find(
    struct admin *admin, struct open_incidents *ret, struct err *err)
{
	struct view_incidents all;

	if (incidents_read(admin, NULL, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		struct open_incident open = { .incident = all.v[i] };

		if (open.incident.closed)
			continue;
		if (incident_look(admin, &open.incident, &open.look, err) < 0)
			return -1;
		ARRAY_PUSH(admin->arena, ret, open);
	}
	return 0;
}

const struct open_incident *open_incident_of(
    const struct open_incidents *open, const char *ref)
{
	for (size_t i = 0; i < open->n; i++)
		if (strcmp(open->v[i].incident.ref, ref) == 0 &&
		    open->v[i].look.missing.n)
			return &open->v[i];
	return NULL;
}

static void print_running(struct admin *admin, const struct strings *clients)
{
	if (clients->n)
		admin_wrap(admin, "  ",
		    arena_printf(admin->arena, "clients that still run it: %s",
			words_list(admin->arena, clients, "and")),
		    4);
}

void open_incidents_print(
    struct admin *admin, const struct open_incidents *open)
{
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < open->n; i++) {
		const struct view_incident *incident = &open->v[i].incident;
		const struct incident_look *look = &open->v[i].look;

		admin_wrap(admin,
		    arena_printf(arena, "incident %llu, ",
			(unsigned long long)incident->number),
		    arena_printf(arena, "%s, %s: %s",
			incident_title(arena, incident),
			ago(arena, incident->opened, admin->session.now),
			incident->reason),
		    2);
		incident_print_missing(admin, incident, look);
		print_running(admin, &look->running);
	}
	if (open->n)
		buf_addc(&admin->out, '\n');
}

json_t *open_incidents_json(
    struct arena *arena, const struct open_incidents *open)
{
	json_t *array = json_array();

	for (size_t i = 0; i < open->n; i++)
		json_array_append_new(array,
		    incident_json(
			arena, &open->v[i].incident, &open->v[i].look));
	return array;
}

/* ---- of one commit ---------------------------------------------------- */

int subject_incidents(struct admin *admin, const struct note *note,
    struct view_incidents *ret, struct err *err)
{
	for (size_t i = 0; i < note->incidents.n; i++) {
		struct view_incident *incident;

		if (ledger_incident(admin->session.ledger, admin->arena,
			note->incidents.v[i], &incident, err) < 0)
			return -1;
		if (!incident)
			return err_set(err, ERR_FORMAT,
			    "the ledger lacks incident %llu",
			    (unsigned long long)note->incidents.v[i]);
		ARRAY_PUSH(admin->arena, ret, *incident);
	}
	return 0;
}

void subject_incidents_print(
    struct admin *admin, const struct view_incidents *incidents)
{
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < incidents->n; i++) {
		const struct view_incident *incident = &incidents->v[i];

		admin_wrap(admin, "  ",
		    arena_printf(arena, "%s by %s: incident %llu, %s, %s: %s",
			time_format(arena, incident->opened), incident->by,
			(unsigned long long)incident->number,
			incident->closed ? "closed" : "open",
			incident_title(arena, incident), incident->reason),
		    4);
	}
}
