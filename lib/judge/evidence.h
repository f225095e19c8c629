#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

#include "judge/judging.h"
#include "judge/statement.h"

/*
 * Handing in: may this statement be recorded?  Judged for an update of
 * refs/evidence/<gate>/<commit>/<anything>: adds evidence.* findings, or fills
 * ref->is_evidence, statement, statement_patches, replay_key.  A statement that
 * the push hands in twice is judge.c's to see.
 */
int evidence_judge(struct judging *j, struct ref_verdict *ref, struct err *err);

/*
 * Is a commit one that statements may speak of (subject.c): was it ever a
 * recorded tip, or is it reachable from an accepted tip of a stage's ref?
 * *ret_in_flight: not yet, but a push that brings it is being recorded.
 */
int subject_known(const struct judging *j, const struct oid *commit,
    bool *ret_known, bool *ret_in_flight, struct err *err);

/* How the statements for an evidence gate stand: used by every gate kind that
 * takes evidence (stands.c).  Fills state, by, text, have, want, details,
 * digests, at, hint.  With `review` a standing `fail` by an allowed person
 * blocks.  ret_counting: the passes that count; may be NULL. */
int evidence_stands(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const struct evidence_keys *keys,
    struct gate_row *row, struct view_evidences *ret_counting, struct err *err);

/* Puts the command that hands in a pass into row->hint; matrix NULL: the gate
 * has none. */
void evidence_hint(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const char *matrix, struct gate_row *row);

#endif
