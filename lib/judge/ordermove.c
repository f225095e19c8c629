#include <string.h>

#include "judge/orderwork.h"

/* Commits that are named one by one. */
#define NAMED_MAX 10

static void add_step(struct order *order, enum transition kind)
{
	struct ref_verdict *ref = order->ref;

	ref->kind = kind;
	ref->candidate = ref->new;
	ARRAY_PUSH(order->arena, &ref->steps,
	    (struct step){ ref->new, ref->new, kind, ref->old });
}

/*
 * "Deleting or rewinding any stage ref of a stage other than a `from: []` one
 * keeps the old tip"; "`keep: true` on an entry stage keeps there too".
 */
static void keep_old(struct order *order)
{
	if (!stage_is_entry(order->stage) || order->stage->keep)
		order_keep(order, &order->ref->old);
}

/* "Entry stages (`from: []`) take any commit that their gates pass." */
int order_entry(struct order *order, bool contains, struct err *err)
{
	struct ref_verdict *ref = order->ref;
	struct finding *finding;

	(void)err;
	if (contains) {
		add_step(order,
		    oid_is_zero(&ref->old) ? TRANSITION_CREATE
					   : TRANSITION_ENTRY);
		return 0;
	}
	add_step(order, TRANSITION_REWIND);
	keep_old(order);
	if (order->stage->rewind)
		return 0;
	finding = finding_add(order->arena, &ref->findings, CODE_STAGE_REWIND,
	    "%s does not contain the present tip %s, and refs of stage %s are "
	    "not moved back",
	    oid_hex8(&ref->new).s, oid_hex8(&ref->old).s, order->stage->name);
	finding->mark = order->stage->mark;
	order_hint(order, finding, "fetch it, and merge or rebase onto it");
	return 0;
}

/*
 * "one may force a ref back to an earlier recorded tip": one that was recorded
 * on this very ref, counted, and was not taken back since.
 */
static int was_tip_here(
    struct order *order, bool *ret, bool *ret_withdrawn, struct err *err)
{
	const struct view *view = order->view;
	struct view_passages passages = { NULL, 0, 0 };

	*ret = *ret_withdrawn = false;
	if (view->passages(view->ledger, order->arena, &order->ref->new,
		&passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n; i++) {
		const struct view_passage *passage = &passages.v[i];

		if (strcmp(passage->ref, order->ref->ref) != 0 ||
		    !passage_state_counts(passage->state))
			continue;
		if (passage->withdrawn)
			*ret_withdrawn = true;
		else
			*ret = true;
	}
	return 0;
}

/* A forced push of a history that has nothing to do with the stage's. */
static int judge_related(struct order *order, struct err *err)
{
	const struct view *view = order->view;
	struct oids bases = { NULL, 0, 0 };

	if (view->merge_bases(view->git, order->arena, &order->ref->old,
		&order->ref->new, &bases, err) < 0)
		return -1;
	if (bases.n == 0)
		finding_add(order->arena, &order->ref->findings,
		    CODE_STAGE_MERGE, "%s shares no commit with stage %s",
		    oid_hex8(&order->ref->new).s, order->stage->name);
	return 0;
}

/* A candidate that lacks the present tip is merged with it. */
static int hint_merge(
    struct order *order, struct finding *finding, struct err *err)
{
	const struct view *view = order->view;
	struct ref_verdict *ref = order->ref;
	struct made made = { .before = ref->old,
		.candidate = ref->new,
		.kind = TRANSITION_MERGE };
	struct relation relation;
	struct passed passed;

	if (!(order->stage->accept & ACCEPT_MERGE))
		return 0;
	if (passed_find(view, order->arena, order->policy, order->stage,
		ref->ref, &ref->new, &passed, err) < 0)
		return -1;
	if (!passed_may_enter(&passed))
		return 0;
	if (order_relate(order, &ref->old, &ref->new, &relation, err) < 0)
		return -1;
	made.stands_in = relation.stands_in;
	if (!relation.contained)
		order_merge_command(order, finding, &made, relation.contains);
	return 0;
}

int order_rewind(struct order *order, struct err *err)
{
	struct ref_verdict *ref = order->ref;
	struct finding *finding;
	bool earlier, withdrawn;
	const char *why = "";

	add_step(order, TRANSITION_REWIND);
	keep_old(order);
	if (was_tip_here(order, &earlier, &withdrawn, err) < 0)
		return -1;
	if (order->stage->rewind && earlier)
		return 0;
	if (order->stage->rewind)
		why = withdrawn ? ", and it is a tip that was taken back here"
				: ", and it was never recorded as its tip";
	finding = finding_add(order->arena, &ref->findings, CODE_STAGE_REWIND,
	    "%s does not contain the present tip %s%s", oid_hex8(&ref->new).s,
	    oid_hex8(&ref->old).s, why);
	finding->mark = order->stage->mark;
	order_hint(order, finding,
	    "fetch it; what enters stage %s stands on its present tip",
	    order->stage->name);
	if (hint_merge(order, finding, err) < 0)
		return -1;
	return judge_related(order, err);
}

int order_delete(struct order *order, struct err *err)
{
	struct ref_verdict *ref = order->ref;
	struct finding *finding;

	(void)err;
	ref->kind = TRANSITION_DELETE;
	keep_old(order);
	if (order->stage->deletion)
		return 0;
	finding = finding_add(order->arena, &ref->findings, CODE_STAGE_DELETE,
	    "refs of stage %s are not deleted", order->stage->name);
	finding->mark = order->stage->mark;
	return 0;
}

/* ---- linear ------------------------------------------------------------- */

static int find_entering(
    struct order *order, const struct oids **ret, struct err *err)
{
	const struct view *view = order->view;
	struct ref_verdict *ref = order->ref;
	struct gate_facts facts = { .arena = order->arena,
		.policy = order->policy,
		.push = order->push,
		.view = view,
		.ref = ref,
		.candidate = ref->new };
	struct oids tips = { NULL, 0, 0 }, hide = { NULL, 0, 0 };
	struct oids *found;

	if (oid_is_zero(&ref->old)) {
		facts_init(&facts);
		return facts_new_commits(&facts, ret, err);
	}
	ARRAY_PUSH(order->arena, &tips, ref->new);
	ARRAY_PUSH(order->arena, &hide, ref->old);
	found = ARENA_NEW(order->arena, struct oids);
	*ret = found;
	return view->walk(view->git, order->arena, &tips, &hide, NULL, NULL,
	    (size_t)order->policy->limit_commits, found, err);
}

static int find_merges(struct order *order, const struct oids *entering,
    struct oids *ret, struct err *err)
{
	const struct view *view = order->view;
	struct arena scratch;
	int r = 0;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < entering->n && r == 0; i++) {
		struct view_node node;

		arena_reset(&scratch);
		r = view->node(
		    view->git, &scratch, &entering->v[i], &node, err);
		if (r == 0 && node.parents.n > 1)
			ARRAY_PUSH(order->arena, ret, entering->v[i]);
	}
	arena_release(&scratch);
	return r;
}

/* "`linear`: no merge commits enter" */
int order_linear(struct order *order, struct err *err)
{
	const struct oids *entering;
	struct oids merges = { NULL, 0, 0 };
	struct finding *finding;
	struct strings details = { NULL, 0, 0 };

	if (find_entering(order, &entering, err) < 0 ||
	    find_merges(order, entering, &merges, err) < 0)
		return -1;
	if (merges.n == 0)
		return 0;
	for (size_t i = 0; i < merges.n && i < NAMED_MAX; i++) {
		const char *named;

		if (order_named(order, &merges.v[i], &named, err) < 0)
			return -1;
		ARRAY_PUSH(order->arena, &details, named);
	}
	if (merges.n > NAMED_MAX)
		ARRAY_PUSH(order->arena, &details,
		    arena_printf(
			order->arena, "and %zu more", merges.n - NAMED_MAX));
	finding = finding_add(order->arena, &order->ref->findings,
	    CODE_STAGE_MERGE, "stage %s is linear: no merge commits enter",
	    order->stage->name);
	finding->details = details;
	finding->mark = order->stage->mark;
	order_hint(order, finding, "rebase onto the stage's tip");
	return 0;
}
