#ifndef JUDGE_PUSHCERT_H
#define JUDGE_PUSHCERT_H

#include "judge/push.h"
#include "judge/view.h"
#include "policy/model.h"

/*
 * Push certificates: what `git push --signed` hands in (gitprotocol-pack(5),
 * "push-cert").  git stores one as a blob and tells hooks about it in the
 * environment, whose word alone is worth nothing: anybody who can set
 * GIT_PUSH_CERT_STATUS=G could be anybody.  So the certificate itself is read
 * and has to hold:
 *
 *	- signed by a key of `people` that is valid now (judge/signer.h)
 *	- its commands are those of the push, in that order, and so are its
 *	  push options
 *	- its nonce is the one that git gave out for this push, with status OK
 *	- it was not recorded before
 *
 * The last also answers who could set the environment and show an old one.
 */
#define PUSH_CERT_MAX (PUSH_BYTES_MAX + ((size_t)4 << 20)) /* bytes */

struct push_cert {          /* GIT_PUSH_CERT and its fellows, githooks(5) */
	const char *blob;   /* NULL or empty: the push is not signed */
	const char *nonce;  /* that git gave out; NULL: none */
	const char *status; /* of the nonce: OK, SLOP, MISSING .. */
};

/*
 * *ret_person: whose push it is; NULL where push->pusher_problem says why that
 * can't be told, or where it is not signed.  Fills push->cert and
 * push->cert_key when it is.
 */
int push_cert_judge(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct push_cert *cert,
    struct push *push, const char **ret_person, struct err *err);

#endif
