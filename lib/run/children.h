#ifndef RUN_CHILDREN_H
#define RUN_CHILDREN_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * The repositories of submodules: the view's `child`.  Each is opened at most
 * once a run, when a gate first asks for it, by the path in the policy, and
 * only read: its objects, and what its own ledger (record/ledger.h) says.  Its
 * policy is not asked: which stage a ref belonged to stands in each record,
 * and passage under an older policy stays valid.
 *
 * What is opened has to be fit for a repository of ours (git/repo.h: owner,
 * format), and to have an id of its own (record/repoid.h), which no push can
 * make, and which is that of its ledger: a ledger that was pushed into a
 * repository without hooks, or copied from another one, says nothing.
 *
 * The ledger is read as it was when the child was opened.  Passage is only
 * ever added, but a rollback takes it away.  So pre-receive writes the tips of
 * the children's ledgers into its plan, and update judges again where one has
 * moved.  What a child does later than that is as if the parent had come first.
 *
 *	children = children_new(arena);
 *	children_bind(children, &view);
 *	judge(..);
 *	children_grounds(children, arena, &plan->children);
 *	children_close(children);
 */
struct children;

struct children *children_new(struct arena *arena);
void children_close(struct children *children); /* NULL is allowed */
void children_bind(struct children *children, struct view *view);
/* None is looked at here: why, for the row. */
void children_forbid(struct children *children, const char *why);

/* What was relied on, one line for each child that was opened: the tip of its
 * ledger and its path. */
void children_grounds(
    const struct children *children, struct arena *arena, struct strings *ret);
/* Are all the ledgers where those lines say?  One that can't be read is not. */
bool children_grounds_hold(struct arena *arena, const struct strings *grounds);

#endif
