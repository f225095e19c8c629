#ifndef GATES_GATE_H
#define GATES_GATE_H

#include "judge/facts.h"
#include "judge/judge.h"
#include "judge/verdict.h"
#include "judge/view.h"
#include "policy/form.h"
#include "policy/model.h"

/*
 * The one interface of gate kinds.  A kind is one file in this folder with one
 * `const struct gate_kind` in it, and one row in kinds.c.
 *
 * What a gate looks at depends on its family:
 *
 *   commits   every new commit, so that adding and removing again still
 *             refuses.  All such gates of an update share one walk: begin,
 *             then commit for each new commit (oldest first), then finish.
 *   change    the net change of each step.
 *   evidence  statements about the candidate of each step.
 *
 * The last two have `judge`, called once a step.  A callback fills row->state,
 * text, details, hint, by, digests (the rest is there already); `when` and
 * `enforce` are the caller's business (judge/gate_rows.c).  A return of -1
 * makes the row GATE_ERROR with err's text.
 */
enum gate_family {
	GATE_OF_COMMITS,
	GATE_OF_CHANGE,
	GATE_OF_EVIDENCE
};

struct statement; /* judge/statement.h */

struct gate_kind {
	struct gate_form form;
	enum gate_family family;
	/* GATE_OF_CHANGE, GATE_OF_EVIDENCE */
	int (*judge)(struct arena *arena, const struct gate *gate,
	    const struct gate_facts *facts, struct gate_row *row,
	    struct err *err);
	/* May be NULL.  Called for every gate of an update before `judge` is
	 * for the first: begins what takes long, so that they go on side by
	 * side.  Where it fails, judge says so. */
	int (*start)(const struct gate *gate, const struct gate_facts *facts,
	    struct err *err);
	/* GATE_OF_COMMITS: begin answers the state that the others are given;
	 * a commit lives only for its call, so what is kept of it is copied. */
	void *(*begin)(struct arena *arena, const struct gate *gate,
	    const struct gate_facts *facts);
	int (*commit)(void *state, struct arena *scratch,
	    const struct commit *commit, struct err *err);
	int (*finish)(void *state, struct gate_row *row, struct err *err);
	/* Where the form lists reports: reads one that is handed in for the
	 * gate, and keeps nothing of it.  -1: err is what is wrong with the
	 * report, with line and column where it has any, unless it is
	 * ERR_INTERNAL.  The format is one that the gate takes; its bytes are
	 * statement->report_bytes, or statement->metrics for `metrics`. */
	int (*hand_in)(struct arena *scratch, const struct gate *gate,
	    const struct statement *statement, struct err *err);
	/* Nothing changed, nothing to judge: not applicable over an empty
	 * change.  All of GATE_OF_CHANGE, and review. */
	bool needs_change;
};

const struct gate_kind *gate_kind_of(const struct gate *gate);
extern const struct gate_forms gate_forms; /* for policy_load */

/* The kinds, each in the file of its name. */
extern const struct gate_kind gate_message, gate_author, gate_paths, gate_size,
    gate_evidence, gate_review, gate_signature, gate_tests, gate_scan,
    gate_coverage, gate_docs, gate_scope, gate_base, gate_benchmark,
    gate_command, gate_secrets, gate_content, gate_children;

/* One step, past `when`: what needs a change is not applicable without one
 * (judge/gate_step.c).  Not for GATE_OF_COMMITS. */
int gate_judge_step(const struct gate_kind *kind, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err);
/* All of a gate that another one asks for, for the same step: fills the whole
 * row, whatever its family; `when` and `enforce: off` hold. */
int gate_judge_alone(const struct gate *gate, const struct gate_facts *facts,
    struct gate_row *row, struct err *err);

/* Is it one of the merges that `of: merges` means: a step of the update or, on
 * an entry stage and on refs of no stage, any new merge? */
bool merge_enters(const struct gate_facts *facts, const struct commit *commit);

/*
 * What a gate keeps over all refs of a push (pushwide.c): `size` bytes, zeroed
 * when they are asked for first, which *ret_new tells.  wide NULL: an update
 * that is looked at alone, hence new each time.
 */
struct push_wide *push_wide_new(struct arena *arena);
void *push_wide_of(struct push_wide *wide, struct arena *arena,
    const struct gate *gate, size_t size, bool *ret_new);

/*
 * What a gate found: the first OFFENDERS_MAX offenders become row->details,
 * and how many more there are.  offenders_add takes a whole line of text.
 */
#define OFFENDERS_MAX 10

struct offenders {
	struct arena *arena;
	struct strings lines;
	size_t n; /* those beyond OFFENDERS_MAX too */
};

void offenders_add(struct offenders *offenders, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* GATE_PASSED where there are none; else GATE_FAILED with the details and the
 * text "3 findings". */
void offenders_finish(const struct offenders *offenders, struct gate_row *row);

#endif
