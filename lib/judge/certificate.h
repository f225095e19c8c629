#ifndef JUDGE_CERTIFICATE_H
#define JUDGE_CERTIFICATE_H

#include "judge/push.h"

/*
 * A push certificate, read (gitprotocol-pack(5), "push-cert"):
 *
 *	certificate version 0.1
 *	pusher <key or ident> <seconds> <zone>
 *	pushee <url>
 *	nonce <nonce>
 *	push-option <option>		any number of them
 *
 *	<old> <new> <ref>		the commands
 *	-----BEGIN SSH SIGNATURE-----
 *
 * pushee and nonce may be missing.  What the pusher's line says is not looked
 * at: whose push it is the signature tells.
 */
struct certificate {
	const char *nonce; /* NULL: none */
	struct strings options;
	struct updates updates;
};

/* bytes: up to the signature, len of them.  NULL with *ret filled in, or what
 * is wrong, in words that follow "a certificate: ". */
const char *certificate_parse(struct arena *arena, const char *bytes,
    size_t len, struct certificate *ret);

/* Does it name the very commands and push options of the push, in that order?
 * NULL: it does; else what differs. */
const char *certificate_differs(
    const struct certificate *certificate, const struct push *push);

#endif
