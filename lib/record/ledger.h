#ifndef RECORD_LEDGER_H
#define RECORD_LEDGER_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * The ledger, read: refs/notes/stagegate, one commit per accepted push (more
 * only where a push moved thousands of refs), a single parent.  Its tree
 * (names of 40 hex digits, fan-out 2/2):
 *
 *	aa/bb/<rest>			a note: YAML summary of a commit
 *	evidence/aa/bb/<rest>/<gate>/<digest>	a statement's verbatim tag bytes
 *	trees/aa/bb/<rest>		of a tree: the statements about commits
 *					that have it, in order of recording:
 *					[{gate, by, digest, commit}], for gates
 *					with `binds: tree`
 *	patches/aa/bb/<rest>		of a change (judge/patch.h): likewise,
 *					for gates with `binds: patch`
 *	certificates/aa/bb/<rest>	push certificates, verbatim
 *	seen/aa/bb/<rest>		replay keys
 *	refs/aa/bb/<rest>		a stage ref's tip, entry, previous
 *					entry; key: first 40 digits of
 *					SHA-256(ref name)
 *	incidents/<number>		rollbacks and bypasses
 *	locks/aa/bb/<rest>		of a ref (key as in refs/): the numbers
 *					of its incidents that are open
 *	policy/<digest>			policy text in force, one a file
 *	meta/format, meta/repository	"1", the repository id
 *
 * Everything below is read on demand and kept for the run; a look-up reads a
 * handful of objects whatever the number of records.  A tree that does not
 * read is an error, never "nothing recorded".
 */
#define LEDGER_REF "refs/notes/stagegate"
#define LEDGER_FORMAT "1"

struct ledger;
struct treestore;

/* A repository without a ledger gives an empty one. */
int ledger_open(struct arena *arena, struct repo *repo, struct ledger **ret,
    struct err *err);
/* The ledger as it was when that commit was its tip; zero: before the first. */
int ledger_open_at(struct arena *arena, struct repo *repo,
    const struct oid *commit, struct ledger **ret, struct err *err);
/* Commit that was the ledger's tip when it was opened; zero: none. */
const struct oid *ledger_tip(const struct ledger *ledger);
/* Newest time recorded; 0 when empty. */
int64_t ledger_time(const struct ledger *ledger);
/* Its tree, for append. */
struct treestore *ledger_tree(const struct ledger *ledger);

/* Paths in it.  hex: 40 digits. */
const char *ledger_path(
    struct arena *arena, const char *folder, const char *hex);
const char *ledger_note_path(struct arena *arena, const struct oid *commit);
const char *ledger_ref_path(struct arena *arena, const char *ref);
const char *ledger_evidence_path(struct arena *arena, const struct oid *commit,
    const char *gate, const char *digest);

const char *ledger_incident_path(struct arena *arena, uint64_t number);
const char *ledger_lock_path(struct arena *arena, const char *ref);

/* A stage ref's newest record, read. */
struct ref_record {
	const char *ref, *stage, *by;
	struct oid tip; /* zero: deleted */
	int64_t at;
	uint64_t number; /* 1 for the first entry of this ref, then +1 */
	enum transition kind;
	enum passage_state state;
	struct oid candidate; /* zero: the tip itself.  Of a rollback: the
			       * tip that it restored */
	struct oid previous;  /* blob of the entry before; zero: none */
	struct oid back;      /* blob of the newest entry before this one that
			       * took the ref back (rollback, rewind);
			       * zero: none */
	struct oid blob;      /* of this entry itself */
};
/* *ret NULL when the ref was never recorded. */
int ledger_ref(struct ledger *ledger, struct arena *arena, const char *ref,
    struct ref_record **ret, struct err *err);
int ledger_ref_blob(struct ledger *ledger, struct arena *arena,
    const struct oid *blob, struct ref_record **ret, struct err *err);

struct numbers {
	uint64_t *v;
	size_t n, cap;
};

/* A commit's note. */
struct note_passage {
	const char *stage, *ref, *by;
	int64_t at;
	uint64_t number; /* of the entry in the ref's history */
	enum passage_state state;
	struct strings gates, gate_states; /* parallel */
};
struct note_evidence {
	const char *gate, *by, *digest;
	enum evidence_result result;
	int64_t at;
};
struct note {
	struct note_passage *passages;
	size_t npassages;
	struct note_evidence *evidence;
	size_t nevidence;
	struct oids squashes;     /* commits that brought this candidate in */
	struct numbers incidents; /* of which it is the subject */
};
/* Empty when there is none. */
int ledger_note(struct ledger *ledger, struct arena *arena,
    const struct oid *commit, struct note *ret, struct err *err);

/* An incident by its number; *ret NULL: there is none. */
int ledger_incident(struct ledger *ledger, struct arena *arena, uint64_t number,
    struct view_incident **ret, struct err *err);
/* All numbers, in order. */
int ledger_incidents(struct ledger *ledger, struct arena *arena,
    struct numbers *ret, struct err *err);
/* Those of a ref that are open, in order. */
int ledger_open_incidents(struct ledger *ledger, struct arena *arena,
    const char *ref, struct view_incidents *ret, struct err *err);
/* Their numbers alone. */
int ledger_open_numbers(struct ledger *ledger, struct arena *arena,
    const char *ref, struct numbers *ret, struct err *err);

/* Was the very same statement recorded? */
int ledger_seen(
    struct ledger *ledger, const char *replay_key, bool *ret, struct err *err);

/* The copy of the repository's id; NULL: none. */
int ledger_repository_id(struct ledger *ledger, struct arena *arena,
    const char **ret, struct err *err);

/* Fills the ledger half of a view; its git half must be there already. */
int ledger_view(struct ledger *ledger, struct arena *arena, struct repo *repo,
    struct view *view, struct err *err);
/* The plan of the push that is being judged (update), which is not "in
 * flight" for itself. */
void ledger_own_plan(struct ledger *ledger, const char *plan_id);

#endif
