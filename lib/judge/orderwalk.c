#include <string.h>

#include "judge/orderwork.h"

/*
 * "Walk from N down its first parents to the first commit that is O, or that
 * satisfies (a) where `fast-forward` is accepted or R is new."
 *
 * The cost must grow with the push, whatever lies below: what has been through
 * is looked up in the ledger first (a few reads), and only what has is tested
 * for having O as an ancestor.  Whether O is still below is asked at the 1st,
 * 2nd, 4th, 8th .. commit; once it is not, the walk is over, and where the
 * line left it is found by halving.
 */

/* Commits of a new ref's line that are looked at below one that can be no
 * step: it is refused anyway. */
#define WALK_LOOK_MAX 1000

struct walking {
	struct order *order;
	struct walk *walk;
	struct arena scratch; /* of one commit */
	bool forward_accepted;
	size_t known;  /* the last index known to have O as an ancestor */
	size_t gallop; /* the next index to ask at */
	size_t lost;   /* commits since one that can be no step */
};

static bool is_new_ref(const struct walking *walking)
{
	return oid_is_zero(&walking->order->ref->old);
}

static int has_old(struct walking *walking, const struct oid *commit, bool *ret,
    struct err *err)
{
	const struct view *view = walking->order->view;

	*ret = true;
	if (is_new_ref(walking))
		return 0;
	return view->is_ancestor(
	    view->git, &walking->order->ref->old, commit, ret, err);
}

/* Adds a commit to the walk. */
static int take(
    struct walking *walking, const struct oid *commit, struct err *err)
{
	struct order *order = walking->order;
	struct walked walked = { .commit = *commit };

	if (order->view->node(
		order->view->git, order->arena, commit, &walked.node, err) < 0)
		return -1;
	ARRAY_PUSH(order->arena, walking->walk, walked);
	return 0;
}

/*
 * The newest commit taken: is it where a fast-forward would come from?  One
 * that has been through but does not contain O ends the walk too: nothing
 * below it contains O.
 */
static int try_passed(struct walking *walking, bool *ret_end, struct err *err)
{
	struct order *order = walking->order;
	struct walk *walk = walking->walk;
	size_t at = walk->n - 1;
	struct passed passed;
	bool contains;

	if (passed_find(order->view, &walking->scratch, order->policy,
		order->stage, order->ref->ref, &walk->v[at].commit, &passed,
		err) < 0)
		return -1;
	if (!passed_may_enter(&passed))
		return 0;
	if (has_old(walking, &walk->v[at].commit, &contains, err) < 0)
		return -1;
	if (!contains) {
		walk->end = WALK_LEFT;
		*ret_end = true;
		return 0;
	}
	walking->known = at;
	if (walking->forward_accepted || is_new_ref(walking)) {
		walk->end = WALK_PASSED;
		*ret_end = true;
	} else if (!walk->has_forward) {
		walk->has_forward = true;
		walk->forward = at;
	}
	return 0;
}

static int try_old(struct walking *walking, bool *ret_end, struct err *err)
{
	struct walk *walk = walking->walk;
	size_t at = walk->n - 1;
	bool contains;

	if (is_new_ref(walking) || at < walking->gallop)
		return 0;
	walking->gallop = 2 * at + 1;
	if (has_old(walking, &walk->v[at].commit, &contains, err) < 0)
		return -1;
	if (contains) {
		walking->known = at;
	} else {
		walk->end = WALK_LEFT;
		*ret_end = true;
	}
	return 0;
}

/* A new ref has no tip to walk down to. */
static bool is_lost(struct walking *walking)
{
	const struct walk *walk = walking->walk;
	bool may_be_step = walk->v[walk->n - 1].node.parents.n == 2 ||
	    (walking->order->stage->accept & ACCEPT_SQUASH) != 0;

	if (!is_new_ref(walking))
		return false;
	if (walking->lost > 0 || !may_be_step)
		walking->lost++;
	return walking->lost > WALK_LOOK_MAX;
}

static int step_down(struct walking *walking, bool *ret_end, struct err *err)
{
	struct walk *walk = walking->walk;
	const struct oids *parents;
	struct oid next;

	arena_reset(&walking->scratch);
	if (try_passed(walking, ret_end, err) < 0)
		return -1;
	if (*ret_end)
		return 0;
	if (try_old(walking, ret_end, err) < 0)
		return -1;
	if (*ret_end)
		return 0;
	parents = &walk->v[walk->n - 1].node.parents;
	if (parents->n == 0) {
		walk->end = is_new_ref(walking) ? WALK_NOWHERE : WALK_LEFT;
		*ret_end = true;
		return 0;
	}
	next = parents->v[0];
	if (oid_eq(&next, &walking->order->ref->old)) {
		walk->end = WALK_OLD;
		*ret_end = true;
		return 0;
	}
	if (walk->n >= walking->order->policy->limit_commits ||
	    is_lost(walking)) {
		walk->end = WALK_NOWHERE;
		walk->cut = true;
		*ret_end = true;
		return 0;
	}
	return take(walking, &next, err);
}

/* Shortens the walk to the oldest commit that still has O as an ancestor:
 * somewhere from the last one known to have it on. */
static int find_left(struct walking *walking, struct err *err)
{
	struct walk *walk = walking->walk;
	size_t low = walking->known, high = walk->n - 1;

	/* The oldest one is a root or known not to contain O. */
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		bool contains;

		if (has_old(walking, &walk->v[middle].commit, &contains, err) <
		    0)
			return -1;
		if (contains)
			low = middle;
		else
			high = middle;
	}
	walk->n = low + 1;
	return 0;
}

int order_walk(struct order *order, struct walk *ret, struct err *err)
{
	struct walk walk = { .end = WALK_NOWHERE };
	struct walking walking = { .order = order,
		.walk = &walk,
		.forward_accepted = (order->stage->accept &
					ACCEPT_FAST_FORWARD) != 0,
		.gallop = 1 };
	bool end = false;
	int r;

	if (oid_eq(&order->ref->new, &order->ref->old)) {
		walk.end = WALK_OLD;
		*ret = walk;
		return 0;
	}
	arena_init(&walking.scratch, ARENA_SCRATCH_MAX);
	r = take(&walking, &order->ref->new, err);
	while (r == 0 && !end)
		r = step_down(&walking, &end, err);
	if (r == 0 && walk.end == WALK_LEFT)
		r = find_left(&walking, err);
	arena_release(&walking.scratch);
	if (r == 0)
		*ret = walk;
	return r;
}
