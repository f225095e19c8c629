#include "notify/senderwork.h"
#include "notify/told.h"

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
		else if (batch->placed)
			told = batch->since;
	}
	spool_close(&spool);
	/* Of what can't be read nobody knows where it belongs. */
	if (status < 0 || damaged.n > 0)
		return status;
	return spool.began ? told_write(sender->arena, sender->repo, &told, err)
			   : 0;
}
