#include "gates/gate.h"
#include "judge/when.h"

int gate_judge_step(const struct gate_kind *kind, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	const struct change *change;

	if (kind->needs_change) {
		if (facts_change(facts, &change, err) < 0)
			return -1;
		if (change->n == 0) {
			row_not_applicable(row, "nothing changed");
			return 0;
		}
	}
	return kind->judge(facts->arena, gate, facts, row, err);
}

/* One walk over the new commits, for `when` and for a gate that is about them.
 */
struct walking {
	const struct gate_facts *facts;
	const struct gate_kind *kind;
	struct when_watch watch;
	void *state; /* NULL: the gate is not about commits */
};

static int look_at(void *ctx, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct walking *w = ctx;

	if (when_needs_commits(&w->watch))
		when_commit(&w->watch, w->facts->policy, scratch, commit);
	return w->state ? w->kind->commit(w->state, scratch, commit, err) : 0;
}

static int judge_alone(struct walking *w, const struct gate *gate,
    struct gate_row *row, struct err *err)
{
	const char *why_not = NULL;

	if (w->kind->family == GATE_OF_COMMITS)
		w->state = w->kind->begin(w->facts->arena, gate, w->facts);
	if ((w->state || when_needs_commits(&w->watch)) &&
	    facts_each_new_commit(w->facts, look_at, w, err) < 0)
		return -1;
	if (when_judge(&w->watch, w->facts, &why_not, err) < 0)
		return -1;
	if (why_not) {
		row_not_applicable(row, why_not);
		return 0;
	}
	if (w->state)
		return w->kind->finish(w->state, row, err);
	return gate_judge_step(w->kind, gate, w->facts, row, err);
}

int gate_judge_alone(const struct gate *gate, const struct gate_facts *facts,
    struct gate_row *row, struct err *err)
{
	struct gate_facts alone = *facts;
	struct walking walking = { .facts = &alone,
		.kind = gate_kind_of(gate) };

	/* What gates count over the whole push is not counted twice. */
	alone.wide = NULL;
	*row = (struct gate_row){ .name = gate->name,
		.kind = gate->form->kind,
		.state = GATE_ERROR,
		.help = gate->help,
		.mark = gate->mark };
	if (!walking.kind)
		return err_set(err, ERR_INTERNAL, "its kind is not known here");
	if (gate->enforce == ENFORCE_OFF) {
		row_not_applicable(row, "off");
		return 0;
	}
	when_init(&walking.watch, gate);
	return judge_alone(&walking, gate, row, err);
}
