#ifndef JUDGE_TAGRULE_H
#define JUDGE_TAGRULE_H

#include "judge/judging.h"

/*
 * Tags: those of a stage name only commits that have been through it, never
 * move, never go, are made by the stage's pushers, annotated where asked. Tags
 * of no stage are `other_refs` business and peel to a commit in at most
 * TAG_DEPTH_MAX steps.
 */
#define TAG_DEPTH_MAX 5

/* A tag of a stage: adds tag.* findings.  commit: what it peels to; NULL when
 * that is not known, or when the tag is deleted. */
int tag_judge(const struct judging *j, struct ref_verdict *ref,
    const struct oid *commit, struct err *err);

/* Peels an object to a commit: adds findings object.missing, object.kind,
 * and object.malformed for tags that are not canonical or, below refs/tags/,
 * are called otherwise than their ref. */
int tag_peel(const struct judging *j, const struct oid *oid,
    struct ref_verdict *ref, struct oid *ret_commit, bool *ret_ok,
    struct err *err);

#endif
