#ifndef RECORD_SIGNKEY_H
#define RECORD_SIGNKEY_H

#include "git/repo.h"

/*
 * The server's key (policy: `ledger: {sign_key: FILE}`): each commit of the
 * ledger carries its SSH signature in a `gpgsig` header, in the namespace git,
 * so that `git verify-commit` and `stagegate verify` can tell what this server
 * wrote from what somebody else did with its files.
 *
 * FILE is a private key without passphrase, a regular file of root's or of the
 * account that runs the hooks, that group and others can neither read nor
 * write.  ssh-keygen signs (git/foreignsig.h says which).
 */

/* Could it sign?  Asked before a push is allowed: what can't be recorded must
 * not happen. */
int sign_key_check(
    struct arena *arena, struct repo *repo, const char *file, struct err *err);
/* The armour of a signature over the payload. */
int sign_key_sign(struct arena *arena, struct repo *repo, const char *file,
    const char *payload, size_t len, const char **ret_armour, struct err *err);

#endif
