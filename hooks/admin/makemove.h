#ifndef ADMIN_MAKEMOVE_H
#define ADMIN_MAKEMOVE_H

#include "admin.h"
#include "judge/commit.h"
#include "judge/order.h"

/*
 * The commit by which a stage's ref takes a candidate on: the candidate
 * itself, or the merge or squash that order_way asks for, made by the user's
 * own git.  Nothing is checked out and no ref is written.
 */
struct making_options {
	struct strings messages; /* paragraphs below the subject of our own */
	const char *file;        /* the whole message instead; NULL: none */
	bool sign;
};

struct making {
	struct admin *admin;
	const struct making_options *opts;
	const struct stage *stage;
	const char *ref;
	struct commit candidate;
	struct order_way way;
	struct oid new; /* what was made */
	/* Merging conflicts, or has nothing to begin at: what was made shows
	 * it to the judge, and is not to be pushed. */
	bool unmergeable;
};

/* Fills new and unmergeable; everything else is the caller's. */
int make_move(struct making *making, struct err *err);

#endif
