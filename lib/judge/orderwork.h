#ifndef JUDGE_ORDERWORK_H
#define JUDGE_ORDERWORK_H

#include "judge/order.h"
#include "judge/passage.h"
#include "judge/rollback.h"

/*
 * What the files behind order.h share; nobody else includes this.
 *
 *	order.c		who may, what is the ref at, and which move is this
 *	orderasked.c	is it going back, with a reason
 *	orderrollback.c	.. and is that in order
 *	ordermove.c	creating on an entry stage, rewinding, deleting
 *	orderwalk.c	the walk down the first parents
 *	ordersteps.c	from what the walk found to steps
 *	ordercandidate.c	a merge's or squash's candidate
 *	orderway.c	the right move for a candidate
 *	orderrevert.c	what reverts and squashes forbid
 *	ordermerge.c	the tree that merging gives
 *	orderskip.c	commits that have not been where they come from
 *	ordertell.c	names, commands and stages that refusals speak of
 */
struct order {
	struct arena *arena;
	const struct policy *policy;
	const struct push *push;
	const struct view *view;
	struct ref_verdict *ref;
	const struct stage *stage;
	int64_t now; /* for the window of a rollback: order itself knows
		      * before and after, but no hours */
	bool has_reverts;
	struct view_reverts reverts;
	bool has_tips;
	struct rollback_tips tips; /* order_tips */
	struct skips *skips;
};

/* A commit that has not been where it comes from. */
struct skip {
	struct oid commit;
	bool run; /* one of a run of ordinary commits, and not its top */
};

struct skips {
	struct skip *v;
	size_t n, cap;
	bool cut; /* there are more, uncounted */
};

/* ---- the walk ---------------------------------------------------------- */

struct walked {
	struct oid commit;
	struct view_node node;
};

enum walk_end {
	WALK_OLD,    /* what is above the old tip */
	WALK_PASSED, /* the oldest one has been through: a fast-forward */
	WALK_LEFT,   /* the old tip is only on another line of the oldest one */
	WALK_NOWHERE /* neither */
};

struct walk {
	struct walked *v; /* newest first */
	size_t n, cap;
	enum walk_end end;
	bool cut; /* WALK_NOWHERE: there is more below */
	/* The newest one that would be a fast-forward in order, where those
	 * are not accepted. */
	bool has_forward;
	size_t forward;
};

int order_walk(struct order *order, struct walk *ret, struct err *err);
int order_steps(struct order *order, const struct walk *walk, struct err *err);

/* ---- steps ------------------------------------------------------------- */

/* A merge or a squash as it was pushed. */
struct made {
	struct oid commit, tree;
	struct oid before; /* P */
	struct oid candidate;
	enum transition kind; /* TRANSITION_MERGE or TRANSITION_SQUASH */
	/* What stands in for P: P itself unless that is a revert commit that
	 * the candidate does not contain. */
	struct oid stands_in;
};

/* Findings for one merge or squash step. */
int order_candidate(struct order *order, struct made *made, struct err *err);
/* Is it the tree that merging gives?  contains: the candidate has
 * made->stands_in as an ancestor, hence its tree is that. */
int order_tree(struct order *order, const struct made *made, bool contains,
    struct err *err);

/* The tip that stands in for a step before a candidate. */
int order_stand_in(struct order *order, const struct oid *before,
    const struct oid *candidate, struct oid *ret, struct err *err);
/* The revert commit that took one of these commits out of what stands before
 * the merge, so that a candidate without that revert does not bring it back;
 * *ret NULL: none did. */
int order_taken_out(struct order *order, const struct made *made,
    const struct oids *commits, const struct view_revert **ret,
    const struct oid **ret_commit, struct err *err);
/* What a candidate is to what it is merged with. */
struct relation {
	struct oid stands_in; /* for P, as above */
	bool contained;       /* by that: there is nothing to merge */
	bool contains;        /* that: the merge's tree is the candidate's */
};
int order_relate(struct order *order, const struct oid *before,
    const struct oid *candidate, struct relation *ret, struct err *err);
/* The traps of reverts and squashes, for a candidate that does not contain
 * made->stands_in. */
int order_traps(struct order *order, const struct made *made,
    const struct oids *bases, struct err *err);

/* Does a live plan of another push move a ref of a stage that may be come from
 * to this commit?  Then its passage is being recorded. */
int order_in_flight(
    struct order *order, const struct oid *commit, bool *ret, struct err *err);
void order_tell_in_flight(struct order *order, const struct oid *commit);

/* ---- what any move begins with ------------------------------------------ */

/* The pusher's idea of where the ref is was wrong: a finding says so, and
 * there is nothing else to say. */
bool order_moved(struct order *order);
/* A finding where the present tip was never recorded. */
int order_observed(struct order *order, struct err *err);
/* *ret_ok false: the new tip is no commit. */
int order_object(struct order *order, bool *ret_ok, struct err *err);
void order_tell_nobody(struct order *order, struct mark mark);

/* ---- rollbacks ---------------------------------------------------------- */

struct rollback_asked {
	const char *reason; /* NULL: the move is no rollback */
	const char *timeline;
	bool by_trailer; /* of the commit that is pushed */
};
int order_rollback_asked(
    struct order *order, struct rollback_asked *ret, struct err *err);
#define ROLLBACK_TRAILER "Rollback"
/* Is its one parent the present tip? */
bool order_is_on_tip(const struct order *order, const struct view_node *node);
/* What the ref may go back to; read once. */
int order_tips(
    struct order *order, const struct rollback_tips **ret, struct err *err);
int order_rollback(
    struct order *order, const struct rollback_asked *asked, struct err *err);

/* ---- moves that are no steps -------------------------------------------- */

int order_entry(struct order *order, bool contains, struct err *err);
int order_rewind(struct order *order, struct err *err);
int order_delete(struct order *order, struct err *err);
int order_linear(struct order *order, struct err *err);

/* Paths that differ, for refusals that name some of them. */
#define PATHS_MAX MERGE_PATHS_MAX
struct differing {
	struct arena *arena;
	struct strings paths; /* raw bytes */
	size_t more;
};
/* For the view's changes; ctx: a struct differing. */
int order_note_path(
    void *ctx, const struct view_change *change, struct err *err);

/* ---- telling ------------------------------------------------------------ */

/* Adds stage.skip for order->skips, if there are any. */
int order_tell_skips(struct order *order, struct err *err);
void order_hint(struct order *order, struct finding *finding, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* The command that makes the right merge (or squash) and pushes it. */
void order_merge_command(struct order *order, struct finding *finding,
    const struct made *made, bool contains);
/* The stage nearest to this one that the commit may enter now, or NULL. */
int order_next_stage(const struct order *order, const struct oid *commit,
    const struct stage **ret, struct err *err);
/* The entry stage that what is in this stage begins at: of several, the one
 * that the policy names first. */
const char *order_first_stage(const struct order *order);
/* "testing", "integration or hotfix" */
const char *order_from_names(struct order *order, const struct stage *stage);
/* "1a2b3c4d Subject", neutralised and cut */
int order_named(struct order *order, const struct oid *commit, const char **ret,
    struct err *err);
bool order_has(const struct order *order, enum code code);
void order_keep(struct order *order, const struct oid *oid);

#endif
