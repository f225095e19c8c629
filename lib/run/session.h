#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "git/gitview.h"
#include "git/repo.h"
#include "judge/judge.h"
#include "policy/load.h"
#include "record/ledger.h"
#include "run/children.h"
#include "run/commands.h"

/*
 * What every program of the suite puts together before it can ask the judge:
 * repository, policy, ledger, view, time.
 */
struct session {
	struct arena *arena;
	struct repo *repo;
	struct policy *policy;
	struct diags diags;
	struct ledger *ledger;
	struct gitview *gitview;
	struct view view;
	struct commands *commands; /* made by who judges a push, or NULL */
	struct children *children; /* there with the ledger */
	int64_t now; /* never before the newest time in the ledger */
};

/* Opens the repository of a hook and reads its policy. */
int session_open_hook(
    struct arena *arena, struct session *ret, struct err *err);
/* Opens by path for the command. */
int session_open_path(struct arena *arena, const char *path,
    struct session *ret, struct err *err);
/* Path of policy.yml: `git config stagegate.policy`, repository then system,
 * else SYSCONFDIR/stagegate/policy.yml. */
int session_policy_path(
    struct session *session, const char **ret_path, struct err *err);
/* Loads it; policy stays NULL and diags say why when it is wrong (0 then
 * too). */
int session_load_policy(
    struct session *session, const char *path, struct err *err);
/* Opens ledger and view (again, after something was appended). */
int session_open_ledger(struct session *session, struct err *err);
void session_close(struct session *session);

#endif
