#ifndef SUPPORT_SSHBLOB_H
#define SUPPORT_SSHBLOB_H

#include <stdint.h>

#include "base/buf.h"
#include "base/process.h"

/*
 * SSH keys and signatures for tests: by ssh-keygen in the working directory, or
 * put together from their fields, so that each field can be wrong.
 */
#define SSH_KEYGEN "/usr/bin/ssh-keygen"

/* RFC 4251, section 5. */
void blob_u8(struct buf *blob, unsigned value);
void blob_u32(struct buf *blob, uint32_t value);
void blob_string(struct buf *blob, const void *p, size_t len);
void blob_cstring(struct buf *blob, const char *s);

/* "TYPE BASE64" of a key's blob; the armour around a signature's. */
const char *blob_line(const char *type, const struct buf *blob);
const char *blob_armour(const void *p, size_t len);
/* What is in an armour; *ret_len bytes. */
const unsigned char *blob_of_armour(const char *armour, size_t *ret_len);

/* Runs a command line of it, to its end. */
struct process_result keygen_run(
    const char *const *argv, const void *input, size_t len);
/* Makes the files NAME and NAME.pub, without passphrase; bits NULL: the usual.
 * Returns the line of the public key. */
const char *keygen_make(const char *type, const char *bits, const char *name);
/* What `ssh-keygen -Y sign` makes of a payload; hash: "sha256", "sha512". */
const char *keygen_sign(const char *name, const char *name_space,
    const char *hash, const char *payload);
/* Does `ssh-keygen -Y verify` take it, where that key may sign for git? */
bool keygen_verifies(const char *key_line, const void *armour, size_t len,
    const void *payload, size_t payload_len);

/*
 * A signature put together by hand with a key made from a seed.  A member that
 * is 0 or NULL means what is right.
 */
struct forgery {
	unsigned char seed;
	bool token; /* sk-ssh-ed25519@openssh.com instead of ssh-ed25519 */
	const char *application; /* "ssh:" */
	const char *magic;
	unsigned version;       /* 1; VERSION_0 for 0 */
	const char *name_space; /* that is signed and said */
	const char *said_space; /* that is said */
	size_t said_space_len;
	const char *reserved; /* said, never signed */
	const char *hash;     /* said; the payload is hashed with it if known */
	const char *sig_type, *said_key_type;
	unsigned char flags; /* 1; FLAGS_0 for 0 */
	uint32_t counter;
	const char *after_key, *after_bytes, *after_signature, *after_all;
	bool sum_not_reduced; /* S + L in place of S */
	size_t drop;          /* bytes of the 64 */
	bool small_order;     /* the key is the neutral point, R too, S is 0 */
};
#define VERSION_0 ~0u
#define FLAGS_0 0x80 /* one that is otherwise not used here */

const char *forge_key_line(const struct forgery *forgery);
const char *forge(const struct forgery *forgery, const char *payload);

#endif
