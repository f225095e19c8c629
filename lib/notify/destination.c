#include "notify/destination.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "policy/address.h"

/* ---- one ---------------------------------------------------------------- */

static const char *const kind_words[] = {
	[DESTINATION_MAIL] = "mail",
	[DESTINATION_WEBHOOK] = "webhook",
	[DESTINATION_EXEC] = "exec",
};

bool destination_key_ok(const char *key)
{
	return str_is_hex(key, DESTINATION_KEY);
}

const struct destination *destination_find(
    const struct destinations *list, const char *key)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].key, key) == 0)
			return &list->v[i];
	return NULL;
}

/* words: what the key is made of, its kind first. */
static void add(struct arena *arena, struct destinations *list,
    const struct strings *words, struct destination destination)
{
	destination.key = sha256_words40(arena, words->v, words->n);
	if (!destination_find(list, destination.key))
		ARRAY_PUSH(arena, list, destination);
}

static void add_mail(struct arena *arena, struct destinations *list,
    const char *address, const char *client)
{
	struct strings words = { NULL, 0, 0 };

	ARRAY_PUSH(arena, &words, kind_words[DESTINATION_MAIL]);
	ARRAY_PUSH(arena, &words, address);
	if (client)
		ARRAY_PUSH(arena, &words, client);
	add(arena, list, &words,
	    (struct destination){ .kind = DESTINATION_MAIL,
		.label = arena_printf(arena, "mail %s", address),
		.address = address,
		.client = client });
}

const char *destination_site(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://") + strlen("://");
	size_t len = strcspn(host, "/?#");
	const char *at = memchr(host, '@', len);

	if (!at)
		return arena_strndup(arena, url, (size_t)(host - url) + len);
	return arena_printf(arena, "%.*s%.*s", (int)(host - url), url,
	    (int)(len - (size_t)(at + 1 - host)), at + 1);
}

static void add_webhook(struct arena *arena, struct destinations *list,
    const struct notify_rule *rule)
{
	struct strings words = { NULL, 0, 0 };

	ARRAY_PUSH(arena, &words, kind_words[DESTINATION_WEBHOOK]);
	ARRAY_PUSH(arena, &words, rule->webhook);
	if (rule->secret_file)
		ARRAY_PUSH(arena, &words, rule->secret_file);
	add(arena, list, &words,
	    (struct destination){ .kind = DESTINATION_WEBHOOK,
		.label = arena_printf(arena, "webhook %s",
		    destination_site(arena, rule->webhook)),
		.rule = rule });
}

static void add_exec(struct arena *arena, struct destinations *list,
    const struct notify_rule *rule)
{
	struct strings words = { NULL, 0, 0 };

	ARRAY_PUSH(arena, &words, kind_words[DESTINATION_EXEC]);
	for (size_t i = 0; i < rule->exec.n; i++)
		ARRAY_PUSH(arena, &words, rule->exec.v[i]);
	add(arena, list, &words,
	    (struct destination){ .kind = DESTINATION_EXEC,
		.label = arena_printf(arena, "exec %s", rule->exec.v[0]),
		.rule = rule });
}

static void add_contacts(
    struct arena *arena, struct destinations *list, const struct client *client)
{
	for (size_t i = 0; client && i < client->contact.n; i++)
		if (mail_address_ok(client->contact.v[i]))
			add_mail(
			    arena, list, client->contact.v[i], client->name);
}

static void add_rule(struct arena *arena, struct destinations *list,
    const struct notify_rule *rule)
{
	for (size_t i = 0; i < rule->mail.n; i++)
		add_mail(arena, list, rule->mail.v[i], NULL);
	if (rule->webhook)
		add_webhook(arena, list, rule);
	if (rule->exec.n > 0)
		add_exec(arena, list, rule);
}

/* ---- of an event -------------------------------------------------------- */

/* A bypass is an entry and a held client's push is a refused one: who asked for
 * those hears of these, and still of each push once. */
static unsigned bits_of(enum notify_event kind)
{
	unsigned bits = NOTIFY_BIT(kind);

	if (kind == NOTIFY_BYPASSED)
		bits |= NOTIFY_BIT(NOTIFY_ENTERED);
	if (kind == NOTIFY_HELD)
		bits |= NOTIFY_BIT(NOTIFY_REFUSED);
	return bits;
}

static bool uses_gate(const struct gate_uses *uses, const char *name)
{
	for (size_t i = 0; i < uses->n; i++)
		if (strcmp(uses->v[i].gate->name, name) == 0)
			return true;
	return false;
}

/* A statement is of the stages that ask for its gate. */
static bool is_of_stage(const struct stage *stage, const struct event *event)
{
	if (event->kind == NOTIFY_EVIDENCE && event->gate)
		return uses_gate(&stage->gates, event->gate) ||
		    uses_gate(&stage->settled_by, event->gate);
	return event->stage && strcmp(stage->name, event->stage) == 0;
}

static bool wants(const struct policy *policy, const struct notify_rule *rule,
    const struct event *event)
{
	if (!(rule->on & bits_of(event->kind)))
		return false;
	for (size_t i = 0; i < rule->stages.n; i++)
		if (is_of_stage(&policy->stages[rule->stages.v[i]], event))
			return true;
	return rule->stages.n == 0;
}

/*
 * Whose ref it is hears of it.  What was rolled back on a ref that is nobody's
 * (main) concerns those that run it.
 */
static void add_clients(struct arena *arena, struct destinations *list,
    const struct policy *policy, const struct event *event)
{
	if (!(NOTIFY_CLIENTS & NOTIFY_BIT(event->kind)))
		return;
	if (event->client) {
		add_contacts(arena, list, policy_client(policy, event->client));
		return;
	}
	for (size_t i = 0; i < event->clients.n; i++)
		add_contacts(
		    arena, list, policy_client(policy, event->clients.v[i]));
}

bool destinations_wanted(const struct policy *policy, enum notify_event kind)
{
	for (size_t i = 0; i < policy->nnotify; i++)
		if (policy->notify[i].on & bits_of(kind))
			return true;
	return false;
}

void destinations_of(struct arena *arena, const struct policy *policy,
    const struct event *event, struct destinations *ret)
{
	for (size_t i = 0; i < policy->nnotify; i++) {
		const struct notify_rule *rule = &policy->notify[i];

		if (!wants(policy, rule, event))
			continue;
		add_rule(arena, ret, rule);
		if (rule->mail_clients)
			add_clients(arena, ret, policy, event);
	}
}

void destinations_all(
    struct arena *arena, const struct policy *policy, struct destinations *ret)
{
	bool clients = false;

	for (size_t i = 0; i < policy->nnotify; i++) {
		add_rule(arena, ret, &policy->notify[i]);
		clients = clients || policy->notify[i].mail_clients;
	}
	for (size_t i = 0; clients && i < policy->nclients; i++)
		add_contacts(arena, ret, &policy->clients[i]);
}
