#ifndef NOTIFY_WORKER_H
#define NOTIFY_WORKER_H

#include "notify/deadletter.h"
#include "notify/sender.h"

/*
 * The child of a sender that delivers to one destination: for sender.c alone.
 */
struct pending { /* an event that waits for it */
	struct spool_place place;
	const struct spooled *spooled;
};

struct work {
	const struct sender *sender;
	const struct spool *spool; /* its lock is not held */
	/* NULL: the policy names it no more */
	const struct destination *destination;
	const char *key, *label;
	struct {
		struct pending *v;
		size_t n, cap;
	} pending;
	struct dead_letters dead; /* to be tried again, before those */
};

/* What comes of it, told by the exit status of the child. */
enum {
	WORK_DONE,   /* everything was delivered */
	WORK_FAILED, /* something was not */
	WORK_BROKEN  /* what came of it can't be written down */
};

int work_do(const struct work *work);
/* What is waiting need not pause after a failure, or need not now. */
bool work_may_go_on(const struct work *work);

#endif
