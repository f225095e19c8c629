#include "judge/standing.h"

#include <stdlib.h>
#include <string.h>

#include "judge/passage.h"
#include "judge/stagerefs.h"

bool asks_number(const struct quorum *quorum)
{
	return quorum->kind != QUORUM_COUNT || quorum->count > 1;
}

/* ---- where the candidate is --------------------------------------------- */

static const struct client *client_of(
    const struct policy *policy, const struct stage *stage, const char *ref)
{
	for (size_t i = 0; i < stage->clients.n; i++) {
		const struct client *client = policy_client(
		    policy, stage->clients.v[i]);

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
static int add_place(const struct soaking *soaking, struct standing *standing,
    const char *ref, bool exists, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	const struct client *client = client_of(
	    facts->policy, standing->stage, ref);
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
		place.can = !run.over || (!client && place.ready <= run.until);
	}
	ARRAY_PUSH(facts->arena, &standing->places, place);
	return 0;
}

static int add_existing(
    const struct soaking *soaking, struct standing *standing, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	struct view_refs refs;

	if (stage_refs(facts->view, facts->arena, standing->stage, &refs, err) <
	    0)
		return -1;
	for (size_t i = 0; i < refs.n; i++)
		if (add_place(soaking, standing, refs.v[i].name, true, err) < 0)
			return -1;
	return 0;
}

static int add_clients(
    const struct soaking *soaking, struct standing *standing, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;

	for (size_t i = 0; i < standing->stage->clients.n; i++) {
		const struct client *client = policy_client(
		    facts->policy, standing->stage->clients.v[i]);

		if (client &&
		    add_place(soaking, standing, client->ref, false, err) < 0)
			return -1;
	}
	return 0;
}

/* A ref that was of the stage under an older policy: one can soak there, but it
 * is none of the stage's refs. */
static bool is_past(
    const struct soaking *soaking, const struct stage *stage, const char *ref)
{
	return asks_number(&soaking->quorum) &&
	    policy_stage_of_ref(soaking->facts->policy, ref, NULL) != stage;
}

/* Refs on which the candidate itself was the tip. */
static int add_passages(
    const struct soaking *soaking, struct standing *standing, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	const struct view *view = facts->view;

	for (size_t i = 0; i < soaking->passages.n; i++) {
		const struct view_passage *passage = &soaking->passages.v[i];
		struct view_ref ref;

		if (!passage_counts(passage) ||
		    strcmp(passage->stage, standing->stage->name) != 0 ||
		    is_past(soaking, standing->stage, passage->ref))
			continue;
		if (view->ref(
			view->git, facts->arena, passage->ref, &ref, err) < 0 ||
		    add_place(
			soaking, standing, passage->ref, ref.exists, err) < 0)
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
	standing->time_does = kept > 0 && standing->there >= standing->needed;
	if (!standing->time_does)
		return;
	qsort(places->v, places->n, sizeof(*places->v), by_ready);
	standing->ready = places->v[standing->needed - 1].ready;
	standing->have_s = places->v[standing->needed - 1].have_s;
	standing->enough = standing->ready <= soaking->facts->now;
}

static const struct standing *find_known(
    const struct soaking *soaking, const struct stage *stage)
{
	const struct standings *known = soaking->facts->standings;

	for (size_t i = 0; known && i < known->n; i++)
		if (known->v[i].standing.stage == stage &&
		    known->v[i].stage == soaking->stage &&
		    known->v[i].only_soak == soaking->only_soak &&
		    oid_eq(&known->v[i].candidate, &soaking->candidate))
			return &known->v[i].standing;
	return NULL;
}

static void keep_known(
    const struct soaking *soaking, const struct standing *standing)
{
	if (soaking->facts->standings)
		ARRAY_PUSH(soaking->facts->arena, soaking->facts->standings,
		    (struct known_standing){ .candidate = soaking->candidate,
			.stage = soaking->stage,
			.only_soak = soaking->only_soak,
			.standing = *standing });
}

/* Where a fixed number is asked for, the refs on which the candidate was the
 * tip nearly always are enough, and nobody else need be asked. */
static int look(
    const struct soaking *soaking, struct standing *standing, struct err *err)
{
	if (add_passages(soaking, standing, err) < 0 ||
	    add_clients(soaking, standing, err) < 0)
		return -1;
	if (soaking->quorum.kind == QUORUM_COUNT) {
		reckon(soaking, standing);
		if (standing->enough)
			return 0;
	}
	if (add_existing(soaking, standing, err) < 0)
		return -1;
	reckon(soaking, standing);
	return 0;
}

static int stand_in_stage(const struct soaking *soaking,
    const struct stage *stage, struct standing *ret, struct err *err)
{
	const struct standing *known = find_known(soaking, stage);
	struct standing standing = { .stage = stage };

	if (known) {
		*ret = *known;
		return 0;
	}
	if (look(soaking, &standing, err) < 0)
		return -1;
	keep_known(soaking, &standing);
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

/* Where it was a tip last, for time alone. */
static int stand_last(
    struct soaking *soaking, struct standing *ret, struct err *err)
{
	const struct gate_facts *facts = soaking->facts;
	struct passed passed;

	if (passed_find(facts->view, facts->arena, facts->policy,
		soaking->stage, soaking->ref->ref, &soaking->candidate, &passed,
		err) < 0)
		return -1;
	soaking->only_soak = true;
	soaking->quorum = (struct quorum){ .kind = QUORUM_COUNT, .count = 1 };
	if (!passed.last)
		return 0;
	return stand_in_stage(soaking, passed.last, ret, err);
}

static bool been_through(
    const struct soaking *soaking, const struct stage *stage)
{
	for (size_t i = 0; i < soaking->passages.n; i++)
		if (passage_counts(&soaking->passages.v[i]) &&
		    strcmp(soaking->passages.v[i].stage, stage->name) == 0)
			return true;
	return false;
}

int standing_find(
    struct soaking *soaking, struct standing *ret, struct err *err)
{
	const struct policy *policy = soaking->facts->policy;
	const struct stage *stage = soaking->stage;
	struct standing best = { .stage = NULL }, next;

	for (size_t i = 0; i < stage->from.n; i++) {
		const struct stage *from = &policy->stages[stage->from.v[i]];

		if (!been_through(soaking, from))
			continue;
		if (stand_in_stage(soaking, from, &next, err) < 0)
			return -1;
		if (is_better(&next, &best))
			best = next;
	}
	if (!best.stage && stand_last(soaking, &best, err) < 0)
		return -1;
	*ret = best;
	return 0;
}
