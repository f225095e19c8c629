#include "policy/compare.h"

#include <string.h>

#include "policy/index.h"

struct side {
	struct policy_facts facts;
	struct name_index by_key;
};

struct comparing {
	struct arena *arena;
	struct side old, new;
	struct policy_differences *ret;
};

static void take_apart(
    struct arena *arena, const struct policy *policy, struct side *side)
{
	policy_facts(arena, policy, &side->facts);
	for (size_t i = 0; i < side->facts.n; i++)
		index_add(arena, &side->by_key, side->facts.v[i].key, i);
	index_sort(&side->by_key);
}

static const struct policy_fact *find(const struct side *side, const char *key)
{
	size_t i = index_find(&side->by_key, key);

	return i == INDEX_NONE ? NULL : &side->facts.v[i];
}

static enum compare_kind kind_of(enum fact_sense sense, bool more)
{
	switch (sense) {
	case FACT_NO_MATTER:
		return COMPARE_OTHER;
	case FACT_UNKNOWN:
		break;
	case FACT_LOOSENS:
		return more ? COMPARE_LOOSER : COMPARE_TIGHTER;
	case FACT_TIGHTENS:
		return more ? COMPARE_TIGHTER : COMPARE_LOOSER;
	}
	return COMPARE_UNCLEAR;
}

static void add(struct comparing *c, enum compare_kind kind, const char *text,
    const struct policy_fact *old, const struct policy_fact *new)
{
	struct policy_difference difference = { .kind = kind, .text = text };

	if (old)
		difference.old = old->mark;
	if (new)
		difference.new = new->mark;
	ARRAY_PUSH(c->arena, c->ret, difference);
}

/* A fact that the other side lacks. */
static void add_lone(struct comparing *c, const struct policy_fact *fact,
    const struct side *other, bool gained)
{
	const char *text = fact->key;

	if ((fact->owner && !find(other, fact->owner)) ||
	    (fact->within && find(other, fact->within)))
		return;
	if (fact->value)
		text = arena_printf(c->arena, "%s is %s", text, fact->value);
	if (!gained)
		text = arena_printf(c->arena, "%s no more", text);
	add(c, kind_of(fact->sense, gained), text, gained ? NULL : fact,
	    gained ? fact : NULL);
}

static void add_pair(struct comparing *c, const struct policy_fact *old,
    const struct policy_fact *new)
{
	enum compare_kind kind = COMPARE_UNCLEAR;

	const char *was = old->value, *is = new->value;

	if (!was || !is || (strcmp(was, is) == 0 && old->number == new->number))
		return;
	if (strcmp(was, is) == 0) { /* sizes are rounded */
		was = arena_printf(
		    c->arena, "%llu", (unsigned long long)old->number);
		is = arena_printf(
		    c->arena, "%llu", (unsigned long long)new->number);
	}
	if (new->sense == FACT_NO_MATTER ||
	    (old->number != new->number && old->unit == new->unit))
		kind = kind_of(new->sense, new->number > old->number);
	add(c, kind,
	    arena_printf(
		c->arena, "%s is %s, was %s", new->key, new->value, old->value),
	    old, new);
}

void policy_compare(struct arena *arena, const struct policy *old,
    const struct policy *new, struct policy_differences *ret)
{
	struct comparing c = { .arena = arena, .ret = ret };

	*ret = (struct policy_differences){ NULL, 0, 0 };
	take_apart(arena, old, &c.old);
	take_apart(arena, new, &c.new);
	for (size_t i = 0; i < c.old.facts.n; i++) {
		const struct policy_fact *fact = &c.old.facts.v[i];
		const struct policy_fact *other = find(&c.new, fact->key);

		if (other)
			add_pair(&c, fact, other);
		else
			add_lone(&c, fact, &c.new, false);
	}
	for (size_t i = 0; i < c.new.facts.n; i++)
		if (!find(&c.old, c.new.facts.v[i].key))
			add_lone(&c, &c.new.facts.v[i], &c.old, true);
}
