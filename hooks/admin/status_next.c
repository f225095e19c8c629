#include <string.h>

#include "judge/passage.h"
#include "judge/stagerefs.h"
#include "madeup.h"
#include "open.h"
#include "status.h"
#include "tell/outcome.h"
#include "tell/report_json.h"
#include "tell/report_rows.h"
#include "who.h"
#include "words.h"

#define REFS_MAX 5 /* of one stage, that are judged */

/* One move that a commit could make next. */
struct next {
	struct admin *admin;
	const struct commit *commit;
	const struct stage *stage;
	const char *ref, *pusher;
	struct view_ref now;
	const char *how; /* "by merge" */
	bool passed;     /* has been through this very ref already */
	struct made_up made;
	struct verdict verdict;
};

static int was_tip(struct next *next, bool *ret, struct err *err)
{
	const struct view *view = &next->admin->session.view;
	struct view_passages passages = { NULL, 0, 0 };

	if (view->passages(view->ledger, next->admin->arena, &next->commit->id,
		&passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n; i++)
		if (strcmp(passages.v[i].ref, next->ref) == 0 &&
		    passage_counts(&passages.v[i]))
			*ret = true;
	return 0;
}

static const char *how_text(enum transition kind)
{
	switch (kind) {
	case TRANSITION_CREATE:
		return "as a new ref";
	case TRANSITION_MERGE:
		return "by merge";
	case TRANSITION_SQUASH:
		return "by squash";
	case TRANSITION_FAST_FORWARD:
	case TRANSITION_ROLLBACK:
	case TRANSITION_REWIND:
	case TRANSITION_DELETE:
	case TRANSITION_ENTRY:
	case TRANSITION_OTHER:
		break;
	}
	return "by fast-forward";
}

/* How could it enter?  As it is, or by a commit that is made up. */
static int find_way(struct next *next, struct err *err)
{
	const struct view *view = &next->admin->session.view;
	const struct oid *commit = &next->commit->id;
	const struct oid none = { { 0 } };
	struct order_way way;

	if (view->ref(
		view->git, next->admin->arena, next->ref, &next->now, err) < 0)
		return -1;
	if (order_way(next->admin->arena, next->admin->session.policy, view,
		next->stage, next->now.exists ? &next->now.oid : &none, commit,
		&way, err) < 0)
		return -1;
	next->how = how_text(way.kind);
	if (way.there) {
		next->made.obstacle = "contains it already";
		return was_tip(next, &next->passed, err);
	}
	return made_up_find(
	    next->admin, next->commit, &way, next->pusher, &next->made, err);
}

static int judge_next(struct next *next, struct err *err)
{
	struct session *session = &next->admin->session;
	struct update update = { .ref = next->ref };
	struct push push = { .pusher = next->pusher, .options_known = true };

	if (find_way(next, err) < 0)
		return -1;
	if (next->made.obstacle)
		return 0;
	update.old = next->now.oid;
	update.new = next->made.new;
	ARRAY_PUSH(next->admin->arena, &push.updates, update);
	judge(next->admin->arena, session->policy, &push, &next->made.view,
	    session->now, NULL, &next->verdict);
	if (next->verdict.nrefs > 0)
		made_up_rename(
		    next->admin->arena, &next->made, next->verdict.refs);
	return 0;
}

static void print_next(struct next *next)
{
	struct admin *admin = next->admin;
	struct arena *arena = admin->arena;
	const struct ref_verdict *ref = next->verdict.refs;
	const char *said;

	if (next->made.obstacle)
		said = next->made.obstacle;
	else if (next->verdict.refused)
		said = arena_printf(arena, "%s, not yet", next->how);
	else
		said = arena_printf(arena, "%s, may enter now", next->how);
	admin_wrap(admin, "next: ",
	    arena_printf(
		arena, "%s (%s): %s", next->ref, next->stage->name, said),
	    2);
	if (next->made.obstacle)
		return;
	report_findings(
	    arena, &next->verdict.findings, CODE_COUNT, &admin->out);
	if (next->verdict.nrefs == 0)
		return;
	report_findings(arena, &ref->findings, CODE_COUNT, &admin->out);
	report_rows(arena, &ref->gates, false, &admin->out);
	report_hints(arena, &ref->findings, &ref->gates, &admin->out);
}

static void add_json(struct next *next, json_t *array)
{
	struct arena *arena = next->admin->arena;
	json_t *object;
	bool judged = !next->made.obstacle && next->verdict.nrefs > 0;

	object = judged
	    ? report_ref_json(arena, &next->verdict, &next->verdict.refs[0])
	    : json_object();
	json_object_set_new(object, "ref", json_text(arena, next->ref));
	json_object_set_new(
	    object, "stage", json_text(arena, next->stage->name));
	json_object_set_new(object, "how", json_text(arena, next->how));
	json_object_set_new(
	    object, "obstacle", json_text(arena, next->made.obstacle));
	json_object_set_new(object, "may_enter",
	    json_boolean(judged && !next->verdict.refused));
	/* A commit that nobody has made has no id to tell. */
	if (next->made.overlay.has_made_up)
		json_object_set_new(object, "new", json_null());
	json_array_append_new(array, object);
}

static int next_ref(struct admin *admin, const struct commit *commit,
    const struct stage *stage, const char *ref, const char *as, json_t *array)
{
	struct next *next = ARENA_NEW(admin->arena, struct next);
	struct err err;

	next->admin = admin;
	next->commit = commit;
	next->stage = stage;
	next->ref = ref;
	next->pusher = as ? as : who_may(admin, &stage->push);
	if (judge_next(next, &err) < 0)
		return admin_fail(admin, &err);
	if (admin->json && !next->passed)
		add_json(next, array);
	else if (!next->passed)
		print_next(next);
	return EXIT_ALLOWED;
}

/* The refs of a stage that are worth asking about: those that it names, else
 * those that are there. */
static int next_stage(struct admin *admin, const struct commit *commit,
    const struct stage *stage, const char *as, json_t *array)
{
	struct strings names = { NULL, 0, 0 };
	struct view_refs refs = { NULL, 0, 0 };
	struct err err;
	int status = EXIT_ALLOWED;

	for (size_t i = 0; i < stage->nrefs; i++)
		if (stage->refs[i].literal)
			strings_add(
			    admin->arena, &names, stage->refs[i].prefix);
	if (stage_refs(&admin->session.view, admin->arena, stage, &refs, &err) <
	    0)
		return admin_fail(admin, &err);
	for (size_t i = 0; i < refs.n; i++)
		strings_add(admin->arena, &names, refs.v[i].name);
	for (size_t i = 0;
	     i < names.n && i < REFS_MAX && status == EXIT_ALLOWED; i++)
		status = next_ref(admin, commit, stage, names.v[i], as, array);
	if (!admin->json && (names.n > REFS_MAX || names.n == 0))
		admin_wrap(admin, "next: ",
		    arena_printf(admin->arena, "%s of %s",
			names.n ? "and other refs" : "a new ref",
			words_refs(admin->arena, stage)),
		    2);
	return status;
}

int status_next(struct admin *admin, const struct commit *commit,
    const char *as, json_t *ret_json)
{
	struct session *session = &admin->session;
	const struct policy *policy = session->policy;
	bool anywhere = false;
	struct err err;

	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];
		struct passed passed;
		int status;

		if (passed_find(&session->view, admin->arena, policy, stage, "",
			&commit->id, &passed, &err) < 0)
			return admin_fail(admin, &err);
		anywhere = anywhere || passed.from || passed.here;
		if (!passed.from)
			continue;
		status = next_stage(admin, commit, stage, as, ret_json);
		if (status != EXIT_ALLOWED)
			return status;
	}
	if (anywhere || admin->json)
		return EXIT_ALLOWED;
	for (size_t i = 0; i < policy->nstages; i++)
		if (stage_is_entry(&policy->stages[i]))
			admin_wrap(admin, "next: ",
			    arena_printf(admin->arena, "%s (%s)",
				words_refs(admin->arena, &policy->stages[i]),
				policy->stages[i].name),
			    2);
	return EXIT_ALLOWED;
}
