#ifndef BASE_SSHKEY_H
#define BASE_SSHKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Public keys of SSH: RFC 4253, section 6.6 (RSA), RFC 5656, section 3.1
 * (ECDSA), RFC 8709, section 4 (Ed25519), OpenSSH's PROTOCOL.u2f (keys that
 * live in a security token, whose types begin with `sk-`).
 *
 * A key has one spelling here, so that two keys are the same when their blobs
 * are: lengths are exact, numbers have no superfluous zeros, nothing follows.
 * An Ed25519 point must be canonical and in the group that private keys make;
 * one of small order, for which anybody can make signatures, is refused.
 *
 * Taken: ssh-ed25519, sk-ssh-ed25519@openssh.com, ssh-rsa from SSH_RSA_BITS_MIN
 * on, ecdsa-sha2-nistp256, -nistp384, -nistp521, and
 * sk-ecdsa-sha2-nistp256@openssh.com.  Of the last five only the form is known
 * here; whether an ECDSA point is on its curve ssh-keygen says, which alone
 * verifies what they sign (base/sshkeygen.h).
 */
#define SSH_KEY_BLOB_MAX 4096u  /* bytes */
#define SSH_KEY_LINE_MAX 8192u  /* bytes */
#define SSH_RSA_BITS_MIN 2048u  /* less is within reach; OpenSSH has 1024 */
#define SSH_RSA_BITS_MAX 16384u /* as in OpenSSH */
#define SSH_ED25519_POINT 32u   /* bytes */

enum ssh_key_kind {
	SSH_KEY_ED25519,
	SSH_KEY_SK_ED25519,
	SSH_KEY_FOREIGN /* RSA, ECDSA, sk-ecdsa: left to ssh-keygen */
};

struct ssh_key {
	enum ssh_key_kind kind;
	const char *type; /* "ssh-ed25519"; static */
	const char *line; /* "ssh-ed25519 AAAA..": type, base64, no comment */
	const char *fingerprint; /* "SHA256:..", as `ssh-keygen -l` shows it */
	const unsigned char *blob;
	size_t blob_len;
	const unsigned char *point; /* within blob; NULL where FOREIGN */
	const char *application;    /* of sk- keys, mostly "ssh:"; else NULL */
};

/*
 * Reads "TYPE BASE64 [COMMENT]", a line of an .pub file without its line break;
 * the words are separated by blanks.  Returns NULL with *ret filled in, its
 * members in the arena; or what is wrong with it, in words that follow "a
 * public key: ", with *ret untouched.
 */
const char *ssh_key_parse(
    struct arena *arena, const char *line, struct ssh_key *ret);
/* The same for the bytes that the base64 stands for, which are copied. */
const char *ssh_key_parse_blob(struct arena *arena, const unsigned char *blob,
    size_t len, struct ssh_key *ret);
/* The same for the key that a signature names, which counts for nothing until
 * it is found equal to one that was read by the above: whether an Ed25519 point
 * is in its group is not asked, for that takes as long as verifying. */
const char *ssh_key_parse_claim(struct arena *arena, const unsigned char *blob,
    size_t len, struct ssh_key *ret);

bool ssh_key_eq(const struct ssh_key *a, const struct ssh_key *b);

#endif
