#ifndef ADMIN_ROLLBACK_H
#define ADMIN_ROLLBACK_H

#include "admin.h"
#include "judge/rollback.h"
#include "upstream.h"

/*
 * What the files of rollback share; nobody else includes this.
 *
 *	rollback.c	the verb: reason, commit, judgement, push
 *	rollback_to.c	which of the earlier tips
 *	rollback_say.c	what will come of it
 */
struct rollback_options {
	const char *to, *reason, *timeline, *style;
	uint64_t steps; /* 0: not given */
	bool sign, no_push_options;
	struct upstream upstream;
};

struct going_back {
	struct admin *admin;
	const struct rollback_options *opts;
	const char *ref;
	const struct stage *stage;
	bool rewind; /* to the tip itself */
	struct oid from, from_tree;
	struct rollback_tip to;
	struct oid to_tree;
	struct oid new;
};

/* Fills to and to_tree.  0, or an exit code after saying why there is none. */
int rollback_target(struct going_back *back);
/* From where to where, what changes, what is asked afterwards, and who has
 * it. */
int rollback_say(struct going_back *back, struct err *err);

#endif
