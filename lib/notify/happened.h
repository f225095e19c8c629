#ifndef NOTIFY_HAPPENED_H
#define NOTIFY_HAPPENED_H

#include "notify/event.h"
#include "record/ledger.h"
#include "record/log.h"

/*
 * Events out of the ledger: what a record of it says has happened.
 *
 *	entered, rolled-back, bypassed	an update of a stage's ref that was
 *					recorded as accepted, warned or
 *					recovered; a stage's own rewind is an
 *					entry too
 *	unobserved			a tip that nobody pushed
 *	evidence			each statement
 *	incident-closed			each closing
 *
 * Kinds that no rule of the policy asks for are left out.
 *
 * Deletions, adopted tips (nothing has moved) and refs of no stage tell
 * nothing.  The same record gives the same events, ids included, whenever it is
 * asked: so what a crash has lost of the spool is made up from here.
 *
 * Lists of changes are the commits that the new tip has and the old one has
 * not (notify/changes.h).
 */

struct happened {
	struct arena *arena;
	const struct policy *policy; /* for clients and stages */
	struct repo *repo;
	struct ledger *ledger; /* that has the record */
	const struct view *view;
	const char *repository_id;
};

int happened_read(const struct happened *happened,
    const struct log_record *record, struct events *ret, struct err *err);

/* What people call the repository: the last part of its path, without
 * ".git". */
const char *repository_name(struct arena *arena, const struct repo *repo);

#endif
