#include <string.h>

#include "base/text.h"
#include "git/revision.h"
#include "judge/refname.h"
#include "kept.h"
#include "open.h"

#define HEADS "refs/heads/"

struct restoring {
	struct admin *admin;
	struct left left;          /* that comes back */
	const char *branch;        /* full name */
	const struct stage *stage; /* an entry stage, or NULL: of none */
};

static int refuse(struct admin *admin, const char *text)
{
	admin_note(admin, "error: ", "%s", text);
	return EXIT_REFUSED;
}

/* ---- which commit ----------------------------------------------------- */

static int find_tip(
    struct restoring *r, const char *text, bool *ret_found, struct err *err)
{
	struct admin *admin = r->admin;
	struct lefts lefts;
	struct oid oid;

	*ret_found = false;
	if (revision_commit(admin->session.repo, text, &oid, err) < 0)
		return err->kind == ERR_NOTFOUND ? 0 : -1;
	if (lefts_find(admin, NULL, &lefts, err) < 0)
		return -1;
	for (size_t i = 0; i < lefts.n && !*ret_found; i++) {
		if (!oid_eq(&lefts.v[i].tip.oid, &oid))
			continue;
		r->left = lefts.v[i];
		*ret_found = true;
	}
	return 0;
}

/* ---- under which name ------------------------------------------------- */

/* What a push of that name would be told, save that a ref of no stage is
 * nobody's concern here. */
static const char *name_complaint(struct restoring *r)
{
	struct arena *arena = r->admin->arena;
	struct policy policy = *r->admin->session.policy;
	struct ref_verdict ref = { .ref = r->branch, .shown = r->branch };
	enum ref_kind kind;

	policy.other_refs_allowed = true;
	if (!str_prefix(r->branch, HEADS))
		return "only a branch can be made";
	if (!refname_judge(arena, refname_index(arena, &policy), &ref, &kind))
		return ref.findings.n ? ref.findings.v[0].text
				      : "its name is refused";
	if (ref.stage && !stage_is_entry(ref.stage))
		return arena_printf(arena,
		    "it belongs to %s, which is entered by a push alone",
		    ref.stage->name);
	r->stage = ref.stage;
	return NULL;
}

static int choose_name(struct restoring *r, const char *as)
{
	struct admin *admin = r->admin;
	const char *complaint;

	r->branch = full_ref(admin->arena,
	    as ? as
	       : arena_printf(admin->arena, "restored/%s",
		     oid_hex8(&r->left.tip.oid).s));
	complaint = name_complaint(r);
	if (!complaint)
		return EXIT_ALLOWED;
	return refuse(admin,
	    arena_printf(admin->arena, "%s can't be made: %s",
		text_clean_s(admin->arena, r->branch), complaint));
}

/* ---- making it -------------------------------------------------------- */

/* Under the lock the tip can't expire meanwhile. */
static int make_under_lock(
    struct restoring *r, struct state_lock *lock, struct err *err)
{
	static const struct oid none;
	const struct view *view = &r->admin->session.view;
	const struct kept_tip *tip = &r->left.tip;
	struct view_ref there;

	if (view->ref(view->git, r->admin->arena, tip->name, &there, err) < 0)
		return -1;
	if (!there.exists)
		return err_set(err, ERR_NOTFOUND,
		    "%s has just expired, and is not kept any more",
		    oid_hex8(&tip->oid).s);
	return state_lock_update(
	    lock, r->branch, &none, &tip->oid, "stagegate: restore", err);
}

static int make(struct restoring *r, struct err *err)
{
	struct admin *admin = r->admin;
	struct state_lock lock;
	int status;

	if (state_lock_take(admin->arena, admin->session.repo, &lock, err) < 0)
		return -1;
	status = make_under_lock(r, &lock, err);
	state_lock_release(&lock);
	return status;
}

/* ---- saying so -------------------------------------------------------- */

static void print_next(const struct restoring *r)
{
	struct admin *admin = r->admin;

	if (r->stage)
		admin_note(admin, "hint: ",
		    "nobody judged it as a tip of %s (status calls it "
		    "unobserved), which is in nobody's way there",
		    r->stage->name);
	else
		admin_note(admin, "hint: ", "it has entered no stage by this");
	admin_note(admin,
	    "hint: ", "'stagegate status %s' says where it may go next",
	    oid_hex8(&r->left.tip.oid).s);
}

static void print_made(const struct restoring *r)
{
	struct admin *admin = r->admin;
	const struct left *left = &r->left;
	json_t *object;

	if (!admin->json) {
		admin_wrap(admin, "made ",
		    arena_printf(admin->arena, "%s at %s, kept of %s: %s",
			r->branch, oid_hex8(&left->tip.oid).s, left->tip.ref,
			left->subject ? left->subject : "(malformed)"),
		    2);
		return;
	}
	object = json_object();
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "made", json_text(admin->arena, r->branch));
	json_object_set_new(object, "stage",
	    json_text(admin->arena, r->stage ? r->stage->name : NULL));
	json_object_set_new(object, "kept", left_json(admin->arena, left));
	admin_json(admin, object);
}

int kept_restore(struct admin *admin, const char *commit, const char *as)
{
	struct restoring r = { .admin = admin };
	struct view_ref there;
	struct err err;
	bool found;
	int status = open_all(admin, NULL, NULL);

	if (status == EXIT_ALLOWED)
		status = kept_on_server(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (find_tip(&r, commit, &found, &err) < 0)
		return admin_fail(admin, &err);
	if (!found)
		return refuse(admin,
		    arena_printf(admin->arena,
			"%s is not kept; 'stagegate kept' lists what is",
			text_clean_s(admin->arena, commit)));
	status = choose_name(&r, as);
	if (status != EXIT_ALLOWED)
		return status;
	if (admin->session.view.ref(admin->session.view.git, admin->arena,
		r.branch, &there, &err) < 0)
		return admin_fail(admin, &err);
	if (there.exists)
		return refuse(admin,
		    arena_printf(admin->arena,
			"%s exists, and stays as it is; choose another name "
			"with --as",
			r.branch));
	if (make(&r, &err) < 0)
		return admin_fail(admin, &err);
	print_made(&r);
	admin_flush(admin);
	print_next(&r);
	return EXIT_ALLOWED;
}
