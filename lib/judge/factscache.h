#ifndef JUDGE_FACTSCACHE_H
#define JUDGE_FACTSCACHE_H

#include "judge/facts.h"

/*
 * What the files behind facts.h share; nobody else includes this.
 */

/* Of the update, whatever its candidates. */
struct ref_facts {
	bool has_begin;
	struct oid begin; /* where ranges begin: see range_begin */
	bool has_later;
	struct oids later; /* present tips of later stages' refs */
	bool has_new;
	struct oids new_commits;
};

struct facts_cache {
	struct ref_facts *ref; /* shared by the steps of an update */
	bool has_change;
	struct change change;
	bool has_bases;
	struct oids bases; /* the K's */
	bool has_renames;
	struct view_renames renames; /* of the change */
	bool has_authors;
	struct strings people, emails;
};

/* Tips of later stages that are looked at; beyond that more commits count as
 * new and more lines as changed, which is the safe side. */
#define LATER_TIPS_MAX 1000

/* The K's that are told apart, likewise. */
#define CHANGE_BASES_MAX 64

/*
 * "Where O was not recorded as accepted, ranges and the change begin at the
 * ref's last accepted tip, else as for a new ref": the old tip, or that one,
 * or zero.
 */
int range_begin(
    const struct gate_facts *facts, struct oid *ret, struct err *err);
/* The same for the step before the candidate. */
int range_before(
    const struct gate_facts *facts, struct oid *ret, struct err *err);
/* Present tips of the refs of later stages; of all stages where the ref
 * belongs to none. */
int range_later(
    const struct gate_facts *facts, const struct oids **ret, struct err *err);
/* Is that a stage whose recorded tips were judged on their way in: a later
 * one or, with `here`, this one too (any, where the ref belongs to none)? */
bool range_stage(const struct gate_facts *facts, const char *name, bool here);

/* The K's of the change. */
int change_bases(
    const struct gate_facts *facts, const struct oids **ret, struct err *err);

/*
 * A walk that stops at recorded tips of later stages (of this one too, with
 * `here`), withdrawn ones included.
 */
struct range_walk {
	struct oid tip;
	struct oids hide;
	bool here;
	struct oids found; /* oldest first */
	struct oids met;   /* the tips that it stopped at */
};
int range_walk(
    const struct gate_facts *facts, struct range_walk *walk, struct err *err);

#endif
