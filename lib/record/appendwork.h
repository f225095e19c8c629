#ifndef RECORD_APPENDWORK_H
#define RECORD_APPENDWORK_H

#include "base/oidmap.h"
#include "git/treestore.h"
#include "record/append.h"
#include "record/entryfile.h"
#include "record/log.h"
#include "record/statelock.h"

/* What append*.c, chain.c and reconcile.c share; nobody else includes this. */

/* A file that one commit of the ledger adds to. */
struct note_edit {
	const char *path;
	struct note_text text;
};

/* The open incidents of a ref, as they will be. */
struct entry_lock {
	const char *ref;
	struct numbers open;
};

/*
 * Where an entry takes what is not in `append`.  The hooks read the
 * repository; verify makes each entry anew from what the ledger itself holds,
 * since the objects may be gone by then.
 */
struct entry_source {
	/* A tag or a certificate; *ret_bytes NULL: it is gone. */
	int (*handed_in)(void *ctx, const struct oid *oid,
	    const char **ret_bytes, size_t *ret_len, struct err *err);
	/* The tree of the commit that a statement is about. */
	int (*tree_of)(void *ctx, const struct plan_ref *statement,
	    struct oid *ret, struct err *err);
	const char *repository; /* its id */
	void *ctx;
};

/* One commit of the ledger in the making. */
struct entry {
	struct arena *arena;
	struct repo *repo;
	struct ledger *ledger;
	const struct append *append;
	const struct entry_source *source; /* NULL: the repository */
	int64_t at;
	struct { /* written as a whole */
		struct treestore_edit *v;
		size_t n, cap;
	} files;
	struct { /* notes, and lists of trees and changes */
		struct note_edit **v;
		size_t n, cap;
	} notes;
	struct oidmap by_path;   /* digest of a path -> note_edit */
	const char *certificate; /* digest of the push's, if it is in it */
	/* what is in it, in order */
	struct {
		const struct append_update **v;
		size_t n, cap;
	} done;
	struct {
		struct entry_lock **v;
		size_t n, cap;
	} locks;
	/* Incidents: opened (and at once closed, where nothing has to pass),
	 * and closed. */
	struct {
		struct log_incident *v;
		size_t n, cap;
	} opened, closed;
	struct {
		struct expired_tip *v;
		size_t n, cap;
	} expired;
};

void entry_begin(struct entry *entry, struct arena *arena, struct repo *repo,
    struct ledger *ledger, const struct append *append, int64_t now);
/* Adds an update; a statement that can't be recorded is passed over. */
int entry_add(
    struct entry *entry, const struct append_update *update, struct err *err);
/* Closes an incident; one that is closed, or is not there, is passed over. */
int entry_close(struct entry *entry, uint64_t number, struct err *err);
/* Names a kept tip that is let go. */
int entry_expire(
    struct entry *entry, const struct expired_tip *tip, struct err *err);
/* How much is in it: 0 is nothing to record. */
size_t entry_size(const struct entry *entry);
/* Incidents that its updates open, policy texts, meta/ in a new ledger; then
 * all is in entry->files. */
int entry_end(struct entry *entry, struct err *err);

/* A file that is written as a whole; bytes NULL: removed. */
void entry_put(
    struct entry *entry, const char *path, const char *bytes, size_t len);
/* The note of a commit, to be added to; NULL with err. */
struct note_text *entry_note(
    struct entry *entry, const struct oid *commit, struct err *err);
/* Part of entry_end (append_incidents.c). */
int entry_incidents(struct entry *entry, struct err *err);
/* Why an update can't open the incident that it names, in words that follow
 * its ref; NULL: it can. */
const char *opening_complaint(const struct append_update *update);
/* The tree of a commit.  Only its first line is read: old ones need not be
 * canonical. */
int entry_tree_of(struct arena *arena, struct repo *repo,
    const struct oid *commit, struct oid *ret, struct err *err);
/* append_message.c */
int entry_message(const struct entry *entry, const char **ret, struct err *err);

/* Does it leave a passage and a ref record? */
bool update_enters(const struct append_update *update);

/* What the ledger has got since a push was decided (recorded.c), by digests of
 * the refs' names. */
struct recorded {
	struct oidmap refs;  /* of this push */
	struct oidmap began; /* of any: -> struct oid */
};
int recorded_find(struct arena *arena, struct repo *repo,
    const struct ledger *ledger, const struct append *append,
    struct recorded *ret, struct err *err);
bool recorded_has(
    const struct recorded *recorded, const struct append_update *update);
/* Where the oldest of the updates of a ref began; NULL: none is recorded. */
const struct oid *recorded_began(
    const struct recorded *recorded, const char *ref);

/* ledger_append by somebody who holds the lock. */
int append_under_lock(struct arena *arena, struct state_lock *lock,
    const struct append *append, int64_t now, int64_t *ret_time,
    struct err *err);

#endif
