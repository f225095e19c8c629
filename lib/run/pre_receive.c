#include <string.h>

#include "base/exit.h"
#include "base/file.h"
#include "base/glob.h"
#include "base/process_env.h"
#include "record/kept.h"
#include "record/plan.h"
#include "record/reconcile.h"
#include "record/signkey.h"
#include "run/chain.h"
#include "run/decide.h"
#include "run/ground.h"
#include "run/hosting.h"
#include "run/identity.h"
#include "run/incidents.h"
#include "run/receive.h"
#include "run/succession.h"
#include "run/tell_out.h"
#include "run/telling.h"

/*
 * The stage refs that reconciling looks at: those of this push, and those
 * that the policy names without a wildcard.  So its cost grows with the push
 * and the policy, never with the repository.
 */
static void refs_to_reconcile(
    struct session *session, const struct updates *updates, struct strings *ret)
{
	const struct policy *policy = session->policy;

	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];

		for (size_t k = 0; k < stage->nrefs; k++)
			if (glob_is_literal(stage->refs[k].glob))
				strings_add(
				    session->arena, ret, stage->refs[k].glob);
	}
	for (size_t i = 0; i < updates->n; i++)
		if (policy_stage_of_ref(policy, updates->v[i].ref, NULL))
			strings_add(session->arena, ret, updates->v[i].ref);
}

struct pre_receive {
	struct session session;
	struct push push;
	const struct environment *environment;
	struct chain_input input;
	struct teller teller;
	enum hosting hosting;
};

/* What went wrong with telling is no reason to refuse a push. */
static int catch_up(
    struct pre_receive *run, const struct oid *before, struct err *err)
{
	if (telling_catch_up(&run->session, before, err) == 0)
		return 0;
	say_telling_trouble(&run->teller, err->text);
	return session_open_ledger(&run->session, err);
}

/* The answer stays what it is, whatever comes of this. */
static void tell_refused(struct pre_receive *run, const struct verdict *verdict)
{
	struct err err;

	if (telling_refused(&run->session, &run->push, verdict, &err) < 0)
		say_telling_trouble(&run->teller, err.text);
	telling_start(&run->session);
}

/* In update's stead, where a ref may move without it.  One that then does not
 * move is kept all the same, which does no harm. */
static int keep_old_tips(
    struct pre_receive *run, const struct verdict *verdict, struct err *err)
{
	struct session *session = &run->session;

	if (!hosting_skips_update(run->hosting, run->environment))
		return 0;
	for (size_t i = 0; i < verdict->nrefs; i++) {
		const struct ref_verdict *ref = &verdict->refs[i];

		for (size_t k = 0; k < ref->keep.n; k++)
			if (kept_add(session->arena, session->repo, ref->ref,
				&ref->keep.v[k], err) < 0)
				return -1;
	}
	return 0;
}

static int decide_and_plan(struct pre_receive *run, struct err *err)
{
	struct session *session = &run->session;
	const struct push *push = &run->push;
	struct verdict verdict;
	struct plan *plan;
	int status;

	if (decide(session, push, &verdict, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (verdict.refused) {
		tell_refused(run, &verdict);
	} else {
		if (session->policy->sign_key &&
		    sign_key_check(session->arena, session->repo,
			session->policy->sign_key, err) < 0)
			return say_undecided(&run->teller, err->text);
		status = chain_run(&run->teller, run->environment, &run->input);
		if (status != EXIT_ALLOWED)
			return status;
		if (keep_old_tips(run, &verdict, err) < 0)
			return say_undecided(&run->teller, err->text);
		/* Durable before git moves anything: update accepts nothing
		 * else, and what a crash loses is made up from it. */
		plan = plan_make(session->arena, push, &verdict,
		    ledger_tip(session->ledger));
		plan->ground = policy_ground(session->arena, session->policy);
		commands_passed(
		    session->commands, session->arena, &plan->commands);
		if (plan_write(session->arena, session->repo, plan, err) < 0)
			return say_undecided(&run->teller, err->text);
	}
	return say_verdict(&run->teller, &verdict);
}

static int pre_receive(struct pre_receive *run, struct err *err)
{
	struct session *session = &run->session;
	struct push *push = &run->push;
	struct arena *arena = session->arena;
	struct view_incidents closed = { NULL, 0, 0 };
	struct strings refs = { NULL, 0, 0 };
	struct oid before;
	const char *why;

	if (hosting_find(session, &run->hosting, err) < 0)
		return say_undecided(&run->teller, err->text);
	run->teller.prefix = hosting_refusal_prefix(run->hosting);
	if (push_options_take(arena, run->environment, push, err) < 0)
		return say_undecided(&run->teller, err->text);
	run->teller.json = push->report_json;
	if (session_load_policy(session, NULL, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (!session->policy)
		return say_policy_broken(&run->teller, &session->diags);
	/* Before anything is recorded under it. */
	if (session_open_ledger(session, err) < 0 ||
	    policy_succession(session, &why, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (why)
		return say_policy_unusable(&run->teller, why);
	before = *ledger_tip(session->ledger);
	refs_to_reconcile(session, &push->updates, &refs);
	if (reconcile(arena, session->repo, session->policy, &refs,
		session->now, err) < 0 ||
	    session_open_ledger(session, err) < 0 ||
	    incidents_close_on(session, &push->updates, &closed, err) < 0 ||
	    catch_up(run, &before, err) < 0 ||
	    identity_find(session, run->environment, push, err) < 0)
		return say_undecided(&run->teller, err->text);
	return decide_and_plan(run, err);
}

int run_pre_receive(int input)
{
	struct arena arena;
	struct pre_receive run;
	struct err err;
	char *bytes;
	size_t len;
	int status;

	process_harden();
	arena_init(&arena, ARENA_RUN_MAX);
	memset(&run, 0, sizeof(run));
	run.teller.arena = &arena;
	run.environment = environment_take(&arena);
	/* Read to the end whatever comes of it: git does not mind a hook that
	 * forgets, and half a list is no list.  The repository comes before
	 * the list: in one of SHA-256 every line is longer. */
	if (fd_read(&arena, input, PUSH_BYTES_MAX, &bytes, &len, &err) < 0 ||
	    session_open_hook(&arena, &run.session, &err) < 0 ||
	    updates_parse(&arena, bytes, len, &run.push.updates, &err) < 0) {
		status = say_undecided(&run.teller, err.text);
	} else {
		run.input = (struct chain_input){ { NULL, NULL, NULL }, bytes,
			len };
		status = pre_receive(&run, &err);
	}
	session_close(&run.session);
	arena_release(&arena);
	return status;
}
