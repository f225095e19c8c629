#include <string.h>

#include "notify/senderwork.h"

#define SCAN_ARENA_MAX ((size_t)1 << 30) /* bytes */

static struct work *work_for(
    struct scan *scan, const char *key, const char *label)
{
	struct works *works = &scan->works;
	const struct destination *destination = destination_find(
	    &scan->known, key);

	for (size_t i = 0; i < works->n; i++)
		if (strcmp(works->v[i].key, key) == 0)
			return &works->v[i];
	ARRAY_PUSH(&scan->arena, works,
	    (struct work){ .sender = scan->sender,
		.spool = &scan->spool,
		.destination = destination,
		.key = key,
		.label = destination ? destination->label : label });
	return &works->v[works->n - 1];
}

static void add_batch(struct scan *scan, const struct spool_batch *batch)
{
	for (size_t i = 0; i < batch->events.n; i++) {
		const struct spooled *spooled = &batch->events.v[i];

		for (size_t k = 0; k < spooled->to.n; k++) {
			const struct destination *to = &spooled->to.v[k];
			struct work *work = work_for(scan, to->key, to->label);

			ARRAY_PUSH(&scan->arena, &work->pending,
			    (struct pending){ { batch->seq, i }, spooled });
		}
	}
	if (batch->seq > scan->last)
		scan->last = batch->seq;
}

static void drop_done(const struct scan *scan, struct work *work)
{
	struct delivery delivery;
	size_t kept = 0;

	delivery_read(&scan->spool, work->key, &delivery);
	for (size_t i = 0; i < work->pending.n; i++) {
		const struct spool_place *place = &work->pending.v[i].place;

		if (!delivery_is_done(&delivery, place->seq, place->index))
			work->pending.v[kept++] = work->pending.v[i];
	}
	work->pending.n = kept;
}

static int add_dead(struct scan *scan, struct err *err)
{
	struct dead_letters letters = { NULL, 0, 0 };

	if (dead_letters_read(&scan->spool, &letters, err) < 0)
		return -1;
	for (size_t i = 0; i < letters.n; i++) {
		struct work *work = work_for(
		    scan, letters.v[i].key, letters.v[i].label);

		ARRAY_PUSH(&scan->arena, &work->dead, letters.v[i]);
	}
	return 0;
}

static int fill(struct scan *scan, bool dead, struct err *err)
{
	struct spool_batches batches = { NULL, 0, 0 };
	struct strings damaged = { NULL, 0, 0 };

	if (spool_look(&scan->arena, scan->sender->repo, &scan->spool, err) < 0)
		return -1;
	scan->last = scan->spool.seq;
	destinations_all(&scan->arena, scan->sender->policy, &scan->known);
	/* Without a cursor nothing can be noted; see sender_run. */
	if (scan->spool.written &&
	    spool_read(&scan->spool, &batches, &damaged, err) < 0)
		return -1;
	for (size_t i = 0; i < batches.n; i++)
		add_batch(scan, &batches.v[i]);
	for (size_t i = 0; i < scan->works.n; i++)
		drop_done(scan, &scan->works.v[i]);
	return dead ? add_dead(scan, err) : 0;
}

int scan_spool(
    const struct sender *sender, bool dead, struct scan *ret, struct err *err)
{
	memset(ret, 0, sizeof(*ret));
	arena_init(&ret->arena, SCAN_ARENA_MAX);
	ret->sender = sender;
	if (fill(ret, dead, err) == 0)
		return 0;
	scan_end(ret);
	return -1;
}

void scan_end(struct scan *scan)
{
	arena_release(&scan->arena);
}

bool scan_is_old(const struct scan *scan)
{
	struct arena arena;
	struct spool spool;
	struct err ignored;
	bool old = false;

	arena_init(&arena, SCAN_ARENA_MAX);
	/* One that is lost is begun anew by who adds to it. */
	if (spool_look(&arena, scan->sender->repo, &spool, &ignored) == 0 &&
	    spool.written)
		old = spool.seq > scan->last || !scan->spool.written ||
		    strcmp(spool.generation, scan->spool.generation) != 0;
	arena_release(&arena);
	return old;
}

bool work_is_due(const struct work *work)
{
	return work->dead.n > 0 ||
	    (work->pending.n > 0 && work_may_go_on(work));
}
