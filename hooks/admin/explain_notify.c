#include "explain.h"

#include "notify/destination.h"
#include "words.h"

/*
 * Who is told of what, in words.
 */

static void events_of(
    struct arena *arena, const struct notify_rule *rule, struct strings *ret)
{
	for (int i = 0; i < NOTIFY_EVENTS; i++)
		if (rule->on & NOTIFY_BIT(i))
			ARRAY_PUSH(arena, ret, notify_words[i]);
}

static void stages_of(struct arena *arena, const struct policy *policy,
    const struct notify_rule *rule, struct strings *ret)
{
	for (size_t i = 0; i < rule->stages.n; i++)
		ARRAY_PUSH(arena, ret, policy->stages[rule->stages.v[i]].name);
}

static void destinations_in(
    struct arena *arena, const struct notify_rule *rule, struct strings *ret)
{
	for (size_t i = 0; i < rule->mail.n; i++)
		ARRAY_PUSH(arena, ret, rule->mail.v[i]);
	if (rule->mail_clients)
		ARRAY_PUSH(arena, ret, "the clients concerned");
	if (rule->webhook)
		ARRAY_PUSH(arena, ret, destination_site(arena, rule->webhook));
	if (rule->exec.n > 0)
		ARRAY_PUSH(arena, ret,
		    arena_printf(arena, "program %s", rule->exec.v[0]));
}

static bool is_told(const struct notify_rule *rule, const struct stage *stage)
{
	for (size_t i = 0; i < rule->stages.n; i++)
		if (rule->stages.v[i] == stage->index)
			return true;
	return rule->stages.n == 0;
}

static void explain_rule(struct admin *admin, const struct policy *policy,
    const struct notify_rule *rule, bool with_stages)
{
	struct strings events = { NULL, 0, 0 }, stages = { NULL, 0, 0 },
		       to = { NULL, 0, 0 };
	struct arena *arena = admin->arena;

	events_of(arena, rule, &events);
	stages_of(arena, policy, rule, &stages);
	destinations_in(arena, rule, &to);
	admin_wrap(admin, "   ",
	    arena_printf(arena, "Told of %s%s%s: %s.",
		words_list(arena, &events, "and"),
		with_stages && stages.n ? " in " : "",
		with_stages ? words_list(arena, &stages, "and") : "",
		words_list(arena, &to, "and")),
	    3);
}

void explain_notify(
    struct admin *admin, const struct policy *policy, const struct stage *only)
{
	for (size_t i = 0; i < policy->nnotify; i++)
		if (!only || is_told(&policy->notify[i], only))
			explain_rule(admin, policy, &policy->notify[i], !only);
}

json_t *explain_notify_json(struct arena *arena, const struct policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; i < policy->nnotify; i++) {
		const struct notify_rule *rule = &policy->notify[i];
		struct strings events = { NULL, 0, 0 }, stages = { NULL, 0, 0 },
			       to = { NULL, 0, 0 };
		json_t *object = json_object();

		events_of(arena, rule, &events);
		stages_of(arena, policy, rule, &stages);
		destinations_in(arena, rule, &to);
		json_object_set_new(object, "on", json_texts(arena, &events));
		json_object_set_new(
		    object, "stages", json_texts(arena, &stages));
		json_object_set_new(object, "to", json_texts(arena, &to));
		json_array_append_new(list, object);
	}
	return list;
}
