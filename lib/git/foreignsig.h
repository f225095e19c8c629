#ifndef GIT_FOREIGNSIG_H
#define GIT_FOREIGNSIG_H

#include "base/sshsig.h"
#include "git/repo.h"
#include "judge/signer.h"

/*
 * Signatures by keys that are not Ed25519 (RSA, ECDSA): ssh-keygen is asked,
 * by absolute path: `git config stagegate.sshKeygen`, repository then system,
 * else /usr/bin/ssh-keygen.  It is given files in a private folder that is
 * gone afterwards.
 */
int foreign_signature_verify(struct repo *repo, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err);
/* The program's path; ERR_NOTFOUND says what to install or set. */
int ssh_keygen_find(
    struct repo *repo, struct arena *arena, const char **ret, struct err *err);

#endif
