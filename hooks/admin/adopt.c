#include <string.h>

#include "admin.h"
#include "base/clock.h"
#include "base/glob.h"
#include "judge/passage.h"
#include "judge/stagerefs.h"
#include "open.h"
#include "record/append.h"
#include "record/plan.h"
#include "record/reconcile.h"
#include "run/succession.h"
#include "tell/phrase.h"
#include "tell/progress.h"
#include "who.h"

#define COMMITS_MAX 500000 /* whose objects are looked at */
#define COMMITS_AT_ONCE 1000
#define FAULTS_SHOWN 20

struct adopt_options {
	bool no_objects;
};

static const struct option options[] = {
	{ "no-objects", 0, OPTION_FLAG,
	    offsetof(struct adopt_options, no_objects), NULL,
	    "do not look for malformed objects in the history" },
	{ .name = NULL },
};

struct adoption {
	struct admin *admin;
	struct {
		struct plan_ref *v;
		size_t n, cap;
	} refs;       /* that are taken as they are */
	size_t known; /* that needed nothing */
	struct view_faults faults;
	size_t more_faults;
	bool too_many; /* commits to look at their objects */
};

/* ---- what there is to adopt ------------------------------------------- */

static int look_at(struct adoption *adoption, const struct stage *stage,
    const struct view_named_ref *ref, bool is_named, struct err *err)
{
	struct admin *admin = adoption->admin;
	const struct view *view = &admin->session.view;
	struct view_entry_records entries = { NULL, 0, 0 };
	struct plan_ref taken;
	bool in_flight;

	if (view->entries(
		view->ledger, admin->arena, ref->name, 1, &entries, err) < 0 ||
	    view->in_flight(
		view->ledger, ref->name, &ref->oid, &in_flight, err) < 0)
		return -1;
	if (in_flight) {
		admin_note(admin, "warning: ",
		    "%s is being recorded by a push, and is left alone",
		    ref->name);
		return 0;
	}
	/* A ref that is gone and was never recorded. */
	if (!entries.n && oid_is_zero(&ref->oid))
		return is_named ? err_set(err, ERR_NOTFOUND,
				      "there is no '%s' here", ref->name)
				: 0;
	if (entries.n && oid_eq(&entries.v[0].tip, &ref->oid) &&
	    passage_state_counts(entries.v[0].state)) {
		if (is_named)
			admin_note(admin,
			    "hint: ", "%s at %s is recorded already", ref->name,
			    oid_hex8(&ref->oid).s);
		if (!oid_is_zero(&ref->oid))
			adoption->known++;
		return 0;
	}
	memset(&taken, 0, sizeof(taken));
	taken.ref = ref->name;
	if (entries.n)
		taken.old = entries.v[0].tip;
	taken.new = taken.candidate = ref->oid;
	taken.stage = stage->name;
	taken.kind = oid_is_zero(&ref->oid) ? TRANSITION_DELETE
	    : entries.n                     ? TRANSITION_OTHER
					    : TRANSITION_CREATE;
	ARRAY_PUSH(admin->arena, &adoption->refs, taken);
	return 0;
}

/* Refs that the policy names and that are not there: deleted, perhaps behind
 * the hooks' back. */
static int find_gone(
    struct adoption *adoption, const struct stage *stage, struct err *err)
{
	const struct session *session = &adoption->admin->session;

	for (size_t i = 0; i < stage->nrefs; i++) {
		struct view_named_ref named = { .name = stage->refs[i].glob };
		struct view_ref ref;

		if (!glob_is_literal(named.name))
			continue;
		if (session->view.ref(session->view.git, session->arena,
			named.name, &ref, err) < 0)
			return -1;
		if (!ref.exists &&
		    look_at(adoption, stage, &named, false, err) < 0)
			return -1;
	}
	return 0;
}

static int find_all(struct adoption *adoption, struct err *err)
{
	struct session *session = &adoption->admin->session;

	for (size_t i = 0; i < session->policy->nstages; i++) {
		const struct stage *stage = &session->policy->stages[i];
		struct view_refs refs = { NULL, 0, 0 };

		if (stage_refs(
			&session->view, session->arena, stage, &refs, err) < 0)
			return -1;
		for (size_t k = 0; k < refs.n; k++)
			if (look_at(adoption, stage, &refs.v[k], false, err) <
			    0)
				return -1;
		if (find_gone(adoption, stage, err) < 0)
			return -1;
	}
	return 0;
}

static int find_named(struct adoption *adoption, struct err *err)
{
	struct admin *admin = adoption->admin;
	const struct session *session = &admin->session;

	for (size_t i = 0; i < admin->args.n; i++) {
		const char *name = full_ref(admin->arena, admin->args.v[i]);
		const struct stage *stage = policy_stage_of_ref(
		    session->policy, name, NULL);
		struct view_named_ref named = { .name = name };
		struct view_ref ref;

		if (!stage)
			return err_set(err, ERR_NOTFOUND,
			    "'%s' belongs to no stage", name);
		if (session->view.ref(
			session->view.git, admin->arena, name, &ref, err) < 0)
			return -1;
		if (ref.exists)
			named.oid = ref.oid;
		if (look_at(adoption, stage, &named, true, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- recording -------------------------------------------------------- */

/* Plans of pushes that are no longer running come first: what they planned
 * was judged, and is recovered rather than adopted. */
static int settle_plans(struct admin *admin, struct err *err)
{
	struct session *session = &admin->session;
	struct strings none = { NULL, 0, 0 };

	if (reconcile(admin->arena, session->repo, NULL, &none, session->now,
		err) < 0)
		return -1;
	return session_open_ledger(session, err);
}

static int append(struct adoption *adoption, struct err *err)
{
	struct admin *admin = adoption->admin;
	struct session *session = &admin->session;
	struct append append = append_of_policy(admin->arena, session->policy);

	append.pusher = who_asks(admin, NULL);
	append.n = adoption->refs.n;
	append.updates = arena_array(
	    admin->arena, adoption->refs.n, sizeof(*append.updates));
	for (size_t i = 0; i < adoption->refs.n; i++)
		append.updates[i] = (struct append_update){
			&adoption->refs.v[i], PASSAGE_ADOPTED
		};
	return ledger_append(
	    admin->arena, session->repo, &append, session->now, NULL, err);
}

/* ---- what is there ---------------------------------------------------- */

static int check_commits(
    struct adoption *adoption, const struct oids *commits, struct err *err)
{
	struct admin *admin = adoption->admin;
	const struct view *view = &admin->session.view;
	struct progress progress;
	int status = 0;

	progress_init(&progress);
	for (size_t i = 0; i < commits->n && status == 0;
	     i += COMMITS_AT_ONCE) {
		struct oids some = { commits->v + i, commits->n - i, 0 };
		struct view_faults faults = { NULL, 0, 0, 0 };

		if (some.n > COMMITS_AT_ONCE)
			some.n = COMMITS_AT_ONCE;
		progress_step(&progress, "Checking commits", i, commits->n);
		status = view->faults(
		    view->git, admin->arena, &some, &faults, err);
		for (size_t k = 0; k < faults.n; k++) {
			if (adoption->faults.n < FAULTS_SHOWN)
				ARRAY_PUSH(admin->arena, &adoption->faults,
				    faults.v[k]);
			else
				adoption->more_faults++;
		}
		adoption->more_faults += faults.more;
	}
	progress_end(&progress);
	return status;
}

static int check_objects(struct adoption *adoption, struct err *err)
{
	struct admin *admin = adoption->admin;
	const struct view *view = &admin->session.view;
	struct oids tips = { NULL, 0, 0 }, commits = { NULL, 0, 0 };
	struct oids none = { NULL, 0, 0 };

	for (size_t i = 0; i < adoption->refs.n; i++)
		if (!oid_is_zero(&adoption->refs.v[i].new))
			ARRAY_PUSH(
			    admin->arena, &tips, adoption->refs.v[i].new);
	if (view->walk(view->git, admin->arena, &tips, &none, NULL, NULL,
		COMMITS_MAX, &commits, err) < 0) {
		if (err->kind != ERR_LIMIT)
			return -1;
		adoption->too_many = true;
		return 0;
	}
	return check_commits(adoption, &commits, err);
}

static const char *kind_word(enum object_kind kind)
{
	switch (kind) {
	case OBJECT_COMMIT:
		return "commit";
	case OBJECT_TREE:
		return "tree";
	case OBJECT_BLOB:
		return "blob";
	case OBJECT_TAG:
		return "tag";
	case OBJECT_MISSING:
		break;
	}
	return "object";
}

static void print_ref(struct admin *admin, const struct plan_ref *ref)
{
	const char *at = oid_is_zero(&ref->new)
	    ? "as deleted"
	    : arena_printf(admin->arena, "at %s", oid_hex8(&ref->new).s);

	admin_wrap(admin, "adopted ",
	    arena_printf(admin->arena, "%s (%s) %s", ref->ref, ref->stage, at),
	    2);
}

static void print_text(const struct adoption *adoption)
{
	struct admin *admin = adoption->admin;
	size_t n = adoption->faults.n + adoption->more_faults;

	for (size_t i = 0; i < adoption->refs.n; i++)
		print_ref(admin, &adoption->refs.v[i]);
	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s adopted, %zu recorded before",
		phrase_count(admin->arena, adoption->refs.n, "ref"),
		adoption->known),
	    0);
	if (adoption->too_many)
		admin_wrap(admin, "",
		    arena_printf(admin->arena,
			"objects were not looked at: more than %d commits",
			COMMITS_MAX),
		    2);
	if (n == 0)
		return;
	admin_wrap(admin, "",
	    arena_printf(admin->arena,
		"%s in there would be refused today, and stay as they are:",
		phrase_count(admin->arena, n, "object")),
	    2);
	for (size_t i = 0; i < adoption->faults.n; i++) {
		const struct view_fault *fault = &adoption->faults.v[i];

		admin_wrap(admin, "  ",
		    arena_printf(admin->arena, "%s %s: %s",
			kind_word(fault->kind), oid_hex8(&fault->oid).s,
			fault->text),
		    4);
	}
	if (adoption->more_faults)
		buf_addf(
		    &admin->out, "  and %zu more\n", adoption->more_faults);
}

static void print_json(const struct adoption *adoption)
{
	struct arena *arena = adoption->admin->arena;
	json_t *object = json_object(), *refs = json_array(),
	       *faults = json_array();

	for (size_t i = 0; i < adoption->refs.n; i++) {
		const struct plan_ref *ref = &adoption->refs.v[i];
		json_t *row = json_object();

		json_object_set_new(row, "ref", json_text(arena, ref->ref));
		json_object_set_new(row, "stage", json_text(arena, ref->stage));
		json_object_set_new(row, "commit", json_oid(&ref->new));
		json_array_append_new(refs, row);
	}
	for (size_t i = 0; i < adoption->faults.n; i++) {
		const struct view_fault *fault = &adoption->faults.v[i];
		json_t *row = json_object();

		json_object_set_new(row, "object", json_oid(&fault->oid));
		json_object_set_new(
		    row, "kind", json_string(kind_word(fault->kind)));
		json_object_set_new(row, "text", json_text(arena, fault->text));
		json_array_append_new(faults, row);
	}
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "adopted", refs);
	json_object_set_new(
	    object, "known", json_integer((json_int_t)adoption->known));
	json_object_set_new(object, "faults", faults);
	json_object_set_new(object, "more_faults",
	    json_integer((json_int_t)adoption->more_faults));
	json_object_set_new(
	    object, "too_many_commits", json_boolean(adoption->too_many));
	admin_json(adoption->admin, object);
}

static int adopt(struct admin *admin, const void *given)
{
	const struct adopt_options *opts = given;
	struct adoption adoption = { .admin = admin };
	const char *why = NULL;
	struct err err;
	int status = open_all(admin, NULL, NULL);

	if (status != EXIT_ALLOWED)
		return status;
	if (admin->is_clone || need_ledger(admin) != EXIT_ALLOWED) {
		admin_note(admin,
		    "error: ", "only the server's repository can be adopted");
		return EXIT_UNDECIDED;
	}
	/* What is adopted is recorded under the policy in force. */
	if (policy_succession(&admin->session, &why, &err) < 0)
		return admin_fail(admin, &err);
	if (why) {
		admin_note(admin, "error: ", "%s", why);
		return EXIT_POLICY;
	}
	if (settle_plans(admin, &err) < 0 ||
	    (admin->args.n ? find_named(&adoption, &err)
			   : find_all(&adoption, &err)) < 0)
		return admin_fail(admin, &err);
	if (adoption.refs.n && append(&adoption, &err) < 0)
		return admin_fail(admin, &err);
	if (adoption.refs.n && !opts->no_objects &&
	    check_objects(&adoption, &err) < 0)
		status = admin_fail(admin, &err);
	if (admin->json)
		print_json(&adoption);
	else
		print_text(&adoption);
	return status;
}

const struct verb verb_adopt = {
	.name = "adopt",
	.arguments = "[REF..] [--no-objects]",
	.summary = "take the tips of stage refs as they are",
	.options = options,
	.options_size = sizeof(struct adopt_options),
	.args_max = SIZE_MAX,
	.run = adopt,
	.json = true,
	.help =
	    "Records the present tips of stage refs as having been through "
	    "their stage. It starts the ledger of a repository that has "
	    "history, and lets go on a ref that moved behind the hooks' back "
	    "or entered while the policy was a draft. Without a ref all of "
	    "them that nothing is recorded of.\n"
	    "What older git versions let into the history and the hooks would "
	    "refuse today (malformed objects) is listed.\n",
};
