#include "record/keptexpire.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "incidentlook.h"
#include "kept.h"
#include "open.h"
#include "record/reconcile.h"
#include "run/succession.h"
#include "tell/phrase.h"
#include "who.h"

struct held {
	struct left left;
	const char *why;
};

struct expiring {
	struct admin *admin;
	const char *ref; /* NULL: of every ref */
	int64_t before;  /* what was left then or earlier goes */
	struct view_incidents incidents;
	struct lefts going;
	struct {
		struct held *v;
		size_t n, cap;
	} held;
	size_t not_due;
};

/* ---- what may go ------------------------------------------------------ */

static const struct view_incident *incident_of(
    const struct expiring *x, const struct oid *oid)
{
	for (size_t i = 0; i < x->incidents.n; i++) {
		const struct view_incident *incident = &x->incidents.v[i];

		if (oid_eq(&incident->subject, oid) ||
		    oid_eq(&incident->commit, oid) ||
		    oid_eq(&incident->restored, oid))
			return incident;
	}
	return NULL;
}

/* What is in the way of one that is old enough; NULL: nothing. */
static const char *obstacle(const struct expiring *x, const struct left *left)
{
	struct arena *arena = x->admin->arena;
	const struct session *session = &x->admin->session;
	const struct rollback_rules *rollback = &session->policy->rollback;
	const struct view_incident *incident = incident_of(x, &left->tip.oid);

	if (incident)
		return arena_printf(arena, "incident %llu names it",
		    (unsigned long long)incident->number);
	if (rollback->on &&
	    left->at > session->now - (int64_t)rollback->window_s)
		return arena_printf(arena, "may be rolled back to until %s",
		    time_format(arena, left->at + (int64_t)rollback->window_s));
	return NULL;
}

static void hold(struct expiring *x, const struct left *left, const char *why)
{
	ARRAY_PUSH(x->admin->arena, &x->held, (struct held){ *left, why });
}

static void sort_out(struct expiring *x, const struct left *left)
{
	const char *why;

	if (left->how == LEFT_NOT) {
		hold(x, left, "it is the present tip");
	} else if (left->how == LEFT_UNKNOWN) {
		hold(x, left, "nothing is recorded of when it was left");
	} else if (left->at > x->before) {
		x->not_due++;
	} else {
		why = obstacle(x, left);
		if (why)
			hold(x, left, why);
		else
			ARRAY_PUSH(x->admin->arena, &x->going, *left);
	}
}

/* A kept_choose_fn: by the ledger as it is under the lock. */
static int choose(void *ctx, struct kept_tips *ret, struct err *err)
{
	struct expiring *x = ctx;
	struct admin *admin = x->admin;
	struct lefts lefts;

	if (session_open_ledger(&admin->session, err) < 0 ||
	    incidents_read(admin, NULL, &x->incidents, err) < 0 ||
	    lefts_find(admin, x->ref, &lefts, err) < 0)
		return -1;
	for (size_t i = 0; i < lefts.n; i++)
		sort_out(x, &lefts.v[i]);
	for (size_t i = 0; i < x->going.n; i++)
		ARRAY_PUSH(admin->arena, ret, x->going.v[i].tip);
	return 0;
}

static int expire(struct expiring *x, struct err *err)
{
	struct admin *admin = x->admin;
	struct session *session = &admin->session;
	struct append append = append_of_policy(admin->arena, session->policy);
	struct strings none = { NULL, 0, 0 };

	append.pusher = who_asks(admin, NULL);
	/* What pushes that were killed have planned is recorded first. */
	if (reconcile(admin->arena, session->repo, NULL, &none, session->now,
		err) < 0)
		return -1;
	return kept_let_go(
	    admin->arena, session->repo, &append, session->now, choose, x, err);
}

/* ---- saying so -------------------------------------------------------- */

static void print_row(struct expiring *x, const char *prefix,
    const struct left *left, const char *rest)
{
	struct admin *admin = x->admin;

	admin_wrap(admin, prefix,
	    arena_printf(admin->arena, "%s %s: %s", left->tip.ref,
		oid_hex8(&left->tip.oid).s, rest),
	    2);
}

static void print_text(struct expiring *x, bool dry_run)
{
	struct admin *admin = x->admin;
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < x->going.n; i++)
		print_row(x, dry_run ? "would expire " : "expired ",
		    &x->going.v[i],
		    arena_printf(arena, "left %s by %s",
			time_format(arena, x->going.v[i].at),
			x->going.v[i].by));
	for (size_t i = 0; i < x->held.n; i++)
		print_row(x, "held ", &x->held.v[i].left, x->held.v[i].why);
	admin_wrap(admin, "",
	    arena_printf(arena, "%s %s, %zu held back, %zu left more recently",
		phrase_count(arena, x->going.n, "tip"),
		dry_run ? "would expire" : "expired", x->held.n, x->not_due),
	    0);
}

static void print_json(struct expiring *x, bool dry_run)
{
	struct arena *arena = x->admin->arena;
	json_t *object = json_object(), *going = json_array(),
	       *held = json_array();

	for (size_t i = 0; i < x->going.n; i++)
		json_array_append_new(going, left_json(arena, &x->going.v[i]));
	for (size_t i = 0; i < x->held.n; i++) {
		json_t *row = left_json(arena, &x->held.v[i].left);

		json_object_set_new(
		    row, "why", json_text(arena, x->held.v[i].why));
		json_array_append_new(held, row);
	}
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "dry_run", json_boolean(dry_run));
	json_object_set_new(object, "expired", going);
	json_object_set_new(object, "held", held);
	json_object_set_new(
	    object, "not_due", json_integer((json_int_t)x->not_due));
	admin_json(x->admin, object);
}

/* ---- the verb --------------------------------------------------------- */

static int open_for_expiry(struct admin *admin)
{
	const char *why = NULL;
	struct err err;
	int status = open_all(admin, NULL, NULL);

	if (status == EXIT_ALLOWED)
		status = kept_on_server(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (policy_succession(&admin->session, &why, &err) < 0)
		return admin_fail(admin, &err);
	if (!why)
		return EXIT_ALLOWED;
	admin_note(admin, "error: ", "%s", why);
	return EXIT_POLICY;
}

int kept_expire(
    struct admin *admin, const char *ref, const char *duration, bool dry_run)
{
	struct expiring x = { .admin = admin, .ref = ref };
	struct kept_tips ignored = { NULL, 0, 0 };
	uint64_t age;
	struct err err;
	int status;

	if (!str_to_duration(duration, &age))
		return admin_usage(admin,
		    "'%s' is no duration; write 90s, 30m, 24h, 7d or 2w",
		    text_clean_s(admin->arena, duration));
	status = open_for_expiry(admin);
	if (status != EXIT_ALLOWED)
		return status;
	x.before = admin->session.now - (int64_t)age;
	if ((dry_run ? choose(&x, &ignored, &err) : expire(&x, &err)) < 0)
		return admin_fail(admin, &err);
	if (admin->json)
		print_json(&x, dry_run);
	else
		print_text(&x, dry_run);
	return EXIT_ALLOWED;
}
