#ifndef RECORD_LEDGERWORK_H
#define RECORD_LEDGERWORK_H

#include "base/oidmap.h"
#include "record/ledger.h"

/* The inside of an opened ledger: ledger.c, ledgerview.c, withdrawn.c. */
struct ledger {
	struct arena *arena;
	struct repo *repo;
	struct oid tip;
	int64_t time;
	struct treestore *store;
	struct oidmap refs;  /* digest of a name -> newest record, or NULL */
	struct oidmap blobs; /* blob -> record */
	const struct view *view; /* that it fills */
	const char *own_plan;
	struct view_reverts reverts; /* read once */
	bool has_reverts;
};

/*
 * Which passages of a commit were taken back: a later rollback or rewind of
 * the same ref restored a tip that does not contain the commit, and it has not
 * entered there again since in a way that counts.  Reads the taking back alone,
 * not the ref's history.
 */
int withdrawn_find(struct ledger *ledger, struct arena *arena,
    const struct oid *commit, const struct note *note,
    struct view_passages *passages, struct err *err);

/* Rollbacks in the style of a revert commit (ledgerincident.c); what is given
 * lives as long as the ledger. */
int ledger_reverts(
    struct ledger *ledger, struct view_reverts *ret, struct err *err);

/* Statements for a gate about a commit or a tree (ledgerevidence.c). */
int ledger_evidence(struct ledger *ledger, struct arena *arena,
    const struct oid *subject, const char *gate, struct view_evidences *ret,
    struct err *err);

#endif
