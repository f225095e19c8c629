#ifndef SETUP_CONFIGURE_H
#define SETUP_CONFIGURE_H

#include "git/repo.h"

/*
 * The settings of git that the hooks rely on, in a repository's config, a
 * template's or the system's:
 *
 *	receive.advertisePushOptions, receive.fsckObjects,
 *	receive.denyDeleteCurrent	true
 *	receive.certNonceSlop		60 (s), for signed pushes over http
 *	receive.hideRefs		the ledger and what is kept beside it
 *	uploadpack.hideRefs		the inbox of statements
 *	stagegate.policy, .host		where they are given
 *
 * In a repository also receive.certNonceSeed.  Signed pushes are bound to
 * this server by that secret: who knows it can make nonces, so it stands in a
 * file that only the hooks' account reads, stagegate/push-cert.config, which
 * the config includes.
 *
 * What was set is noted in the same file (stagegate.added KEY=VALUE, and
 * stagegate.replaced for what it had been), so that it can be undone where it
 * still is as it was set.  What hides refs stays: ledger, kept tips and inbox
 * outlast the hooks.
 */
struct configure {
	const char *policy; /* NULL: as it is */
	const char *host;   /* NULL: as it is */
};

/* Changes a config file. */
int configure_file(struct arena *arena, const char *path,
    const struct configure *what, bool *ret_changed, struct err *err);
/* The same for a repository, with its nonce seed. */
int configure_repository(struct arena *arena, struct repo *repo,
    const struct configure *what, bool *ret_changed, struct err *err);
/* Undoes it; in a file that was never changed so, nothing. */
int unconfigure_file(
    struct arena *arena, const char *path, bool *ret_changed, struct err *err);

/* One more setting, noted like those: core.hooksPath of the system's file. */
int configure_one(struct arena *arena, const char *path, const char *key,
    const char *value, bool *ret_changed, struct err *err);

#endif
