#include <string.h>

#include "base/num.h"
#include "base/shellword.h"
#include "base/text.h"
#include "judge/orderwork.h"
#include "judge/reason.h"

/*
 * Going back: "N either a commit on O whose tree equals that of an earlier
 * recorded tip of the same ref, or (with `rewind`) that tip itself".
 */
#define TIPS_NAMED 5 /* that could be gone back to */

static struct finding *refuse(
    struct order *order, enum code code, const char *text)
{
	struct finding *finding = finding_add(
	    order->arena, &order->ref->findings, code, "%s", text);

	finding->mark = order->policy->rollback.mark;
	return finding;
}

/* ---- who, and whether at all ----------------------------------------------
 */

static void judge_by(struct order *order)
{
	const struct rollback_rules *rules = &order->policy->rollback;
	const struct push *push = order->push;

	if (!rules->on) {
		refuse(order, CODE_ROLLBACK_ROLE,
		    "nobody may roll back: the policy has no `rollback:`");
		return;
	}
	if (!push->pusher) {
		order_tell_nobody(order, rules->mark);
		return;
	}
	if (policy_in_roles(order->policy, &rules->by, push->pusher))
		return;
	refuse(order, CODE_ROLLBACK_ROLE,
	    arena_printf(order->arena,
		"%s may not roll back: that takes one of %s",
		text_clean_s(order->arena, push->pusher),
		strings_join(order->arena, &rules->by, "@")));
}

static void judge_trailer(
    struct order *order, const struct rollback_asked *asked)
{
	const char *fault = reason_fault(asked->reason);

	if (!asked->by_trailer)
		return; /* options are the push's */
	if (fault)
		refuse(order, CODE_ROLLBACK_REASON,
		    arena_printf(order->arena,
			"the reason of its trailer " ROLLBACK_TRAILER ": %s",
			fault));
	if (order->push->updates.n > 1)
		refuse(order, CODE_ROLLBACK_OPTIONS,
		    "a rollback is of one ref: push each by itself");
}

static bool judge_possible(struct order *order)
{
	const struct ref_verdict *ref = order->ref;

	if (stage_is_entry(order->stage))
		refuse(order, CODE_ROLLBACK_TARGET,
		    arena_printf(order->arena,
			"stage %s is where changes begin: nothing is rolled "
			"back there",
			order->stage->name));
	else if (oid_is_zero(&ref->old))
		refuse(order, CODE_ROLLBACK_TARGET,
		    "there is no such ref to roll back");
	else if (oid_is_zero(&ref->new))
		refuse(order, CODE_ROLLBACK_TARGET,
		    "deleting a ref is no rollback");
	else
		return true;
	return false;
}

/* ---- to what --------------------------------------------------------------
 */

static int named_tip(struct order *order, const struct rollback_tip *tip,
    const char **ret, struct err *err)
{
	const char *named;

	if (order_named(order, &tip->tip, &named, err) < 0)
		return -1;
	*ret = arena_printf(order->arena, "%s, until %s", named,
	    time_format(order->arena, tip->left));
	return 0;
}

/* Where one could go. */
static int tell_tips(struct order *order, struct finding *finding,
    const struct rollback_tips *tips, struct err *err)
{
	const struct view *view = order->view;
	size_t n = 0;

	if (tips->n == 0)
		order_hint(order, finding, "it has never been elsewhere");
	for (size_t i = 0; i < tips->n && n < TIPS_NAMED; i++) {
		enum object_kind kind;
		const char *named;
		uint64_t size;

		if (!tips->v[i].within)
			continue;
		if (view->kind(view->git, &tips->v[i].tip, &kind, &size, err) <
		    0)
			return -1;
		if (kind != OBJECT_COMMIT)
			continue;
		if (named_tip(order, &tips->v[i], &named, err) < 0)
			return -1;
		if (n++ == 0)
			order_hint(
			    order, finding, "it may go back to one of these:");
		ARRAY_PUSH(order->arena, &finding->hints, named);
	}
	return 0;
}

static void tell_window(struct order *order, const struct rollback_tip *tip)
{
	uint64_t window = order->policy->rollback.window_s;

	refuse(order, CODE_ROLLBACK_WINDOW,
	    arena_printf(order->arena,
		"%s was there until %s: a rollback goes back %s at most",
		oid_hex8(&tip->tip).s, time_format(order->arena, tip->left),
		duration_format(order->arena, window)));
}

/* The commit that goes back without moving back. */
static void tell_revert(struct order *order, struct finding *finding,
    const struct oid *tip, const struct rollback_asked *asked)
{
	struct arena *arena = order->arena;

	ARRAY_PUSH(arena, &finding->commands,
	    arena_printf(arena,
		"git push -o rollback=%s origin \"$(git commit-tree -p %s "
		"-m 'Roll back to %s' '%s^{tree}')\":%s",
		shell_word(arena, text_clean_s(arena, asked->reason)),
		oid_hex8(&order->ref->old).s, oid_hex8(tip).s, oid_hex8(tip).s,
		shell_word(arena, order->ref->shown)));
}

static void judge_rewind(struct order *order, const struct rollback_tip *tip,
    const struct rollback_asked *asked)
{
	struct finding *finding;

	if (!tip->within)
		tell_window(order, tip);
	if (order->policy->rollback.rewind)
		return;
	finding = refuse(order, CODE_ROLLBACK_TARGET,
	    "refs are not moved back here (`rewind`): a rollback is a commit "
	    "on the present tip with the earlier one's tree");
	tell_revert(order, finding, &tip->tip, asked);
}

/* "tree one byte off": against the tip before, which is nearly always meant. */
static int tell_tree(struct order *order, const struct rollback_tips *tips,
    const struct oid *tree, struct err *err)
{
	const struct view *view = order->view;
	struct differing differing = { .arena = order->arena };
	struct finding *finding = refuse(order, CODE_ROLLBACK_TREE,
	    arena_printf(order->arena,
		"the tree of %s is that of no earlier tip",
		oid_hex8(&order->ref->new).s));
	enum object_kind kind;
	struct view_node node;
	uint64_t size;

	if (tips->n > 0 &&
	    view->kind(view->git, &tips->v[0].tip, &kind, &size, err) < 0)
		return -1;
	if (tips->n > 0 && kind == OBJECT_COMMIT) {
		if (view->node(view->git, order->arena, &tips->v[0].tip, &node,
			err) < 0 ||
		    view->changes(view->git, &node.tree, tree, order_note_path,
			&differing, err) < 0)
			return -1;
		ARRAY_PUSH(order->arena, &finding->details,
		    arena_printf(order->arena, "it differs from %s in",
			oid_hex8(&tips->v[0].tip).s));
	}
	for (size_t i = 0; i < differing.paths.n; i++)
		ARRAY_PUSH(order->arena, &finding->details,
		    text_clean_s(order->arena, differing.paths.v[i]));
	if (differing.more > 0)
		ARRAY_PUSH(order->arena, &finding->details,
		    arena_printf(order->arena, "and %zu more", differing.more));
	return tell_tips(order, finding, tips, err);
}

static int judge_revert(struct order *order, const struct rollback_tips *tips,
    const struct oid *tree, const struct rollback_tip **ret, struct err *err)
{
	if (rollback_find_tree(
		order->view, order->arena, tips, tree, ret, err) < 0)
		return -1;
	if (!*ret)
		return tell_tree(order, tips, tree, err);
	if (!(*ret)->within)
		tell_window(order, *ret);
	return 0;
}

/* Neither of the two. */
static int tell_neither(struct order *order, const struct rollback_tips *tips,
    const struct view_node *node, struct err *err)
{
	const char *new = oid_hex8(&order->ref->new).s;
	struct finding *finding;

	if (oid_eq(&order->ref->new, &order->ref->old))
		finding = refuse(
		    order, CODE_ROLLBACK_TARGET, "it is there already");
	else if (node->parents.n > 1)
		finding = refuse(order, CODE_ROLLBACK_TARGET,
		    arena_printf(order->arena,
			"%s is a merge: a revert commit has one parent, the "
			"present tip %s",
			new, oid_hex8(&order->ref->old).s));
	else
		finding = refuse(order, CODE_ROLLBACK_TARGET,
		    arena_printf(order->arena,
			"%s is neither a tip that was accepted here before nor "
			"one commit on the present tip %s",
			new, oid_hex8(&order->ref->old).s));
	return tell_tips(order, finding, tips, err);
}

/* *ret: the tip that is restored; NULL: a finding says why there is none. */
static int find_target(struct order *order, const struct rollback_asked *asked,
    const struct rollback_tip **ret, struct err *err)
{
	const struct view *view = order->view;
	struct ref_verdict *ref = order->ref;
	const struct rollback_tips *tips;
	struct view_node node;

	*ret = NULL;
	if (order_tips(order, &tips, err) < 0 ||
	    view->node(view->git, order->arena, &ref->new, &node, err) < 0)
		return -1;
	*ret = rollback_find_tip(tips, &ref->new);
	if (*ret) {
		judge_rewind(order, *ret, asked);
		return 0;
	}
	if (order_is_on_tip(order, &node))
		return judge_revert(order, tips, &node.tree, ret, err);
	return tell_neither(order, tips, &node, err);
}

/* ---- what it opens ---------------------------------------------------------
 */

/* A client's own ref concerns that client alone. */
static int find_clients(
    struct order *order, struct strings *ret, struct err *err)
{
	const struct policy *policy = order->policy;

	for (size_t i = 0; i < policy->nclients; i++) {
		if (strcmp(policy->clients[i].ref, order->ref->ref) != 0)
			continue;
		strings_add(order->arena, ret, policy->clients[i].name);
		return 0;
	}
	return rollback_clients(
	    order->view, order->arena, policy, &order->ref->old, ret, err);
}

static int open_incident(struct order *order,
    const struct rollback_asked *asked, const struct rollback_tip *target,
    struct err *err)
{
	const struct rollback_rules *rules = &order->policy->rollback;
	struct ref_verdict *ref = order->ref;
	struct incident_opening *opening = ARENA_NEW(
	    order->arena, struct incident_opening);

	opening->kind = INCIDENT_ROLLBACK;
	opening->rewind = oid_eq(&target->tip, &ref->new);
	opening->reason = asked->reason;
	opening->timeline = asked->timeline;
	for (size_t i = 0; i < rules->then.n; i++)
		strings_add(
		    order->arena, &opening->then, rules->then.v[i].gate->name);
	if (find_clients(order, &opening->clients, err) < 0)
		return -1;
	ref->opening = opening;
	return 0;
}

int order_rollback(
    struct order *order, const struct rollback_asked *asked, struct err *err)
{
	struct ref_verdict *ref = order->ref;
	const struct rollback_tip *target;
	bool ok;

	ref->kind = TRANSITION_ROLLBACK;
	ref->candidate = ref->new;
	judge_by(order);
	judge_trailer(order, asked);
	if (!order->policy->rollback.on || order_moved(order) ||
	    !judge_possible(order))
		return 0;
	if (order_observed(order, err) < 0 || order_object(order, &ok, err) < 0)
		return -1;
	if (!ok)
		return 0;
	order_keep(order, &ref->old);
	if (find_target(order, asked, &target, err) < 0)
		return -1;
	if (!target)
		return 0;
	ref->candidate = target->tip;
	ARRAY_PUSH(order->arena, &ref->steps,
	    (struct step){
		ref->new, target->tip, TRANSITION_ROLLBACK, ref->old });
	return ref->findings.n > 0 ? 0
				   : open_incident(order, asked, target, err);
}
