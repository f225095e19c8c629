#include "record/reconcile.h"

#include <string.h>

#include "git/refs.h"
#include "git/scratch.h"
#include "record/appendwork.h"
#include "record/chain.h"
#include "record/inbox.h"
#include "record/kept.h"
#include "record/leftover.h"
#include "record/planfile.h"
#include "record/repoid.h"
#include "record/statelock.h"
#include "record/words.h"

struct settling {
	struct arena *arena;
	struct repo *repo;
	struct state_lock *lock;
	struct plans plans;
	struct ledger *ledger;
	int64_t now;
};

/* Plans and then the ledger, in this order. */
static int look(struct settling *s, struct err *err)
{
	if (plans_read(s->arena, s->repo, &s->plans, err))
		return -1;
	return ledger_open(s->arena, s->repo, &s->ledger, err);
}

static int value_of(const struct settling *s, const char *name, struct oid *ret,
    struct err *err)
{
	struct view_ref ref;

	if (ref_read(s->repo, s->arena, name, &ref, err))
		return -1;
	*ret = ref.exists ? ref.oid : (struct oid){ { 0 } };
	return 0;
}

/* ---- a plan that is not live any more -------------------------------- */

/* Did git move the ref as planned?  recorded: since the plan was made. */
static int has_moved(struct settling *s, struct plan_ref *planned,
    const struct recorded *recorded, bool *ret, struct err *err)
{
	struct append_update update = { planned, PASSAGE_RECOVERED };
	struct chain chain = { NULL, 0, 0 };
	struct oid from = { { 0 } }, now;

	*ret = false;
	if (value_of(s, planned->ref, &now, err))
		return -1;
	if (update_enters(&update)) {
		if (recorded_tip(s->ledger, s->arena, planned->ref, &from, err))
			return -1;
	} else {
		const struct oid *began = recorded_began(
		    recorded, planned->ref);

		/* The ledger holds no tip of it.  It went from where the plan
		 * begins to where the next recorded move began, or to where
		 * it is: a move that starts at our own old value is one that
		 * was made in our place. */
		from = planned->old;
		if (began)
			now = *began;
	}
	if (s->plans.n == 1 && !oid_eq(&now, &planned->new))
		return 0;
	if (s->plans.n == 1) { /* as nearly always; a search takes n * n */
		*ret = !oid_eq(&from, &now);
		return 0;
	}
	chain_find(
	    s->arena, &s->plans, planned->ref, &from, &now, NULL, &chain);
	*ret = chain_has(&chain, planned);
	return 0;
}

static bool is_relied_on(
    const struct append *append, const struct plan_ref *statement)
{
	for (size_t i = 0; i < append->n; i++)
		if (!append->updates[i].ref->is_evidence &&
		    strings_have(
			&append->updates[i].ref->digests, statement->digest))
			return true;
	return false;
}

/* What of the plan happened, statements last: one counts where its inbox ref
 * was made, or where a promotion that happened rests on it. */
static int find_done(struct settling *s, const struct plan *plan,
    struct append *append, struct err *err)
{
	struct recorded recorded;
	bool moved;

	if (recorded_find(s->arena, s->repo, s->ledger, append, &recorded, err))
		return -1;
	for (size_t i = 0; i < plan->nrefs; i++) {
		struct plan_ref *ref = &plan->refs[i];

		if (ref->is_evidence)
			continue;
		if (has_moved(s, ref, &recorded, &moved, err))
			return -1;
		if (moved)
			append->updates[append->n++] = (struct append_update){
				ref,
				ref->warned ? PASSAGE_WARNED : PASSAGE_RECOVERED
			};
	}
	for (size_t i = 0; i < plan->nrefs; i++) {
		struct plan_ref *ref = &plan->refs[i];

		if (!ref->is_evidence)
			continue;
		if (has_moved(s, ref, &recorded, &moved, err))
			return -1;
		if (moved || is_relied_on(append, ref))
			append->updates[append->n++] = (struct append_update){
				ref, PASSAGE_RECOVERED
			};
	}
	return 0;
}

/*
 * update has done this before the ref moved, unless it was another plan's or
 * somebody moved the ref by hand.  A tip that is gone can't be kept; nor one
 * whose place is taken, for which update let nothing move: that somebody did
 * must not hold up every push from then on.
 */
static int keep_tips(
    struct settling *s, const struct append *append, struct err *err)
{
	for (size_t i = 0; i < append->n; i++) {
		const struct plan_ref *ref = append->updates[i].ref;

		for (size_t k = 0; k < ref->keep.n; k++)
			if (kept_add_under_lock(s->arena, s->lock, ref->ref,
				&ref->keep.v[k], err) &&
			    err->kind != ERR_NOTFOUND &&
			    err->kind != ERR_FORMAT)
				return -1;
	}
	return 0;
}

static int settle(struct settling *s, const struct plan *plan, struct err *err)
{
	struct append append = append_of_plan(s->arena, plan);

	if (find_done(s, plan, &append, err) || keep_tips(s, &append, err) ||
	    append_under_lock(s->arena, s->lock, &append, s->now, NULL, err) ||
	    inbox_remove_under_lock(s->arena, s->lock, plan, err))
		return -1;
	return plan_remove(plan, err);
}

static struct plan *find_dead(const struct settling *s)
{
	for (size_t i = 0; i < s->plans.n; i++)
		if (!plan_is_live(s->plans.v[i], s->now))
			return s->plans.v[i];
	return NULL;
}

/* Plans are looked at anew after each, since settling one may settle others
 * (append.h), or be done by somebody who was faster. */
static int settle_plans(struct settling *s, struct err *err)
{
	for (;;) {
		const struct plan *plan;

		if (look(s, err))
			return -1;
		plan = find_dead(s);
		if (!plan)
			return 0;
		if (settle(s, plan, err))
			return err_prefix(err,
			    "cannot settle the push that was broken off, '%s'",
			    plan->path);
	}
}

/* ---- refs that moved behind the hooks' back -------------------------- */

struct strayed {
	struct plan_ref *v;
	size_t n, cap;
};

/* Is the ref's value neither recorded nor planned?  A symbolic one is not
 * ours to follow: no push goes through it. */
static int has_strayed(struct settling *s, const char *name,
    const struct oid *now, struct plan_ref *ret, bool *ret_strayed,
    struct err *err)
{
	struct chain chain = { NULL, 0, 0 };
	struct oid last;

	*ret_strayed = false;
	if (recorded_tip(s->ledger, s->arena, name, &last, err))
		return -1;
	if (oid_eq(&last, now))
		return 0;
	chain_find(s->arena, &s->plans, name, &last, now, NULL, &chain);
	if (chain.n > 0)
		return 0;
	*ret_strayed = true;
	*ret = (struct plan_ref){ .ref = name,
		.old = last,
		.new = *now,
		.kind = oid_is_zero(now) ? TRANSITION_DELETE
		    : oid_is_zero(&last) ? TRANSITION_CREATE
					 : TRANSITION_OTHER };
	return 0;
}

/* values: of refs, read before the plans. */
static int find_strayed(struct settling *s, const struct strings *refs,
    const struct oids *values, struct strayed *ret, struct err *err)
{
	for (size_t i = 0; i < refs->n; i++) {
		struct plan_ref stray;
		bool strayed;

		if (has_strayed(
			s, refs->v[i], &values->v[i], &stray, &strayed, err))
			return -1;
		if (strayed)
			ARRAY_PUSH(s->arena, ret, stray);
	}
	return 0;
}

static int read_values(const struct settling *s, const struct strings *refs,
    struct oids *ret, struct err *err)
{
	ret->n = 0;
	for (size_t i = 0; i < refs->n; i++) {
		struct oid value;

		if (value_of(s, refs->v[i], &value, err))
			return -1;
		ARRAY_PUSH(s->arena, ret, value);
	}
	return 0;
}

static int record_strayed(struct settling *s, const struct policy *policy,
    const struct strayed *strayed, struct err *err)
{
	struct append append = append_of_policy(s->arena, policy);

	append.updates = arena_array(
	    s->arena, strayed->n, sizeof(*append.updates));
	for (size_t i = 0; i < strayed->n; i++) {
		struct plan_ref *ref = &strayed->v[i];
		const struct stage *stage = policy_stage_of_ref(
		    policy, ref->ref, NULL);

		ref->stage = stage ? stage->name : "-";
		append.updates[append.n++] = (struct append_update){ ref,
			PASSAGE_UNOBSERVED };
	}
	return append_under_lock(s->arena, s->lock, &append, s->now, NULL, err);
}

/* ---- all of it ------------------------------------------------------- */

/* The stage refs among those named, each once, that are no symbolic refs. */
static int choose_refs(struct settling *s, const struct policy *policy,
    const struct strings *refs, struct strings *ret, struct err *err)
{
	for (size_t i = 0; policy && refs && i < refs->n; i++) {
		struct view_ref ref;

		if (!ref_name_fits(refs->v[i]) ||
		    !policy_stage_of_ref(policy, refs->v[i], NULL) ||
		    strings_have(ret, refs->v[i]))
			continue;
		if (ref_read(s->repo, s->arena, refs->v[i], &ref, err))
			return -1;
		if (!ref.symbolic)
			ARRAY_PUSH(s->arena, ret, refs->v[i]);
	}
	return 0;
}

static int reconcile_locked(struct settling *s, const struct policy *policy,
    const struct strings *refs, struct err *err)
{
	struct strayed strayed = { NULL, 0, 0 };
	struct oids values = { NULL, 0, 0 };

	if (settle_plans(s, err) || read_values(s, refs, &values, err) ||
	    look(s, err) || find_strayed(s, refs, &values, &strayed, err))
		return -1;
	return strayed.n > 0 ? record_strayed(s, policy, &strayed, err) : 0;
}

int reconcile(struct arena *arena, struct repo *repo,
    const struct policy *policy, const struct strings *refs, int64_t now,
    struct err *err)
{
	struct settling s = { .arena = arena, .repo = repo, .now = now };
	struct strayed strayed = { NULL, 0, 0 };
	struct strings chosen = { NULL, 0, 0 };
	struct oids values = { NULL, 0, 0 };
	struct state_lock lock;
	const char *id;
	int status;

	/* The first hook in a repository makes its id. */
	if (repository_id(arena, repo, &id, err) ||
	    choose_refs(&s, policy, refs, &chosen, err) ||
	    read_values(&s, &chosen, &values, err) || look(&s, err))
		return -1;
	leftovers_remove(arena, repo, PLANS_DIR, now);
	scratch_clear(repo, arena, now - LEFTOVER_AGE_S);
	if (find_strayed(&s, &chosen, &values, &strayed, err))
		return -1;
	if (strayed.n == 0 && !find_dead(&s))
		return 0;
	if (state_lock_take(arena, repo, &lock, err))
		return -1;
	leftovers_remove(arena, repo, POLICIES_DIR, now);
	leftovers_remove(arena, repo, ".", now);
	s.lock = &lock;
	status = reconcile_locked(&s, policy, &chosen, err);
	state_lock_release(&lock);
	return status;
}
