#include "gates/gate.h"
#include "judge/evidence.h"

/*
 * review: approved by people who have no part in the change, and nobody who
 * may speak stands against it.  The veto is evidence_stands' business.
 */

static void defaults(void *params)
{
	struct evidence_keys *keys = params;

	keys->not_author = true;
}

static int judge_review(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	return evidence_stands(arena, facts, gate, gate->params, row, err);
}

static const struct field fields[] = {
	{ .name = "owners", .type = FIELD_LATER },
	{ .name = NULL },
};

const struct gate_kind gate_review = {
	.form = { .kind = "review",
	    .params_size = sizeof(struct evidence_keys),
	    .fields = fields,
	    .takes_evidence = true,
	    .defaults = defaults },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_review,
	.needs_change = true,
};
