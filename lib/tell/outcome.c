#include "tell/outcome.h"

#include <string.h>

enum code findings_code(const struct findings *findings, bool warnings)
{
	enum code code = CODE_COUNT;

	for (size_t i = 0; i < findings->n; i++)
		if ((warnings || !findings->v[i].warns) &&
		    findings->v[i].code < code)
			code = findings->v[i].code;
	return code;
}

size_t rows_in_state(const struct gate_rows *rows, enum gate_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].state == state)
			n++;
	return n;
}

bool gate_row_speaks(const struct gate_row *row)
{
	return gate_row_refuses(row) || row->state == GATE_WARNED;
}

static size_t rows_that_refuse(const struct gate_rows *rows, bool gates_only)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (gate_row_refuses(&rows->v[i]) &&
		    (!gates_only || (rows->v[i].kind && *rows->v[i].kind)))
			n++;
	return n;
}

static bool is_draft(const struct verdict *verdict)
{
	return verdict->policy && verdict->policy->status == STATUS_DRAFT;
}

enum outcome ref_outcome(
    const struct verdict *verdict, const struct ref_verdict *ref)
{
	size_t warned = rows_in_state(&ref->gates, GATE_WARNED);

	if (ref->refused &&
	    findings_code(&ref->findings, false) == CODE_COUNT &&
	    rows_that_refuse(&ref->gates, false) == 0 &&
	    findings_code(&verdict->findings, false) != CODE_COUNT)
		return OUTCOME_TAKEN;
	if (ref->refused)
		return OUTCOME_REFUSED;
	if (ref->findings.n > 0 || ref->warned ||
	    rows_that_refuse(&ref->gates, false) > 0 ||
	    (is_draft(verdict) && warned > 0))
		return OUTCOME_DRAFT;
	return warned > 0 ? OUTCOME_WARNED : OUTCOME_FINE;
}

enum code ref_outcome_code(
    const struct verdict *verdict, const struct ref_verdict *ref)
{
	enum outcome outcome = ref_outcome(verdict, ref);
	enum code code;

	if (outcome == OUTCOME_TAKEN)
		return findings_code(&verdict->findings, false);
	if (outcome == OUTCOME_REFUSED)
		return ref_verdict_code(ref);
	if (outcome != OUTCOME_DRAFT)
		return CODE_COUNT;
	code = findings_code(&ref->findings, true);
	for (size_t i = 0; i < ref->gates.n; i++) {
		enum code own = gate_row_code(
		    &ref->gates.v[i], ref->stage != NULL);

		if (gate_row_speaks(&ref->gates.v[i]) && own < code)
			code = own;
	}
	return code;
}

void verdict_summarize(const struct verdict *verdict, struct summary *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->speaks = verdict->refused || verdict->warnings.n > 0 ||
	    verdict->findings.n > 0;
	ret->undecided = findings_code(&verdict->findings, true) ==
	    CODE_INTERNAL;
	for (size_t i = 0; i < verdict->nrefs; i++) {
		const struct ref_verdict *ref = &verdict->refs[i];
		enum outcome outcome = ref_outcome(verdict, ref);

		if (outcome == OUTCOME_REFUSED || outcome == OUTCOME_TAKEN) {
			ret->refused++;
			ret->gates += rows_that_refuse(&ref->gates, true);
		} else if (outcome != OUTCOME_FINE) {
			ret->warned++;
			ret->speaks = true;
		}
		if (outcome == OUTCOME_DRAFT && is_draft(verdict))
			ret->draft = true;
		/* CODE_INTERNAL is the first of all codes. */
		if (findings_code(&ref->findings, true) == CODE_INTERNAL ||
		    ref_outcome_code(verdict, ref) == CODE_INTERNAL ||
		    rows_in_state(&ref->gates, GATE_ERROR) > 0)
			ret->undecided = true;
	}
	/* What is wrong with the whole push refuses each of its refs. */
	if (findings_code(&verdict->findings, false) != CODE_COUNT)
		ret->refused = verdict->nrefs;
}

enum exit_code verdict_exit(const struct verdict *verdict)
{
	if (!verdict->refused)
		return EXIT_ALLOWED;
	if (findings_code(&verdict->findings, false) == CODE_INTERNAL)
		return EXIT_UNDECIDED;
	for (size_t i = 0; i < verdict->nrefs; i++)
		if (ref_outcome(verdict, &verdict->refs[i]) ==
			OUTCOME_REFUSED &&
		    ref_verdict_code(&verdict->refs[i]) == CODE_INTERNAL)
			return EXIT_UNDECIDED;
	return EXIT_REFUSED;
}
