#include "judge/orderwork.h"

/*
 * After a revert commit.  A rollback in the style of a revert commit V on B,
 * with the tree of the earlier tip T, leaves B an ancestor of the ref: git's
 * own merge of anything that stands on B sees B's change as "taken out on our
 * side" and silently leaves it out.  Hence T stands in for V, and candidates
 * for which that does not help are refused.
 */

static int read_reverts(struct order *order, struct err *err)
{
	if (order->has_reverts)
		return 0;
	if (order->view->reverts(
		order->view->ledger, order->arena, &order->reverts, err) < 0)
		return -1;
	order->has_reverts = true;
	return 0;
}

static const struct view_revert *find_revert(
    const struct order *order, const struct oid *commit)
{
	for (size_t i = 0; i < order->reverts.n; i++)
		if (oid_eq(&order->reverts.v[i].commit, commit))
			return &order->reverts.v[i];
	return NULL;
}

/*
 * "Where P is a rollback's revert commit (of any ref) that the candidate does
 * not contain, the tip that it restored stands in for P (again, if that tip is
 * itself one)"
 */
int order_stand_in(struct order *order, const struct oid *before,
    const struct oid *candidate, struct oid *ret, struct err *err)
{
	const struct view *view = order->view;
	struct oid at = *before;

	if (read_reverts(order, err) < 0)
		return -1;
	/* Each turn goes to an older tip; the ledger could be wrong. */
	for (size_t turns = 0; turns <= order->reverts.n; turns++) {
		const struct view_revert *revert = find_revert(order, &at);
		bool contains;

		if (!revert)
			break;
		if (view->is_ancestor(
			view->git, &at, candidate, &contains, err) < 0)
			return -1;
		if (contains)
			break;
		at = revert->restored;
	}
	*ret = at;
	return 0;
}

/* ---- the revert trap ---------------------------------------------------- */

static int both(const struct view *view, const struct oid *in,
    const struct oid *not_in, const struct oid *commit, bool *ret,
    struct err *err)
{
	bool is_in, is_not = false;

	if (view->is_ancestor(view->git, commit, in, &is_in, err) < 0)
		return -1;
	if (is_in &&
	    view->is_ancestor(view->git, commit, not_in, &is_not, err) < 0)
		return -1;
	*ret = is_in && !is_not;
	return 0;
}

/* "a commit that a revert commit in P took out (contained in the commit rolled
 * back from, not in the tip restored)" and the candidate lacks that revert.
 * The order of the questions: commits that are newer than what was rolled
 * back, nearly all of them, need only the first. */
static int is_taken_out(const struct view *view, const struct made *made,
    const struct view_revert *revert, const struct oid *base, bool *ret,
    struct err *err)
{
	bool in, lacks;

	*ret = false;
	if (both(view, &revert->from, &revert->restored, base, &in, err) < 0)
		return -1;
	if (!in)
		return 0;
	if (both(view, &made->stands_in, &made->candidate, &revert->commit,
		&lacks, err) < 0)
		return -1;
	*ret = lacks;
	return 0;
}

/*
 * Did "the merge made directly on the revert commit" bring that commit back?
 * It did when its other parent contains it and not the revert: then the tip
 * restored stood in, and all of the other parent's work came in.
 */
static int is_brought_back(struct order *order, const struct made *made,
    const struct view_revert *revert, const struct oid *base, bool *ret,
    struct err *err)
{
	const struct view *view = order->view;
	struct oids tips = { NULL, 0, 0 }, hide = { NULL, 0, 0 };
	struct oids since = { NULL, 0, 0 };
	struct arena scratch;
	bool back = false;
	int r;

	ARRAY_PUSH(order->arena, &tips, made->stands_in);
	ARRAY_PUSH(order->arena, &hide, revert->commit);
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	r = view->walk(view->git, order->arena, &tips, &hide, NULL, NULL,
	    (size_t)order->policy->limit_commits, &since, err);
	if (r < 0 && err->kind == ERR_LIMIT)
		r = 0; /* too long ago to tell: not brought back */
	for (size_t i = 0; r == 0 && !back && i < since.n; i++) {
		struct view_node node;

		arena_reset(&scratch);
		r = view->node(view->git, &scratch, &since.v[i], &node, err);
		if (r < 0 || node.parents.n != 2 ||
		    !oid_eq(&node.parents.v[0], &revert->commit))
			continue;
		r = view->is_ancestor(
		    view->git, base, &node.parents.v[1], &back, err);
		if (r == 0 && back) {
			bool has_revert;

			r = view->is_ancestor(view->git, &revert->commit,
			    &node.parents.v[1], &has_revert, err);
			back = r == 0 && !has_revert;
		}
	}
	arena_release(&scratch);
	*ret = back;
	return r;
}

static void tell_reverted(struct order *order, const struct made *made,
    const struct view_revert *revert, const struct oid *base)
{
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_MERGE,
	    "%s stands on %s, which %s took out: merging would leave that out "
	    "in silence",
	    oid_hex8(&made->candidate).s, oid_hex8(base).s,
	    oid_hex8(&revert->commit).s);

	order_hint(order, finding,
	    "merge %s into the branch, bring the change back there (git revert "
	    "%s), promote that",
	    oid_hex8(&made->before).s, oid_hex8(&revert->commit).s);
}

int order_taken_out(struct order *order, const struct made *made,
    const struct oids *commits, const struct view_revert **ret,
    const struct oid **ret_commit, struct err *err)
{
	*ret = NULL;
	if (read_reverts(order, err) < 0)
		return -1;
	for (size_t i = 0; i < order->reverts.n; i++) {
		const struct view_revert *revert = &order->reverts.v[i];

		for (size_t k = 0; k < commits->n; k++) {
			const struct oid *commit = &commits->v[k];
			bool out, back = false;

			if (is_taken_out(order->view, made, revert, commit,
				&out, err) < 0)
				return -1;
			if (out &&
			    is_brought_back(
				order, made, revert, commit, &back, err) < 0)
				return -1;
			if (!out || back)
				continue;
			*ret = revert;
			*ret_commit = commit;
			return 0;
		}
	}
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as order.h has it */
int order_was_reverted(struct arena *arena, const struct policy *policy,
    const struct view *view, const struct oid *tip, const struct oid *commit,
    bool *ret, struct err *err)
{
	struct order order = { .arena = arena, .policy = policy, .view = view };
	const struct made made = { .candidate = *commit, .stands_in = *tip };
	struct oids commits = { NULL, 0, 0 };
	const struct view_revert *revert;
	const struct oid *ignored;

	ARRAY_PUSH(arena, &commits, *commit);
	if (order_taken_out(&order, &made, &commits, &revert, &ignored, err) <
	    0)
		return -1;
	*ret = revert != NULL;
	return 0;
}

/* ---- the squash trap ---------------------------------------------------- */

/*
 * "one that contains a candidate which a squash in P brought in, but not that
 * squash commit": git would merge the very same change twice.  Such a
 * candidate is among the commits that P does not contain.
 */
static int judge_squashed(struct order *order, const struct made *made,
    const struct oid *commit, bool *ret_trapped, struct err *err)
{
	const struct view *view = order->view;
	struct oids squashes = { NULL, 0, 0 };
	struct finding *finding;

	if (view->squashes(view->ledger, order->arena, commit, &squashes, err) <
	    0)
		return -1;
	for (size_t i = 0; i < squashes.n; i++) {
		bool lacks;

		if (both(view, &made->stands_in, &made->candidate,
			&squashes.v[i], &lacks, err) < 0)
			return -1;
		if (!lacks)
			continue;
		finding = finding_add(order->arena, &order->ref->findings,
		    CODE_STAGE_MERGE,
		    "%s contains %s, which the squash %s brought in already",
		    oid_hex8(&made->candidate).s, oid_hex8(commit).s,
		    oid_hex8(&squashes.v[i]).s);
		order_hint(order, finding,
		    "merge %s into the branch first, then promote that",
		    oid_hex8(&made->before).s);
		*ret_trapped = true;
		return 0;
	}
	return 0;
}

static int judge_squashes(
    struct order *order, const struct made *made, struct err *err)
{
	const struct view *view = order->view;
	struct oids tips = { NULL, 0, 0 }, hide = { NULL, 0, 0 };
	struct oids brought = { NULL, 0, 0 };
	bool trapped = false;

	ARRAY_PUSH(order->arena, &tips, made->candidate);
	ARRAY_PUSH(order->arena, &hide, made->stands_in);
	if (view->walk(view->git, order->arena, &tips, &hide, NULL, NULL,
		(size_t)order->policy->limit_commits, &brought, err) < 0)
		return -1;
	/* The newest one tells most. */
	for (size_t i = brought.n; i > 0 && !trapped; i--)
		if (judge_squashed(
			order, made, &brought.v[i - 1], &trapped, err) < 0)
			return -1;
	return 0;
}

int order_traps(struct order *order, const struct made *made,
    const struct oids *bases, struct err *err)
{
	const struct view_revert *revert;
	const struct oid *base;

	if (order_taken_out(order, made, bases, &revert, &base, err) < 0)
		return -1;
	if (!revert)
		return judge_squashes(order, made, err);
	tell_reverted(order, made, revert, base);
	return 0;
}
