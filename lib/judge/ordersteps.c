#include <string.h>
#include <strings.h>

#include "judge/orderwork.h"

/*
 * From what the walk found to steps, oldest first, each judged against the
 * step before it.
 */
#define FINDINGS_MAX 50 /* of wrong steps that are told */

struct stepping {
	struct order *order;
	const struct walk *walk;
	bool below_is_plain; /* the step before was an ordinary commit */
};

/* What a try leaves behind, so that it can be undone. */
struct mark_of {
	size_t findings, skips, steps, keep;
	bool in_flight;
};

static struct mark_of mark_now(const struct order *order)
{
	const struct ref_verdict *ref = order->ref;

	return (struct mark_of){ ref->findings.n, order->skips->n, ref->steps.n,
		ref->keep.n, ref->in_flight };
}

static void go_back(struct order *order, const struct mark_of *mark)
{
	struct ref_verdict *ref = order->ref;

	ref->findings.n = mark->findings;
	order->skips->n = mark->skips;
	ref->steps.n = mark->steps;
	ref->keep.n = mark->keep;
	ref->in_flight = mark->in_flight;
}

static void add_step(struct order *order, const struct oid *commit,
    const struct oid *candidate, enum transition kind, const struct oid *before)
{
	ARRAY_PUSH(order->arena, &order->ref->steps,
	    (struct step){ *commit, *candidate, kind, *before });
}

static const struct oid *before_of(const struct stepping *stepping, size_t i)
{
	const struct walk *walk = stepping->walk;

	return i + 1 < walk->n ? &walk->v[i + 1].commit
			       : &stepping->order->ref->old;
}

/* ---- the candidate of a squash ----------------------------------------- */

/* "Exactly one `Promotes:`, a full id", and of a commit.  *ret_some: there is
 * such a trailer at all; *ret_why: what is wrong with it. */
static int find_promoted(struct order *order, const struct oid *commit,
    struct oid *ret, bool *ret_some, const char **ret_why, struct err *err)
{
	const struct view *view = order->view;
	const char *complaint = NULL, *value = NULL;
	struct trailers trailers = { NULL, 0, 0 };
	enum object_kind kind;
	struct commit read;
	uint64_t size;
	size_t n = 0;

	*ret_why = NULL;
	*ret_some = false;
	if (view->commit(
		view->git, order->arena, commit, &read, &complaint, err) < 0)
		return -1;
	if (complaint) /* object.malformed says so */
		return 0;
	commit_trailers(order->arena, &read, &trailers);
	for (size_t i = 0; i < trailers.n; i++) {
		if (strcasecmp(trailers.v[i].key, "Promotes") != 0)
			continue;
		value = trailers.v[i].value;
		n++;
	}
	if (n == 0)
		return 0;
	*ret_some = true;
	if (n > 1) {
		*ret_why = "has more than one trailer 'Promotes:'";
		return 0;
	}
	if (strlen(value) != OID_HEX || !oid_parse(value, ret)) {
		*ret_why = "has a trailer 'Promotes:' that is no full id";
		return 0;
	}
	if (view->kind(view->git, ret, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_COMMIT)
		*ret_why = "has a trailer 'Promotes:' that names no commit";
	return 0;
}

/* ---- one step ----------------------------------------------------------- */

static int judge_made(struct order *order, const struct walked *walked,
    const struct oid *before, const struct oid *candidate, enum transition kind,
    struct err *err)
{
	struct made made = { .commit = walked->commit,
		.tree = walked->node.tree,
		.before = *before,
		.candidate = *candidate,
		.kind = kind,
		.stands_in = *before };

	add_step(order, &walked->commit, candidate, kind, before);
	if (kind == TRANSITION_SQUASH)
		order_keep(order, candidate);
	return order_candidate(order, &made, err);
}

/* One parent: a squash, or an ordinary commit that skips a stage. */
static int judge_single(struct stepping *stepping, size_t i, struct err *err)
{
	struct order *order = stepping->order;
	const struct walked *walked = &stepping->walk->v[i];
	const struct oid *before = before_of(stepping, i);
	struct oid candidate;
	const char *why;
	bool some;

	if (find_promoted(
		order, &walked->commit, &candidate, &some, &why, err) < 0)
		return -1;
	if (some && !why) {
		stepping->below_is_plain = false;
		return judge_made(
		    order, walked, before, &candidate, TRANSITION_SQUASH, err);
	}
	add_step(order, &walked->commit, &walked->commit,
	    some ? TRANSITION_SQUASH : TRANSITION_FAST_FORWARD, before);
	if (some) {
		stepping->below_is_plain = false;
		finding_add(order->arena, &order->ref->findings,
		    CODE_STAGE_MERGE, "%s %s", oid_hex8(&walked->commit).s,
		    why);
		return 0;
	}
	if (stepping->below_is_plain)
		order->skips->v[order->skips->n - 1].run = true;
	ARRAY_PUSH(order->arena, order->skips,
	    (struct skip){ .commit = walked->commit });
	stepping->below_is_plain = true;
	return 0;
}

static void tell_octopus(struct order *order, const struct walked *walked)
{
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_MERGE,
	    "%s is a merge of %zu commits: only two can be told apart",
	    oid_hex8(&walked->commit).s, walked->node.parents.n);

	order_hint(order, finding, "merge one candidate after the other");
}

static int judge_step(struct stepping *stepping, size_t i, struct err *err)
{
	struct order *order = stepping->order;
	const struct walked *walked = &stepping->walk->v[i];
	const struct oids *parents = &walked->node.parents;

	if (parents->n == 1)
		return judge_single(stepping, i, err);
	stepping->below_is_plain = false;
	if (parents->n == 2)
		return judge_made(order, walked, before_of(stepping, i),
		    &parents->v[1], TRANSITION_MERGE, err);
	tell_octopus(order, walked);
	add_step(order, &walked->commit,
	    parents->n > 1 ? &parents->v[1] : &walked->commit, TRANSITION_MERGE,
	    before_of(stepping, i));
	return 0;
}

/* ---- what is no step ---------------------------------------------------- */

/* It has been through, and stands on the tip: but the stage does not take it
 * like that.  "A kind of step that is not in `accept` is `stage.merge`." */
static void tell_forward(struct order *order, const struct walked *walked)
{
	struct made made = { .commit = walked->commit,
		.before = order->ref->old,
		.candidate = walked->commit,
		.kind = TRANSITION_MERGE,
		.stands_in = order->ref->old };
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_MERGE,
	    "%s would be a fast-forward, which stage %s does not accept",
	    oid_hex8(&walked->commit).s, order->stage->name);

	finding->mark = order->stage->accept_mark;
	if (!(order->stage->accept & ACCEPT_MERGE))
		made.kind = TRANSITION_SQUASH;
	order_merge_command(order, finding, &made, true);
	add_step(order, &walked->commit, &walked->commit,
	    TRANSITION_FAST_FORWARD, &order->ref->old);
}

/*
 * "Merges with swapped parents (O only on a second-parent line of a merge that
 * has not itself been through a stage) are refused with the fix"
 */
static void tell_swapped(struct order *order, const struct walked *walked)
{
	const struct oids *parents = &walked->node.parents;
	const struct oid *old = &order->ref->old;
	struct made made = { .commit = walked->commit,
		.before = *old,
		.candidate = parents->v[0],
		.kind = TRANSITION_MERGE,
		.stands_in = *old };
	struct finding *finding;

	add_step(order, &walked->commit, &parents->v[0], TRANSITION_MERGE, old);
	if (parents->n > 2) {
		tell_octopus(order, walked);
		return;
	}
	finding = finding_add(order->arena, &order->ref->findings,
	    CODE_STAGE_MERGE,
	    "%s has its parents swapped: the tip %s must be its first line, "
	    "not its second",
	    oid_hex8(&walked->commit).s, oid_hex8(old).s);
	order_hint(order, finding,
	    "merge the other way round, or promote %s through the stages",
	    oid_hex8(&walked->commit).s);
	if (oid_eq(&parents->v[1], old))
		order_merge_command(order, finding, &made, false);
}

/* ---- all of them -------------------------------------------------------- */

/* Nothing to stand on was found: everything on the line skips. */
static void skip_all(struct order *order, const struct walk *walk)
{
	const struct ref_verdict *ref = order->ref;

	for (size_t i = walk->n; i > 0; i--)
		ARRAY_PUSH(order->arena, order->skips,
		    (struct skip){
			.commit = walk->v[i - 1].commit, .run = i > 1 });
	order->skips->cut = walk->cut;
	add_step(
	    order, &ref->new, &ref->new, TRANSITION_FAST_FORWARD, &ref->old);
}

/*
 * Steps [from, to) counted from the newest, oldest first.  A push with this
 * much wrong is refused whatever the other steps are: merging costs time, and
 * of those only the newest is looked at still, which would become the tip.
 */
static int judge_range(
    struct stepping *stepping, size_t from, size_t to, struct err *err)
{
	const struct findings *findings = &stepping->order->ref->findings;

	for (size_t i = to; i > from; i--) {
		if (findings->n >= FINDINGS_MAX)
			i = from + 1;
		if (judge_step(stepping, i - 1, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * The stage takes no fast-forwards, and one of the commits would be one.  The
 * steps up to it may still be merges in order; where they are not, that it is
 * a fast-forward is all there is to say about them.
 */
static int judge_up_to_forward(struct stepping *stepping, struct err *err)
{
	struct order *order = stepping->order;
	const struct walk *walk = stepping->walk;
	struct mark_of mark = mark_now(order);

	if (walk->end == WALK_OLD) {
		if (judge_range(stepping, walk->forward, walk->n, err) < 0)
			return -1;
		if (order->ref->findings.n == mark.findings &&
		    order->skips->n == mark.skips)
			return 0;
		go_back(order, &mark);
		stepping->below_is_plain = false;
	}
	tell_forward(order, &walk->v[walk->forward]);
	return 0;
}

static int judge_all(struct stepping *stepping, struct err *err)
{
	struct order *order = stepping->order;
	const struct walk *walk = stepping->walk;
	size_t left = walk->n;

	if (walk->has_forward) {
		if (judge_up_to_forward(stepping, err) < 0)
			return -1;
		left = walk->forward;
	} else if (walk->end == WALK_PASSED) {
		left--;
		add_step(order, &walk->v[left].commit, &walk->v[left].commit,
		    TRANSITION_FAST_FORWARD, &order->ref->old);
	} else if (walk->end == WALK_LEFT) {
		left--;
		tell_swapped(order, &walk->v[left]);
	}
	return judge_range(stepping, 0, left, err);
}

/* The tip is pushed to where it is: fine where it has been through. */
static int judge_same(struct order *order, struct err *err)
{
	const struct oid *new = &order->ref->new;
	struct passed passed;

	if (passed_find(order->view, order->arena, order->policy, order->stage,
		order->ref->ref, new, &passed, err) < 0)
		return -1;
	if (!passed_may_enter(&passed))
		ARRAY_PUSH(order->arena, order->skips,
		    (struct skip){ .commit = *new });
	add_step(order, new, new, TRANSITION_FAST_FORWARD, new);
	return 0;
}

int order_steps(struct order *order, const struct walk *walk, struct err *err)
{
	struct stepping stepping = { .order = order, .walk = walk };
	struct ref_verdict *ref = order->ref;
	struct step *last;
	int r = 0;

	if (walk->n == 0)
		r = judge_same(order, err);
	else if (walk->end == WALK_NOWHERE)
		skip_all(order, walk);
	else
		r = judge_all(&stepping, err);
	if (r < 0)
		return -1;
	last = &ref->steps.v[ref->steps.n - 1];
	/* Commits that skip a stage are no steps: what gates have to say is
	 * said once, of the whole. */
	if (order->skips->n > 0 && ref->steps.n > 1) {
		ref->steps.v[0] = *last;
		ref->steps.v[0].before = ref->old;
		ref->steps.n = 1;
		last = &ref->steps.v[0];
	}
	ref->candidate = last->candidate;
	ref->kind = oid_is_zero(&ref->old) ? TRANSITION_CREATE : last->kind;
	return 0;
}
