#ifndef POLICY_HEAD_H
#define POLICY_HEAD_H

#include "policy/model.h"

/*
 * What a policy's text says of itself, for comparing texts with one another:
 * its flow and version, whether it is a draft, and whether it wants the ledger
 * to be signed.
 */
struct policy_head {
	bool draft;
	bool signs;       /* has a ledger.sign_key */
	const char *flow; /* NULL: none */
	struct version version;
};

/* Reads it from a text that need not be a policy of today's rules.  False when
 * it names no version: an included file, or no policy at all. */
bool policy_head_read(
    struct arena *arena, const char *text, size_t len, struct policy_head *ret);

/* MAJOR.MINOR.PATCH, numbers without leading zeros; false otherwise. */
bool version_parse(struct arena *arena, const char *text, struct version *ret);
/* Below, equal to or above zero, as strcmp. */
int version_cmp(const struct version *a, const struct version *b);

#endif
