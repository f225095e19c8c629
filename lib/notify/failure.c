#include "notify/failure.h"

#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "notify/eventjson.h"

static const char *id_of(struct arena *arena, const struct event *failed,
    const struct failure *failure)
{
	const char *const words[] = { failed->id, failure->key,
		notify_words[NOTIFY_DELIVERY_FAILED],
		failure->given_up ? "given up" : "failed" };

	return sha256_words40(arena, words, sizeof(words) / sizeof(*words));
}

static struct event event_of(struct arena *arena, const struct event *failed,
    const struct failure *failure)
{
	return (struct event){ .kind = NOTIFY_DELIVERY_FAILED,
		.id = id_of(arena, failed, failure),
		.at = clock_now(),
		.by = "-",
		.flow = failed->flow,
		.version = failed->version,
		.repository_id = failed->repository_id,
		.repository = failed->repository,
		.ref = failed->ref,
		.stage = failed->stage,
		.entry_stage = failed->entry_stage,
		.client = failed->client,
		.old = failed->old,
		.new = failed->new,
		.destination = failure->label,
		.failed_id = failed->id,
		.failed_kind = notify_words[failed->kind],
		.attempts = failure->attempts,
		.why = failure->why,
		.given_up = failure->given_up };
}

static int add(
    const struct sender *sender, struct spool_batch *batch, struct err *err)
{
	struct spool spool;
	int status;

	if (spool_open(sender->arena, sender->repo, &spool, err) < 0)
		return -1;
	status = spool_add(&spool, batch, NULL, err);
	spool_close(&spool);
	return status;
}

int failure_tell(const struct sender *sender, const struct failure *failure,
    const struct spooled *failed, struct err *err)
{
	struct arena *arena = sender->arena;
	struct spool_batch batch = { .seq = 0 };
	struct event event, about;
	struct spooled spooled;

	if (!destinations_wanted(sender->policy, NOTIFY_DELIVERY_FAILED) ||
	    event_read(arena, failed->bytes, failed->len, &about, err) < 0 ||
	    about.kind == NOTIFY_DELIVERY_FAILED)
		return 0;
	event = event_of(arena, &about, failure);
	spooled = (struct spooled){ .id = event.id };
	destinations_of(arena, sender->policy, &event, &spooled.to);
	if (spooled.to.n == 0)
		return 0;
	if (event_json(arena, &event, &spooled.bytes, &spooled.len, err) < 0)
		return -1;
	ARRAY_PUSH(arena, &batch.events, spooled);
	return add(sender, &batch, err);
}
