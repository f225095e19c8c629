#include <string.h>

#include "base/num.h"
#include "base/oidmap.h"
#include "base/text.h"
#include "gates/basestart.h"
#include "gates/gate.h"
#include "judge/passage.h"
#include "judge/stagerefs.h"
#include "policy/names.h"

/*
 * base: a new ref starts at a recent commit of a stage.  Every new commit all
 * of whose parents are old is a start, or the tip itself where nothing is new.
 *
 * A ref that is forced onto other work is looked at as a new one, else one
 * could be made at a good base and moved to any other; what it had itself
 * before was judged then.
 */
#define NO_LIMIT UINT64_MAX
#define STARTS_MAX 100  /* that are looked at in one update */
#define OWN_TIPS_MAX 64 /* entries of the ref itself, likewise */

struct base_keys {
	const char *of;
	uint64_t max_behind, max_age_s; /* NO_LIMIT: any */
};

struct basing {
	struct arena *arena;
	const struct base_keys *keys;
	const struct gate_facts *facts;
	struct view_refs refs; /* of the stage */
	struct oids own;       /* what this ref named before */
	struct oidmap fresh;   /* new commits that the stage does not have */
	size_t nstarts;
	const char *good; /* words about a start that is one */
	struct offenders offenders;
};

/* ---- one start ----------------------------------------------------------- */

static int is_within(const struct basing *b, const struct oid *commit,
    const struct oids *tips, bool *ret, struct err *err)
{
	const struct view *view = b->facts->view;

	*ret = false;
	for (size_t i = 0; i < tips->n && !*ret; i++)
		if (view->is_ancestor(
			view->git, commit, &tips->v[i], ret, err) < 0)
			return -1;
	return 0;
}

struct nearest {
	const struct oid *commit;
	const struct view_named_ref *ref; /* NULL: none is in the stage */
	uint64_t behind;
};

static int find_nearest(const struct basing *b, const struct oids *commits,
    struct nearest *ret, struct err *err)
{
	const struct view *view = b->facts->view;
	/* Exact as far as it matters, and a little beyond for the report. */
	uint64_t max = b->keys->max_behind == NO_LIMIT ? 0
						       : b->keys->max_behind;

	for (size_t i = 0; i < commits->n; i++) {
		for (size_t k = 0; k < b->refs.n; k++) {
			const struct view_named_ref *ref = &b->refs.v[k];
			struct nearest one = { &commits->v[i], ref, 0 };
			bool contained;

			if (view->is_ancestor(view->git, one.commit, &ref->oid,
				&contained, err) < 0)
				return -1;
			if (!contained)
				continue;
			if (start_behind(view, one.commit, &ref->oid, max,
				&one.behind, err) < 0)
				return -1;
			if (!ret->ref || one.behind < ret->behind)
				*ret = one;
		}
	}
	return 0;
}

/* Where the ref forked from the stage before it was forced: the same base. */
static int is_old_fork(const struct basing *b, const struct nearest *nearest,
    bool *ret, struct err *err)
{
	const struct view *view = b->facts->view;
	const struct oid *old = &b->facts->ref->old;
	struct oids bases = { NULL, 0, 0 };

	*ret = false;
	if (oid_is_zero(old))
		return 0;
	if (view->merge_bases(
		view->git, b->arena, old, &nearest->ref->oid, &bases, err) < 0)
		return -1;
	*ret = oids_have(&bases, nearest->commit);
	return 0;
}

static int measure(struct basing *b, const struct oid *first,
    const struct nearest *nearest, struct err *err)
{
	const struct base_keys *keys = b->keys;
	const char *ref = text_clean_s(b->arena, nearest->ref->name);
	const char *start = oid_hex8(nearest->commit).s;
	uint64_t age = 0;

	if (nearest->behind > keys->max_behind)
		offenders_add(&b->offenders,
		    "%s starts at %s, %llu commit%s%s behind %s, at most %llu",
		    oid_hex8(first).s, start,
		    (unsigned long long)nearest->behind,
		    nearest->behind == 1 ? "" : "s",
		    nearest->behind - keys->max_behind < START_BEYOND
			? ""
			: " or more",
		    ref, (unsigned long long)keys->max_behind);
	if (keys->max_age_s != NO_LIMIT &&
	    start_age(b->facts, nearest->commit, nearest->ref, keys->max_age_s,
		&age, err) < 0)
		return -1;
	if (keys->max_age_s != NO_LIMIT && age > keys->max_age_s)
		offenders_add(&b->offenders,
		    "%s starts at %s, which %s left behind %s ago, at most %s",
		    oid_hex8(first).s, start, ref,
		    duration_format(b->arena, age),
		    duration_format(b->arena, keys->max_age_s));
	b->good = arena_printf(b->arena, "%s of %s", start, ref);
	return 0;
}

/* first: the commit that is told to the pusher; starts: its parents, or the
 * commit itself where it is not new. */
static int judge_start(struct basing *b, const struct oid *first,
    const struct oids *starts, struct err *err)
{
	struct nearest nearest = { NULL, NULL, 0 };
	bool own = false;

	if (b->nstarts++ >= STARTS_MAX)
		return 0;
	if (starts->n == 0) {
		offenders_add(&b->offenders,
		    "%s has no parent: it starts nowhere in stage '%s'",
		    oid_hex8(first).s, b->keys->of);
		return 0;
	}
	if (find_nearest(b, starts, &nearest, err) < 0)
		return -1;
	if (nearest.ref) {
		if (is_old_fork(b, &nearest, &own, err) < 0)
			return -1;
		return own ? 0 : measure(b, first, &nearest, err);
	}
	for (size_t i = 0; i < starts->n && !own; i++)
		if (is_within(b, &starts->v[i], &b->own, &own, err) < 0)
			return -1;
	if (!own)
		offenders_add(&b->offenders,
		    "%s starts at %s, which is not in stage '%s'",
		    oid_hex8(first).s, oid_hex8(&starts->v[0]).s, b->keys->of);
	return 0;
}

/* ---- all of them --------------------------------------------------------- */

/* A stage that does not come later is no reason for a commit not to be new. */
static int drop_stages_own(struct basing *b, struct err *err)
{
	const struct gate_facts *facts = b->facts;
	const struct view *view = facts->view;
	struct oid new = facts->ref->new;
	const struct oids tip = { &new, 1, 1 };
	struct oids hide = { NULL, 0, 0 }, found = { NULL, 0, 0 };
	struct oidmap fresh;

	for (size_t i = 0; i < b->refs.n; i++)
		ARRAY_PUSH(b->arena, &hide, b->refs.v[i].oid);
	if (view->walk(view->git, b->arena, &tip, &hide, NULL, NULL,
		(size_t)facts->policy->limit_commits, &found, err) < 0)
		return -1;
	oidmap_init(&fresh, b->arena);
	for (size_t i = 0; i < found.n; i++)
		if (oidmap_has(&b->fresh, &found.v[i]))
			oidmap_put(&fresh, &found.v[i], NULL);
	b->fresh = fresh;
	return 0;
}

static int find_fresh(struct basing *b, const struct stage *of,
    const struct oids **ret_commits, struct err *err)
{
	const struct gate_facts *facts = b->facts;

	if (facts_new_commits(facts, ret_commits, err) < 0)
		return -1;
	oidmap_init(&b->fresh, b->arena);
	for (size_t i = 0; i < (*ret_commits)->n; i++)
		oidmap_put(&b->fresh, &(*ret_commits)->v[i], NULL);
	if (facts->stage && !stage_is_later(of, facts->stage))
		return drop_stages_own(b, err);
	return 0;
}

static int judge_commit(
    struct basing *b, const struct oid *commit, struct err *err)
{
	const struct view *view = b->facts->view;
	struct view_node node;

	if (view->node(view->git, b->arena, commit, &node, err) < 0)
		return -1;
	for (size_t i = 0; i < node.parents.n; i++)
		if (oidmap_has(&b->fresh, &node.parents.v[i]))
			return 0;
	return judge_start(b, commit, &node.parents, err);
}

static int judge_starts(
    struct basing *b, const struct stage *of, struct err *err)
{
	struct oid new = b->facts->ref->new;
	const struct oids tip = { &new, 1, 1 };
	const struct oids *commits;

	if (find_fresh(b, of, &commits, err) < 0)
		return -1;
	for (size_t i = 0; i < commits->n; i++)
		if (oidmap_has(&b->fresh, &commits->v[i]) &&
		    judge_commit(b, &commits->v[i], err) < 0)
			return -1;
	if (b->fresh.n == 0 && judge_start(b, &new, &tip, err) < 0)
		return -1;
	if (b->nstarts > STARTS_MAX)
		offenders_add(&b->offenders,
		    "%zu commits start at old ones, at most %d", b->nstarts,
		    STARTS_MAX);
	return 0;
}

/* ---- the gate ------------------------------------------------------------ */

/* What this ref named before, as accepted: a ref that was deleted may be made
 * again where it was. */
static int find_own(struct basing *b, struct err *err)
{
	const struct gate_facts *facts = b->facts;
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };

	if (!facts->stage)
		return 0;
	if (view->entries(view->ledger, b->arena, facts->ref->ref, OWN_TIPS_MAX,
		&entries, err) < 0)
		return -1;
	for (size_t i = 0; i < entries.n; i++)
		if (!oid_is_zero(&entries.v[i].tip) &&
		    passage_state_counts(entries.v[i].state) &&
		    !oids_have(&b->own, &entries.v[i].tip))
			ARRAY_PUSH(b->arena, &b->own, entries.v[i].tip);
	return 0;
}

/* Nor is a ref its own base. */
static int find_refs(struct basing *b, const struct stage *of, struct err *err)
{
	struct view_refs all;

	if (stage_refs(b->facts->view, b->arena, of, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(all.v[i].name, b->facts->ref->ref) != 0)
			ARRAY_PUSH(b->arena, &b->refs, all.v[i]);
	return 0;
}

/* NULL: it does. */
static int why_not(const struct basing *b, const char **ret, struct err *err)
{
	const struct view *view = b->facts->view;
	const struct ref_verdict *ref = b->facts->ref;
	bool forward = false;

	*ret = NULL;
	if (!oid_is_zero(&ref->old) &&
	    view->is_ancestor(view->git, &ref->old, &ref->new, &forward, err) <
		0)
		return -1;
	if (forward)
		*ret = "the ref is not new";
	else if (b->refs.n == 0)
		*ret = arena_printf(
		    b->arena, "stage '%s' has no ref yet", b->keys->of);
	return 0;
}

static void tell(const struct basing *b, struct gate_row *row)
{
	offenders_finish(&b->offenders, row);
	if (row->state == GATE_PASSED)
		row->text = b->good;
	else
		row->hint = arena_printf(b->arena,
		    "rebase it onto what %s has now",
		    text_clean_s(b->arena, b->refs.v[0].name));
}

static int judge_base(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct basing b = { .arena = arena,
		.keys = gate->params,
		.facts = facts,
		.offenders = { .arena = arena } };
	const struct stage *of = policy_stage(facts->policy, b.keys->of);

	if (!of)
		return err_set(
		    err, ERR_INTERNAL, "there is no stage '%s'", b.keys->of);
	if (find_refs(&b, of, err) < 0 || why_not(&b, &row->text, err) < 0)
		return -1;
	if (row->text) {
		row->state = GATE_NOT_APPLICABLE;
		return 0;
	}
	if (find_own(&b, err) < 0 || judge_starts(&b, of, err) < 0)
		return -1;
	tell(&b, row);
	return 0;
}

static void defaults(void *params)
{
	struct base_keys *keys = params;

	keys->max_behind = keys->max_age_s = NO_LIMIT;
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct base_keys *keys = gate->params;

	if (keys->of)
		check_stage(policy, arena, node_get(node, "of"), diags);
	if (keys->max_behind != NO_LIMIT && keys->max_behind > START_BEHIND_MAX)
		diag_error(diags, node_get(node, "max_behind")->mark,
		    "'max_behind' is more than %d", START_BEHIND_MAX);
}

#define KEY(member) .offset = offsetof(struct base_keys, member)

static const struct field fields[] = {
	{ .name = "of",
	    .type = FIELD_STRING,
	    .flags = FIELD_REQUIRED,
	    KEY(of) },
	{ .name = "max_behind", .type = FIELD_COUNT, KEY(max_behind) },
	{ .name = "max_age",
	    .type = FIELD_DURATION,
	    .flags = FIELD_POSITIVE,
	    KEY(max_age_s) },
	{ .name = NULL },
};

const struct gate_kind gate_base = {
	.form = { .kind = "base",
	    .params_size = sizeof(struct base_keys),
	    .fields = fields,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_CHANGE,
	.judge = judge_base,
};
