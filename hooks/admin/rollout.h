#ifndef ADMIN_ROLLOUT_H
#define ADMIN_ROLLOUT_H

#include "admin.h"
#include "judge/order.h"
#include "makemove.h"
#include "upstream.h"

/*
 * What the files of rollout share; nobody else includes this.
 *
 *	rollout.c	   the verb: the next phase, and pushing it
 *	rollout_what.c	   which commit is rolled out
 *	rollout_clients.c  who runs what since when
 *	rollout_judge.c	   who may take it now, and why not
 *	rollout_say.c	   the table, for people and as JSON
 *
 * A ring is a stage with clients.  Rings and their clients are taken in the
 * order of the policy.
 */
struct rollout_options {
	bool next;
	struct making_options making;
	struct upstream upstream;
};

/* Where what the rings get comes from: a ref of a stage without clients. */
struct rollout_source {
	const struct stage *stage; /* NULL: the commit was named */
	const char *ref;
	struct oid oid;
	int64_t since; /* 0: the ledger does not say */
};
struct rollout_sources {
	struct rollout_source *v;
	size_t n, cap;
};

struct rollout_row {
	const struct client *client;
	const struct stage *stage; /* its ring */
	struct view_ref now;
	int64_t since; /* of its present tip; 0: the ledger does not say */
	struct oid candidate; /* by which that entered; zero likewise */
	bool gone;            /* deleted on the server, but not here */
	struct order_way way;
	bool there;          /* has the commit, or a later one */
	bool may;            /* may take it now */
	const char *why_not; /* neither: why; else NULL */
};
struct rollout_rows {
	struct rollout_row *v;
	size_t n, cap;
};

struct rollout {
	struct admin *admin;
	const struct rollout_options *opts;
	bool has_commit; /* there is something to be rolled out */
	struct commit commit;
	struct rollout_source source;
	struct rollout_sources beside; /* other tips that could be */
	struct rollout_rows rows;
};

/* An exit code after saying why, or 0. */
int rollout_what(struct rollout *rollout);
/* Fills rows but for what the judge says. */
int rollout_clients(struct rollout *rollout, struct err *err);
int rollout_judge(struct rollout *rollout, struct err *err);

/* The ring of the next phase: the first one with a client that may; or NULL. */
const struct stage *rollout_ring(const struct rollout *rollout);
/* Is it one of those clients? */
bool rollout_in_phase(
    const struct rollout *rollout, const struct rollout_row *row);

int rollout_print_what(struct rollout *rollout, struct err *err);
enum rollout_which {
	ROLLOUT_ALL,
	ROLLOUT_PHASE,  /* who is in the next phase */
	ROLLOUT_WITHOUT /* who does not have the commit yet */
};
void rollout_print_rows(struct rollout *rollout, enum rollout_which which);
void rollout_print_sum(struct rollout *rollout);
/* The object that --json prints. */
json_t *rollout_json(struct rollout *rollout, enum rollout_which which);

#endif
