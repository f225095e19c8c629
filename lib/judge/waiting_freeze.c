#include "base/num.h"
#include "judge/waits.h"

#define WEEK_MINUTES (7u * 24 * 60)
#define DAY_MINUTES (24u * 60)
#define WEEK_S ((int64_t)WEEK_MINUTES * 60)

/* The end of a window that holds at t; t itself where it does not. */
static int64_t window_end(const struct freeze *freeze, int64_t t)
{
	unsigned from = freeze->from_minute, to = freeze->to_minute, at, left;
	bool within;

	if (!freeze->weekly)
		return t >= freeze->from && t < freeze->to ? freeze->to : t;
	at = time_weekminute(t);
	/* Round the end of the week: from Friday to Monday. */
	within = from < to ? at >= from && at < to : at >= from || at < to;
	if (!within)
		return t;
	left = (to + WEEK_MINUTES - at) % WEEK_MINUTES;
	if (left == 0)
		left = WEEK_MINUTES;
	return t - t % 60 + (int64_t)left * 60;
}

/* When windows that hold at t and those that they lead into have ended, of all
 * or of the weekly ones alone; at the latest `enough`, or somewhat later. */
static int64_t chain_end(
    const struct stage *stage, bool only_weekly, int64_t t, int64_t enough)
{
	int64_t before;

	do {
		before = t;
		for (size_t i = 0; i < stage->nfreezes; i++)
			if (stage->freezes[i].weekly || !only_weekly)
				t = window_end(&stage->freezes[i], t);
	} while (t != before && t < enough);
	return t;
}

/* Weekly windows that hold for a week hold for ever.  Where they do not, each
 * dated one can carry on once, so that the chain ends. */
bool freeze_lifts(const struct stage *stage, int64_t now, int64_t *ret)
{
	int64_t week = now + WEEK_S;

	if (chain_end(stage, true, now, week) >= week) {
		*ret = 0;
		return true;
	}
	*ret = chain_end(stage, false, now, INT64_MAX);
	return *ret != now;
}

/* "Mon 08:00 UTC" within a week, else the date. */
static const char *lift_text(struct arena *arena, int64_t now, int64_t lifts)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat", "Sun" };
	unsigned minute = time_weekminute(lifts);

	/* The same day a week later is another one. */
	if (lifts - now >= WEEK_S)
		return time_format(arena, lifts);
	return arena_printf(arena, "%s %02u:%02u UTC",
	    days[minute / DAY_MINUTES % 7], minute % DAY_MINUTES / 60,
	    minute % 60);
}

void waiting_freeze(const struct gate_facts *facts, struct ref_verdict *ref)
{
	const struct stage *stage = ref->stage;
	struct arena *arena = facts->arena;
	struct gate_row row = { .name = "freeze",
		.kind = "",
		.state = GATE_PASSED,
		.text = "not frozen",
		.mark = stage->freeze_mark };
	int64_t lifts, minute;

	if (stage->nfreezes == 0)
		return;
	if (freeze_lifts(stage, facts->now, &lifts)) {
		row.state = GATE_FAILED;
		if (lifts == 0) {
			row.text = "without end";
			row.hint = "the windows leave no time of the week: an "
				   "administrator has to change them";
		} else {
			minute = time_minute_up(lifts);
			row.text = arena_printf(arena, "until %s",
			    lift_text(arena, facts->now, minute));
			row.want = time_format_iso(arena, lifts);
			row.hint = arena_printf(arena, "may %s after %s",
			    oid_is_zero(&ref->new) ? "be deleted" : "enter",
			    time_format(arena, minute));
		}
	}
	ARRAY_PUSH(arena, &ref->gates, row);
}
