#include "run/session.h"

#include <string.h>

#include "base/clock.h"
#include "gates/gate.h"
#include "git/policyobject.h"

#define POLICY_FILE STAGEGATE_SYSCONFDIR "/stagegate/policy.yml"

static void session_start(struct arena *arena, struct session *session)
{
	memset(session, 0, sizeof(*session));
	session->arena = arena;
	session->now = clock_now();
	diags_init(&session->diags, arena);
}

int session_open_hook(struct arena *arena, struct session *ret, struct err *err)
{
	session_start(arena, ret);
	return repo_open_hook(arena, &ret->repo, err);
}

int session_open_path(
    struct arena *arena, const char *path, struct session *ret, struct err *err)
{
	session_start(arena, ret);
	return repo_open_path(arena, path, &ret->repo, err);
}

int session_policy_path(
    struct session *session, const char **ret_path, struct err *err)
{
	const char *path = NULL;

	if (repo_config(session->repo, session->arena, "stagegate.policy",
		&path, err) < 0)
		return -1;
	*ret_path = path && *path ? path : POLICY_FILE;
	return 0;
}

int session_load_policy(
    struct session *session, const char *path, struct err *err)
{
	if (!path && session_policy_path(session, &path, err) < 0)
		return -1;
	session->policy = policy_load(session->arena, path, &gate_forms,
	    &policy_objects, POLICY_TRUSTED, &session->diags);
	return 0;
}

int session_open_ledger(struct session *session, struct err *err)
{
	gitview_free(session->gitview);
	session->gitview = NULL;
	memset(&session->view, 0, sizeof(session->view));
	session->gitview = gitview_new(
	    session->arena, session->repo, &session->view);
	if (ledger_open(session->arena, session->repo, &session->ledger, err) <
		0 ||
	    ledger_view(session->ledger, session->arena, session->repo,
		&session->view, err) < 0)
		return -1;
	/* Recorded times never decrease, so neither does the judge's. */
	session->now = clock_now();
	if (session->now < ledger_time(session->ledger))
		session->now = ledger_time(session->ledger);
	return 0;
}

void session_close(struct session *session)
{
	commands_close(session->commands);
	gitview_free(session->gitview);
	repo_close(session->repo);
	session->commands = NULL;
	session->gitview = NULL;
	session->repo = NULL;
}
