#ifndef POLICY_SIGNERS_H
#define POLICY_SIGNERS_H

#include "policy/model.h"

/*
 * Warns of what wants signatures that it can never get, since too few members
 * of its roles have a key.
 */
struct signers_wanted {
	struct mark mark;
	const char *what; /* "gate 'security'" */
	const struct strings *roles;
	uint64_t count; /* of people */
};

void check_signers(const struct policy *policy, struct arena *arena,
    const struct signers_wanted *wanted, struct diags *diags);

#endif
