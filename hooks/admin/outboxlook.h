#ifndef ADMIN_OUTBOXLOOK_H
#define ADMIN_OUTBOXLOOK_H

#include "admin.h"
#include "notify/deadletter.h"

/*
 * What waits to be told, as outbox, deliver and status show it: by destination,
 * and what was given up.
 */
struct waiting_event {
	const char *id;
	bool readable; /* what follows is known */
	struct event event;
};

struct waiting_for { /* a destination for which something waits */
	struct delivery delivery;
	const char *label;
	struct {
		struct waiting_event *v;
		size_t n, cap;
	} events;
};

struct given_up {
	struct dead_letter letter;
	struct waiting_event what;
};

struct outbox_look {
	struct {
		struct waiting_for *v;
		size_t n, cap;
	} waiting;
	struct {
		struct given_up *v;
		size_t n, cap;
	} dead;
	struct strings damaged; /* batches that can't be read */
};

/* Of a repository that never had anything to tell: nothing. */
int outbox_look(struct admin *admin, struct outbox_look *ret, struct err *err);
/* "entered refs/heads/main (deployment), 3 h ago" */
const char *waiting_words(
    struct admin *admin, const struct waiting_event *waiting);
/* Only what goes wrong: destinations that fail, how much was given up. */
void outbox_print_trouble(struct admin *admin, const struct outbox_look *look);
json_t *outbox_json(struct admin *admin, const struct outbox_look *look);
/* Each event that waits or was given up. */
void outbox_print(struct admin *admin, const struct outbox_look *look);

#endif
