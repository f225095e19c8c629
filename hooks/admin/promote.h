#ifndef ADMIN_PROMOTE_H
#define ADMIN_PROMOTE_H

#include "admin.h"
#include "judge/commit.h"
#include "judge/order.h"
#include "upstream.h"

/*
 * What the files of promote share; nobody else includes this.
 *
 *	promote.c	the verb: target, judgement, push
 *	promote_what.c	which ref, which candidate
 *	promote_make.c	the merge or squash
 */
struct promote_options {
	const char *ref, *file;
	struct strings messages;
	bool sign;
	struct upstream upstream;
};

struct promotion {
	struct admin *admin;
	const struct promote_options *opts;
	const struct stage *stage;
	const char *ref;
	struct view_ref now;
	struct commit candidate;
	struct order_way way;
	struct oid new;
	/* Merging conflicts, or has nothing to begin at: what was made shows
	 * it to the judge, and is not to be pushed. */
	bool unmergeable;
};

/* Fills stage and ref, from STAGE|REF and --ref; then candidate.  0, or an exit
 * code after asking for what is missing. */
int promote_target(struct promotion *promotion);
int promote_candidate(struct promotion *promotion);

/* Makes the commit that `way` asks for, in the clone's object store. */
int promote_make(struct promotion *promotion, struct err *err);

#endif
