#ifndef BASE_SSHKEYGEN_H
#define BASE_SSHKEYGEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sshsig.h"

/*
 * ssh-keygen (OpenSSH 8.2 or later), for what libsodium cannot do: verifying
 * signatures of RSA and ECDSA keys, and signing with a server's key file.
 *
 * `program` is its absolute path.  It runs without a shell, with an empty
 * environment (so no agent and no askpass is used) and at most
 * SSHKEYGEN_TIMEOUT_MS.
 */
#define SSHKEYGEN_TIMEOUT_MS 10000u

/*
 * Is sig, as sshsig_parse read it, a good signature by the key that it names
 * for the payload, the concatenation of its parts?  0 with *ret_good; -1 when
 * it could not be found out: ERR_NOTFOUND where there is no such program,
 * ERR_LIMIT where it took too long, ERR_IO for all else.
 *
 * Two files are needed for it, mode 0600, in `dir`: the absolute path of a
 * directory in which nobody else may write.  They have unique names and are
 * gone when this returns.
 */
int sshkeygen_verify(struct arena *arena, const char *program, const char *dir,
    const struct sshsig *sig, const struct digest_part *payload, size_t n,
    bool *ret_good, struct err *err);

/*
 * Signs with the private key in key_file (an absolute path; without a
 * passphrase, not readable by others), in SSHSIG_NAMESPACE.  *ret_armour is
 * the armour, in the arena, with its last line break, and has been parsed.
 */
int sshkeygen_sign(struct arena *arena, const char *program,
    const char *key_file, const char *payload, size_t len,
    const char **ret_armour, struct err *err);

#endif
