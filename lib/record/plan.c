#include "record/plan.h"

#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "record/owner.h"

/* A lease outlives the longest push by this much. */
#define LEASE_EXTRA_S 600
/* A clock that was set back must not make a lease live for years. */
#define LEASE_SKEW_S 3600

/* ---- from a verdict -------------------------------------------------- */

/* Where a gate was judged for several steps, its worst state is recorded. */
static unsigned weight(enum gate_state state)
{
	switch (state) {
	case GATE_NOT_APPLICABLE:
		return 0;
	case GATE_PASSED:
		return 1;
	case GATE_OVERRIDDEN:
		return 2;
	case GATE_WARNED:
		return 3;
	case GATE_MISSING:
		return 4;
	case GATE_FAILED:
		return 5;
	case GATE_ERROR:
		break;
	}
	return 6;
}

static void add_gate(struct plan_ref *ref, const struct gate_row *row)
{
	for (size_t i = 0; i < ref->ngates; i++) {
		struct plan_gate *gate = &ref->gates[i];

		if (strcmp(gate->name, row->name) != 0)
			continue;
		if (weight(row->state) > weight(gate->state))
			gate->state = row->state;
		return;
	}
	ref->gates[ref->ngates++] = (struct plan_gate){ row->name, row->state };
}

static void add_gates(
    struct arena *arena, const struct gate_rows *rows, struct plan_ref *ref)
{
	ref->gates = arena_array(arena, rows->n, sizeof(*ref->gates));
	for (size_t i = 0; i < rows->n; i++) {
		const struct strings *digests = &rows->v[i].digests;

		add_gate(ref, &rows->v[i]);
		for (size_t d = 0; d < digests->n; d++)
			strings_add(arena, &ref->digests, digests->v[d]);
	}
}

static void add_squashes(
    struct arena *arena, const struct steps *steps, struct plan_ref *ref)
{
	ref->squashes = arena_array(arena, steps->n, sizeof(*ref->squashes));
	for (size_t i = 0; i < steps->n; i++)
		if (steps->v[i].kind == TRANSITION_SQUASH)
			ref->squashes[ref->nsquashes++] = (struct plan_squash){
				steps->v[i].commit, steps->v[i].candidate
			};
}

struct plan_ref plan_ref_of(
    struct arena *arena, const struct ref_verdict *verdict)
{
	const struct view_evidence *statement = &verdict->statement;
	struct plan_ref ref = { .ref = verdict->ref,
		.old = verdict->old,
		.new = verdict->new,
		.stage = verdict->stage ? verdict->stage->name : "-",
		.kind = verdict->stage ? verdict->kind : TRANSITION_OTHER,
		.warned = verdict->warned,
		.candidate = verdict->candidate,
		.keep = verdict->keep,
		.opening = verdict->opening };

	add_gates(arena, &verdict->gates, &ref);
	add_squashes(arena, &verdict->steps, &ref);
	if (!verdict->is_evidence)
		return ref;
	ref.is_evidence = true;
	ref.gate = statement->gate;
	ref.person = statement->person;
	ref.replay_key = verdict->replay_key;
	ref.subject = statement->commit;
	ref.tag = verdict->new;
	ref.digest = statement->digest;
	ref.result = statement->result;
	ref.patches = verdict->statement_patches;
	return ref;
}

void plan_set_policy(
    struct arena *arena, const struct policy *policy, struct plan *plan)
{
	plan->policy_digest = policy->digest;
	plan->flow = policy->flow;
	plan->version = policy->version.text;
	plan->sign_key = policy->sign_key;
	plan->policy_text = policy->text;
	plan->policy_text_len = policy->text_len;
	plan->includes = arena_array(
	    arena, policy->nsources, sizeof(*plan->includes));
	/* The first is policy.yml itself. */
	for (size_t i = 1; i < policy->nsources; i++) {
		const struct policy_source *from = &policy->sources[i];
		const struct source *source = from->source;

		plan->includes[plan->nincludes++] = (struct plan_policy){
			.is_base = from->is_base,
			.name = from->kept,
			.digest = sha256_hex40(
			    arena, source->text, source->len),
			.text = source->text,
			.len = source->len
		};
	}
}

struct plan *plan_make(struct arena *arena, const struct push *push,
    const struct verdict *verdict, const struct oid *ledger)
{
	struct plan *plan = ARENA_NEW(arena, struct plan);

	plan->id = random_hex(arena);
	plan_owner_find(arena, &plan->owner);
	plan->at = verdict->now;
	plan->lease_until = verdict->now + LEASE_EXTRA_S +
	    (int64_t)verdict->policy->limit_time_s;
	plan->pusher = push->pusher ? push->pusher : "-";
	if (push->cert_key) {
		plan->cert = push->cert;
		plan->cert_key = push->cert_key;
	}
	plan_set_policy(arena, verdict->policy, plan);
	plan->ground = "";
	plan->ledger = *ledger;
	plan->options = push->options;
	plan->refs = arena_array(arena, verdict->nrefs, sizeof(*plan->refs));
	for (size_t i = 0; i < verdict->nrefs; i++)
		plan->refs[plan->nrefs++] = plan_ref_of(
		    arena, &verdict->refs[i]);
	return plan;
}

/* ---- asking ---------------------------------------------------------- */

bool plan_is_live(const struct plan *plan, int64_t now)
{
	struct arena arena;
	enum owner_state state;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	state = owner_state(&arena, &plan->owner);
	arena_release(&arena);
	if (state == OWNER_UNKNOWN)
		return now < plan->lease_until && now > plan->at - LEASE_SKEW_S;
	return state == OWNER_RUNS;
}

struct plan_ref *plan_find_ref(const struct plan *plan, const char *ref,
    const struct oid *old, const struct oid *new)
{
	for (size_t i = 0; i < plan->nrefs; i++)
		if (oid_eq(&plan->refs[i].new, new) &&
		    oid_eq(&plan->refs[i].old, old) &&
		    strcmp(plan->refs[i].ref, ref) == 0)
			return &plan->refs[i];
	return NULL;
}

int plan_remove(const struct plan *plan, struct err *err)
{
	return plan->path ? file_remove(plan->path, err) : 0;
}
