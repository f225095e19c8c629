#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "judge/passage.h"
#include "judge/stagerefs.h"
#include "open.h"
#include "outboxlook.h"
#include "record/plan.h"
#include "record/words.h"
#include "status.h"
#include "tell/columns.h"
#include "tell/phrase.h"
#include "words.h"

#define REF_COLUMNS_MAX 34 /* a longer name has a line of its own */
#define GAP 2

struct row {
	const struct stage *stage;
	const char *ref;
	struct oid tip;
	int64_t since; /* 0: not known */
	const char *by;
	const char *state;
	const struct open_incident *locked_by; /* NULL: it is not */
};

struct rows {
	struct row *v;
	size_t n, cap;
};

static int add_row(struct admin *admin, const struct stage *stage,
    const struct view_named_ref *ref, struct rows *rows, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct view_entry_records entries = { NULL, 0, 0 };
	struct row row = { .stage = stage, .ref = ref->name };
	bool in_flight;

	row.tip = ref->oid;
	if (view->entries(
		view->ledger, admin->arena, ref->name, 1, &entries, err) < 0 ||
	    view->in_flight(
		view->ledger, ref->name, &ref->oid, &in_flight, err) < 0)
		return -1;
	if (entries.n && oid_eq(&entries.v[0].tip, &ref->oid)) {
		row.since = entries.v[0].at;
		row.by = entries.v[0].by;
		row.state = passage_state_text(entries.v[0].state);
	} else if (in_flight) {
		row.state = "in flight";
	} else if (admin->is_clone) {
		row.state = "not in the ledger";
	} else {
		row.state = entries.n ? "unobserved" : "unrecorded";
	}
	ARRAY_PUSH(admin->arena, rows, row);
	return 0;
}

static int find_rows(struct admin *admin, const struct open_incidents *open,
    struct rows *rows, struct err *err)
{
	struct session *session = &admin->session;

	for (size_t i = 0; i < session->policy->nstages; i++) {
		const struct stage *stage = &session->policy->stages[i];
		struct view_refs refs = { NULL, 0, 0 };

		if (stage_refs(
			&session->view, admin->arena, stage, &refs, err) < 0)
			return -1;
		for (size_t k = 0; k < refs.n; k++)
			if (add_row(admin, stage, &refs.v[k], rows, err) < 0)
				return -1;
		if (refs.n == 0) {
			struct row none = { .stage = stage };

			ARRAY_PUSH(admin->arena, rows, none);
		}
	}
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].ref)
			rows->v[i].locked_by = open_incident_of(
			    open, rows->v[i].ref);
	return 0;
}

/* ---- text ------------------------------------------------------------- */

static const char *short_name(struct arena *arena, const char *ref)
{
	return phrase_shown(arena,
	    str_prefix(ref, "refs/heads/") ? ref + strlen("refs/heads/") : ref);
}

static void print_row(struct admin *admin, const struct row *row,
    size_t stage_columns, size_t ref_columns)
{
	struct arena *arena = admin->arena;
	struct buf *out = &admin->out;
	size_t at = stage_columns + GAP, to = at + ref_columns + GAP;
	const char *name;

	buf_adds(out, row->stage->name);
	pad_to(out, strlen(row->stage->name), at);
	if (!row->ref) {
		buf_adds(out, "no ref\n");
		return;
	}
	name = short_name(arena, row->ref);
	buf_adds(out, name);
	if (text_columns_s(name) > ref_columns) {
		buf_addc(out, '\n');
		pad_to(out, 0, to);
	} else {
		pad_to(out, at + text_columns_s(name), to);
	}
	buf_addf(out, "%s  %-10s  %s%s\n", oid_hex8(&row->tip).s,
	    row->since ? ago(arena, row->since, admin->session.now) : "-",
	    row->state, row->locked_by ? ", locked" : "");
}

static void print_flow(struct admin *admin)
{
	const struct policy *policy = admin->session.policy;

	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s %s, %s", policy->flow,
		policy->version.text, status_word(policy->status)),
	    2);
}

static void print_rows(struct admin *admin, const struct rows *rows)
{
	size_t stage_columns = 0, ref_columns = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];
		size_t n = strlen(row->stage->name);

		if (n > stage_columns)
			stage_columns = n;
		n = row->ref
		    ? text_columns_s(short_name(admin->arena, row->ref))
		    : 0;
		if (n > ref_columns && n <= REF_COLUMNS_MAX)
			ref_columns = n;
	}
	for (size_t i = 0; i < rows->n; i++)
		print_row(admin, &rows->v[i], stage_columns, ref_columns);
}

static void print_plans(struct admin *admin, const struct plans *plans)
{
	struct arena *arena = admin->arena;
	int64_t now = admin->session.now;

	for (size_t i = 0; i < plans->n; i++) {
		const struct plan *plan = plans->v[i];

		admin_wrap(admin, "",
		    arena_printf(arena, "%s of %s, %s:",
			plan_is_live(plan, now)
			    ? "push under way"
			    : "unfinished push, which the next one settles",
			plan->pusher, ago(arena, plan->at, now)),
		    2);
		for (size_t k = 0; k < plan->nrefs; k++)
			admin_wrap(admin, "  ",
			    arena_printf(arena, "%s %s..%s", plan->refs[k].ref,
				oid_hex8(&plan->refs[k].old).s,
				oid_hex8(&plan->refs[k].new).s),
			    4);
	}
}

/* ---- JSON ------------------------------------------------------------- */

static json_t *row_json(struct arena *arena, const struct row *row)
{
	json_t *object = json_object();

	json_object_set_new(
	    object, "stage", json_text(arena, row->stage->name));
	json_object_set_new(object, "ref", json_text(arena, row->ref));
	json_object_set_new(object, "tip", json_oid(&row->tip));
	json_object_set_new(object, "since",
	    row->since ? json_time(arena, row->since) : json_null());
	json_object_set_new(object, "by", json_text(arena, row->by));
	json_object_set_new(object, "state", json_text(arena, row->state));
	json_object_set_new(
	    object, "locked", json_boolean(row->locked_by != NULL));
	return object;
}

static json_t *plan_json(struct admin *admin, const struct plan *plan)
{
	struct arena *arena = admin->arena;
	json_t *object = json_object(), *refs = json_array();

	for (size_t i = 0; i < plan->nrefs; i++) {
		json_t *ref = json_object();

		json_object_set_new(
		    ref, "ref", json_text(arena, plan->refs[i].ref));
		json_object_set_new(ref, "old", json_oid(&plan->refs[i].old));
		json_object_set_new(ref, "new", json_oid(&plan->refs[i].new));
		json_array_append_new(refs, ref);
	}
	json_object_set_new(object, "id", json_text(arena, plan->id));
	json_object_set_new(object, "pusher", json_text(arena, plan->pusher));
	json_object_set_new(object, "at", json_time(arena, plan->at));
	json_object_set_new(object, "live",
	    json_boolean(plan_is_live(plan, admin->session.now)));
	json_object_set_new(object, "refs", refs);
	return object;
}

static void print_json(struct admin *admin, const struct open_incidents *open,
    const struct rows *rows, const struct plans *plans,
    const struct outbox_look *outbox)
{
	const struct policy *policy = admin->session.policy;
	struct arena *arena = admin->arena;
	json_t *object = json_object(), *refs = json_array(),
	       *pushes = json_array();

	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].ref)
			json_array_append_new(
			    refs, row_json(arena, &rows->v[i]));
	for (size_t i = 0; i < plans->n; i++)
		json_array_append_new(pushes, plan_json(admin, plans->v[i]));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "flow", json_text(arena, policy->flow));
	json_object_set_new(
	    object, "version", json_text(arena, policy->version.text));
	json_object_set_new(
	    object, "status", json_string(status_word(policy->status)));
	json_object_set_new(
	    object, "incidents", open_incidents_json(arena, open));
	json_object_set_new(object, "refs", refs);
	json_object_set_new(object, "plans", pushes);
	json_object_set_new(object, "outbox", outbox_json(admin, outbox));
	admin_json(admin, object);
}

int status_of_all(struct admin *admin)
{
	struct rows rows = { NULL, 0, 0 };
	struct plans plans = { NULL, 0, 0 };
	struct open_incidents open = { NULL, 0, 0 };
	struct outbox_look outbox = { .waiting = { .n = 0 } };
	struct err err;

	if (open_incidents_find(admin, &open, &err) < 0 ||
	    find_rows(admin, &open, &rows, &err) < 0 ||
	    (is_server(admin) &&
		(plans_read(admin->arena, admin->session.repo, &plans, &err) <
			0 ||
		    outbox_look(admin, &outbox, &err) < 0)))
		return admin_fail(admin, &err);
	for (size_t i = 0; admin->is_clone && i < rows.n; i++)
		if (rows.v[i].ref && !rows.v[i].since) {
			hint_to_fetch(admin);
			break;
		}
	if (admin->json) {
		print_json(admin, &open, &rows, &plans, &outbox);
	} else {
		print_flow(admin);
		open_incidents_print(admin, &open);
		print_rows(admin, &rows);
		print_plans(admin, &plans);
		outbox_print_trouble(admin, &outbox);
	}
	return EXIT_ALLOWED;
}
