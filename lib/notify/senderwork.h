#ifndef NOTIFY_SENDERWORK_H
#define NOTIFY_SENDERWORK_H

#include "notify/worker.h"

/*
 * What the files of the sender share; nobody else includes this.
 *
 *	sender.c	the loop: scan, begin children, wait
 *	sender_scan.c	what waits for whom
 *	sender_clear.c	takes away what is done
 */
struct works {
	struct work *v;
	size_t n, cap;
};

struct scan { /* of the spool; everything in an arena of its own */
	struct arena arena;
	const struct sender *sender;
	struct spool spool; /* its lock is not held */
	struct destinations known;
	struct works works;
	uint64_t last; /* the newest batch that was looked at */
};

/* dead: what was given up is wanted too. */
int scan_spool(
    const struct sender *sender, bool dead, struct scan *ret, struct err *err);
void scan_end(struct scan *scan);
/* Has something been spooled since? */
bool scan_is_old(const struct scan *scan);
/* Is there anything to do for it, and is it time? */
bool work_is_due(const struct work *work);

/* Removes batches that nobody waits for, and notes up to where everything has
 * been told. */
int sender_clear(const struct sender *sender, struct err *err);

#endif
