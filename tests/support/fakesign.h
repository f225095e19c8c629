#ifndef SUPPORT_FAKESIGN_H
#define SUPPORT_FAKESIGN_H

#include "base/buf.h"
#include "judge/view.h"

/*
 * Keys and SSH signatures (OpenSSH's PROTOCOL.sshsig) for the tables, without
 * files: a key is made from its name, so that the same name is the same key in
 * every run.
 *
 *	alice		Ed25519
 *	sk.alice	the same in a security token that was touched
 *	sk.alice!	.. the same key, not touched
 *	rsa.alice	an RSA key, in form only: view->foreign_signature of the
 *			tables knows its signatures
 */

/* "ssh-ed25519 AAAA..", as it stands in a policy. */
const char *fakesign_line(struct arena *arena, const char *name);
/* The armour, which ends in a line break. */
const char *fakesign_armour(
    struct arena *arena, const char *name, const char *payload, size_t len);
/* "%key:NAME%" in a text becomes its line. */
const char *fakesign_fill(struct arena *arena, const char *text);

/* For struct view. */
int fakesign_foreign(void *git, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err);

#endif
