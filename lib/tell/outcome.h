#ifndef TELL_OUTCOME_H
#define TELL_OUTCOME_H

#include "base/exit.h"
#include "judge/verdict.h"

/*
 * What there is to tell of a ref, and of a push as a whole.
 */
enum outcome {
	OUTCOME_FINE,    /* nothing to tell */
	OUTCOME_WARNED,  /* let pass; a gate with `enforce: warn` speaks */
	OUTCOME_DRAFT,   /* let pass; but for `status: draft` it would not */
	OUTCOME_REFUSED, /* for a reason of its own */
	OUTCOME_TAKEN    /* refused for what is wrong with the whole push */
};

enum outcome ref_outcome(
    const struct verdict *verdict, const struct ref_verdict *ref);
/* The code of a ref that is, or would be, refused; else CODE_COUNT. */
enum code ref_outcome_code(
    const struct verdict *verdict, const struct ref_verdict *ref);
/* The first code of findings that refuse, or of all where `warnings` count
 * too; CODE_COUNT: there is none. */
enum code findings_code(const struct findings *findings, bool warnings);

size_t rows_in_state(const struct gate_rows *rows, enum gate_state state);
/* Does a row want to be seen: one that refuses or warns? */
bool gate_row_speaks(const struct gate_row *row);

struct summary {
	size_t refused, warned; /* refs */
	size_t gates;           /* gates that refuse, in all refs */
	bool draft;             /* something was let pass for the draft */
	bool speaks;            /* there is anything to tell at all */
	bool undecided;         /* something could not be found out */
};
void verdict_summarize(const struct verdict *verdict, struct summary *ret);
/* EXIT_ALLOWED, EXIT_REFUSED, or EXIT_UNDECIDED where something that refuses
 * is `internal`. */
enum exit_code verdict_exit(const struct verdict *verdict);

#endif
