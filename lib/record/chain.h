#ifndef RECORD_CHAIN_H
#define RECORD_CHAIN_H

#include "record/ledger.h"
#include "record/plan.h"

/*
 * How a ref got from one value to another, as far as plans can tell: git moves
 * a ref only from exactly the old value that a plan names, so a plan whose new
 * value the ref has, or that a later such plan started from, did move it.
 */
struct planned {
	struct plan *plan;
	struct plan_ref *ref;
};

struct chain {
	struct planned *v;
	size_t n, cap;
};

/*
 * Adds the planned moves of a ref that lead to the value `to`, oldest first,
 * back to `from` or to where no plan is left; nothing when to is from.  Where
 * several plans name the same move, one that is live is taken before others.
 * except: id of a plan to leave out, or NULL.
 */
void chain_find(struct arena *arena, const struct plans *plans, const char *ref,
    const struct oid *from, const struct oid *to, const char *except,
    struct chain *chain);
bool chain_has(const struct chain *chain, const struct plan_ref *ref);
/* Is it the first element of its plan? */
bool chain_is_first_of_plan(const struct chain *chain, size_t i);

/* The tip that was recorded last for a stage's ref; zero: none, or deleted. */
int recorded_tip(struct ledger *ledger, struct arena *arena, const char *ref,
    struct oid *ret, struct err *err);

#endif
