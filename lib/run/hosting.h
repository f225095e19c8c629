#ifndef RUN_HOSTING_H
#define RUN_HOSTING_H

#include "run/identity.h"
#include "run/session.h"

/*
 * What serves the repository: `git config stagegate.host`, of the repository
 * or of the system, one of
 *
 *	plain ssh http gitolite gitea forgejo gitlab github-enterprise
 *
 * and plain where it is not set.  A host calls hooks in ways of its own; these
 * matter to us:
 *
 *   gitolite  keeps the update hook for itself and starts ours from there as
 *             VREF/stagegate, which an administrator's
 *             GL_BYPASS_ACCESS_CHECKS, or a rule that somebody forgot, leaves
 *             out (Gitolite/Hooks/Update.pm).  So pre-receive keeps old tips.
 *   github-enterprise  runs no update hook at all: the same.
 *   gitlab    shows in its web pages only those lines of a hook that failed
 *             which begin with GL-HOOK-ERR:
 *             (docs.gitlab.com/administration/server_hooks).
 */
enum hosting {
	HOST_PLAIN,
	HOST_SSH,
	HOST_HTTP,
	HOST_GITOLITE,
	HOST_GITEA,
	HOST_FORGEJO,
	HOST_GITLAB,
	HOST_GITHUB_ENTERPRISE
};

/* The one list of their names; what the installer knows of each besides is in
 * setup/hosts.h. */
const char *hosting_name(enum hosting hosting);
const char *hosting_names(struct arena *arena); /* "plain, ssh, .." */
/* False: none is called so. */
bool hosting_parse(const char *name, enum hosting *ret);

/* Reads it.  Another value is ERR_FORMAT, and what it is instead is said. */
int hosting_find(struct session *session, enum hosting *ret, struct err *err);

/* May a ref move past update?  The environment can only add to it: it never
 * makes a hook do less. */
bool hosting_skips_update(
    enum hosting hosting, const struct environment *environment);

/* What the host wants before each line of a refusal, or NULL. */
const char *hosting_refusal_prefix(enum hosting hosting);

#endif
