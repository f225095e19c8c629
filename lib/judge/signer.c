#include "judge/signer.h"

#include <string.h>

#include "base/num.h"
#include "base/sshsig.h"
#include "base/text.h"

#define REPLAY_KEY_HEX 40 /* digits of a SHA-256 that name things */

struct signed_text signed_tag(const char *bytes, size_t len, size_t message)
{
	struct signed_text text = { .nparts = 1 };
	struct sigblock block;

	sigblock_find(bytes, len, message, &block);
	text.payload[0] = (struct digest_part){ bytes, block.at };
	text.blocks = block.blocks;
	if (block.blocks > 0) {
		text.armour = bytes + block.at;
		text.armour_len = len - block.at;
	}
	return text;
}

struct signed_text signed_commit(const struct commit *commit)
{
	struct signed_text text = { .nparts = 2 };

	if (!commit->gpgsig)
		return text;
	text.payload[0] = commit->payload[0];
	text.payload[1] = commit->payload[1];
	text.armour = commit->gpgsig;
	text.armour_len = strlen(commit->gpgsig);
	text.blocks = 1;
	return text;
}

const char *signed_text_key(
    struct arena *arena, const struct signed_text *text, const char *person)
{
	const struct digest_part parts[] = {
		text->payload[0],
		text->payload[1], /* empty in tags and certificates */
		{ "", 1 },        /* so that the two can't run together */
		{ person, strlen(person) },
	};

	return arena_strndup(
	    arena, sha256_hex(arena, parts, 4), REPLAY_KEY_HEX);
}

static void refuse(struct signer *ret, enum signer_state state, const char *why)
{
	ret->state = state;
	ret->why = why;
}

/* Is it there, one, and of our kind?  sig is filled when true. */
static bool read_signature(struct arena *arena, const struct signed_text *text,
    struct sshsig *sig, struct signer *ret)
{
	const char *fault;

	if (!text->armour) {
		refuse(ret, SIGNER_NONE, "it is not signed");
		return false;
	}
	if (text->blocks > 1) {
		refuse(ret, SIGNER_BAD, "it holds more than one signature");
		return false;
	}
	if (!str_prefix(text->armour, SSHSIG_BEGIN)) {
		refuse(ret, SIGNER_BAD,
		    "its signature is not an SSH one: OpenPGP and X.509 are "
		    "not supported, sign with `git config gpg.format ssh`");
		return false;
	}
	fault = sshsig_parse(arena, text->armour, text->armour_len, sig);
	if (fault) {
		refuse(ret, SIGNER_BAD,
		    arena_printf(arena, "its signature can't be used: %s",
			text_clean_s(arena, fault)));
		return false;
	}
	ret->fingerprint = sig->key.fingerprint;
	return true;
}

static int verify(struct arena *arena, const struct view *view,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err)
{
	if (sig->key.kind != SSH_KEY_FOREIGN) {
		*ret_good = !sshsig_verify(sig, text->payload, text->nparts);
		return 0;
	}
	return view->foreign_signature(
	    view->git, arena, text, sig, ret_good, err);
}

/* NULL: the key may be used now. */
static const char *validity_fault(
    struct arena *arena, const struct person_key *key, int64_t now)
{
	if (key->has_revoked && now >= key->revoked)
		return arena_printf(arena, "was revoked at %s",
		    time_format(arena, key->revoked));
	if (key->has_from && now < key->from)
		return arena_printf(arena, "is valid from %s only",
		    time_format(arena, key->from));
	if (key->has_until && now >= key->until)
		return arena_printf(arena, "was valid until %s",
		    time_format(arena, key->until));
	return NULL;
}

/* The signature is sound: whose key is it, and may it be used? */
static void find_person(struct arena *arena, const struct policy *policy,
    int64_t now, const struct sshsig *sig, struct signer *ret)
{
	const struct person_key *key = policy_key(policy, sig->key.fingerprint);
	const char *fault, *name;

	if (!key) {
		refuse(ret, SIGNER_UNKNOWN,
		    arena_printf(arena,
			"it is signed by the key %s, which is nobody's in "
			"`people`",
			sig->key.fingerprint));
		return;
	}
	ret->person = &policy->people[key->person];
	name = text_clean_s(arena, ret->person->name);
	fault = validity_fault(arena, key, now);
	if (fault) {
		refuse(ret, SIGNER_INVALID,
		    arena_printf(arena, "the key %s of %s %s",
			sig->key.fingerprint, name, fault));
	} else if (key->touch && !sshsig_touched(sig)) {
		ret->person = NULL;
		refuse(ret, SIGNER_BAD,
		    arena_printf(arena,
			"it was signed without touching the token of %s",
			name));
	} else {
		ret->state = SIGNER_GOOD;
		ret->why = NULL;
	}
}

int signer_find(struct arena *arena, const struct policy *policy,
    const struct view *view, int64_t now, const struct signed_text *text,
    struct signer *ret, struct err *err)
{
	struct sshsig sig;
	bool good = false;

	*ret = (struct signer){ .state = SIGNER_BAD,
		.why = "its signature was not verified" };
	if (!read_signature(arena, text, &sig, ret))
		return 0;
	if (verify(arena, view, text, &sig, &good, err) < 0)
		return -1;
	if (good)
		find_person(arena, policy, now, &sig, ret);
	else
		refuse(ret, SIGNER_BAD,
		    arena_printf(arena,
			"its signature is not that of the key %s over these "
			"bytes",
			sig.key.fingerprint));
	return 0;
}

const char *signature_fingerprint(
    struct arena *arena, const char *armour, size_t len)
{
	struct sshsig sig;

	return sshsig_parse(arena, armour, len, &sig) ? NULL
						      : sig.key.fingerprint;
}
