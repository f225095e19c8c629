#include "open.h"

#include <string.h>

#include "base/text.h"
#include "gates/gate.h"
#include "git/policyobject.h"
#include "record/log.h"
#include "record/repoid.h"

#define LEDGER_POLICY "policy.yml"

const char *full_ref(struct arena *arena, const char *name)
{
	return str_prefix(name, "refs/")
	    ? name
	    : arena_printf(arena, "refs/heads/%s", name);
}

bool is_server(struct admin *admin)
{
	const char *id = NULL;
	struct err err;

	return repository_id_read(
		   admin->arena, admin->session.repo, &id, &err) == 0 &&
	    id != NULL;
}

int open_repository(struct admin *admin)
{
	struct err err;

	if (session_open_path(admin->arena, admin->dir, &admin->session, &err) <
	    0)
		return admin_fail(admin, &err);
	return EXIT_ALLOWED;
}

static int has_branches(
    struct admin *admin, const char *remote, bool *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct view_refs refs = { NULL, 0, 0 };

	if (view->refs_below(view->git, admin->arena,
		arena_printf(admin->arena, "refs/remotes/%s/", remote), &refs,
		err) < 0)
		return -1;
	*ret = refs.n > 0;
	return 0;
}

static int lay_remote(struct admin *admin, const char *named, struct err *err)
{
	const char *remote = named ? named : "origin";
	struct overlay *overlay;
	struct view *inner;
	bool found;

	if (has_branches(admin, remote, &found, err) < 0)
		return -1;
	if (!found && named)
		return err_set(err, ERR_NOTFOUND,
		    "nothing was fetched from a remote '%s'", named);
	if (!found)
		return 0; /* a mirror: branches have the server's names */
	overlay = ARENA_NEW(admin->arena, struct overlay);
	inner = ARENA_NEW(admin->arena, struct view);
	*inner = admin->session.view;
	overlay->remote = remote;
	overlay_view(overlay, inner, &admin->session.view);
	return 0;
}

int open_ledger(struct admin *admin, const char *remote)
{
	struct session *session = &admin->session;
	struct err err;
	int status = open_repository(admin);

	if (status != EXIT_ALLOWED)
		return status;
	if (session_open_ledger(session, &err) < 0)
		return admin_fail(admin, &err);
	admin->is_clone = !is_server(admin) &&
	    !oid_is_zero(ledger_tip(session->ledger));
	if (admin->is_clone && lay_remote(admin, remote, &err) < 0)
		return admin_fail(admin, &err);
	return EXIT_ALLOWED;
}

static int ledger_has_tip(struct admin *admin, const char *ref,
    const struct oid *tip, bool *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct view_entry_records entries = { NULL, 0, 0 };

	if (view->entries(view->ledger, admin->arena, ref, 1, &entries, err) <
	    0)
		return -1;
	*ret = entries.n && oid_eq(&entries.v[0].tip, tip);
	return 0;
}

void hint_to_fetch(struct admin *admin)
{
	admin_note(admin, "hint: ",
	    "the branches here are newer than the "
	    "ledger; fetch it too:");
	admin_note(
	    admin, "hint: ", "git fetch origin %s:%s", LEDGER_REF, LEDGER_REF);
}

int hint_if_stale(struct admin *admin, const char *ref,
    const struct view_ref *now, struct err *err)
{
	bool recorded = true;

	if (!admin->is_clone || !now->exists ||
	    !policy_stage_of_ref(admin->session.policy, ref, NULL))
		return 0;
	if (ledger_has_tip(admin, ref, &now->oid, &recorded, err) < 0)
		return -1;
	if (!recorded)
		hint_to_fetch(admin);
	return 0;
}

int need_ledger(struct admin *admin)
{
	struct session *session = &admin->session;
	const char *bare = NULL;
	struct err err;

	if (admin->is_clone || is_server(admin))
		return EXIT_ALLOWED;
	if (repo_config(session->repo, admin->arena, "core.bare", &bare, &err) <
	    0)
		return admin_fail(admin, &err);
	/* A bare repository may be the server's before its first push. */
	if (bare && strcmp(bare, "true") == 0)
		return EXIT_ALLOWED;
	admin_note(
	    admin, "error: ", "this is a clone without the server's ledger");
	admin_note(
	    admin, "hint: ", "git fetch origin %s:%s", LEDGER_REF, LEDGER_REF);
	return EXIT_UNDECIDED;
}

static int policy_of_ledger(struct admin *admin, struct err *err)
{
	struct session *session = &admin->session;
	struct policy_file file = { LEDGER_POLICY, NULL, 0 };
	struct policy_files included = { NULL, 0, 0 };

	if (log_policy(admin->arena, session->repo, ledger_tip(session->ledger),
		&file, &included, err) < 0)
		return -1;
	if (!file.text)
		return session_load_policy(session, NULL, err);
	session->policy = policy_parse_files(
	    admin->arena, &file, &included, &gate_forms, &session->diags);
	return 0;
}

static int load_policy(struct admin *admin, const char *file, struct err *err)
{
	struct session *session = &admin->session;

	if (file) {
		session->policy = policy_load(admin->arena, file, &gate_forms,
		    &policy_objects, POLICY_ANY, &session->diags);
		return 0;
	}
	return admin->is_clone ? policy_of_ledger(admin, err)
			       : session_load_policy(session, NULL, err);
}

int policy_is_invalid(struct admin *admin)
{
	struct buf text;

	buf_init(&text, admin->arena, ADMIN_OUTPUT_MAX);
	diags_print(&admin->session.diags, &text);
	admin_error_text(&text);
	return EXIT_POLICY;
}

int open_all(struct admin *admin, const char *file, const char *remote)
{
	struct err err;
	int status = open_ledger(admin, remote);

	if (status != EXIT_ALLOWED)
		return status;
	if (load_policy(admin, file, &err) < 0)
		return admin_fail(admin, &err);
	if (admin->session.policy)
		return EXIT_ALLOWED;
	/* A clone that lacks the ledger lacks the policy for the same reason.
	 */
	if (!file)
		status = need_ledger(admin);
	return status != EXIT_ALLOWED ? status : policy_is_invalid(admin);
}
