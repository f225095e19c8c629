#ifndef JUDGE_ROLLBACK_H
#define JUDGE_ROLLBACK_H

#include "judge/view.h"
#include "policy/model.h"

/*
 * What a ref may be rolled back to: tips that the ledger recorded as accepted
 * on that very ref, taken back since or not.  Never one that was only warned
 * of or unobserved: nobody has judged it.
 */
struct rollback_tip {
	struct oid tip;
	const char *by;        /* who brought it there */
	int64_t entered, left; /* of the newest time that it was there */
	bool last;             /* of all of them, the one before the present */
	bool within; /* was there within the policy's window; the last one
		      * always counts as that */
};
struct rollback_tips {
	struct rollback_tip *v; /* newest first, each tip once */
	size_t n, cap;
};

/* Earlier tips of a ref that is at `present`; that one is none of them. */
int rollback_tips(const struct view *view, struct arena *arena,
    const struct policy *policy, const char *ref, const struct oid *present,
    int64_t now, struct rollback_tips *ret, struct err *err);

/* The first of them that has this tree; of those beyond the window only where
 * there is no other.  *ret NULL: none. */
int rollback_find_tree(const struct view *view, struct arena *arena,
    const struct rollback_tips *tips, const struct oid *tree,
    const struct rollback_tip **ret, struct err *err);

/* The names of clients that have the commit, or one after it: what they get
 * with an update of their own. */
int rollback_clients(const struct view *view, struct arena *arena,
    const struct policy *policy, const struct oid *commit, struct strings *ret,
    struct err *err);

#endif
