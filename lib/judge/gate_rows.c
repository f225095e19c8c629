#include <string.h>

#include "base/text.h"
#include "gates/gate.h"
#include "judge/judging.h"
#include "judge/when.h"

struct asked { /* a gate on its way to a row */
	const struct gate_use *use;
	const struct gate_kind *kind; /* NULL: unknown */
	struct when_watch watch;
	struct gate_row row;
	void *state; /* a commit gate that has begun */
	bool done;   /* the row's state is known already */
};

struct asking {
	struct judging *j;
	struct gate_facts *steps; /* of each step; one without steps */
	size_t nsteps;
	const struct ref_verdict *ref;
	struct asked *v;
	size_t n;
	const char *walk_failed; /* why commits are missing; NULL: none are */
};

static void row_error(
    struct asked *asked, struct arena *arena, const char *text)
{
	asked->row.state = GATE_ERROR;
	asked->row.text = arena_printf(
	    arena, "could not be judged: %s", text_clean_s(arena, text));
	asked->done = true;
}

/* ---- before the walk ---------------------------------------------------- */

static bool of_commits(const struct asked *asked)
{
	return asked->kind->family == GATE_OF_COMMITS;
}

/* A commit gate looks at all new commits once, whichever step brought them: it
 * applies where it does for any step. */
static int begin_commits(struct asking *a, struct asked *asked, struct err *err)
{
	const struct gate *gate = asked->use->gate;
	const char *why_not = NULL;

	for (size_t i = 0; i < a->nsteps; i++) {
		if (when_judge_step(
			&asked->watch, &a->steps[i], &why_not, err) < 0)
			return -1;
		if (why_not)
			continue;
		asked->state = asked->kind->begin(
		    a->j->arena, gate, &a->steps[0]);
		return 0;
	}
	row_not_applicable(&asked->row, why_not);
	asked->done = true;
	return 0;
}

static void ask_begin(
    struct asking *a, struct asked *asked, const struct gate_use *use)
{
	const struct gate *gate = use->gate;
	struct err err;

	asked->use = use;
	asked->kind = gate_kind_of(gate);
	asked->row = (struct gate_row){ .name = gate->name,
		.kind = gate->form->kind,
		.state = GATE_ERROR,
		.help = gate->help,
		.mark = use->mark };
	when_init(&asked->watch, gate);
	if (!asked->kind) {
		row_error(asked, a->j->arena, "its kind is not known here");
	} else if (gate->enforce == ENFORCE_OFF) {
		row_not_applicable(&asked->row, "off");
		asked->done = true;
	} else if (of_commits(asked) && begin_commits(a, asked, &err) < 0) {
		row_error(asked, a->j->arena, err.text);
	}
}

/* ---- the walk ----------------------------------------------------------- */

bool gate_rows_read(const struct asking *asking)
{
	for (size_t i = 0; i < asking->n; i++)
		if (!asking->v[i].done &&
		    (asking->v[i].state ||
			when_needs_commits(&asking->v[i].watch)))
			return true;
	return false;
}

/* One gate's trouble is its own: the others go on. */
void gate_rows_commit(
    struct asking *asking, struct arena *scratch, const struct commit *commit)
{
	struct judging *j = asking->j;

	for (size_t i = 0; i < asking->n; i++) {
		struct asked *asked = &asking->v[i];
		struct err err;

		if (asked->done)
			continue;
		if (when_needs_commits(&asked->watch))
			when_commit(&asked->watch, j->policy, scratch, commit);
		if (asked->state &&
		    asked->kind->commit(asked->state, scratch, commit, &err) <
			0)
			row_error(asked, j->arena, err.text);
	}
}

/* ---- after the walk ----------------------------------------------------- */

/* What weighs more is shown for all steps. */
static int weight(enum gate_state state)
{
	switch (state) {
	case GATE_ERROR:
		return 5;
	case GATE_FAILED:
		return 4;
	case GATE_MISSING:
		return 3;
	case GATE_WARNED:
	case GATE_OVERRIDDEN:
		return 2;
	case GATE_PASSED:
		return 1;
	case GATE_NOT_APPLICABLE:
		break;
	}
	return 0;
}

static int judge_step(const struct asked *asked, const struct gate_facts *facts,
    struct gate_row *row, struct err *err)
{
	const char *why_not = NULL;

	if (when_judge(&asked->watch, facts, &why_not, err) < 0)
		return -1;
	if (why_not) {
		row_not_applicable(row, why_not);
		return 0;
	}
	return gate_judge_step(asked->kind, asked->use->gate, facts, row, err);
}

static void add_all(
    struct arena *arena, struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->n; i++)
		strings_add(arena, to, from->v[i]);
}

/* Several steps at once: the row of the worst, with a line for each that is
 * refused, and the statements that any of them relies on. */
static void merge_step(struct arena *arena, struct gate_row *to,
    const struct gate_row *row, const struct oid *candidate)
{
	struct strings details = to->details, by = to->by;
	struct strings digests = to->digests;
	int64_t at = to->at > row->at ? to->at : row->at;

	if (gate_row_refuses(row)) {
		strings_add(arena, &details,
		    arena_printf(arena, "%s: %s", oid_hex8(candidate).s,
			row->text ? row->text : ""));
		add_all(arena, &details, &row->details);
	}
	add_all(arena, &by, &row->by);
	add_all(arena, &digests, &row->digests);
	if (weight(row->state) > weight(to->state))
		*to = *row;
	to->details = details;
	to->by = by;
	to->digests = digests;
	to->at = at;
}

static void judge_steps(struct asking *a, struct asked *asked)
{
	struct arena *arena = a->j->arena;
	const struct gate_row blank = asked->row;
	struct err err;

	row_not_applicable(&asked->row, "no step needs it");
	for (size_t i = 0; i < a->nsteps; i++) {
		struct gate_row row = blank;

		if (judge_step(asked, &a->steps[i], &row, &err) < 0) {
			row.state = GATE_ERROR;
			row.text = arena_printf(arena,
			    "could not be judged: %s",
			    text_clean_s(arena, err.text));
		}
		if (a->nsteps == 1)
			asked->row = row;
		else
			merge_step(
			    arena, &asked->row, &row, &a->steps[i].candidate);
	}
}

static void finish_commits(struct asking *a, struct asked *asked)
{
	const char *why_not = NULL;
	struct err err;

	/* Step 0's: what else `when` asks was looked at before. */
	if (when_needs_commits(&asked->watch) &&
	    !when_commits_hold(&asked->watch, &a->steps[0], &why_not))
		row_not_applicable(&asked->row, why_not);
	else if (asked->kind->finish(asked->state, &asked->row, &err) < 0)
		row_error(asked, a->j->arena, err.text);
}

/* `enforce: warn` tells what would have been refused, errors too: a gate that
 * is being tried out never blocks. */
static void enforce(struct asked *asked)
{
	if (asked->use->gate->enforce == ENFORCE_WARN &&
	    gate_row_refuses(&asked->row))
		asked->row.state = GATE_WARNED;
}

static void ask_finish(struct asking *a, struct asked *asked)
{
	bool walked = asked->state || when_needs_commits(&asked->watch);

	if (!asked->done && walked && a->walk_failed)
		row_error(asked, a->j->arena, a->walk_failed);
	if (!asked->done && judging_expired(a->j))
		row_error(asked, a->j->arena, "time is over");
	if (!asked->done && asked->state)
		finish_commits(a, asked);
	else if (!asked->done)
		judge_steps(a, asked);
	enforce(asked);
}

/* What takes long is begun for all gates before the first is waited for.  What
 * goes wrong here does so again where it is told. */
static void start_steps(const struct asking *a, const struct asked *asked)
{
	for (size_t i = 0; i < a->nsteps; i++) {
		const struct gate_facts *facts = &a->steps[i];
		const char *why_not = NULL;
		struct err ignored;

		if (when_judge(&asked->watch, facts, &why_not, &ignored) == 0 &&
		    !why_not)
			(void)asked->kind->start(
			    asked->use->gate, facts, &ignored);
	}
}

static bool can_start(const struct asking *a, const struct asked *asked)
{
	return !asked->done && asked->kind->start &&
	    !(a->walk_failed && when_needs_commits(&asked->watch));
}

/* ---- all of an update --------------------------------------------------- */

static void make_steps(struct asking *a, const struct gate_facts *first)
{
	const struct steps *steps = &a->ref->steps;

	a->nsteps = steps->n > 0 ? steps->n : 1;
	a->steps = arena_array(a->j->arena, a->nsteps, sizeof(*a->steps));
	a->steps[0] = *first;
	for (size_t i = 0; i < steps->n; i++)
		facts_step(&a->steps[i], first, &steps->v[i].candidate,
		    &steps->v[i].before);
}

struct asking *gate_rows_begin(struct judging *j,
    const struct gate_facts *first, const struct ref_verdict *ref,
    const struct gate_uses *uses)
{
	struct asking *a = ARENA_NEW(j->arena, struct asking);

	a->j = j;
	a->ref = ref;
	a->n = uses->n;
	a->v = arena_array(j->arena, uses->n, sizeof(*a->v));
	make_steps(a, first);
	for (size_t i = 0; i < a->n; i++)
		ask_begin(a, &a->v[i], &uses->v[i]);
	return a;
}

void gate_rows_finish(struct asking *asking, struct ref_verdict *ref)
{
	for (size_t i = 0; i < asking->n && !judging_expired(asking->j); i++)
		if (can_start(asking, &asking->v[i]))
			start_steps(asking, &asking->v[i]);
	for (size_t i = 0; i < asking->n; i++) {
		ask_finish(asking, &asking->v[i]);
		ARRAY_PUSH(asking->j->arena, &ref->gates, asking->v[i].row);
	}
}

static int pass_on(void *ctx, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	(void)err;
	gate_rows_commit(ctx, scratch, commit);
	return 0;
}

void gate_rows_judge(struct judging *j, const struct gate_facts *first,
    struct ref_verdict *ref, const struct gate_uses *uses)
{
	struct asking *a = gate_rows_begin(j, first, ref, uses);
	struct err err;

	if (gate_rows_read(a) &&
	    facts_each_new_commit(&a->steps[0], pass_on, a, &err) < 0)
		a->walk_failed = arena_strdup(j->arena, err.text);
	gate_rows_finish(a, ref);
}

static void ask_also(
    struct arena *arena, struct gate_uses *uses, const struct gate_uses *more)
{
	for (size_t i = 0; i < more->n; i++) {
		bool there = false;

		for (size_t k = 0; k < uses->n; k++)
			if (uses->v[k].gate == more->v[i].gate)
				there = true;
		if (!there)
			ARRAY_PUSH(arena, uses, more->v[i]);
	}
}

struct gate_uses gate_rows_asked(
    struct judging *j, const struct ref_verdict *ref, bool stage_too)
{
	struct gate_uses uses = { 0 };

	if (ref->stage && stage_too)
		ask_also(j->arena, &uses, &ref->stage->gates);
	ask_also(j->arena, &uses, &j->policy->always);
	return uses;
}
