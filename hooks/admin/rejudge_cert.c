#include "rejudge.h"

#include <string.h>

#include "base/text.h"
#include "git/treestore.h"
#include "judge/certificate.h"
#include "judge/signer.h"

/*
 * The certificate of a signed push, once more: signed by the person whom the
 * record names, with a key that the policy of then knew, for just these moves.
 * The nonce is the server's and can't be shown.
 */

static bool names(
    const struct certificate *certificate, const struct log_update *update)
{
	for (size_t i = 0; i < certificate->updates.n; i++) {
		const struct update *signed_for = &certificate->updates.v[i];

		if (strcmp(signed_for->ref, update->ref) == 0 &&
		    oid_eq(&signed_for->old, &update->old) &&
		    oid_eq(&signed_for->new, &update->new))
			return true;
	}
	return false;
}

/* What git did not move in the end is not recorded. */
static void check_moves(const struct rejudge_push *push,
    const struct signed_text *text, struct complaints *list)
{
	const struct log_record *record = push->record->record;
	struct certificate certificate;
	const char *fault = certificate_parse(push->arena, text->payload[0].p,
	    text->payload[0].len, &certificate);

	if (fault) {
		complain(push, list, VERIFY_FINDING,
		    "its push certificate can't be read: %s", fault);
		return;
	}
	for (size_t i = 0; i < record->updates.n; i++)
		if (!names(&certificate, &record->updates.v[i]))
			complain(push, list, VERIFY_FINDING,
			    "its push certificate was not made for %s",
			    record->updates.v[i].ref);
}

int rejudge_certificate(
    struct rejudge_push *push, struct complaints *ret, struct err *err)
{
	const struct log_record *record = push->record->record;
	struct signed_text text;
	struct signer signer;
	const char *bytes;
	size_t len;

	if (!record->certificate)
		return 0;
	if (treestore_read(ledger_tree(push->record->after), push->arena,
		ledger_path(push->arena, "certificates/", record->certificate),
		&bytes, &len, NULL, err) < 0)
		return -1;
	if (!bytes)
		return 0; /* a finding says so */
	text = signed_tag(bytes, len, 0);
	if (signer_find(push->arena, push->policy, push->git, record->at, &text,
		&signer, err) < 0)
		return -1;
	if (signer.state != SIGNER_GOOD)
		complain(push, ret, VERIFY_FINDING,
		    "its push certificate does not show who pushed: %s",
		    signer.why);
	else if (strcmp(signer.person->name, record->pusher) != 0)
		complain(push, ret, VERIFY_FINDING,
		    "its push certificate is signed by %s, not by %s",
		    text_clean_s(push->arena, signer.person->name),
		    record->pusher);
	check_moves(push, &text, ret);
	return 0;
}
