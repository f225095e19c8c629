#include "notify/worker.h"

#include <string.h>

#include "base/clock.h"
#include "notify/deliver.h"
#include "notify/eventjson.h"
#include "notify/failure.h"

#define ATTEMPT_ARENA_MAX ((size_t)256 << 20) /* bytes */

#define DEAD_FAILURES_MAX 3u /* in a row */

static const char gone[] = "policy.yml names this destination no more";

struct attempt {
	const char *bytes;
	size_t len;
	uint64_t number; /* 1 for the first */
};

/* NULL: it was delivered.  Else why not, in the work's own arena. */
static const char *try(const struct work *work, const struct attempt *attempt)
{
	struct arena arena;
	struct event event;
	struct err err;
	int status;
	struct parcel parcel = { .arena = &arena,
		.repo = work->sender->repo,
		.policy = work->sender->policy,
		.destination = work->destination,
		.event = &event,
		.bytes = attempt->bytes,
		.len = attempt->len,
		.attempt = attempt->number };

	arena_init(&arena, ATTEMPT_ARENA_MAX);
	status = event_read(&arena, attempt->bytes, attempt->len, &event, &err);
	if (status == 0)
		status = deliver(&parcel, &err);
	arena_release(&arena);
	return status == 0 ? NULL : arena_strdup(work->sender->arena, err.text);
}

/* ---- what was given up before ------------------------------------------- */

static int retry_one(
    const struct work *work, struct dead_letter letter, struct err *err)
{
	const struct attempt attempt = { .bytes = letter.bytes,
		.len = letter.len,
		.number = letter.attempts + 1 };

	letter.why = work->destination ? try(work, &attempt) : gone;
	letter.attempts++;
	if (letter.why)
		return dead_letter_replace(work->spool, &letter, err) < 0
		    ? WORK_BROKEN
		    : WORK_FAILED;
	return dead_letter_remove(work->spool, &letter, err) < 0 ? WORK_BROKEN
								 : WORK_DONE;
}

/* One that nobody will ever take is in the way of none behind it, but a
 * destination that is gone is not asked for each. */
static int retry_dead(const struct work *work)
{
	int status = WORK_DONE;
	unsigned failures = 0; /* in a row */
	struct err err;

	for (size_t i = 0; i < work->dead.n && failures < DEAD_FAILURES_MAX;
	     i++) {
		int what = retry_one(work, work->dead.v[i], &err);

		if (what == WORK_BROKEN)
			return what;
		failures = what == WORK_DONE ? 0 : failures + 1;
		if (what != WORK_DONE)
			status = what;
	}
	return status;
}

/* ---- what is waiting ---------------------------------------------------- */

/* The dead letter first: a crash in between gives the event up once more. */
static int give_up(const struct work *work, struct delivery *delivery,
    const struct pending *pending, const char *why, struct err *err)
{
	struct dead_letter letter = { .key = work->key,
		.label = work->label,
		.id = pending->spooled->id,
		.why = why,
		.attempts = delivery->attempts,
		.at = clock_now(),
		.bytes = pending->spooled->bytes,
		.len = pending->spooled->len };
	const struct failure failure = { .label = work->label,
		.key = work->key,
		.attempts = delivery->attempts,
		.why = why,
		.given_up = true };

	if (dead_letter_write(work->spool, &pending->place, &letter, err) < 0 ||
	    failure_tell(work->sender, &failure, pending->spooled, err) < 0)
		return -1;
	delivery_pass(delivery, pending->place.seq, pending->place.index);
	return 0;
}

/* A destination that has been gone for long is not waited for by all that is
 * as old. */
static int give_up_old(const struct work *work, struct delivery *delivery,
    size_t from, struct err *err)
{
	int64_t now = clock_now();

	for (size_t i = from; i < work->pending.n; i++) {
		const struct pending *pending = &work->pending.v[i];
		struct arena arena;
		struct event event;
		bool old;

		arena_init(&arena, ATTEMPT_ARENA_MAX);
		old = event_read(&arena, pending->spooled->bytes,
			  pending->spooled->len, &event, err) < 0 ||
		    now - event.at > DELIVERY_AGE_MAX_S;
		arena_release(&arena);
		if (!old)
			return 0;
		if (give_up(work, delivery, pending, delivery->why, err) < 0)
			return -1;
	}
	return 0;
}

static int note_failure(const struct work *work, struct delivery *delivery,
    size_t i, const char *why, struct err *err)
{
	const struct pending *pending = &work->pending.v[i];
	const struct failure failure = { .label = work->label,
		.key = work->key,
		.attempts = 1,
		.why = why };

	delivery_fail(delivery, why, clock_now());
	if (delivery->attempts == 1 &&
	    failure_tell(work->sender, &failure, pending->spooled, err) < 0)
		return -1;
	if (delivery->attempts >= DELIVERY_ATTEMPTS_MAX) {
		if (give_up(work, delivery, pending, why, err) < 0)
			return -1;
		i++;
	}
	if (delivery->failures >= DELIVERY_ATTEMPTS_MAX &&
	    delivery->attempts == 0 && give_up_old(work, delivery, i, err) < 0)
		return -1;
	return 0;
}

/* One event; *ret_failed: nothing more is to be tried now. */
static int do_one(const struct work *work, struct delivery *delivery, size_t i,
    bool *ret_failed, struct err *err)
{
	const struct pending *pending = &work->pending.v[i];
	struct attempt attempt = { .bytes = pending->spooled->bytes,
		.len = pending->spooled->len,
		.number = delivery->attempts + 1 };
	const char *why;

	*ret_failed = false;
	if (!work->destination)
		return give_up(work, delivery, pending, gone, err);
	why = try(work, &attempt);
	if (!why) {
		delivery_pass(
		    delivery, pending->place.seq, pending->place.index);
		delivery->failures = 0;
		delivery->next = 0;
		delivery->why = NULL;
		return 0;
	}
	*ret_failed = true;
	return note_failure(work, delivery, i, why, err);
}

bool work_may_go_on(const struct work *work)
{
	struct delivery delivery;

	if (!work->sender->due_only || !work->destination)
		return true;
	delivery_read(work->spool, work->key, &delivery);
	return delivery.next <= clock_now();
}

static int do_pending(const struct work *work)
{
	struct delivery delivery;
	bool failed = false;
	struct err err;

	delivery_read(work->spool, work->key, &delivery);
	delivery.label = work->label;
	for (size_t i = 0; i < work->pending.n && !failed; i++) {
		const struct spool_place *place = &work->pending.v[i].place;

		/* By a child that was at work when these were found. */
		if (delivery_is_done(&delivery, place->seq, place->index))
			continue;
		if (do_one(work, &delivery, i, &failed, &err) < 0 ||
		    delivery_write(work->spool, &delivery, &err) < 0)
			return WORK_BROKEN;
	}
	return failed || (!work->destination && work->pending.n > 0)
	    ? WORK_FAILED
	    : WORK_DONE;
}

/* What was given up comes first, but has lost its place: what is waiting is in
 * order whatever becomes of it. */
int work_do(const struct work *work)
{
	int dead = retry_dead(work), pending;

	if (dead == WORK_BROKEN || work->pending.n == 0 ||
	    !work_may_go_on(work))
		return dead;
	pending = do_pending(work);
	return pending == WORK_DONE ? dead : pending;
}
