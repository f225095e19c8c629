#include "base/shellword.h"
#include "judge/orderwork.h"
#include "judge/stagerefs.h"

/*
 * "Anything else skips a stage: refused, naming the offending commits (the
 * first ten and how many more) and the ref to push them to first."
 */
#define NAMED_MAX 10 /* commits that are named */
#define HINTS_MAX 3  /* commits for which is said where to push them */
#define ASKED_MAX 16 /* commits that are asked about in plans */

void order_tell_in_flight(struct order *order, const struct oid *commit)
{
	order->ref->in_flight = true;
	finding_add(order->arena, &order->ref->findings, CODE_REF_MOVED,
	    "%s is being recorded, push again", oid_hex8(commit).s);
}

/*
 * "A tip that a live plan names is in flight": it will have been through once
 * that push is recorded.  Such commits, with the run of ordinary ones below
 * them, are taken off the list.
 */
static int take_in_flight(struct order *order, struct err *err)
{
	struct skips *skips = order->skips;
	size_t kept = 0, run = 0, asked = 0;

	for (size_t i = 0; i < skips->n; i++) {
		bool in_flight;

		skips->v[kept++] = skips->v[i];
		run++;
		if (skips->v[i].run)
			continue;
		in_flight = false;
		if (asked++ < ASKED_MAX &&
		    order_in_flight(
			order, &skips->v[i].commit, &in_flight, err) < 0)
			return -1;
		if (in_flight) {
			order_tell_in_flight(order, &skips->v[i].commit);
			kept -= run;
		}
		run = 0;
	}
	skips->n = kept;
	return 0;
}

/* Can the commit go there as it is? */
static int goes_forward(struct order *order, const struct stage *stage,
    const char *name, const struct oid *commit, bool *ret, struct err *err)
{
	const struct view *view = order->view;
	struct view_ref ref;

	if (view->ref(view->git, order->arena, name, &ref, err) < 0)
		return -1;
	*ret = !ref.exists || oid_is_zero(&ref.oid);
	if (*ret)
		return 0;
	if (!stage_is_entry(stage) && !(stage->accept & ACCEPT_FAST_FORWARD))
		return 0;
	return view->is_ancestor(view->git, &ref.oid, commit, ret, err);
}

static int tell_where(struct order *order, struct finding *finding,
    const struct skip *skip, const struct stage *stage, struct err *err)
{
	const char *name = stage_single_ref(stage);
	const struct oid *commit = &skip->commit;
	bool forward;

	if (!name) {
		order_hint(order, finding,
		    "push %s to a ref of stage %s first: %s",
		    oid_hex8(commit).s, stage->name,
		    stage->nrefs > 0 ? stage->refs[0].glob : "-");
		return 0;
	}
	if (goes_forward(order, stage, name, commit, &forward, err) < 0)
		return -1;
	if (!forward) {
		order_hint(order, finding,
		    "merge %s into %s first, which is stage %s",
		    oid_hex8(commit).s, name, stage->name);
		return 0;
	}
	order_hint(order, finding,
	    "push %s to stage %s first:", oid_hex8(commit).s, stage->name);
	ARRAY_PUSH(order->arena, &finding->commands,
	    arena_printf(order->arena, "git push origin %s:%s",
		oid_hex8(commit).s, shell_word(order->arena, name)));
	return 0;
}

static int tell_hints(
    struct order *order, struct finding *finding, struct err *err)
{
	const struct skips *skips = order->skips;
	size_t told = 0;

	for (size_t i = 0; i < skips->n && told < HINTS_MAX; i++) {
		const struct stage *next;

		if (skips->v[i].run)
			continue;
		if (order_next_stage(order, &skips->v[i].commit, &next, err) <
		    0)
			return -1;
		if (next &&
		    tell_where(order, finding, &skips->v[i], next, err) < 0)
			return -1;
		told++;
	}
	if (skips->n == 1 && oid_eq(&skips->v[0].commit, &order->ref->new) &&
	    (order->stage->accept & ACCEPT_SQUASH))
		order_hint(order, finding,
		    "a squash names what it promotes in a trailer "
		    "'Promotes: <full id>'");
	return 0;
}

static const char *skip_text(struct order *order, bool withdrawn)
{
	const struct skips *skips = order->skips;
	const char *from = order_from_names(order, order->stage);
	const struct oid *first = &skips->v[0].commit;

	if (skips->n > 1 || skips->cut)
		return arena_printf(order->arena,
		    "%s%zu commits have not been through %s",
		    skips->cut ? "more than " : "", skips->n, from);
	if (withdrawn)
		return arena_printf(order->arena,
		    "%s was taken back here, and enters again only from %s",
		    oid_hex8(first).s, from);
	return arena_printf(order->arena, "%s has not been through %s",
	    oid_hex8(first).s, from);
}

int order_tell_skips(struct order *order, struct err *err)
{
	struct skips *skips = order->skips;
	struct finding *finding;
	struct strings details = { NULL, 0, 0 };
	struct passed passed;

	if (take_in_flight(order, err) < 0)
		return -1;
	if (skips->n == 0)
		return 0;
	if (passed_find(order->view, order->arena, order->policy, order->stage,
		order->ref->ref, &skips->v[0].commit, &passed, err) < 0)
		return -1;
	for (size_t i = 0; i < skips->n && i < NAMED_MAX; i++) {
		const char *named;

		if (order_named(order, &skips->v[i].commit, &named, err) < 0)
			return -1;
		ARRAY_PUSH(order->arena, &details, named);
	}
	if (skips->cut)
		ARRAY_PUSH(order->arena, &details, "and more");
	else if (skips->n > NAMED_MAX)
		ARRAY_PUSH(order->arena, &details,
		    arena_printf(
			order->arena, "and %zu more", skips->n - NAMED_MAX));
	finding = finding_add(order->arena, &order->ref->findings,
	    CODE_STAGE_SKIP, "%s", skip_text(order, passed.withdrawn_here));
	finding->details = details;
	finding->mark = order->stage->mark;
	return tell_hints(order, finding, err);
}
