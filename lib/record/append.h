#ifndef RECORD_APPEND_H
#define RECORD_APPEND_H

#include "git/repo.h"
#include "record/ledger.h"
#include "record/plan.h"

/*
 * Writing the ledger: one commit per accepted push.  Appends take a lock
 * (stagegate/lock), read the tip, write blobs, trees and the commit (fsynced),
 * compare-and-swap the ref, and try again where somebody was faster.  Times
 * never decrease: an entry is dated max(now, newest time).
 *
 * The commit message is the machine record, in trailers:
 *
 *	Pusher: NAME
 *	Certificate: DIGEST
 *	Update: OLD NEW REF STAGE|- KIND STATE
 *	Evidence: DIGEST GATE COMMIT PERSON RESULT
 *	Policy: DIGEST FLOW VERSION
 *	Include: DIGEST NAME
 *	Extends: DIGEST NAME
 *	Incident: NUMBER opened|closed REF
 *	Expired: OID REF
 *	Push: PLAN
 *
 * Words hold no blanks (one in a person's name is written \x20); FLOW may be
 * several.  Certificate is there where the push was signed and the policy knows
 * people by that (identity push-cert).  Include stands for each file that the
 * policy includes, Extends for each that it extends; NAME is as the file that
 * names it writes it, behind that one's own NAME and a `#` where that is not
 * policy.yml.  An append of more than APPEND_UPDATES_MAX updates, closings
 * and expiries is several commits.
 *
 * What each update leaves in the tree:
 * - a stage's ref: a passage in the note of its new tip (none for a deletion),
 *   and the ref's record; for a squash the note of each candidate names it;
 * - other refs (stage "-", or kind `other` unless unobserved or adopted):
 *   nothing but the trailer;
 * - one that opens an incident: incidents/<number>, the number in the list of
 *   the ref's open ones, and in the note of its subject.  One without gates
 *   that have to pass is closed in the same entry, and in no list of the ref;
 *   any other is closed by an entry that rewrites its file and takes it from
 *   the list;
 * - a push certificate: its verbatim bytes in certificates/, and its replay
 *   key;
 * - a statement: its tag's bytes, its replay key, a line in the note of its
 *   subject and one in the list of the subject's tree.  No Update trailer.  One
 *   that was recorded before, or whose tag object is gone (the quarantine of a
 *   push that came to nothing), is left out.
 */
#define APPEND_UPDATES_MAX 1000u

struct append_update {
	const struct plan_ref *ref;
	enum passage_state state; /* accepted, warned, recovered, adopted .. */
};

struct expired_tip { /* that was kept for a ref */
	const char *ref;
	struct oid oid;
};

struct append {
	const char *pusher;   /* "-" where the server itself speaks */
	const char *push;     /* plan id, or "-" */
	struct oid cert;      /* blob of the push's certificate; zero: none */
	const char *cert_key; /* NULL: none */
	const char *sign_key; /* file that signs it; NULL: unsigned */
	const char *policy_digest, *flow, *version, *policy_text;
	size_t policy_text_len;
	const struct plan_policy *includes;
	size_t nincludes;
	struct oid since; /* of a plan: the ledger's tip when it was made.  What
			   * is recorded already is looked for down to there */
	struct append_update *updates;
	size_t n;
	/* Incidents whose every gate has passed, by the ledger whose tip is
	 * `since`.  Those that are closed already are left out; and all of
	 * them where the ledger has moved on, since what moved it may be a
	 * statement that speaks against it. */
	struct numbers closes;
	/* Where not NULL: gets those that this append has closed, so that each
	 * closing is told of by one of several that try. */
	struct numbers *ret_closed;
	/* Tips that an administrator lets go. */
	struct {
		struct expired_tip *v;
		size_t n, cap;
	} expired;
};

/* Everything of a plan but updates, for which there is room. */
struct append append_of_plan(struct arena *arena, const struct plan *plan);
/* One in which the server itself speaks, under that policy; no updates yet. */
struct append append_of_policy(
    struct arena *arena, const struct policy *policy);

/*
 * Appends what really happened; *ret_time (may be NULL) is the time that the
 * entries got.  Entries that are recorded already (same plan id and ref) are
 * left out, so that appending twice is harmless.
 *
 * Where an update does not begin at the tip that was recorded last, pushes in
 * between are not recorded yet.  Those whose plans are there come first, so
 * that a ref's history keeps its order whichever post-receive is faster.
 */
int ledger_append(struct arena *arena, struct repo *repo,
    const struct append *append, int64_t now, int64_t *ret_time,
    struct err *err);

#endif
