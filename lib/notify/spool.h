#ifndef NOTIFY_SPOOL_H
#define NOTIFY_SPOOL_H

#include "notify/destination.h"
#include "record/ledger.h"

/*
 * What is waiting to be told, in <git directory>/stagegate/outbox/:
 *
 *	cursor		generation, number of the newest batch, and the commit
 *			of the ledger up to which events have been written
 *			(none where there were none yet)
 *	lock		flock: held by whoever adds a batch or takes one away
 *	sending		flock: held by the one process that delivers
 *	events/<seq>	a batch: its head, then two lines for each event: the
 *			destinations that have to get it, and the event itself
 *			as it is sent, byte for byte
 *	to/<key>	how far a destination is (notify/delivery.h)
 *	dead/<name>	events that were given up (notify/deadletter.h)
 *
 * Every file is written whole (base/file.h) and is one or more lines of JSON.
 * A batch is written before the cursor, so that a crash in between makes the
 * same events up again: ids are the same, and nothing is lost.
 *
 * The ledger is the truth: where the spool itself is lost, it begins again
 * where refs/stagegate/told says (notify/told.h).  Where neither is there (the
 * policy has only now been given its first rule) it begins with what comes
 * next: nobody is told of years.  Refusals and failed deliveries stand in no
 * ledger and are lost with the spool.
 *
 *	spool_open(arena, repo, &spool, err)
 *	spool_add(&spool, &batch, err) ..
 *	spool_close(&spool)
 *
 * A spool that can't be read is begun anew: what was in it is made up from the
 * ledger.
 */
#define SPOOL_LOCK_WAIT_MS 30000u
#define SPOOL_BYTES_MAX ((size_t)64 << 20) /* of one batch */
/* Refusals are not worth more than that: beyond, they are not written. */
#define SPOOL_REFUSALS_MAX ((size_t)2000) /* batches that are waiting */

struct spool {
	struct arena *arena;
	struct repo *repo;
	const char *dir;
	unsigned mode; /* of files */
	int lock;      /* descriptor; -1: not held */
	/* the cursor */
	bool written;           /* it is on disk */
	bool began;             /* it names a place in the ledger */
	const char *generation; /* of numbers: 32 hex digits */
	uint64_t seq;
	struct oid ledger; /* zero: before the first record */
};

struct spooled {                /* an event and where it goes */
	struct destinations to; /* keys and labels alone */
	const char *id;
	const char *bytes; /* of the event, without its line feed */
	size_t len;
};

struct spool_batch {
	uint64_t seq;
	/* The cursor before it: what was told by then.  None where the spool
	 * had no place in the ledger yet. */
	bool placed;
	struct oid since;
	struct {
		struct spooled *v;
		size_t n, cap;
	} events;
};

struct spool_place { /* of an event */
	uint64_t seq;
	size_t index;
};

struct spool_batches {
	struct spool_batch *v;
	size_t n, cap;
};

/* Reads the cursor without the lock and makes nothing.  Where there is none,
 * or none that can be read, `written` and `began` are false and there is no
 * generation.  Others may write meanwhile: a batch can be newer than that
 * cursor, or gone by the time it is read. */
int spool_look(
    struct arena *arena, struct repo *repo, struct spool *ret, struct err *err);
/* How many batches wait, by their names alone; no more than max are counted. */
size_t spool_count(const struct spool *spool, size_t max);

/* Takes the lock and reads the cursor; makes what is missing. */
int spool_open(
    struct arena *arena, struct repo *repo, struct spool *ret, struct err *err);
void spool_close(struct spool *spool);
/* Writes the batch (seq and since are the spool's to set; one without events is
 * none), then the cursor, which is moved to `ledger` where that is not NULL. */
int spool_add(struct spool *spool, struct spool_batch *batch,
    const struct oid *ledger, struct err *err);
/* All that wait, oldest first.  What can't be read is left out, and its name is
 * in ret_damaged. */
int spool_read(const struct spool *spool, struct spool_batches *ret,
    struct strings *ret_damaged, struct err *err);
int spool_remove(const struct spool *spool, const struct spool_batch *batch,
    struct err *err);
/* Forgets everything but dead letters: for a policy that tells nobody. */
int spool_end(struct spool *spool, struct err *err);

#endif
