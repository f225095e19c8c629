#ifndef NOTIFY_DESTINATION_H
#define NOTIFY_DESTINATION_H

#include "notify/event.h"

/*
 * Where events go: a mail address, a web hook, a program.  What is waiting for
 * a destination names it by its key alone; what that stands for is asked of the
 * policy in force when it is delivered, so that nobody who can write to the
 * spool can have a program run or a page fetched.
 *
 * A destination is one however many rules name it.  A contact of a client is
 * one for that client: who looks after two of them gets a mail for each, and
 * neither names the other.
 */
enum destination_kind {
	DESTINATION_MAIL,
	DESTINATION_WEBHOOK,
	DESTINATION_EXEC
};

#define DESTINATION_KEY 40 /* hex digits */

struct destination {
	enum destination_kind kind;
	const char *key;
	/* For people: "mail team@example.com", "webhook https://ci.example"
	 * (no more of an address that may hold a secret), "exec
	 * /usr/local/bin/deploy". */
	const char *label;
	const char *address;            /* mail */
	const char *client;             /* mail to its contact; NULL: not one */
	const struct notify_rule *rule; /* webhook, exec; NULL for mail */
};

struct destinations {
	struct destination *v;
	size_t n, cap;
};

/* Is it one at all?  Files are named after it. */
bool destination_key_ok(const char *key);
/* "https://host:port" of an address: what is behind may be a secret, and so may
 * what stands before an @. */
const char *destination_site(struct arena *arena, const char *url);
/* Those that the policy wants to hear of the event; mostly none. */
void destinations_of(struct arena *arena, const struct policy *policy,
    const struct event *event, struct destinations *ret);
/* Does any rule ask for events of that kind? */
bool destinations_wanted(const struct policy *policy, enum notify_event kind);
/* All that the policy names. */
void destinations_all(
    struct arena *arena, const struct policy *policy, struct destinations *ret);
/* The one with that key, or NULL. */
const struct destination *destination_find(
    const struct destinations *list, const char *key);

#endif
