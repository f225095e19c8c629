#include "base/num.h"
#include "judge/standing.h"

/* Refs that are named where a quorum lacks them. */
#define LACKING_MAX 10

static const char *of_step(const struct soaking *soaking)
{
	if (soaking->ref->steps.n < 2)
		return "";
	return arena_printf(
	    soaking->facts->arena, ", for %s", oid_hex8(&soaking->candidate).s);
}

static struct gate_row soak_row(
    const struct soaking *soaking, const struct standing *standing)
{
	struct arena *arena = soaking->facts->arena;
	struct gate_row row = { .name = "soak",
		.kind = "",
		.state = standing->enough ? GATE_PASSED : GATE_FAILED,
		.mark = soaking->stage->soak_mark };

	if (!standing->time_does) {
		row.text = arena_printf(arena, "not in %s now%s",
		    standing->stage->name, of_step(soaking));
		return row;
	}
	row.have = duration_format(
	    arena, standing->have_s > 0 ? (uint64_t)standing->have_s : 0);
	row.want = duration_format(arena, soaking->soak_s);
	row.text = arena_printf(arena, "%s of %s in %s%s", row.have, row.want,
	    standing->stage->name, of_step(soaking));
	if (!standing->enough)
		row.hint = arena_printf(arena, "may enter after %s",
		    time_format(arena, time_minute_up(standing->ready)));
	return row;
}

static void add_lacking(
    struct arena *arena, const struct standing *standing, struct gate_row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < standing->places.n; i++) {
		const struct place *place = &standing->places.v[i];

		if (place->can || !place->counts)
			continue;
		if (n++ < LACKING_MAX)
			ARRAY_PUSH(arena, &row->details,
			    arena_printf(arena, "not on %s", place->ref));
	}
	if (n > LACKING_MAX)
		ARRAY_PUSH(arena, &row->details,
		    arena_printf(arena, "and %zu more", n - LACKING_MAX));
}

static struct gate_row quorum_row(
    const struct soaking *soaking, const struct standing *standing)
{
	struct arena *arena = soaking->facts->arena;
	size_t have = standing->enough ? standing->ready_n : standing->there;
	struct gate_row row = { .name = "quorum",
		.kind = "",
		.state = standing->enough ? GATE_PASSED : GATE_FAILED,
		.mark = soaking->stage->quorum_mark };

	row.have = arena_printf(arena, "%zu", have);
	row.want = arena_printf(arena, "%zu", standing->needed);
	row.text = arena_printf(arena, "on %zu of %zu in %s, %zu needed%s",
	    have, standing->total, standing->stage->name, standing->needed,
	    of_step(soaking));
	if (!standing->enough) {
		add_lacking(arena, standing, &row);
		row.hint = arena_printf(arena,
		    "bring it to more of stage %s first",
		    standing->stage->name);
	}
	return row;
}

/* "`stage.soak` where more time alone would do, else `stage.quorum`": what
 * fails is one row; what passes is all that was asked for. */
static void add_rows(
    const struct soaking *soaking, const struct standing *standing)
{
	struct arena *arena = soaking->facts->arena;
	struct gate_rows *rows = &soaking->ref->gates;
	bool quorum = asks_number(&soaking->stage->quorum) &&
	    !soaking->only_soak;

	if (!standing->enough) {
		if (standing->time_does || soaking->only_soak)
			ARRAY_PUSH(arena, rows, soak_row(soaking, standing));
		else
			ARRAY_PUSH(arena, rows, quorum_row(soaking, standing));
		return;
	}
	if (soaking->soak_s > 0)
		ARRAY_PUSH(arena, rows, soak_row(soaking, standing));
	if (quorum)
		ARRAY_PUSH(arena, rows, quorum_row(soaking, standing));
}

static int soak_step(const struct gate_facts *facts, struct ref_verdict *ref,
    const struct step *step, struct soaking *soaking, struct standing *ret,
    struct err *err)
{
	const struct view *view = facts->view;

	*soaking = (struct soaking){ .facts = facts,
		.ref = ref,
		.stage = ref->stage,
		.soak_s = ref->stage->soak_s,
		.quorum = ref->stage->quorum,
		.candidate = step->candidate };
	if (view->passages(view->ledger, facts->arena, &step->candidate,
		&soaking->passages, err) < 0)
		return -1;
	return standing_find(soaking, ret, err);
}

int waiting_soak(
    const struct gate_facts *facts, struct ref_verdict *ref, struct err *err)
{
	const struct stage *stage = ref->stage;
	struct soaking soaking, last = { .facts = NULL };
	struct standing standing, shown = { .stage = NULL };
	size_t failed = 0;

	if (stage->soak_s == 0 && !asks_number(&stage->quorum))
		return 0;
	for (size_t i = 0; i < ref->steps.n; i++) {
		if (soak_step(facts, ref, &ref->steps.v[i], &soaking, &standing,
			err) < 0)
			return -1;
		/* What has been through nothing is stage.skip. */
		if (!standing.stage)
			continue;
		if (soaking.only_soak && stage->soak_s == 0)
			continue;
		if (!standing.enough && failed++ < WAIT_ROWS_MAX) {
			add_rows(&soaking, &standing);
		} else if (!shown.stage || standing.have_s < shown.have_s) {
			shown = standing;
			last = soaking;
		}
	}
	if (failed == 0 && shown.stage)
		add_rows(&last, &shown);
	return 0;
}
