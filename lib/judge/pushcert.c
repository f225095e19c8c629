#include "judge/pushcert.h"

#include <string.h>

#include "judge/certificate.h"
#include "judge/signer.h"

struct signing { /* who may have signed */
	const struct policy *policy;
	const struct view *view;
	int64_t now;
};

static const char *nonce_fault(
    const struct certificate *certificate, const struct push_cert *cert)
{
	if (!cert->nonce || !*cert->nonce)
		return "the server gave out no nonce: receive.certNonceSeed is "
		       "not set";
	if (!certificate->nonce || strcmp(certificate->nonce, cert->nonce) != 0)
		return "its nonce is not the one that was given out";
	if (!cert->status || strcmp(cert->status, "OK") != 0)
		return "its nonce is too old, or not of this server: push "
		       "again";
	return NULL;
}

/* NULL: the certificate is one of this very push. */
static const char *certificate_fault(struct arena *arena,
    const struct signed_text *text, const struct push_cert *cert,
    const struct push *push)
{
	struct certificate certificate;
	const char *fault = certificate_parse(
	    arena, text->payload[0].p, text->payload[0].len, &certificate);

	if (!fault)
		fault = nonce_fault(&certificate, cert);
	return fault ? fault : certificate_differs(&certificate, push);
}

static void refuse(struct arena *arena, struct push *push, const char *why)
{
	push->pusher_problem = arena_printf(
	    arena, "the push is signed, but %s", why);
}

static int read_blob(struct arena *arena, const struct view *view,
    const struct push_cert *cert, const char **ret_bytes, size_t *ret_len,
    struct push *push, struct err *err)
{
	enum object_kind kind = OBJECT_MISSING;
	uint64_t size;

	*ret_bytes = NULL;
	if (strlen(cert->blob) != OID_HEX ||
	    !oid_parse(cert->blob, &push->cert))
		return 0;
	if (view->kind(view->git, &push->cert, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_BLOB)
		return 0;
	return view->blob(view->git, arena, &push->cert, PUSH_CERT_MAX,
	    ret_bytes, ret_len, err);
}

/* A certificate speaks once, as a statement does. */
static int judge_replay(struct arena *arena, const struct view *view,
    const struct signed_text *text, const char *person, struct push *push,
    bool *ret_seen, struct err *err)
{
	push->cert_key = signed_text_key(arena, text, person);
	return view->seen(view->ledger, push->cert_key, ret_seen, err);
}

static int judge_signed(struct arena *arena, const struct signing *signing,
    const struct signed_text *text, struct push *push, const char **ret_person,
    struct err *err)
{
	struct signer signer;
	bool seen = false;

	if (signer_find(arena, signing->policy, signing->view, signing->now,
		text, &signer, err) < 0)
		return -1;
	if (signer.state != SIGNER_GOOD) {
		refuse(arena, push, signer.why);
		return 0;
	}
	if (judge_replay(arena, signing->view, text, signer.person->name, push,
		&seen, err) < 0)
		return -1;
	if (seen)
		refuse(arena, push, "its certificate was used before");
	else
		*ret_person = signer.person->name;
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): see pushcert.h */
int push_cert_judge(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct push_cert *cert,
    struct push *push, const char **ret_person, struct err *err)
{
	const struct signing signing = { policy, view, now };
	struct signed_text text;
	const char *bytes, *fault;
	size_t len = 0;

	*ret_person = NULL;
	if (!cert->blob || !*cert->blob)
		return 0;
	if (read_blob(arena, view, cert, &bytes, &len, push, err) < 0)
		return -1;
	if (!bytes) {
		refuse(arena, push, "its certificate is not there");
		return 0;
	}
	text = signed_tag(bytes, len, 0);
	fault = certificate_fault(arena, &text, cert, push);
	if (fault) {
		refuse(arena, push, fault);
		return 0;
	}
	return judge_signed(arena, &signing, &text, push, ret_person, err);
}
