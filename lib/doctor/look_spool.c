#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "notify/deadletter.h"
#include "notify/delivery.h"
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

static void look_at_destination(
    struct doctor *d, const struct spool *spool, const struct destination *to)
{
	struct delivery delivery;

	delivery_read(spool, to->key, &delivery);
	if (delivery.failures > 0)
		doctor_find(d, "spool.failing",
		    "%s failed %llu times in a row: %s",
		    text_clean_s(d->arena, to->label),
		    (unsigned long long)delivery.failures,
		    delivery.why ? text_clean_s(d->arena, delivery.why)
				 : "nobody knows why");
}

/* Those for whom something waits: each once. */
static void look_failing(struct doctor *d, const struct spool *spool,
    const struct spool_batches *batches)
{
	struct strings seen = { NULL, 0, 0 };

	for (size_t i = 0; i < batches->n; i++)
		for (size_t k = 0; k < batches->v[i].events.n; k++) {
			const struct destinations *to =
			    &batches->v[i].events.v[k].to;

			for (size_t n = 0; n < to->n; n++) {
				if (strings_have(&seen, to->v[n].key))
					continue;
				strings_add(d->arena, &seen, to->v[n].key);
				look_at_destination(d, spool, &to->v[n]);
			}
		}
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
	look_failing(d, spool, &batches);
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
	if (spool_look(d->arena, d->session.repo, &spool, &err) < 0) {
		doctor_unseen(d, "spool.unreadable", &err);
		return;
	}
	if (look_into(d, &spool, &err) < 0)
		doctor_unseen(d, "spool.unreadable", &err);
}
