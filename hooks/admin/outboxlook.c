#include "outboxlook.h"

#include <string.h>

#include "base/num.h"
#include "notify/eventjson.h"
#include "tell/phrase.h"

/* ---- looking ------------------------------------------------------------ */

static struct waiting_event read_event(
    struct admin *admin, const char *id, const char *bytes, size_t len)
{
	struct waiting_event waiting = { .id = id };
	struct err ignored;

	waiting.readable = event_read(admin->arena, bytes, len, &waiting.event,
			       &ignored) == 0;
	return waiting;
}

static struct waiting_for *waiting_for(struct admin *admin,
    const struct spool *spool, const struct destination *to,
    struct outbox_look *look)
{
	struct waiting_for waiting = { .label = to->label };

	for (size_t i = 0; i < look->waiting.n; i++)
		if (strcmp(look->waiting.v[i].delivery.key, to->key) == 0)
			return &look->waiting.v[i];
	delivery_read(spool, to->key, &waiting.delivery);
	ARRAY_PUSH(admin->arena, &look->waiting, waiting);
	return &look->waiting.v[look->waiting.n - 1];
}

static void add_batch(struct admin *admin, const struct spool *spool,
    const struct spool_batch *batch, struct outbox_look *look)
{
	for (size_t i = 0; i < batch->events.n; i++) {
		const struct spooled *spooled = &batch->events.v[i];
		struct waiting_event event = read_event(
		    admin, spooled->id, spooled->bytes, spooled->len);

		for (size_t k = 0; k < spooled->to.n; k++) {
			struct waiting_for *waiting = waiting_for(
			    admin, spool, &spooled->to.v[k], look);

			if (!delivery_is_done(
				&waiting->delivery, batch->seq, i))
				ARRAY_PUSH(
				    admin->arena, &waiting->events, event);
		}
	}
}

static int look_into(struct admin *admin, const struct spool *spool,
    struct outbox_look *look, struct err *err)
{
	struct spool_batches batches = { NULL, 0, 0 };
	struct dead_letters letters = { NULL, 0, 0 };
	size_t kept = 0;

	if (spool_read(spool, &batches, &look->damaged, err) < 0 ||
	    dead_letters_read(spool, &letters, err) < 0)
		return -1;
	for (size_t i = 0; i < batches.n; i++)
		add_batch(admin, spool, &batches.v[i], look);
	for (size_t i = 0; i < look->waiting.n; i++)
		if (look->waiting.v[i].events.n > 0)
			look->waiting.v[kept++] = look->waiting.v[i];
	look->waiting.n = kept;
	for (size_t i = 0; i < letters.n; i++)
		ARRAY_PUSH(admin->arena, &look->dead,
		    (struct given_up){ letters.v[i],
			read_event(admin, letters.v[i].id, letters.v[i].bytes,
			    letters.v[i].len) });
	return 0;
}

int outbox_look(struct admin *admin, struct outbox_look *ret, struct err *err)
{
	struct spool spool;

	memset(ret, 0, sizeof(*ret));
	if (spool_look(admin->arena, admin->session.repo, &spool, err) < 0)
		return -1;
	return look_into(admin, &spool, ret, err);
}

/* ---- text --------------------------------------------------------------- */

const char *waiting_words(
    struct admin *admin, const struct waiting_event *waiting)
{
	struct arena *arena = admin->arena;
	const struct event *event = &waiting->event;
	const char *what, *when;

	if (!waiting->readable)
		return arena_printf(arena, "%s, which can't be read",
		    phrase_shown(arena, waiting->id));
	what = notify_words[event->kind];
	when = ago(arena, event->at, admin->session.now);
	if (event->kind == NOTIFY_EVIDENCE)
		return arena_printf(arena, "%s %s %s of %s, %s", what,
		    event->gate, event->result, oid_hex8(&event->commit).s,
		    when);
	if (event->kind == NOTIFY_DELIVERY_FAILED)
		return arena_printf(arena, "%s: %s to %s, %s", what,
		    event->failed_kind, event->destination, when);
	return arena_printf(arena, "%s %s%s%s%s, %s", what, event->ref,
	    event->stage ? " (" : "", event->stage ? event->stage : "",
	    event->stage ? ")" : "", when);
}

static void print_delivery(
    struct admin *admin, const struct waiting_for *waiting)
{
	const struct delivery *delivery = &waiting->delivery;
	struct arena *arena = admin->arena;
	const char *next = delivery->next > admin->session.now
	    ? arena_printf(arena, "next try after %s",
		  time_format(arena, time_minute_up(delivery->next)))
	    : "next try with the next push";

	admin_wrap(admin, "",
	    delivery->why
		? arena_printf(arena, "%s: %zu waiting, failed %llu times; %s",
		      waiting->label, waiting->events.n,
		      (unsigned long long)delivery->failures, next)
		: arena_printf(arena, "%s: %zu waiting", waiting->label,
		      waiting->events.n),
	    2);
	if (delivery->why)
		admin_wrap(admin, "  ", delivery->why, 4);
}

void outbox_print_trouble(struct admin *admin, const struct outbox_look *look)
{
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < look->waiting.n; i++)
		if (look->waiting.v[i].delivery.why)
			print_delivery(admin, &look->waiting.v[i]);
	for (size_t i = 0; i < look->damaged.n; i++)
		admin_wrap(admin, "",
		    arena_printf(arena, "outbox/events/%s can't be read",
			look->damaged.v[i]),
		    2);
	if (look->dead.n > 0)
		admin_wrap(admin, "",
		    arena_printf(arena, "%s given up; see 'stagegate outbox'",
			phrase_count(arena, look->dead.n, "delivery")),
		    2);
}

static void print_dead(struct admin *admin, const struct given_up *dead)
{
	struct arena *arena = admin->arena;

	admin_wrap(admin, "",
	    arena_printf(arena, "given up: %s: %s", dead->letter.label,
		waiting_words(admin, &dead->what)),
	    2);
	admin_wrap(admin, "  ",
	    arena_printf(arena, "tried %llu times: %s",
		(unsigned long long)dead->letter.attempts, dead->letter.why),
	    4);
}

void outbox_print(struct admin *admin, const struct outbox_look *look)
{
	for (size_t i = 0; i < look->waiting.n; i++) {
		const struct waiting_for *waiting = &look->waiting.v[i];

		print_delivery(admin, waiting);
		for (size_t k = 0; k < waiting->events.n; k++)
			admin_wrap(admin, "  ",
			    waiting_words(admin, &waiting->events.v[k]), 4);
	}
	for (size_t i = 0; i < look->dead.n; i++)
		print_dead(admin, &look->dead.v[i]);
	for (size_t i = 0; i < look->damaged.n; i++)
		admin_note(admin, "warning: ",
		    "outbox/events/%s can't be read: it is left as it is",
		    look->damaged.v[i]);
}

/* ---- JSON --------------------------------------------------------------- */

static json_t *event_object(
    struct arena *arena, const struct waiting_event *waiting)
{
	const struct event *event = &waiting->event;
	json_t *object = json_object();

	json_object_set_new(object, "id", json_text(arena, waiting->id));
	if (!waiting->readable)
		return object;
	json_object_set_new(
	    object, "event", json_text(arena, notify_words[event->kind]));
	json_object_set_new(object, "ref", json_text(arena, event->ref));
	json_object_set_new(object, "stage", json_text(arena, event->stage));
	json_object_set_new(object, "at", json_time(arena, event->at));
	return object;
}

static json_t *waiting_object(
    struct arena *arena, const struct waiting_for *waiting)
{
	const struct delivery *delivery = &waiting->delivery;
	json_t *object = json_object(), *events = json_array();

	for (size_t i = 0; i < waiting->events.n; i++)
		json_array_append_new(
		    events, event_object(arena, &waiting->events.v[i]));
	json_object_set_new(
	    object, "destination", json_text(arena, waiting->label));
	json_object_set_new(object, "events", events);
	json_object_set_new(
	    object, "failures", json_integer((json_int_t)delivery->failures));
	json_object_set_new(object, "next",
	    delivery->next ? json_time(arena, delivery->next) : json_null());
	json_object_set_new(object, "why", json_text(arena, delivery->why));
	return object;
}

static json_t *dead_object(struct arena *arena, const struct given_up *dead)
{
	json_t *object = event_object(arena, &dead->what);

	json_object_set_new(
	    object, "destination", json_text(arena, dead->letter.label));
	json_object_set_new(object, "attempts",
	    json_integer((json_int_t)dead->letter.attempts));
	json_object_set_new(
	    object, "given_up", json_time(arena, dead->letter.at));
	json_object_set_new(object, "why", json_text(arena, dead->letter.why));
	return object;
}

json_t *outbox_json(struct admin *admin, const struct outbox_look *look)
{
	json_t *object = json_object(), *waiting = json_array(),
	       *dead = json_array();

	for (size_t i = 0; i < look->waiting.n; i++)
		json_array_append_new(
		    waiting, waiting_object(admin->arena, &look->waiting.v[i]));
	for (size_t i = 0; i < look->dead.n; i++)
		json_array_append_new(
		    dead, dead_object(admin->arena, &look->dead.v[i]));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "waiting", waiting);
	json_object_set_new(object, "dead", dead);
	json_object_set_new(
	    object, "damaged", json_texts(admin->arena, &look->damaged));
	return object;
}
