#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "judge/evidence.h"
#include "judge/incident.h"
#include "judge/judging.h"
#include "judge/order.h"
#include "judge/tagrule.h"
#include "judge/waiting.h"

static bool has_code(const struct ref_verdict *ref, enum code code)
{
	for (size_t i = 0; i < ref->findings.n; i++)
		if (ref->findings.v[i].code == code)
			return true;
	return false;
}

/* ---- what a command claims ---------------------------------------------- */

/* Nothing can be said about a command that names nothing. */
static bool judge_command(struct judging *j, struct ref_verdict *ref)
{
	if (!oid_is_zero(&ref->new) || !oid_is_zero(&ref->old))
		return true;
	finding_add(j->arena, &ref->findings, CODE_REF_MOVED, "%s",
	    oid_is_zero(&ref->claimed)
		? "the command names no object, and there is no such ref"
		: "there is no such ref to delete: fetch again");
	return false;
}

/* The pusher's git thinks that the ref is elsewhere; order.c says it for refs
 * of stages. */
static void judge_claim(struct judging *j, struct ref_verdict *ref)
{
	struct finding *finding;

	if (oid_eq(&ref->claimed, &ref->old))
		return;
	finding = finding_add(j->arena, &ref->findings, CODE_REF_MOVED,
	    oid_is_zero(&ref->old) ? "it is gone, fetch again"
				   : "it moved, fetch again: it is at %s",
	    oid_hex8(&ref->old).s);
	strings_add(j->arena, &finding->hints, "git fetch, then push again");
}

/* ---- refs of stages ----------------------------------------------------- */

static struct gate_facts facts_of(struct judging *j,
    const struct ref_verdict *ref, const struct oid *candidate,
    const struct oid *before)
{
	struct gate_facts facts = { .arena = j->arena,
		.policy = j->policy,
		.push = j->push,
		.view = j->view,
		.now = j->now,
		.verdict = j->verdict,
		.ref = ref,
		.candidate = *candidate,
		.before = *before };

	facts_init(&facts);
	facts.wide = j->wide;
	facts.standings = j->standings;
	return facts;
}

/* An earlier tip of a stage has passed its gates: going back to it is no
 * entry.  On an entry stage a forced push brings what was never judged. */
static bool goes_back(const struct ref_verdict *ref)
{
	return ref->kind == TRANSITION_REWIND && !stage_is_entry(ref->stage);
}

/* A rollback needs no gates; where the ref is elsewhere the rest would be about
 * another move than the pusher's. */
static bool asks_gates(const struct ref_verdict *ref)
{
	return ref->kind != TRANSITION_ROLLBACK &&
	    !has_code(ref, CODE_REF_MOVED);
}

/*
 * Order comes first, since gates are asked about its steps; but it may stumble
 * over an object that is missing or malformed, and then that is what is wrong.
 */
static int judge_stage_move(struct judging *j, struct ref_verdict *ref,
    const struct oid *commit, struct err *err)
{
	struct gate_facts facts = facts_of(j, ref, commit, &ref->old);
	struct asking *asking = NULL;
	struct gate_uses uses;
	struct err order_err;
	bool in_order, ok;

	in_order = order_judge(j->arena, j->policy, j->push, j->view, j->now,
		       ref, &order_err) == 0;
	if (in_order && asks_gates(ref)) {
		uses = gate_rows_asked(j, ref, !goes_back(ref));
		asking = gate_rows_begin(j, &facts, ref, &uses);
	}
	if (judge_objects(j, &facts, ref, asking, &ok, err) < 0)
		return -1;
	if (ok && !in_order) {
		*err = order_err;
		return -1;
	}
	if (!ok || !asking)
		return 0;
	gate_rows_finish(asking, ref);
	if (waiting_judge(&facts, ref, err) < 0 ||
	    incident_lock(&facts, ref, err) < 0)
		return -1;
	bypass_judge(j, &facts, ref);
	return 0;
}

static int judge_stage_delete(
    struct judging *j, struct ref_verdict *ref, struct err *err)
{
	struct gate_facts facts;

	if (order_judge(
		j->arena, j->policy, j->push, j->view, j->now, ref, err) < 0)
		return -1;
	if (!asks_gates(ref))
		return 0;
	/* No gates; but a freeze holds deletions too. */
	facts = facts_of(j, ref, &ref->new, &ref->old);
	if (waiting_judge(&facts, ref, err) < 0)
		return -1;
	if (j->push->bypass)
		finding_add(j->arena, &ref->findings, CODE_BYPASS_GATE,
		    "a bypass lets candidates in, it deletes nothing");
	return 0;
}

static int judge_stage_ref(
    struct judging *j, struct ref_verdict *ref, struct err *err)
{
	struct oid commit;
	bool ok;

	if (oid_is_zero(&ref->new))
		return judge_stage_delete(j, ref, err);
	/* Where order finds no way in, and a draft lets it in all the same. */
	ref->kind = oid_is_zero(&ref->old) ? TRANSITION_CREATE
					   : TRANSITION_FAST_FORWARD;
	if (judge_tip(j, ref, &commit, &ok, err) < 0)
		return -1;
	if (ok)
		return judge_stage_move(j, ref, &commit, err);
	return order_judge(
	    j->arena, j->policy, j->push, j->view, j->now, ref, err);
}

/* ---- refs of no stage --------------------------------------------------- */

/* The commit behind the old value, as far as there is one: the range of new
 * commits begins there. */
static int peel_old(struct judging *j, const struct ref_verdict *ref,
    struct oid *ret, struct err *err)
{
	struct ref_verdict ignored = { .ref = ref->ref };
	bool ok;

	memset(ret, 0, sizeof(*ret));
	if (oid_is_zero(&ref->old))
		return 0;
	return tag_peel(j, &ref->old, &ignored, ret, &ok, err);
}

/* Object rules and the `always` gates: what every pushed ref is held to. */
static int judge_always(struct judging *j, struct ref_verdict *ref,
    const struct oid *commit, struct err *err)
{
	struct gate_uses uses = gate_rows_asked(j, ref, false);
	struct ref_verdict *seen = ARENA_NEW(j->arena, struct ref_verdict);
	struct asking *asking;
	struct gate_facts facts;
	bool ok;

	/* Gates see commits, also where the ref names a tag of one. */
	*seen = *ref;
	seen->new = seen->candidate = *commit;
	if (peel_old(j, ref, &seen->old, err) < 0)
		return -1;
	facts = facts_of(j, seen, commit, &seen->old);
	asking = gate_rows_begin(j, &facts, seen, &uses);
	if (judge_objects(j, &facts, ref, asking, &ok, err) < 0)
		return -1;
	if (ok)
		gate_rows_finish(asking, ref);
	return 0;
}

/* Refs of no stage are anybody's, but of nobody: whoever can't be told who
 * pushes may not move or delete them either.  What a host makes by itself is
 * its own business. */
static void judge_somebody(struct judging *j, struct ref_verdict *ref)
{
	const struct push *push = j->push;

	if (!push->pusher)
		finding_add(j->arena, &ref->findings, CODE_PUSH_IDENTITY,
		    "it is not known who pushes: %s",
		    push->pusher_problem
			? text_clean_s(j->arena, push->pusher_problem)
			: "the server could not tell");
}

static int judge_free_ref(
    struct judging *j, struct ref_verdict *ref, bool stage_tag, struct err *err)
{
	bool ok = false;
	struct oid commit;

	judge_claim(j, ref);
	if (!oid_is_zero(&ref->new) && judge_tip(j, ref, &commit, &ok, err) < 0)
		return -1;
	if (stage_tag && tag_judge(j, ref, ok ? &commit : NULL, err) < 0)
		return -1;
	if (!ok || has_code(ref, CODE_REF_MOVED))
		return 0;
	ref->candidate = commit;
	return judge_always(j, ref, &commit, err);
}

/* ---- one update --------------------------------------------------------- */

/* Only refs of stages hold what can be gone back to, or gates to go around. */
static void judge_options(struct judging *j, struct ref_verdict *ref)
{
	if (j->push->rollback)
		finding_add(j->arena, &ref->findings, CODE_ROLLBACK_TARGET,
		    "it is no ref of a stage: there is nothing to roll back");
	if (j->push->bypass && j->push->updates.n == 1)
		bypass_warn(j, ref);
}

static int judge_kind(struct judging *j, struct ref_verdict *ref,
    enum ref_kind kind, struct err *err)
{
	if (kind != REF_STAGE)
		judge_options(j, ref);
	switch (kind) {
	case REF_EVIDENCE:
		return evidence_judge(j, ref, err);
	case REF_STAGE:
		return judge_stage_ref(j, ref, err);
	case REF_STAGE_TAG:
		return judge_free_ref(j, ref, true, err);
	case REF_OTHER:
		judge_somebody(j, ref);
		return judge_free_ref(j, ref, false, err);
	case REF_HOST:
		return judge_free_ref(j, ref, false, err);
	}
	return err_set(err, ERR_INTERNAL, "a kind of ref that nobody judges");
}

static void refuse_late(struct judging *j, struct ref_verdict *ref)
{
	struct finding *finding = finding_add(j->arena, &ref->findings,
	    CODE_LIMIT_TIME, "judging the push takes longer than %s",
	    duration_format(j->arena, j->policy->limit_time_s));

	strings_add(j->arena, &finding->hints, "push it in smaller parts");
}

void judge_ref(struct judging *j, struct ref_verdict *ref, enum ref_kind kind)
{
	struct err err;

	if (!judging_expired(j) && judge_command(j, ref) &&
	    judge_kind(j, ref, kind, &err) < 0)
		finding_add(j->arena, &ref->findings, CODE_INTERNAL,
		    "the server could not find out: %s",
		    text_clean_s(j->arena, err.text));
	if (j->expired)
		refuse_late(j, ref);
}

/* ---- from reasons to a decision ----------------------------------------- */

/*
 * `status: draft`: everything only warns, but never-rules, object rules and
 * the ledger hold, and what could not be judged at all is not let in.  A name
 * that other_refs denies is marked where it is found.
 */
static bool draft_waives(const struct ref_verdict *ref, enum code code)
{
	static const enum code waived[] = { CODE_STAGE_LOCKED, CODE_PUSH_ROLE,
		CODE_PUSH_IDENTITY, CODE_TAG_STAGE, CODE_TAG_MOVED,
		CODE_TAG_DELETED, CODE_TAG_UNSIGNED, CODE_TAG_ROLE,
		CODE_STAGE_REWIND, CODE_STAGE_DELETE, CODE_STAGE_HELD,
		CODE_STAGE_SKIP, CODE_STAGE_MERGE };

	/* Who speaks is part of what the ledger says. */
	if (str_prefix(ref->ref, EVIDENCE_PREFIX))
		return false;
	for (size_t i = 0; i < sizeof(waived) / sizeof(*waived); i++)
		if (waived[i] == code)
			return true;
	return false;
}

static void waive(struct ref_verdict *ref)
{
	for (size_t i = 0; i < ref->findings.n; i++) {
		struct finding *finding = &ref->findings.v[i];

		if (draft_waives(ref, finding->code))
			finding->warns = true;
		if (finding->warns && ref->stage)
			ref->warned = true;
	}
	for (size_t i = 0; i < ref->gates.n; i++)
		if (gate_row_refuses(&ref->gates.v[i]))
			ref->gates.v[i].state = GATE_WARNED;
}

void judge_settle(struct judging *j, struct ref_verdict *ref)
{
	bool refused = false;

	if (j->policy->status == STATUS_DRAFT)
		waive(ref);
	for (size_t i = 0; i < ref->findings.n; i++)
		if (!ref->findings.v[i].warns)
			refused = true;
	for (size_t i = 0; i < ref->gates.n; i++)
		if (gate_row_refuses(&ref->gates.v[i]))
			refused = true;
	if (refused)
		return;
	/* success: nothing speaks against this ref */
	ref->refused = false;
	if (ref->stage && oid_is_zero(&ref->candidate))
		ref->candidate = ref->new;
}
