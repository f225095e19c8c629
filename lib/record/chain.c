#include "record/chain.h"

#include <string.h>

#include "base/clock.h"

struct search {
	struct arena *arena;
	const struct plans *plans;
	const char *ref, *except;
	const struct oid *from;
	struct chain found; /* newest first */
};

bool chain_has(const struct chain *chain, const struct plan_ref *ref)
{
	for (size_t i = 0; i < chain->n; i++)
		if (chain->v[i].ref == ref)
			return true;
	return false;
}

bool chain_is_first_of_plan(const struct chain *chain, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (chain->v[k].plan == chain->v[i].plan)
			return false;
	return true;
}

/* Of equal ones: that begins where the search ends, then a live one, then the
 * last: an earlier one was most likely refused on its way. */
static unsigned rank(const struct search *s, const struct planned *planned)
{
	return (oid_eq(&planned->ref->old, s->from) ? 2u : 0u) +
	    (plan_is_live(planned->plan, clock_now()) ? 1u : 0u);
}

static bool may_be(
    const struct search *s, const struct plan_ref *ref, const struct oid *to)
{
	return oid_eq(&ref->new, to) && !oid_eq(&ref->old, to) &&
	    strcmp(ref->ref, s->ref) == 0 && !chain_has(&s->found, ref);
}

/* The move that ended at `to`. */
static bool find_last(
    const struct search *s, const struct oid *to, struct planned *ret)
{
	bool found = false;
	unsigned best = 0;

	for (size_t i = 0; i < s->plans->n; i++) {
		struct plan *plan = s->plans->v[i];

		if (s->except && strcmp(plan->id, s->except) == 0)
			continue;
		for (size_t r = 0; r < plan->nrefs; r++) {
			struct planned planned = { plan, &plan->refs[r] };

			if (!may_be(s, planned.ref, to))
				continue;
			if (found && rank(s, &planned) < best)
				continue;
			best = rank(s, &planned);
			*ret = planned;
			found = true;
		}
	}
	return found;
}

void chain_find(struct arena *arena, const struct plans *plans, const char *ref,
    const struct oid *from, const struct oid *to, const char *except,
    struct chain *chain)
{
	struct search s = { .arena = arena,
		.plans = plans,
		.ref = ref,
		.except = except,
		.from = from };
	struct oid at = *to;
	struct planned last;

	while (!oid_eq(&at, from) && find_last(&s, &at, &last)) {
		ARRAY_PUSH(arena, &s.found, last);
		at = last.ref->old;
	}
	for (size_t i = s.found.n; i > 0; i--)
		ARRAY_PUSH(arena, chain, s.found.v[i - 1]);
}

int recorded_tip(struct ledger *ledger, struct arena *arena, const char *ref,
    struct oid *ret, struct err *err)
{
	struct ref_record *record;

	if (ledger_ref(ledger, arena, ref, &record, err))
		return -1;
	*ret = record ? record->tip : (struct oid){ { 0 } };
	return 0;
}
