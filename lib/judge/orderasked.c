#include <string.h>
#include <strings.h>

#include "judge/orderwork.h"

/*
 * Is a move a rollback?  One with the push option is; "without push options a
 * trailer `Rollback: REASON` on a commit that restores an earlier tip's tree
 * does the same".
 */
int order_tips(
    struct order *order, const struct rollback_tips **ret, struct err *err)
{
	const struct ref_verdict *ref = order->ref;

	if (!order->has_tips &&
	    rollback_tips(order->view, order->arena, order->policy, ref->ref,
		&ref->old, order->now, &order->tips, err) < 0)
		return -1;
	order->has_tips = true;
	*ret = &order->tips;
	return 0;
}

bool order_is_on_tip(const struct order *order, const struct view_node *node)
{
	return node->parents.n == 1 &&
	    oid_eq(&node->parents.v[0], &order->ref->old);
}

static int read_trailer(struct order *order, const char **ret, struct err *err)
{
	const struct view *view = order->view;
	struct trailers trailers = { NULL, 0, 0 };
	const char *complaint = NULL;
	struct commit commit;

	*ret = NULL;
	if (view->commit(view->git, order->arena, &order->ref->new, &commit,
		&complaint, err) < 0)
		return -1;
	if (complaint) /* object.malformed says so */
		return 0;
	commit_trailers(order->arena, &commit, &trailers);
	for (size_t i = 0; i < trailers.n; i++)
		if (strcasecmp(trailers.v[i].key, ROLLBACK_TRAILER) == 0)
			*ret = trailers.v[i].value;
	return 0;
}

/* One that has been where it comes from may just as well enter: a revert
 * commit of another ref on its way back. */
static int may_enter(struct order *order, bool *ret, struct err *err)
{
	struct passed passed;

	if (passed_find(order->view, order->arena, order->policy, order->stage,
		order->ref->ref, &order->ref->new, &passed, err) < 0)
		return -1;
	*ret = passed_may_enter(&passed);
	return 0;
}

static int has_earlier_tree(
    struct order *order, const struct oid *tree, bool *ret, struct err *err)
{
	const struct rollback_tips *tips;
	const struct rollback_tip *found;

	if (order_tips(order, &tips, err) < 0 ||
	    rollback_find_tree(
		order->view, order->arena, tips, tree, &found, err) < 0)
		return -1;
	*ret = found != NULL;
	return 0;
}

static int trailer_asks(struct order *order, const char **ret, struct err *err)
{
	const struct view *view = order->view;
	const struct ref_verdict *ref = order->ref;
	enum object_kind kind;
	struct view_node node;
	uint64_t size;
	bool enters, earlier;

	*ret = NULL;
	if (!order->policy->rollback.on || stage_is_entry(order->stage) ||
	    oid_is_zero(&ref->new) || oid_is_zero(&ref->old))
		return 0;
	if (view->kind(view->git, &ref->new, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_COMMIT)
		return 0;
	if (view->node(view->git, order->arena, &ref->new, &node, err) < 0)
		return -1;
	if (!order_is_on_tip(order, &node))
		return 0;
	if (read_trailer(order, ret, err) < 0)
		return -1;
	if (!*ret)
		return 0;
	if (may_enter(order, &enters, err) < 0 ||
	    has_earlier_tree(order, &node.tree, &earlier, err) < 0)
		return -1;
	if (enters || !earlier)
		*ret = NULL;
	return 0;
}

int order_rollback_asked(
    struct order *order, struct rollback_asked *ret, struct err *err)
{
	const struct push *push = order->push;

	*ret = (struct rollback_asked){ push->rollback, push->timeline, false };
	if (push->rollback || push->bypass)
		return 0;
	ret->by_trailer = true;
	return trailer_asks(order, &ret->reason, err);
}
