#include "judge/orderwork.h"
#include "judge/waits.h"

/* Entries that are searched for how a tip entered. */
#define ENTERED_MAX 512

/*
 * `up_to_date`: "the candidate must contain the stage's present tip, or the
 * candidate by which that tip entered where both have the same tree"; in a
 * chain, of the step before; after a revert commit, of the tip that stands in
 * for it.
 */
struct freshness {
	const struct gate_facts *facts;
	struct ref_verdict *ref;
	struct order order; /* for what stands in for a tip */
};

/* A tip that was gone back to later, or adopted, is its own candidate in that
 * entry: how it came the first time is what counts. */
static int find_entry(const struct gate_facts *facts, const char *ref,
    const struct oid *tip, struct oid *ret, bool *ret_found, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };

	*ret_found = false;
	if (view->entries(view->ledger, facts->arena, ref, ENTERED_MAX,
		&entries, err) < 0)
		return -1;
	for (size_t i = 0; i < entries.n && !*ret_found; i++) {
		const struct view_entry_record *entry = &entries.v[i];

		if (!oid_eq(&entry->tip, tip) ||
		    oid_is_zero(&entry->candidate) ||
		    oid_eq(&entry->candidate, tip) ||
		    !passage_state_counts(entry->state))
			continue;
		*ret = entry->candidate;
		*ret_found = true;
	}
	return 0;
}

/* The candidate by which a step or a tip entered. */
static int find_candidate(struct freshness *f, const struct oid *tip,
    struct oid *ret, bool *ret_found, struct err *err)
{
	const struct steps *steps = &f->ref->steps;
	const struct view_reverts *reverts = &f->order.reverts;

	for (size_t i = 0; i < steps->n; i++) {
		if (!oid_eq(&steps->v[i].commit, tip))
			continue;
		*ret = steps->v[i].candidate;
		*ret_found = true;
		return 0;
	}
	if (find_entry(f->facts, f->ref->ref, tip, ret, ret_found, err) < 0)
		return -1;
	/* A tip that a rollback of another ref restored. */
	for (size_t i = 0; i < reverts->n && !*ret_found; i++)
		if (oid_eq(&reverts->v[i].restored, tip) &&
		    find_entry(f->facts, reverts->v[i].ref, tip, ret, ret_found,
			err) < 0)
			return -1;
	return 0;
}

static int same_tree(struct freshness *f, const struct oid *a,
    const struct oid *b, bool *ret, struct err *err)
{
	const struct view *view = f->facts->view;
	struct view_node x, y;

	if (view->node(view->git, f->facts->arena, a, &x, err) < 0 ||
	    view->node(view->git, f->facts->arena, b, &y, err) < 0)
		return -1;
	*ret = oid_eq(&x.tree, &y.tree);
	return 0;
}

/* *ret_tip: what had to be contained. */
static int is_fresh(struct freshness *f, const struct step *step,
    struct oid *ret_tip, bool *ret, struct err *err)
{
	const struct view *view = f->facts->view;
	struct oid by;
	bool found;

	if (order_stand_in(
		&f->order, &step->before, &step->candidate, ret_tip, err) < 0 ||
	    view->is_ancestor(view->git, ret_tip, &step->candidate, ret, err) <
		0)
		return -1;
	if (*ret)
		return 0;
	if (find_candidate(f, ret_tip, &by, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (same_tree(f, &by, ret_tip, ret, err) < 0)
		return -1;
	if (!*ret)
		return 0;
	return view->is_ancestor(view->git, &by, &step->candidate, ret, err);
}

static void add_row(struct freshness *f, const struct step *step,
    const struct oid *tip, bool fresh)
{
	struct arena *arena = f->facts->arena;
	const struct stage *stage = f->ref->stage;
	struct gate_row row = { .name = "up-to-date",
		.kind = "",
		.state = fresh ? GATE_PASSED : GATE_FAILED,
		.mark = stage->up_to_date_mark };

	if (oid_is_zero(tip)) {
		row_not_applicable(&row, "the ref is new");
	} else if (fresh) {
		row.text = arena_printf(arena, "%s contains the tip %s",
		    oid_hex8(&step->candidate).s, oid_hex8(tip).s);
	} else {
		row.text = arena_printf(arena, "%s lacks the tip %s",
		    oid_hex8(&step->candidate).s, oid_hex8(tip).s);
		row.hint = arena_printf(arena,
		    "merge %s into a branch of %s, then promote that through "
		    "the stages",
		    oid_hex8(tip).s, order_first_stage(&f->order));
	}
	ARRAY_PUSH(arena, &f->ref->gates, row);
}

int waiting_fresh(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err)
{
	struct freshness f = { .facts = facts,
		.ref = ref,
		.order = { .arena = facts->arena,
		    .policy = facts->policy,
		    .push = facts->push,
		    .view = facts->view,
		    .ref = ref,
		    .stage = ref->stage } };
	struct oid tip = { { 0 } };
	size_t failed = 0;

	if (!ref->stage->up_to_date || ref->steps.n == 0)
		return 0;
	for (size_t i = 0; i < ref->steps.n; i++) {
		const struct step *step = &ref->steps.v[i];
		bool fresh;

		if (oid_is_zero(&step->before))
			continue;
		if (is_fresh(&f, step, &tip, &fresh, err) < 0)
			return -1;
		if (!fresh && failed++ < WAIT_ROWS_MAX)
			add_row(&f, step, &tip, false);
	}
	if (failed == 0)
		add_row(&f, &ref->steps.v[ref->steps.n - 1], &tip, true);
	return 0;
}
