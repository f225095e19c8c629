#include "record/ledgerwork.h"

#include <string.h>

#include "base/digest.h"
#include "git/treestore.h"
#include "judge/signer.h"
#include "judge/statement.h"
#include "record/entryfile.h"
#include "record/words.h"

struct search {
	struct ledger *ledger;
	struct arena *arena;
	const char *gate;
	struct view_evidences *found;
};

/* Which key signed it, so that the judge can tell one that was revoked since.
 * A signature that does not read is that of no key that anybody has. */
static const char *signing_key(struct arena *arena,
    const struct statement *statement, const char *bytes, size_t len)
{
	const char *key;

	if (!statement->is_signed)
		return NULL;
	key = signature_fingerprint(arena, bytes + statement->unsigned_len,
	    len - statement->unsigned_len);
	return key ? key : "unreadable";
}

/* The tag itself says what the note does not: matrix, for, expires.  It must
 * be the one that was recorded. */
static int read_statement(const struct search *s, const struct oid *commit,
    const char *digest, struct statement *ret, struct view_evidence *evidence,
    struct err *err)
{
	const char *bytes, *why = "";
	size_t len;

	if (treestore_read(s->ledger->store, s->arena,
		ledger_evidence_path(s->arena, commit, s->gate, digest), &bytes,
		&len, NULL, err))
		return -1;
	if (!bytes)
		return err_set(err, ERR_FORMAT,
		    "the ledger lacks statement %.8s about %s", digest,
		    oid_hex8(commit).s);
	if (strcmp(sha256_hex40(s->arena, bytes, len), digest) != 0)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s about %s in the ledger was altered", digest,
		    oid_hex8(commit).s);
	if (statement_parse(s->arena, bytes, len, ret, &why) != CODE_COUNT)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s about %s in the ledger: %s", digest,
		    oid_hex8(commit).s, why);
	if (!oid_eq(&ret->commit, commit) || strcmp(ret->gate, s->gate) != 0)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s in the ledger is not about %s", digest,
		    oid_hex8(commit).s);
	evidence->key = signing_key(s->arena, ret, bytes, len);
	evidence->bytes = bytes;
	evidence->len = len;
	return 0;
}

static int add(const struct search *s, const struct oid *commit,
    const struct note_evidence *evidence, struct err *err)
{
	struct view_evidence found = { .gate = evidence->gate,
		.person = evidence->by,
		.digest = evidence->digest,
		.result = evidence->result,
		.commit = *commit,
		.at = evidence->at };
	struct statement statement;

	if (read_statement(
		s, commit, evidence->digest, &statement, &found, err))
		return -1;
	found.matrix = statement.matrix;
	found.for_stage = statement.for_stage;
	found.has_expires = statement.has_expires;
	found.expires = statement.expires;
	ARRAY_PUSH(s->arena, s->found, found);
	return 0;
}

static int of_commit(
    const struct search *s, const struct oid *commit, struct err *err)
{
	struct note note;

	if (ledger_note(s->ledger, s->arena, commit, &note, err))
		return -1;
	for (size_t i = 0; i < note.nevidence; i++)
		if (strcmp(note.evidence[i].gate, s->gate) == 0 &&
		    add(s, commit, &note.evidence[i], err))
			return -1;
	return 0;
}

/* Two people may hand in the very same bytes. */
static bool is_item(
    const struct note_evidence *evidence, const struct tree_statement *item)
{
	return strcmp(evidence->digest, item->digest) == 0 &&
	    strcmp(evidence->by, item->by) == 0;
}

static int of_list_item(
    const struct search *s, const struct tree_statement *item, struct err *err)
{
	struct note note;

	if (strcmp(item->gate, s->gate) != 0)
		return 0;
	if (ledger_note(s->ledger, s->arena, &item->commit, &note, err))
		return -1;
	for (size_t i = 0; i < note.nevidence; i++)
		if (is_item(&note.evidence[i], item))
			return add(s, &item->commit, &note.evidence[i], err);
	return err_set(err, ERR_FORMAT,
	    "the ledger's note of %s lacks statement %.8s",
	    oid_hex8(&item->commit).s, item->digest);
}

/* Puts the last one found where its time wants it, behind all that are not
 * later: within one second what speaks against a commit is the newer. */
static void put_in_time(struct view_evidences *found)
{
	size_t i = found->n - 1;
	const struct view_evidence last = found->v[i];

	for (; i > 0 && found->v[i - 1].at > last.at; i--)
		found->v[i] = found->v[i - 1];
	found->v[i] = last;
}

static bool is_listed(const struct tree_statements *list,
    const struct oid *commit, const struct note_evidence *evidence)
{
	for (size_t i = 0; i < list->n; i++)
		if (oid_eq(&list->v[i].commit, commit) &&
		    strcmp(list->v[i].gate, evidence->gate) == 0 &&
		    is_item(evidence, &list->v[i]))
			return true;
	return false;
}

/*
 * What takes an approval back need not be in the list that the approval is in:
 * when it was handed in, the commit's change may have been another one, or
 * none any more since it had been merged.
 */
static int take_back(const struct search *s, const struct tree_statements *list,
    const struct oid *commit, struct err *err)
{
	struct note note;

	if (ledger_note(s->ledger, s->arena, commit, &note, err))
		return -1;
	for (size_t i = 0; i < note.nevidence; i++) {
		const struct note_evidence *evidence = &note.evidence[i];

		if (evidence->result == EVIDENCE_PASS ||
		    strcmp(evidence->gate, s->gate) != 0 ||
		    is_listed(list, commit, evidence))
			continue;
		if (add(s, commit, evidence, err))
			return -1;
		put_in_time(s->found);
	}
	return 0;
}

/* Of a tree or of a change; what: in words. */
static int of_list(const struct search *s, const char *folder, const char *what,
    const struct oid *id, struct err *err)
{
	struct tree_statements list;
	struct oids commits = { NULL, 0, 0 };
	const char *bytes;
	size_t len;

	if (treestore_read(s->ledger->store, s->arena,
		ledger_path(s->arena, folder, oid_hex(id).s), &bytes, &len,
		NULL, err))
		return -1;
	if (!bytes)
		return 0;
	if (tree_statements_parse(s->arena,
		arena_printf(s->arena, "the ledger's list of %s %s", what,
		    oid_hex8(id).s),
		bytes, len, &list, err))
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (of_list_item(s, &list.v[i], err))
			return -1;
	for (size_t i = 0; i < list.n; i++) {
		if (strcmp(list.v[i].gate, s->gate) != 0 ||
		    oids_have(&commits, &list.v[i].commit))
			continue;
		ARRAY_PUSH(s->arena, &commits, list.v[i].commit);
		if (take_back(s, &list, &list.v[i].commit, err))
			return -1;
	}
	return 0;
}

int ledger_evidence(struct ledger *ledger, struct arena *arena,
    const struct oid *subject, const char *gate, struct view_evidences *ret,
    struct err *err)
{
	struct view_evidences found = { NULL, 0, 0 };
	struct search s = { ledger, arena, gate, &found };

	/* Ids of commits and trees and digests of changes never meet. */
	if (of_commit(&s, subject, err) ||
	    of_list(&s, "trees/", "tree", subject, err) ||
	    of_list(&s, "patches/", "change", subject, err))
		return -1;
	*ret = found;
	return 0;
}
