#ifndef NOTIFY_FAILURE_H
#define NOTIFY_FAILURE_H

#include "notify/sender.h"

/*
 * The event `delivery-failed`: spooled like any other.
 */
struct failure {
	const char *label, *key; /* of the destination */
	uint64_t attempts;
	const char *why;
	bool given_up;
};

/* Spools it, where the policy wants to hear of it; nothing for an event that is
 * of this kind itself, or that can't be read.  Twice the same has one id. */
int failure_tell(const struct sender *sender, const struct failure *failure,
    const struct spooled *failed, struct err *err);

#endif
