#ifndef POLICY_COMPARE_H
#define POLICY_COMPARE_H

#include "policy/model.h"

/*
 * What one policy allows that another does not.  Each policy is taken apart
 * into facts (facts.c): "bob may push to deployment", "soak of deployment" is
 * 24h; those that differ are the answer, in the order of the old policy, then
 * of the new one.  Roles are compared by the people in them, gates by where
 * they are asked for and by each of their keys.
 *
 * Whether a change allows more is known for most facts.  One of which it can't
 * be told from the policy alone, such as another regular expression, is
 * COMPARE_UNCLEAR: it may allow more.
 */
enum compare_kind {
	COMPARE_LOOSER,  /* the new one allows what the old one refused */
	COMPARE_UNCLEAR, /* it may */
	COMPARE_TIGHTER, /* it refuses what the old one allowed */
	COMPARE_OTHER,   /* has no part in what is allowed */
	COMPARE_KINDS
};

struct policy_difference {
	enum compare_kind kind;
	const char *text;     /* a sentence without full stop */
	struct mark old, new; /* source NULL: there is nothing there */
};
struct policy_differences {
	struct policy_difference *v;
	size_t n, cap;
};

void policy_compare(struct arena *arena, const struct policy *old,
    const struct policy *new, struct policy_differences *ret);

/* ---- between the files of comparing ---- */

enum fact_sense {       /* of having it, or of a greater number */
	FACT_NO_MATTER, /* nobody may do more or less by it */
	FACT_UNKNOWN,   /* it can't be told */
	FACT_LOOSENS,
	FACT_TIGHTENS
};

struct policy_fact {
	const char *key;   /* a sentence, or with a value what has it */
	const char *value; /* NULL: the key is all of it */
	uint64_t number;   /* of the value, where sense has a direction */
	int unit;          /* numbers of different units have no order */
	enum fact_sense sense;
	const char *owner;  /* a fact without which this one is not worth
			     * telling; NULL: none */
	const char *within; /* a fact that says more: NULL: none */
	struct mark mark;
};
struct policy_facts {
	struct policy_fact *v;
	size_t n, cap;
};

void policy_facts(
    struct arena *arena, const struct policy *policy, struct policy_facts *ret);
/* As a policy writes it, exactly: 90s, 24h, 3d. */
const char *policy_seconds(struct arena *arena, uint64_t seconds);
/* factsgates.c: those of all gates. */
void policy_facts_of_gates(
    struct arena *arena, const struct policy *policy, struct policy_facts *ret);
/* Who has the roles: key is "%s may push to x", said of each. */
void policy_facts_of_people(struct arena *arena, const struct policy *policy,
    const struct strings *roles, const char *before, const char *after,
    struct policy_fact fact, struct policy_facts *ret);

#endif
