#ifndef NOTIFY_SENDER_H
#define NOTIFY_SENDER_H

#include "notify/delivery.h"

/*
 * Delivers what is waiting in the spool of a repository.  One process at a time
 * does so (outbox/sending), with a child for each destination, SENDER_CHILDREN_
 * MAX of them side by side: so each gets its events in order, and none waits
 * for another.  A child takes one event after the other until one fails.
 *
 * Whichever of these processes is killed when: what was not noted as delivered
 * is delivered again, by the next sender.
 *
 * An event that can't be delivered is an event itself, `delivery-failed`: when
 * it fails for the first time and when it is given up.  Those about deliveries
 * of such events would never end, so there are none.
 */
#define SENDER_CHILDREN_MAX 16u

struct sender {
	struct arena *arena;
	struct repo *repo;
	const struct policy *policy;
	bool due_only;    /* not what has to pause */
	bool retry_dead;  /* first what was given up */
	bool once;        /* not what is spooled meanwhile */
	unsigned wait_ms; /* for another one to end */
};

struct sender_result {
	bool busy; /* another one is at work, and was waited for in vain */
	size_t delivered, failed; /* events times destinations; attempts */
	size_t given_up;
	size_t waiting, dead; /* now */
};

int sender_run(
    const struct sender *sender, struct sender_result *ret, struct err *err);

#endif
