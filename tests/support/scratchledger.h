#ifndef SUPPORT_SCRATCHLEDGER_H
#define SUPPORT_SCRATCHLEDGER_H

#include "git/gitview.h"
#include "record/append.h"
#include "record/ledger.h"
#include "record/plan.h"
#include "support/unit.h"

/*
 * A repository with a ledger for unit tests: "r.git" in the working directory
 * (unit_case_in_dir), made without running git, so that it costs nothing.
 */
extern struct repo *box;

/* A test case whose tests run in a directory of their own, in memory where
 * there is such a place, and close the box when they are done. */
TCase *box_case(Suite *suite, const char *name);
void box_make(void);
void box_reopen(void);
/* A commit; parent NULL: a root.  Its tree holds one file with that text. */
struct oid box_commit(const char *text, const struct oid *parent);
/* Moves a ref behind everybody's back; zero: removes it. */
void box_set_ref(const char *ref, const struct oid *oid);
struct oid box_ref(const char *ref);

/* A plan that nobody has written yet, by `pusher`, of a push that has ended
 * (its owner is no process). */
struct plan *box_plan(const char *pusher, int64_t at);
/* An update of a stage's ref ("-": of none). Room for a handful a plan. */
#define BOX_REFS_MAX 3000
struct plan_ref *box_update(struct plan *plan, const char *ref,
    const struct oid *old, const struct oid *new, const char *stage,
    enum transition kind);
/* A statement handed in: its tag is written to the store. */
struct plan_ref *box_statement(struct plan *plan, const char *person,
    const char *gate, const struct oid *commit, const char *more);
/* Why an update opens an incident; then: a gate, NULL: none. */
struct incident_opening *box_opening(
    enum incident_kind kind, const char *reason, const char *then);
/* main is at `bad`, which came after `good`, and is rolled back by a revert
 * commit that is given: an update of a plan that opens an incident. */
struct plan_ref *box_rollback(struct plan *plan, const char *ref,
    const struct oid *bad, const struct oid *good, const struct oid *revert,
    const char *then);
void box_write_plan(struct plan *plan);
size_t box_plans(void); /* on disk */

/* Records everything in the plan. */
int64_t box_append(
    const struct plan *plan, enum passage_state state, int64_t now);
/* The server closes incidents; those that it did close. */
struct numbers box_close_incidents(const struct numbers *numbers, int64_t now);
struct numbers box_close_incident(uint64_t number, int64_t now);
/* One push of one ref, recorded: the shortest way to a history. */
int64_t box_enter(const char *ref, const struct oid *old, const struct oid *new,
    const char *stage, enum transition kind, int64_t now);

/* The ledger, opened anew, with its view. */
struct box_view {
	struct view view;
	struct ledger *ledger;
	struct gitview *git;
};
void box_open(struct box_view *ret);
void box_close(struct box_view *view);
/* What the ledger's view says now. */
struct view_passages box_passages(const struct oid *commit);
struct view_entry_records box_entries_of(const char *ref);
struct view_evidences box_evidence(const struct oid *subject, const char *gate);
/* The message of a ledger commit, and the number of them. */
const char *box_message(void);
size_t box_entries(void);
/* Text of a file in the ledger, NULL: none. */
const char *box_file(const char *path);
/* git fsck finds nothing (runs git). */
void box_fsck(void);

#endif
