#include <string.h>

#include "base/exit.h"
#include "base/process_env.h"
#include "git/refs.h"
#include "record/kept.h"
#include "record/plan.h"
#include "run/chain.h"
#include "run/decide.h"
#include "run/ground.h"
#include "run/hosting.h"
#include "run/identity.h"
#include "run/receive.h"
#include "run/tell_out.h"
#include "run/telling.h"

struct update_run {
	struct session session;
	struct update update;
	struct plan *plan;
	struct plan_ref *ref; /* in plan */
	const struct environment *environment;
	struct chain_input input;
	struct teller teller;
};

/* The live plan that names exactly this update.  Several can only differ in
 * who made them; the one of our own receive-pack is preferred, and a plan
 * that is known to be another's never counts. */
static int find_plan(struct update_run *run, struct err *err)
{
	struct session *session = &run->session;
	struct plan_owner owner;
	struct plans plans = { NULL, 0, 0 };

	if (plans_read_for(session->arena, session->repo, run->update.ref,
		&plans, err) < 0)
		return -1;
	plan_owner_find(session->arena, &owner);
	for (size_t i = 0; i < plans.n; i++) {
		struct plan *plan = plans.v[i];
		struct plan_ref *ref = plan_find_ref(
		    plan, run->update.ref, &run->update.old, &run->update.new);

		if (!ref || !plan_is_live(plan, session->now))
			continue;
		if (owner.known && plan->owner.known &&
		    !plan_owner_same(&owner, &plan->owner))
			continue;
		run->plan = plan;
		run->ref = ref;
		if (owner.known && plan->owner.known)
			break;
	}
	return 0;
}

static bool ground_is_same(
    const struct update_run *run, const struct view_ref *now)
{
	const struct session *session = &run->session;
	bool old_is_there = now->exists ? oid_eq(&now->oid, &run->update.old)
					: oid_is_zero(&run->update.old);

	return old_is_there && !now->symbolic &&
	    strcmp(run->plan->ground,
		policy_ground(session->arena, session->policy)) == 0 &&
	    oid_eq(&run->plan->ledger, ledger_tip(session->ledger));
}

/*
 * Something moved between pre-receive and here: a policy, the ledger, the ref
 * itself.  The update is judged once more, together with the statements of
 * its push; other refs of the push may have moved already.
 */
static int judge_again(struct update_run *run, struct err *err)
{
	struct session *session = &run->session;
	struct push push;
	struct verdict verdict;

	/* Programs say what they said, where they are given the same. */
	session->commands = commands_new(session->arena, session->repo);
	commands_remember(session->commands, &run->plan->commands);
	memset(&push, 0, sizeof(push));
	push.again = true;
	push.pusher = run->plan->pusher;
	push.options = run->plan->options;
	push.options_known = true;
	push_options_read(&push);
	run->teller.json = push.report_json;
	ARRAY_PUSH(session->arena, &push.updates, run->update);
	for (size_t i = 0; i < run->plan->nrefs; i++) {
		const struct plan_ref *ref = &run->plan->refs[i];
		struct update update = { ref->old, ref->new, ref->ref };

		if (ref->is_evidence && ref != run->ref)
			ARRAY_PUSH(session->arena, &push.updates, update);
	}
	if (decide(session, &push, &verdict, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (verdict.findings.n == 0 && verdict.nrefs > 0 &&
	    !verdict.refs[0].refused)
		return EXIT_ALLOWED;
	verdict.nrefs = verdict.nrefs ? 1 : 0;
	if (telling_refused(session, &push, &verdict, err) < 0)
		say_telling_trouble(&run->teller, err->text);
	telling_start(session);
	return say_verdict(&run->teller, &verdict);
}

static int update(struct update_run *run, struct err *err)
{
	struct session *session = &run->session;
	struct arena *arena = session->arena;
	struct view_ref now;
	int status = EXIT_ALLOWED;
	enum hosting hosting;

	if (hosting_find(session, &hosting, err) < 0)
		return say_undecided(&run->teller, err->text);
	run->teller.prefix = hosting_refusal_prefix(hosting);
	if (session_load_policy(session, NULL, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (!session->policy)
		return say_policy_broken(&run->teller, &session->diags);
	if (find_plan(run, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (!run->plan)
		return say_undecided(&run->teller,
		    "pre-receive has not decided about this update; is it "
		    "installed beside update?");
	if (session_open_ledger(session, err) < 0 ||
	    ref_read(session->repo, arena, run->update.ref, &now, err) < 0)
		return say_undecided(&run->teller, err->text);
	if (!ground_is_same(run, &now))
		status = judge_again(run, err);
	if (status == EXIT_ALLOWED)
		status = chain_run(&run->teller, run->environment, &run->input);
	for (size_t i = 0; status == EXIT_ALLOWED && i < run->ref->keep.n; i++)
		if (kept_add(arena, session->repo, run->update.ref,
			&run->ref->keep.v[i], err) < 0)
			status = say_undecided(&run->teller, err->text);
	return status;
}

int run_update(const char *ref, const char *old, const char *new)
{
	struct arena arena;
	struct update_run run;
	struct err err;
	int status;

	process_harden();
	arena_init(&arena, ARENA_RUN_MAX);
	memset(&run, 0, sizeof(run));
	run.teller.arena = &arena;
	run.environment = environment_take(&arena);
	run.input = (struct chain_input){ { ref, old, new }, NULL, 0 };
	run.update.ref = arena_strdup(&arena, ref);
	if (strlen(old) != OID_HEX || strlen(new) != OID_HEX ||
	    !oid_parse(old, &run.update.old) ||
	    !oid_parse(new, &run.update.new))
		status = say_undecided(
		    &run.teller, "git gave update no object ids");
	else if (session_open_hook(&arena, &run.session, &err) < 0)
		status = say_undecided(&run.teller, err.text);
	else
		status = update(&run, &err);
	session_close(&run.session);
	arena_release(&arena);
	return status;
}
