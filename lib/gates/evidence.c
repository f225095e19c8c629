#include "judge/evidence.h"
#include "gates/gate.h"

/* evidence: enough people said so, of those who may. */

static int judge_evidence(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	return evidence_stands(
	    arena, facts, gate, gate->params, row, NULL, err);
}

static const struct field fields[] = { { .name = NULL } };

const struct gate_kind gate_evidence = {
	.form = { .kind = "evidence",
	    .params_size = sizeof(struct evidence_keys),
	    .fields = fields,
	    .takes_evidence = true },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_evidence,
};
