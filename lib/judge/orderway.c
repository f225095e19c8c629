#include "judge/orderwork.h"

/*
 * What is made of a candidate to get it into a ref.  The judge asks the same
 * questions of what somebody made.
 */
int order_relate(struct order *order, const struct oid *before,
    const struct oid *candidate, struct relation *ret, struct err *err)
{
	const struct view *view = order->view;

	if (order_stand_in(order, before, candidate, &ret->stands_in, err) < 0)
		return -1;
	if (view->is_ancestor(view->git, candidate, &ret->stands_in,
		&ret->contained, err) < 0)
		return -1;
	return view->is_ancestor(
	    view->git, &ret->stands_in, candidate, &ret->contains, err);
}

static enum transition kind_of(const struct stage *stage, bool ahead)
{
	bool merge = (stage->accept & ACCEPT_MERGE) != 0;
	bool squash = (stage->accept & ACCEPT_SQUASH) != 0;

	if (ahead && (stage->accept & ACCEPT_FAST_FORWARD))
		return TRANSITION_FAST_FORWARD;
	if (squash && (!merge || stage->linear))
		return TRANSITION_SQUASH;
	/* One that takes only fast-forwards says so to who lacks its tip. */
	return merge ? TRANSITION_MERGE : TRANSITION_FAST_FORWARD;
}

/* The commit by which the ref holds the candidate: itself, or the squash that
 * has brought it in; *ret NULL: it does not. */
static int find_there(struct order *order, const struct order_way *way,
    bool contained, const struct oid **ret, struct err *err)
{
	const struct view *view = order->view;
	struct oids squashes = { NULL, 0, 0 };

	*ret = contained ? &way->candidate : NULL;
	if (contained)
		return 0;
	if (view->squashes(view->ledger, order->arena, &way->candidate,
		&squashes, err) < 0)
		return -1;
	for (size_t i = 0; i < squashes.n && !*ret; i++) {
		bool is;

		if (view->is_ancestor(view->git, &squashes.v[i],
			&way->stands_in, &is, err) < 0)
			return -1;
		if (is)
			*ret = &squashes.v[i];
	}
	return 0;
}

static int find_reverted(struct order *order, struct order_way *way,
    const struct oid *there, struct err *err)
{
	const struct made made = { .before = way->before,
		.candidate = way->candidate,
		.stands_in = way->stands_in };
	struct oids commits = { NULL, 0, 0 };
	const struct view_revert *revert;
	const struct oid *ignored;

	ARRAY_PUSH(order->arena, &commits, *there);
	if (order_taken_out(order, &made, &commits, &revert, &ignored, err) < 0)
		return -1;
	if (revert)
		way->reverted_by = revert->commit;
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as order.h has it */
int order_way(struct arena *arena, const struct policy *policy,
    const struct view *view, const struct stage *stage,
    const struct oid *before, const struct oid *candidate,
    struct order_way *ret, struct err *err)
{
	struct order order = {
		.arena = arena, .policy = policy, .view = view, .stage = stage
	};
	struct order_way way = { .kind = TRANSITION_CREATE,
		.before = *before,
		.candidate = *candidate };
	struct relation relation;
	const struct oid *there;

	*ret = way;
	if (oid_is_zero(before))
		return 0;
	if (order_relate(&order, before, candidate, &relation, err) < 0)
		return -1;
	way.stands_in = relation.stands_in;
	way.contains = relation.contains;
	if (find_there(&order, &way, relation.contained, &there, err) < 0)
		return -1;
	way.there = there != NULL;
	if (there && find_reverted(&order, &way, there, err) < 0)
		return -1;
	/* What stands in for a revert commit is no tip to go on from. */
	way.kind = kind_of(
	    stage, way.contains && oid_eq(&way.stands_in, before));
	*ret = way;
	return 0;
}
