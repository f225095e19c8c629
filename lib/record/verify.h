#ifndef RECORD_VERIFY_H
#define RECORD_VERIFY_H

#include "record/ledger.h"
#include "record/log.h"

/*
 * Does the ledger hold up?  Asked by somebody who trusts neither those who
 * push nor the server's word.  Every commit of refs/notes/stagegate is looked
 * at, from the first to the newest:
 *
 * - verify_chain.c: one parent, the server's identity, times that never
 *   decrease, trailers of the right words, policies that are there and whose
 *   versions only grow, refs whose recorded moves join
 * - verify_tree.c: the entry is made anew by the very code that wrote it
 *   (append_edits.c), from its trailers and from the ledger as it was before.
 *   The message and every file of the tree must come out the same, byte for
 *   byte, and nothing else may differ from the commit before
 *
 * What a trailer does not say is taken from the entry itself, where it can be
 * checked in another way: the states of a passage's gates and the candidate by
 * judging again, a tag's bytes by their digest, a squash's candidate by the
 * squash commit.
 *
 * Nothing is written.
 */
enum verify_kind {
	VERIFY_FINDING, /* this does not hold */
	VERIFY_UNSHOWN, /* it can't be shown: objects are gone.  No finding */
	VERIFY_KINDS
};

struct verify_record {
	const struct log_record *record;
	struct ledger *before, *after; /* without it, and with it */
	size_t newer;                  /* how many come after it */
};

struct verify_sink {
	/* commit: of the ledger; text: what, and where, neutralised; both live
	 * until it returns */
	void (*tell)(void *ctx, enum verify_kind kind, const struct oid *commit,
	    const char *text);
	/* A record that reads, oldest first; may be NULL.  Everything in the
	 * arena is forgotten afterwards. */
	int (*record)(void *ctx, struct arena *arena,
	    const struct verify_record *record, struct err *err);
	/* Whose signature records carry; NULL: whose the first one does. */
	const struct ssh_key *server_key;
	/* Long work; may be NULL. */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx;
};

struct verify_count {
	size_t records, nsigned; /* nsigned: well, by the server */
	const char *key; /* fingerprint of the server's; NULL: none is signed */
};

/* Walks the ledger that ends at tip.  -1: something of it can't be read, so
 * that the rest is not known. */
int verify_ledger(struct arena *arena, struct repo *repo, const struct oid *tip,
    const struct verify_sink *sink, struct verify_count *ret, struct err *err);

/*
 * The refs that are there against those that were recorded last.  On a server
 * a ref that no plan has in flight must be where the ledger has it, and each
 * ref of a stage must be recorded.  Of a remote only the branches that were
 * fetched are compared.
 */
struct verify_refs_of {
	struct repo *repo;
	struct ledger *ledger;
	const struct view *view;     /* branches are the remote's, of one */
	const struct policy *policy; /* the newest recorded one */
	bool of_remote;
	const struct verify_sink *sink;
};
int verify_refs(
    struct arena *arena, const struct verify_refs_of *of, struct err *err);

#endif
