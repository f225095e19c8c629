#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "judge/passage.h"
#include "judge/stagerefs.h"
#include "judge/waits.h"

/* Refs that are named where a quorum lacks them. */
#define LACKING_MAX 10

/* A ref of the stage that a candidate comes from. */
struct place {
	const char *ref;
	bool counts;  /* among those that a share is taken of */
	bool can;     /* time alone would do, or has done */
	int64_t ready; /* when it has been there for long enough */
	int64_t have_s;
};

struct places {
	struct place *v;
	size_t n, cap;
};

/* How one step's candidate stands in one stage. */
struct standing {
	const struct stage *stage;
	struct places places;
	size_t total;	/* refs that count */
	size_t needed;	/* of them */
	size_t there;	/* on which it is, long enough or not yet */
	size_t ready_n; /* long enough */
	bool enough;
	bool time_does; /* more time alone would do */
	int64_t ready;	/* when that will be */
	int64_t have_s; /* where it matters: the last one that is needed */
};

struct soaking {
	const struct gate_facts *facts;
	struct ref_verdict *ref;
	const struct stage *stage; /* that is entered */
	uint64_t soak_s;
	struct quorum quorum;
	struct oid candidate;
	struct view_passages passages; /* of the candidate */
	bool only_soak; /* a merge back, or known from this stage alone */
};

/* ---- where the candidate is --------------------------------------------- */

static const struct client *client_of(const struct policy *policy,
    const struct stage *stage, const char *ref)
{
	for (size_t i = 0; i < stage->clients.n; i++) {
		const struct client *client =
		    policy_client(policy, stage->clients.v[i]);

		if (client && strcmp(client->ref, ref) == 0)
			return client;
	}
	return NULL;
}

static bool has_place(const struct places *places, const char *ref)
{
	for (size_t i = 0; i < places->n; i++)
		if (strcmp(places->v[i].ref, ref) == 0)
			return true;
	return false;
}

/*
 * "Quorum counts all clients of `from` that are not held, whether their ref
 * exists or not; over globs, existing refs."  A ref that was deleted does not
 * count, but what soaked there did soak.
 */
static int add_place(const struct soaking *soaking,
    struct standing *standing, const char *ref, bool exists, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	const struct client *client =
	    client_of(facts->policy, standing->stage, ref);
	struct place place = { .ref = ref, .counts = exists || client };
	struct run run;

	if (has_place(&standing->places, ref) || (client && client->hold))
		return 0;
	if (run_find(facts, ref, &soaking->candidate, soaking->soak_s, &run,
		err) < 0)
		return -1;
	if (run.on) {
		place.have_s = run.until - run.since;
		place.ready = run.since + (int64_t)soaking->soak_s;
		place.can = !run.over ||
		    (!client && place.ready <= run.until);
	}
	ARRAY_PUSH(facts->arena, &standing->places, place);
	return 0;
}

static int add_existing(const struct soaking *soaking,
    struct standing *standing, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	struct view_refs refs;

	if (stage_refs(facts->view, facts->arena, standing->stage, &refs,
		err) < 0)
		return -1;
	for (size_t i = 0; i < refs.n; i++)
		if (add_place(soaking, standing, refs.v[i].name, true, err) <
		    0)
			return -1;
	return 0;
}

static int add_clients(const struct soaking *soaking,
    struct standing *standing, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;

	for (size_t i = 0; i < standing->stage->clients.n; i++) {
		const struct client *client = policy_client(facts->policy,
		    standing->stage->clients.v[i]);

		if (client &&
		    add_place(soaking, standing, client->ref, false, err) < 0)
			return -1;
	}
	return 0;
}

/* Refs on which the candidate itself was the tip. */
static int add_passages(const struct soaking *soaking,
    struct standing *standing, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	const struct view *view = facts->view;

	for (size_t i = 0; i < soaking->passages.n; i++) {
		const struct view_passage *passage = &soaking->passages.v[i];
		struct view_ref ref;

		if (!passage_counts(passage) ||
		    strcmp(passage->stage, standing->stage->name) != 0)
			continue;
		if (view->ref(view->git, facts->arena, passage->ref, &ref,
			err) < 0 ||
		    add_place(soaking, standing, passage->ref, ref.exists,
			err) < 0)
			return -1;
	}
	return 0;
}

/* ---- is that enough? ---------------------------------------------------- */

static int by_ready(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->can != y->can)
		return x->can ? -1 : 1;
	return x->ready < y->ready ? -1 : x->ready > y->ready;
}

/* "shares round up" */
static size_t needed_of(const struct quorum *quorum, size_t total)
{
	uint64_t needed = 0;

	switch (quorum->kind) {
	case QUORUM_COUNT:
		needed = quorum->count;
		break;
	case QUORUM_SHARE:
		needed = ((uint64_t)total * quorum->share + 9999) / 10000;
		break;
	case QUORUM_ALL:
		needed = total;
		break;
	}
	return needed > 0 ? (size_t)needed : 1;
}

static void reckon(const struct soaking *soaking, struct standing *standing)
{
	struct places *places = &standing->places;
	bool count = soaking->quorum.kind == QUORUM_COUNT;
	size_t kept = 0;

	standing->total = standing->there = standing->ready_n = 0;
	for (size_t i = 0; i < places->n; i++) {
		/* Of a share, only what it is a share of. */
		if (!count && !places->v[i].counts)
			continue;
		if (places->v[i].counts)
			standing->total++;
		if (places->v[i].can) {
			standing->there++;
			if (places->v[i].ready <= soaking->facts->now)
				standing->ready_n++;
		}
		places->v[kept++] = places->v[i];
	}
	places->n = kept;
	standing->needed = needed_of(&soaking->quorum, standing->total);
	standing->time_does = standing->there >= standing->needed;
	if (!standing->time_does)
		return;
	qsort(places->v, places->n, sizeof(*places->v), by_ready);
	standing->ready = places->v[standing->needed - 1].ready;
	standing->have_s = places->v[standing->needed - 1].have_s;
	standing->enough = standing->ready <= soaking->facts->now;
}

/* Where a fixed number is asked for, the refs on which the candidate was the
 * tip nearly always are enough, and nobody else need be asked. */
static int stand_in_stage(const struct soaking *soaking,
    const struct stage *stage, struct standing *ret, struct err *err)
{
	struct standing standing = { .stage = stage };

	if (add_passages(soaking, &standing, err) < 0 ||
	    add_clients(soaking, &standing, err) < 0)
		return -1;
	if (soaking->quorum.kind == QUORUM_COUNT) {
		reckon(soaking, &standing);
		if (standing.enough) {
			*ret = standing;
			return 0;
		}
	}
	if (add_existing(soaking, &standing, err) < 0)
		return -1;
	reckon(soaking, &standing);
	*ret = standing;
	return 0;
}

/* The better of two: enough, or time would do, the sooner the better. */
static bool is_better(const struct standing *a, const struct standing *b)
{
	if (!b->stage)
		return true;
	if (a->enough != b->enough)
		return a->enough;
	if (a->time_does != b->time_does)
		return a->time_does;
	return a->time_does && a->ready < b->ready;
}

/*
 * "Soak and quorum are judged in any `from` stage that the candidate has been
 * through; only one that has been through none of them (a merge back, or one
 * known from this stage alone) is judged in the stage where it was last a tip,
 * soak only."  ret->stage NULL: it has been through nothing.
 */
static int stand(struct soaking *soaking, struct standing *ret,
    struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	const struct policy *policy = facts->policy;
	const struct stage *stage = soaking->stage;
	struct standing best = { .stage = NULL }, next;
	struct passed passed;

	for (size_t i = 0; i < stage->from.n; i++) {
		const struct stage *from = &policy->stages[stage->from.v[i]];
		bool been = false;

		for (size_t k = 0; k < soaking->passages.n && !been; k++)
			been = passage_counts(&soaking->passages.v[k]) &&
			    strcmp(soaking->passages.v[k].stage, from->name) ==
				0;
		if (!been)
			continue;
		if (stand_in_stage(soaking, from, &next, err) < 0)
			return -1;
		if (is_better(&next, &best))
			best = next;
	}
	if (!best.stage) {
		if (passed_find(facts->view, facts->arena, policy, stage,
			soaking->ref->ref, &soaking->candidate, &passed,
			err) < 0)
			return -1;
		soaking->only_soak = true;
		soaking->quorum =
		    (struct quorum){ .kind = QUORUM_COUNT, .count = 1 };
		if (passed.last &&
		    stand_in_stage(soaking, passed.last, &best, err) < 0)
			return -1;
	}
	*ret = best;
	return 0;
}

/* ---- rows --------------------------------------------------------------- */

static const char *of_step(const struct soaking *soaking)
{
	if (soaking->ref->steps.n < 2)
		return "";
	return arena_printf(soaking->facts->arena, ", for %s",
	    oid_hex8(&soaking->candidate).s);
}

static struct gate_row soak_row(const struct soaking *soaking,
    const struct standing *standing)
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
	row.have = duration_format(arena,
	    standing->have_s > 0 ? (uint64_t)standing->have_s : 0);
	row.want = duration_format(arena, soaking->soak_s);
	row.text = arena_printf(arena, "%s of %s in %s%s", row.have, row.want,
	    standing->stage->name, of_step(soaking));
	if (!standing->enough)
		row.hint = arena_printf(arena, "may enter after %s",
		    time_format(arena, standing->ready));
	return row;
}

static void add_lacking(struct arena *arena, const struct standing *standing,
    struct gate_row *row)
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

static struct gate_row quorum_row(const struct soaking *soaking,
    const struct standing *standing)
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

static bool asks_quorum(const struct stage *stage)
{
	return stage->quorum.kind != QUORUM_COUNT || stage->quorum.count > 1;
}

/* "`stage.soak` where more time alone would do, else `stage.quorum`": what
 * fails is one row; what passes is all that was asked for. */
static void add_rows(const struct soaking *soaking,
    const struct standing *standing)
{
	struct arena *arena = soaking->facts->arena;
	struct gate_rows *rows = &soaking->ref->gates;
	bool quorum = asks_quorum(soaking->stage) && !soaking->only_soak;

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

static bool is_repeated(const struct steps *steps, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (oid_eq(&steps->v[k].candidate, &steps->v[i].candidate))
			return true;
	return false;
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
	return stand(soaking, ret, err);
}

int waiting_soak(const struct gate_facts *facts, struct ref_verdict *ref,
    struct err *err)
{
	const struct stage *stage = ref->stage;
	struct soaking soaking, last = { .facts = NULL };
	struct standing standing, shown = { .stage = NULL };
	size_t failed = 0;

	if (stage->soak_s == 0 && !asks_quorum(stage))
		return 0;
	for (size_t i = 0; i < ref->steps.n; i++) {
		if (is_repeated(&ref->steps, i))
			continue;
		if (soak_step(facts, ref, &ref->steps.v[i], &soaking,
			&standing, err) < 0)
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
