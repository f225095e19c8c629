#ifndef NOTIFY_DELIVERY_H
#define NOTIFY_DELIVERY_H

#include "notify/spool.h"

/*
 * How far a destination is: outbox/to/<key>.  What lies before its place in the
 * spool has been delivered, or was given up.  Written after each attempt; one
 * that is lost, or is of another generation of the spool, begins with the
 * oldest batch, so that something may come twice and nothing is left out.
 *
 * One that fails is tried again after 30 s, then twice as long each time, up to
 * 12 h.  What has failed DELIVERY_ATTEMPTS_MAX times is given up; where nothing
 * has got through for so many attempts in a row, so is all that waits for
 * longer than DELIVERY_AGE_MAX_S: else a destination that is gone would fill
 * the disk.
 */
#define DELIVERY_ATTEMPTS_MAX 12u
#define DELIVERY_PAUSE_S 30
#define DELIVERY_PAUSE_MAX_S (12 * 3600)
#define DELIVERY_AGE_MAX_S (7 * 86400)

struct delivery {
	const char *key, *label;
	uint64_t seq;      /* the batch that it is at .. */
	uint64_t index;    /* .. and how many events of it are done */
	uint64_t attempts; /* that the next event has cost */
	uint64_t failures; /* attempts in a row, whatever the event */
	int64_t next;      /* not before; 0: at once */
	const char *why;   /* the last one failed; NULL: it did not */
};

/* Fills *ret with the beginning where there is nothing to read. */
void delivery_read(
    const struct spool *spool, const char *key, struct delivery *ret);
int delivery_write(const struct spool *spool, const struct delivery *delivery,
    struct err *err);

bool delivery_is_done(
    const struct delivery *delivery, uint64_t seq, size_t index);
/* The event at that place is done: nothing is known of the next. */
void delivery_pass(struct delivery *delivery, uint64_t seq, size_t index);
/* One more attempt has failed. */
void delivery_fail(struct delivery *delivery, const char *why, int64_t now);

#endif
