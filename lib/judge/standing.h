#ifndef JUDGE_STANDING_H
#define JUDGE_STANDING_H

#include "judge/waits.h"

/*
 * How a candidate stands in the stages that it comes from: on which refs it
 * is, for how long, and whether that is enough.  Private to soak and quorum.
 */
/* A ref of the stage that a candidate comes from. */
struct place {
	const char *ref;
	bool counts;   /* among those that a share is taken of */
	bool can;      /* time alone would do, or has done */
	int64_t ready; /* when it has been there for long enough */
	int64_t have_s;
};

struct places {
	struct place *v;
	size_t n, cap;
};

/* In one stage. */
struct standing {
	const struct stage *stage;
	struct places places;
	size_t total;   /* refs that count */
	size_t needed;  /* of them */
	size_t there;   /* on which it is, long enough or not yet */
	size_t ready_n; /* long enough */
	bool enough;
	bool time_does; /* more time alone would do */
	int64_t ready;  /* when that will be */
	int64_t have_s; /* where it matters: the last one that is needed */
};

struct soaking {
	const struct gate_facts *facts;
	struct ref_verdict *ref;
	const struct stage *stage; /* that is entered */
	uint64_t soak_s;
	struct quorum quorum;
	struct oid candidate;
	struct view_passages passages; /* of the candidate */
	bool only_soak; /* a merge back, or known from this stage alone */
};

/*
 * What has been found out in a push: the refs of a ring that take the same
 * candidate all ask for the same, and it takes a look at each ref of the ring
 * before.  In gate_facts; nobody changes a standing afterwards.
 */
struct known_standing {
	struct oid candidate;
	const struct stage *stage; /* that is entered */
	bool only_soak;
	struct standing standing;
};
struct standings {
	struct known_standing *v;
	size_t n, cap;
};

/* Is it more than that one ref will do? */
bool asks_number(const struct quorum *quorum);

/*
 * "Soak and quorum are judged in any `from` stage that the candidate has been
 * through; only one that has been through none of them (a merge back, or one
 * known from this stage alone) is judged in the stage where it was last a tip,
 * soak only."  The best of them; ret->stage NULL: it has been through nothing.
 * soaking: all but only_soak is filled in; that and quorum may be changed.
 */
int standing_find(
    struct soaking *soaking, struct standing *ret, struct err *err);

#endif
