#include "record/verifywork.h"

#include <string.h>

#include "base/sshsig.h"
#include "git/foreignsig.h"
#include "judge/signer.h"

/*
 * The server's signature of a commit (record/signkey.h).  Whose key it has to
 * be is said by who verifies; else it is that of the first signed commit, and
 * told, so that somebody can compare it.
 *
 * A record must be signed where its policy wants it.  Where the key was given,
 * so must be all that come after the first signed one: a forged policy could
 * have stopped asking.
 */

static bool is_wanted(const struct verify_entry *entry)
{
	const struct verify_run *run = entry->run;

	return entry->wants_signature ||
	    (run->sink->server_key && run->count.nsigned > 0);
}

static int check_good(const struct verify_entry *entry,
    const struct signed_text *text, const struct sshsig *sig, bool *ret,
    struct err *err)
{
	if (sig->key.kind == SSH_KEY_FOREIGN)
		return foreign_signature_verify(
		    entry->run->repo, entry->arena, text, sig, ret, err);
	*ret = !sshsig_verify(sig, text->payload, text->nparts);
	return 0;
}

static void check_key(struct verify_entry *entry, const struct ssh_key *key)
{
	struct verify_run *run = entry->run;
	const struct ssh_key *given = run->sink->server_key;

	if (!run->count.key)
		run->count.key = arena_strdup(
		    run->arena, given ? given->fingerprint : key->fingerprint);
	if (strcmp(run->count.key, key->fingerprint) != 0)
		verify_find(entry,
		    "it is signed by the key %s, the server's is %s",
		    key->fingerprint, run->count.key);
	else
		run->count.nsigned++;
}

int verify_signature(struct verify_entry *entry, struct err *err)
{
	const struct signed_text text = signed_commit(&entry->commit);
	const char *fault;
	struct sshsig sig;
	bool good = false;

	if (!text.armour) {
		if (is_wanted(entry))
			verify_find(entry, "it lacks the server's signature");
		return 0;
	}
	fault = sshsig_parse(entry->arena, text.armour, text.armour_len, &sig);
	if (fault) {
		verify_find(entry, "its signature can't be used: %s", fault);
		return 0;
	}
	if (check_good(entry, &text, &sig, &good, err))
		return -1;
	if (good)
		check_key(entry, &sig.key);
	else
		verify_find(entry,
		    "its signature is not that of the key %s over this record",
		    sig.key.fingerprint);
	return 0;
}
