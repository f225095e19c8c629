#ifndef JUDGE_REFNAME_H
#define JUDGE_REFNAME_H

#include "judge/verdict.h"
#include "policy/model.h"

/*
 * Names that are refused whatever the policy says, and what kind of ref the
 * others are.
 *
 *	struct refname_index *names = refname_index(arena, policy);
 *
 *	if (refname_judge(arena, names, ref, &kind)) -> go on by kind
 *
 * Two names count as the same when their skeletons do (text_skeleton): what a
 * file system may fold, and what a reader may take for the same.
 */
enum ref_kind {
	REF_STAGE,     /* belongs to a stage */
	REF_STAGE_TAG, /* matches a stage's `tags` */
	REF_EVIDENCE,  /* refs/evidence/<gate>/<commit>/<anything> */
	REF_HOST,      /* host_refs */
	REF_OTHER      /* of no stage: other_refs decides */
};

#define EVIDENCE_PREFIX "refs/evidence/"

/* The skeletons of a policy's refs: made once, asked for each ref. */
struct refname_index;
struct refname_index *refname_index(
    struct arena *arena, const struct policy *policy);

/* Fills ref->stage and stage_name.  Adds ref.reserved / ref.denied findings;
 * false when one of them refuses. */
bool refname_judge(struct arena *arena, const struct refname_index *index,
    struct ref_verdict *ref, enum ref_kind *ret_kind);
/* Duplicates within the push, after folding: adds ref.duplicate. */
void refname_duplicates(struct arena *arena, struct verdict *verdict);
/* What git check-ref-format(1) says, on raw bytes. */
bool refname_is_valid(const char *name);

#endif
