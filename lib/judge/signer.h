#ifndef JUDGE_SIGNER_H
#define JUDGE_SIGNER_H

#include "base/digest.h"
#include "judge/commit.h"
#include "judge/sigblock.h"
#include "judge/view.h"
#include "policy/model.h"

/*
 * Whose signature is it?  One way for everything that people sign: statements,
 * release tags, commits and push certificates.
 *
 *	signed_tag(bytes, len, message, &text);     or signed_commit(..)
 *	if (signer_find(arena, policy, view, now, &text, &signer, err) < 0)
 *		return -1;
 *	if (signer.state == SIGNER_GOOD) -> signer.person
 *
 * Signatures are SSHSIG (base/sshsig.h) in the namespace `git`, by a key that
 * stands in `people` and is valid now, by the server's time: the date inside
 * an object never decides.  Ed25519 keys are verified here, others by
 * ssh-keygen through the view.  OpenPGP signatures are not supported, which is
 * told in these words.
 */
enum signer_state {
	SIGNER_NONE,    /* no signature */
	SIGNER_BAD,     /* malformed, wrong, not SSH, without the touch */
	SIGNER_UNKNOWN, /* by a key of nobody in `people` */
	SIGNER_INVALID, /* by a key that is not valid now */
	SIGNER_GOOD
};

struct signer {
	enum signer_state state;
	const char *why; /* a sentence without full stop, NULL when good */
	const struct person *person; /* GOOD and INVALID, else NULL */
	const char *fingerprint;     /* "SHA256:..", of the key that signed;
				      * NULL where it could not be read */
};

/* What was signed, and the signature.  Everything points into the object. */
struct signed_text {
	struct digest_part payload[2];
	size_t nparts;
	const char *armour; /* NULL: unsigned */
	size_t armour_len;
	size_t blocks; /* signatures in it */
};

/* Of a tag object or a push certificate; message: where its text begins.
 * bytes are NUL-terminated beyond len. */
struct signed_text signed_tag(const char *bytes, size_t len, size_t message);
struct signed_text signed_commit(const struct commit *commit);

/* By which a repetition is known: SHA-256 of what was signed, a NUL and the
 * person that it speaks for, 40 hex digits. */
const char *signed_text_key(
    struct arena *arena, const struct signed_text *text, const char *person);

int signer_find(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct signed_text *text,
    struct signer *ret, struct err *err);

/* The fingerprint of the key in a recorded statement's signature, or NULL:
 * nothing is verified. */
const char *signature_fingerprint(
    struct arena *arena, const char *armour, size_t len);

#endif
