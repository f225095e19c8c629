#ifndef DOCTOR_FIX_H
#define DOCTOR_FIX_H

#include "doctor/doctor.h"

/*
 * Puts right what can be put right without anybody's judgement: our hooks are
 * put again, modes and settings set, locks and half-written files of processes
 * that are gone removed.  Never refs, ledger, policy, other people's hooks, nor
 * anything outside of the repository.
 *
 * Each is done in its directory, which is reached without following a link,
 * and as the account that owns it (standing.h): whoever could put something
 * else there could do no more than itself.
 */
struct fixed {
	const char *code, *text; /* what was done */
	bool done;               /* false: text says why not */
};

struct fixes {
	struct fixed *v;
	size_t n, cap;
};

/* Of what doctor_look found.  Look again afterwards. */
void doctor_fix(struct doctor *d, struct fixes *ret);

#endif
