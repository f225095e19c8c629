#ifndef ADMIN_PROMOTE_H
#define ADMIN_PROMOTE_H

#include "admin.h"
#include "makemove.h"
#include "upstream.h"

/*
 * What the files of promote share; nobody else includes this.
 *
 *	promote.c	the verb: target, judgement, push
 *	promote_what.c	which ref, which candidate
 */
struct promote_options {
	const char *ref;
	struct making_options making;
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
	struct making made;
};

/* Fills stage and ref, from STAGE|REF and --ref; then candidate.  0, or an exit
 * code after asking for what is missing. */
int promote_target(struct promotion *promotion);
int promote_candidate(struct promotion *promotion);

#endif
