#include "judge/orderwork.h"

/*
 * (b) and (c): a merge on P, or one commit on P that names what it squashes.
 * The candidate has been through a stage, P does not contain it already, it
 * falls into none of the traps of reverts and squashes, and the tree is what
 * merging gives.
 */
static int judge_passage(
    struct order *order, const struct oid *candidate, struct err *err)
{
	struct passed passed;

	if (passed_find(order->view, order->arena, order->policy, order->stage,
		order->ref->ref, candidate, &passed, err) < 0)
		return -1;
	if (!passed_may_enter(&passed))
		ARRAY_PUSH(order->arena, order->skips,
		    (struct skip){ .commit = *candidate });
	return 0;
}

/* "A kind of step that is not in `accept` is `stage.merge`", and squashing is
 * only for what comes straight from an entry stage. */
static void judge_accepted(struct order *order, const struct made *made)
{
	const struct stage *stage = order->stage;
	bool squash = made->kind == TRANSITION_SQUASH;
	unsigned kind = squash ? ACCEPT_SQUASH : ACCEPT_MERGE;
	const char *inner = NULL;
	struct finding *finding;

	for (size_t i = 0; squash && i < stage->from.n; i++) {
		const struct stage *from =
		    &order->policy->stages[stage->from.v[i]];

		if (!stage_is_entry(from))
			inner = from->name;
	}
	if ((stage->accept & kind) && !inner)
		return;
	finding = finding_add(order->arena, &order->ref->findings,
	    CODE_STAGE_MERGE, "%s is a %s, which stage %s does not accept",
	    oid_hex8(&made->commit).s, squash ? "squash" : "merge",
	    stage->name);
	finding->mark = stage->accept_mark;
	if (inner)
		order_hint(order, finding,
		    "what has been through %s is promoted as it is", inner);
}

static void tell_contained(struct order *order, const struct made *made)
{
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_MERGE,
	    "%s brings in %s, which %s already contains",
	    oid_hex8(&made->commit).s, oid_hex8(&made->candidate).s,
	    oid_hex8(&made->stands_in).s);

	order_hint(order, finding,
	    "a merge of nothing would hide a revert: to bring back what was "
	    "reverted, revert the revert on a branch and promote that");
}

static void tell_unrelated(struct order *order, const struct made *made)
{
	finding_add(order->arena, &order->ref->findings, CODE_STAGE_MERGE,
	    "%s brings in %s, which shares no commit with stage %s",
	    oid_hex8(&made->commit).s, oid_hex8(&made->candidate).s,
	    order->stage->name);
}

/* What stands before the merge does not contain the candidate, nor the
 * candidate it: two lines that have something in common. */
static int judge_diverged(
    struct order *order, const struct made *made, struct err *err)
{
	const struct view *view = order->view;
	struct oids bases = { NULL, 0, 0 };
	size_t before = order->ref->findings.n;

	if (view->merge_bases(view->git, order->arena, &made->stands_in,
		&made->candidate, &bases, err) < 0)
		return -1;
	if (bases.n == 0) {
		tell_unrelated(order, made);
		return 0;
	}
	if (order_traps(order, made, &bases, err) < 0)
		return -1;
	/* "whatever their tree" */
	if (order->ref->findings.n > before)
		return 0;
	return order_tree(order, made, false, err);
}

int order_candidate(struct order *order, struct made *made, struct err *err)
{
	struct relation relation;

	if (judge_passage(order, &made->candidate, err) < 0)
		return -1;
	judge_accepted(order, made);
	if (order_relate(
		order, &made->before, &made->candidate, &relation, err) < 0)
		return -1;
	made->stands_in = relation.stands_in;
	if (relation.contained) {
		tell_contained(order, made);
		return 0;
	}
	if (relation.contains)
		return order_tree(order, made, true, err);
	return judge_diverged(order, made, err);
}
