#include "git/refs.h"
#include "notify/senderwork.h"
#include "record/statelock.h"

static bool batch_is_done(
    const struct spool *spool, const struct spool_batch *batch)
{
	for (size_t i = 0; i < batch->events.n; i++) {
		const struct destinations *to = &batch->events.v[i].to;

		for (size_t k = 0; k < to->n; k++) {
			struct delivery delivery;

			delivery_read(spool, to->v[k].key, &delivery);
			if (!delivery_is_done(&delivery, batch->seq, i))
				return false;
		}
	}
	return true;
}

/* What a spool that was lost begins at. */
static int set_told(
    const struct sender *sender, const struct oid *told, struct err *err)
{
	struct state_lock lock;
	struct view_ref now;
	int status;

	if (ref_read(sender->repo, sender->arena, TOLD_REF, &now, err) < 0)
		return -1;
	if (oid_is_zero(told) || (now.exists && oid_eq(&now.oid, told)))
		return 0;
	if (state_lock_take(sender->arena, sender->repo, &lock, err) < 0)
		return -1;
	status = state_lock_update(
	    &lock, TOLD_REF, &now.oid, told, "stagegate: told", err);
	state_lock_release(&lock);
	return status;
}

/* Under the lock of the spool, so that nobody adds meanwhile. */
int sender_clear(const struct sender *sender, struct err *err)
{
	struct spool_batches batches = { NULL, 0, 0 };
	struct strings damaged = { NULL, 0, 0 };
	struct spool spool;
	struct oid told;
	int status;

	if (spool_open(sender->arena, sender->repo, &spool, err) < 0)
		return -1;
	told = spool.ledger;
	status = spool_read(&spool, &batches, &damaged, err);
	for (size_t i = batches.n; status == 0 && i > 0; i--) {
		const struct spool_batch *batch = &batches.v[i - 1];

		if (batch_is_done(&spool, batch))
			status = spool_remove(&spool, batch, err);
		else
			told = batch->since;
	}
	spool_close(&spool);
	/* Of what can't be read nobody knows where it belongs. */
	if (status < 0 || damaged.n > 0)
		return status;
	return set_told(sender, &told, err);
}
