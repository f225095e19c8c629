/*
 * A policy: there is one or an error, never both or none; the digest is one;
 * each ref that a stage names belongs to that stage and to no other; what a
 * stage leads to never leads back.
 */
#include <string.h>

#include "base/digest.h"
#include "fuzz/fuzz.h"
#include "gates/gate.h"
#include "policy/load.h"

static void check_stage(const struct policy *policy, const struct stage *stage)
{
	for (size_t i = 0; i < stage->nrefs; i++) {
		const struct ref_pattern *ref = &stage->refs[i];

		if (ref->literal)
			MUST(policy_stage_of_ref(policy, ref->prefix, NULL) ==
			    stage);
	}
	for (size_t i = 0; i < stage->gates.n; i++)
		MUST(stage->gates.v[i].gate &&
		    gate_kind_of(stage->gates.v[i].gate));
	for (size_t i = 0; i < stage->later.n; i++)
		MUST(
		    !stage_is_later(stage, &policy->stages[stage->later.v[i]]));
	MUST(policy_stage(policy, stage->name) == stage);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct policy *policy;
	struct diags diags;
	struct arena arena;

	arena_init(&arena, ARENA_RUN_MAX);
	diags_init(&diags, &arena);
	policy = policy_parse(&arena, "fuzz", fuzz_text(&arena, data, size),
	    size, &gate_forms, &diags);
	MUST((policy != NULL) == (diags.errors == 0));
	if (policy) {
		MUST(strlen(policy->digest) == SHA256_HEX);
		MUST(policy->flow && policy->nstages > 0);
		for (size_t i = 0; i < policy->nstages; i++)
			check_stage(policy, &policy->stages[i]);
	}
	arena_release(&arena);
	return 0;
}
