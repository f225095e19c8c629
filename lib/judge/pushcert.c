#include "judge/pushcert.h"

#include <string.h>

#include "base/text.h"
#include "judge/signer.h"

struct certificate { /* read */
	const char *nonce;
	struct strings options;
	const char *commands;
	size_t commands_len;
};

struct reading {
	struct arena *arena;
	const struct push *push;
	const char *p, *end; /* what is left of the signed text */
	struct certificate read;
};

/* Takes the line "<key> <value>"; false: it is another one. */
static bool take(struct reading *r, const char *key, const char **ret)
{
	size_t len = strlen(key);
	const char *eol = memchr(r->p, '\n', (size_t)(r->end - r->p));

	if (!eol || (size_t)(eol - r->p) <= len ||
	    memcmp(r->p, key, len) != 0 || r->p[len] != ' ')
		return false;
	*ret = arena_strndup(
	    r->arena, r->p + len + 1, (size_t)(eol - r->p) - len - 1);
	r->p = eol + 1;
	return true;
}

/* NULL, or what is wrong with it. */
static const char *read_certificate(struct reading *r)
{
	const char *value = NULL;

	if (!take(r, "certificate version", &value) ||
	    strcmp(value, "0.1") != 0)
		return "it is not of version 0.1";
	if (!take(r, "pusher", &value))
		return "it names no pusher";
	(void)take(r, "pushee", &value); /* where the pusher thought it goes */
	(void)take(r, "nonce", &r->read.nonce);
	while (take(r, "push-option", &value))
		ARRAY_PUSH(r->arena, &r->read.options, value);
	if (r->p == r->end || *r->p != '\n')
		return "its head holds a line that does not belong there";
	r->read.commands = r->p + 1;
	r->read.commands_len = (size_t)(r->end - r->p - 1);
	return NULL;
}

static bool same_commands(struct reading *r)
{
	const struct updates *pushed = &r->push->updates;
	struct updates signed_for = { 0 };
	struct err err;

	if (updates_parse(r->arena, r->read.commands, r->read.commands_len,
		&signed_for, &err) < 0 ||
	    signed_for.n != pushed->n)
		return false;
	for (size_t i = 0; i < pushed->n; i++)
		if (strcmp(signed_for.v[i].ref, pushed->v[i].ref) != 0 ||
		    !oid_eq(&signed_for.v[i].old, &pushed->v[i].old) ||
		    !oid_eq(&signed_for.v[i].new, &pushed->v[i].new))
			return false;
	return true;
}

static bool same_options(const struct reading *r)
{
	const struct strings *pushed = &r->push->options;

	if (r->read.options.n != pushed->n)
		return false;
	for (size_t i = 0; i < pushed->n; i++)
		if (strcmp(r->read.options.v[i], pushed->v[i]) != 0)
			return false;
	return true;
}

static const char *nonce_fault(
    const struct reading *r, const struct push_cert *cert)
{
	if (!cert->nonce || !*cert->nonce)
		return "the server gave out no nonce: receive.certNonceSeed is "
		       "not set";
	if (!r->read.nonce || strcmp(r->read.nonce, cert->nonce) != 0)
		return "its nonce is not the one that was given out";
	if (!cert->status || strcmp(cert->status, "OK") != 0)
		return "its nonce is too old, or not of this server: push "
		       "again";
	return NULL;
}

/* NULL: the certificate is one of this very push. */
static const char *certificate_fault(
    struct reading *r, const struct push_cert *cert)
{
	const char *fault = read_certificate(r);

	if (!fault)
		fault = nonce_fault(r, cert);
	if (!fault && !same_commands(r))
		fault = "its commands are not those of the push";
	if (!fault && !same_options(r))
		fault = "its push options are not those of the push";
	return fault;
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
	if (strlen(cert->blob) != OID_HEX || !oid_parse(cert->blob, &push->cert))
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

/* NOLINTNEXTLINE(readability-function-size): see pushcert.h */
int push_cert_judge(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct push_cert *cert,
    struct push *push, const char **ret_person, struct err *err)
{
	struct reading r = { .arena = arena, .push = push };
	struct signed_text text;
	struct signer signer;
	const char *bytes, *fault;
	bool seen = false;
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
	r.p = bytes;
	r.end = bytes + text.payload[0].len;
	fault = certificate_fault(&r, cert);
	if (fault) {
		refuse(arena, push, fault);
		return 0;
	}
	if (signer_find(arena, policy, view, now, &text, &signer, err) < 0)
		return -1;
	if (signer.state != SIGNER_GOOD) {
		refuse(arena, push, signer.why);
		return 0;
	}
	if (judge_replay(arena, view, &text, signer.person->name, push, &seen,
		err) < 0)
		return -1;
	if (seen)
		refuse(arena, push, "its certificate was used before");
	else
		*ret_person = signer.person->name;
	return 0;
}
