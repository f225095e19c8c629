#ifndef BASE_SSHSIG_H
#define BASE_SSHSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/sshkey.h"

/*
 * SSH signatures as git makes them (gpg.format=ssh), in the format of
 * OpenSSH's PROTOCOL.sshsig; those of security tokens as in PROTOCOL.u2f.
 *
 *	if ((wrong = sshsig_parse(arena, armour, len, &sig)))
 *		.. malformed: say so
 *	.. is sig.key a key of somebody?  nothing is worth anything before that
 *	if (sig.key.kind == SSH_KEY_FOREIGN)
 *		sshkeygen_verify(..)
 *	else if ((wrong = sshsig_verify(&sig, payload, n)))
 *		.. not good
 *
 * Where OpenSSH is lenient this is not, so that a signature has one spelling:
 * it refuses version 0, anything in the `reserved` field, a NUL behind a name,
 * CR or blanks in the armour, bytes after it, base64 with unused bits, numbers
 * with superfluous zeros, Ed25519 signatures with S not reduced, RSA keys
 * under 2048 bits, and any namespace but SSHSIG_NAMESPACE.
 */
#define SSHSIG_BEGIN "-----BEGIN SSH SIGNATURE-----"
#define SSHSIG_END "-----END SSH SIGNATURE-----"
#define SSHSIG_NAMESPACE "git"
#define SSHSIG_ARMOUR_MAX 8192u /* bytes */

struct sshsig {
	const char *armour; /* that it was read from */
	size_t armour_len;
	struct ssh_key key;     /* that it claims: see ssh_key_parse_claim */
	const char *name_space; /* SSHSIG_NAMESPACE */
	const char *hash;       /* of the payload: "sha256" or "sha512" */
	const char *type;       /* "ssh-ed25519", "rsa-sha2-512" .. */
	const unsigned char *signature;
	size_t signature_len;
	unsigned char flags; /* of sk- keys; see sshsig_touched */
	uint32_t counter;    /* of sk- keys */
};

/*
 * Reads one armoured signature: SSHSIG_BEGIN, lines of base64, SSHSIG_END, each
 * on a line of its own that ends in LF; the last LF may be missing, and nothing
 * may follow.  Returns NULL with *ret filled in, its members in the arena; or
 * what is wrong with it, in words that follow "an SSH signature: ", with *ret
 * untouched.  This says nothing about whether it is good.
 */
const char *sshsig_parse(
    struct arena *arena, const char *armour, size_t len, struct sshsig *ret);

/*
 * Is it good for the payload, which is the concatenation of its parts, and the
 * key that it names?  NULL: yes; else why not, in words that follow "an SSH
 * signature: ".  Never yes where the key is FOREIGN.
 */
const char *sshsig_verify(
    const struct sshsig *sig, const struct digest_part *payload, size_t n);

/* Did somebody touch the token for it?  False where the key is in none. */
bool sshsig_touched(const struct sshsig *sig);

#endif
