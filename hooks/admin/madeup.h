#ifndef ADMIN_MADEUP_H
#define ADMIN_MADEUP_H

#include "admin.h"
#include "judge/order.h"
#include "judge/verdict.h"
#include "overlay.h"

/*
 * A merge or squash that nobody has made, for the judge: what would be answered
 * to it, without writing anything.
 */
struct made_up {
	struct view view; /* the session's, with that commit in it */
	struct overlay overlay;
	struct oid new;       /* what the ref would name */
	const char *obstacle; /* why there is nothing to judge; or NULL */
};

/* `commit`: the candidate; pusher: who would make it.  Where the way needs no
 * commit of its own, new is the candidate. */
int made_up_find(struct admin *admin, const struct commit *commit,
    const struct order_way *way, const char *pusher, struct made_up *ret,
    struct err *err);
/* It has no id to tell: texts say "the merge". */
void made_up_rename(struct arena *arena, const struct made_up *made,
    struct ref_verdict *verdict);

#endif
