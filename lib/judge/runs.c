#include "judge/order.h"
#include "judge/passage.h"
#include "judge/waits.h"

/* Entries of a ref that are read at once, and at most: as many as it takes to
 * see back over the time asked for. */
#define RUN_PAGE 16
#define RUN_ENTRIES_MAX 65536

static bool is_enough(const struct run *run, uint64_t enough_s)
{
	return run->on && run->until - run->since >= (int64_t)enough_s;
}

/* A revert commit stands on what it took out. */
static int holds(const struct gate_facts *facts, const struct oid *tip,
    const struct oid *commit, bool *ret, struct err *err)
{
	const struct view *view = facts->view;
	bool reverted = false;

	if (view->is_ancestor(view->git, commit, tip, ret, err) < 0)
		return -1;
	if (*ret && !oid_eq(tip, commit) &&
	    order_was_reverted(facts->arena, facts->policy, view, tip, commit,
		&reverted, err) < 0)
		return -1;
	*ret = *ret && !reverted;
	return 0;
}

/* *ret_end: the run begins within these entries. */
static int follow(const struct gate_facts *facts,
    const struct view_entry_records *entries, const struct oid *commit,
    struct run *ret, bool *ret_end, struct err *err)
{
	struct run run = { .until = facts->now };
	bool contains = true;

	*ret_end = true;
	for (size_t i = 0; i < entries->n && contains; i++) {
		const struct view_entry_record *entry = &entries->v[i];

		if (i == 0 && oid_is_zero(&entry->tip)) {
			run.over = true;
			run.until = entry->at;
			continue;
		}
		if (oid_is_zero(&entry->tip) ||
		    !passage_state_counts(entry->state)) {
			contains = false;
			continue;
		}
		if (holds(facts, &entry->tip, commit, &contains, err) < 0)
			return -1;
		if (contains) {
			run.on = true;
			run.since = entry->at;
		}
	}
	*ret_end = !contains;
	*ret = run;
	return 0;
}

int run_find(const struct gate_facts *facts, const char *ref,
    const struct oid *commit, uint64_t enough_s, struct run *ret,
    struct err *err)
{
	const struct view *view = facts->view;
	struct run run = { .on = false };

	for (size_t max = RUN_PAGE; max <= RUN_ENTRIES_MAX; max *= 4) {
		struct view_entry_records entries = { NULL, 0, 0 };
		bool end;

		if (view->entries(view->ledger, facts->arena, ref, max,
			&entries, err) < 0 ||
		    follow(facts, &entries, commit, &run, &end, err) < 0)
			return -1;
		if (end || entries.n < max || is_enough(&run, enough_s))
			break;
	}
	*ret = run;
	return 0;
}
