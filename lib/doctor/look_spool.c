#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "notify/deadletter.h"
#include "notify/eventjson.h"

#define WAITING_MAX_S 3600 /* a sender is started by every push */

/* When the oldest event that waits happened; 0: nothing that can be told. */
static int64_t oldest(struct doctor *d, const struct spool_batches *batches)
{
	for (size_t i = 0; i < batches->n; i++)
		for (size_t k = 0; k < batches->v[i].events.n; k++) {
			const struct spooled *spooled =
			    &batches->v[i].events.v[k];
			struct event event;
			struct err ignored;

			if (event_read(d->arena, spooled->bytes, spooled->len,
				&event, &ignored) == 0)
				return event.at;
		}
	return 0;
}

static void look_failing(struct doctor *d, const struct spool *spool)
{
	struct deliveries deliveries = { NULL, 0, 0 };
	struct err err;

	if (deliveries_read(spool, &deliveries, &err) < 0) {
		doctor_unseen(d, "spool.unreadable", &err);
		return;
	}
	for (size_t i = 0; i < deliveries.n; i++)
		if (deliveries.v[i].failures > 0)
			doctor_find(d, "spool.failing",
			    "%s failed %llu times in a row: %s",
			    text_clean_s(d->arena, deliveries.v[i].label),
			    (unsigned long long)deliveries.v[i].failures,
			    deliveries.v[i].why
				? text_clean_s(d->arena, deliveries.v[i].why)
				: "nobody knows why");
}

static int look_into(
    struct doctor *d, const struct spool *spool, struct err *err)
{
	struct spool_batches batches = { NULL, 0, 0 };
	struct strings damaged = { NULL, 0, 0 };
	struct dead_letters dead = { NULL, 0, 0 };
	int64_t since;

	if (spool_read(spool, &batches, &damaged, err) < 0 ||
	    dead_letters_read(spool, &dead, err) < 0)
		return -1;
	since = oldest(d, &batches);
	if (since > 0 && d->server->now - since > WAITING_MAX_S)
		doctor_find(d, "spool.waiting",
		    "the oldest event waits to be told for %s",
		    duration_format(
			d->arena, (uint64_t)(d->server->now - since)));
	if (damaged.n > 0)
		doctor_find(d, "spool.damaged",
		    "%zu batches of events can't be read, such as %s",
		    damaged.n, text_clean_s(d->arena, damaged.v[0]));
	if (dead.n > 0)
		doctor_find(d, "spool.dead",
		    "%zu events were given up, the last for %s", dead.n,
		    text_clean_s(d->arena, dead.v[dead.n - 1].label));
	look_failing(d, spool);
	return 0;
}

void look_spool(struct doctor *d)
{
	struct spool spool;
	struct err err;

	if (access(
		arena_printf(d->arena, "%s/stagegate/outbox", d->place.gitdir),
		F_OK) < 0)
		return;
	if (spool_open(d->arena, d->session.repo, &spool, &err) < 0) {
		doctor_unseen(d, "spool.unreadable", &err);
		return;
	}
	if (look_into(d, &spool, &err) < 0)
		doctor_unseen(d, "spool.unreadable", &err);
	spool_close(&spool);
}
