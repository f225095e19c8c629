#include <string.h>

#include "base/num.h"
#include "incidentlook.h"
#include "open.h"
#include "tell/report_rows.h"
#include "words.h"

struct incidents_options {
	bool open, all;
};

static const struct option options[] = {
	{ "open", 0, OPTION_FLAG, offsetof(struct incidents_options, open),
	    NULL, "only those that are open, as without an option" },
	{ "all", 0, OPTION_FLAG, offsetof(struct incidents_options, all), NULL,
	    "those that are closed too" },
	{ .name = NULL },
};

static void print_line(
    struct admin *admin, const char *what, const struct strings *list)
{
	if (list->n)
		admin_wrap(admin, "  ",
		    arena_printf(admin->arena, "%s: %s", what,
			words_list(admin->arena, list, "and")),
		    4);
}

static void print_state(struct admin *admin,
    const struct view_incident *incident, const struct incident_look *look)
{
	const struct findings none = { NULL, 0, 0 };
	struct arena *arena = admin->arena;

	if (!look) {
		admin_wrap(admin, "  ",
		    arena_printf(arena, "closed %s",
			time_format(arena, incident->closed_at)),
		    4);
		return;
	}
	print_line(admin, "clients that still run it", &look->running);
	if (look->judged && look->missing.n) {
		report_rows(arena, &look->rows, false, &admin->out);
		report_hints(arena, &none, &look->rows, &admin->out);
	} else {
		incident_print_missing(admin, incident, look);
	}
}

static void print_incident(struct admin *admin,
    const struct view_incident *incident, const struct incident_look *look)
{
	struct arena *arena = admin->arena;

	admin_wrap(admin,
	    arena_printf(
		arena, "incident %llu, ", (unsigned long long)incident->number),
	    arena_printf(arena, "%s, %s", look ? "open" : "closed",
		incident_title(arena, incident)),
	    2);
	admin_wrap(admin, "  ",
	    arena_printf(arena, "%s, by %s: %s",
		time_format(arena, incident->opened), incident->by,
		incident->reason),
	    4);
	if (incident->timeline)
		admin_wrap(admin, "  ",
		    arena_printf(arena, "timeline: %s", incident->timeline), 4);
	admin_wrap(admin, "  ", incident_move(arena, incident), 4);
	print_line(admin, "gone around", &incident->overridden);
	print_line(admin, "clients that had it", &incident->clients);
	print_state(admin, incident, look);
}

struct listing {
	struct admin *admin;
	bool all;
	json_t *rows; /* NULL: text */
	size_t nopen, nclosed;
};

static int list_one(struct listing *listing,
    const struct view_incident *incident, struct err *err)
{
	struct admin *admin = listing->admin;
	struct incident_look look, *open = NULL;

	if (incident->closed)
		listing->nclosed++;
	else
		listing->nopen++;
	if (incident->closed && !listing->all)
		return 0;
	if (!incident->closed) {
		if (incident_look(admin, incident, &look, err) < 0)
			return -1;
		open = &look;
	}
	if (listing->rows)
		json_array_append_new(
		    listing->rows, incident_json(admin->arena, incident, open));
	else
		print_incident(admin, incident, open);
	return 0;
}

static int list_all(struct listing *listing, const char *ref, struct err *err)
{
	struct view_incidents incidents;

	if (incidents_read(listing->admin, ref, &incidents, err) < 0)
		return -1;
	for (size_t i = 0; i < incidents.n; i++)
		if (list_one(listing, &incidents.v[i], err) < 0)
			return -1;
	return 0;
}

static void print_end(const struct listing *listing)
{
	struct admin *admin = listing->admin;
	json_t *object;

	if (!listing->rows) {
		buf_addf(&admin->out, "%zu open, %zu closed%s\n",
		    listing->nopen, listing->nclosed,
		    listing->nclosed && !listing->all ? " (--all lists them)"
						      : "");
		return;
	}
	object = json_object();
	json_object_set_new(object, "v", json_integer(1));
	json_object_set(object, "incidents", listing->rows);
	json_object_set_new(
	    object, "open", json_integer((json_int_t)listing->nopen));
	json_object_set_new(
	    object, "closed", json_integer((json_int_t)listing->nclosed));
	admin_json(admin, object);
}

static int run_incidents(struct admin *admin, const void *given)
{
	const struct incidents_options *opts = given;
	struct listing listing = { .admin = admin, .all = opts->all };
	struct err err;
	int status;

	if (opts->open && opts->all)
		return admin_usage(
		    admin, "--open and --all do not go together");
	status = open_all(admin, NULL, NULL);
	if (status == EXIT_ALLOWED)
		status = need_ledger(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (admin->json)
		listing.rows = json_array();
	if (list_all(&listing,
		admin->args.n ? full_ref(admin->arena, admin->args.v[0]) : NULL,
		&err) < 0)
		status = admin_fail(admin, &err);
	else
		print_end(&listing);
	json_decref(listing.rows);
	return status;
}

const struct verb verb_incidents = {
	.name = "incidents",
	.arguments = "[REF] [--open|--all]",
	.summary = "rollbacks and bypasses, and what each still waits for",
	.options = options,
	.options_size = sizeof(struct incidents_options),
	.args_max = 1,
	.run = run_incidents,
	.json = true,
	.help =
	    "A rollback and a bypass open an incident each: its ref takes no "
	    "new candidates until the gates that the policy lists under `then` "
	    "have passed for the commit that was rolled back from, or that "
	    "went around its gates, by statements handed in afterwards. With "
	    "the last of them it closes by itself.\n"
	    "Lists those that are open: who, when, why, what was left for "
	    "what, what was gone around, which clients had it and still have "
	    "it, and what is missing. With a ref only that one's.\n",
};
