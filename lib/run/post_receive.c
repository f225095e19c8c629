#include <string.h>

#include "base/exit.h"
#include "base/file.h"
#include "base/oidmap.h"
#include "base/process_env.h"
#include "record/append.h"
#include "record/inbox.h"
#include "record/plan.h"
#include "run/chain.h"
#include "run/identity.h"
#include "run/incidents.h"
#include "run/receive.h"
#include "run/session.h"
#include "run/tell_out.h"
#include "run/telling.h"

static bool plan_names_all(
    const struct plan *plan, const struct updates *updates)
{
	for (size_t i = 0; i < updates->n; i++)
		if (!plan_find_ref(plan, updates->v[i].ref, &updates->v[i].old,
			&updates->v[i].new))
			return false;
	return true;
}

static bool same_options(const struct strings *a, const struct strings *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return true;
}

/* The plan that names the lines that git gave.  Between equal ones the owner
 * decides, then the push options. */
static struct plan *find_plan(
    struct arena *arena, const struct plans *plans, const struct push *push)
{
	struct plan *found = NULL;
	struct plan_owner owner;

	plan_owner_find(arena, &owner);
	for (size_t i = 0; i < plans->n; i++) {
		struct plan *plan = plans->v[i];

		if (!plan_names_all(plan, &push->updates))
			continue;
		if (owner.known && plan->owner.known) {
			if (!plan_owner_same(&owner, &plan->owner))
				continue;
			return plan;
		}
		if (!found || same_options(&plan->options, &push->options))
			found = plan;
	}
	return found;
}

static bool is_relied_on(const struct plan *plan, const struct updates *updates,
    const struct plan_ref *evidence)
{
	for (size_t i = 0; i < updates->n; i++) {
		const struct plan_ref *ref = plan_find_ref(plan,
		    updates->v[i].ref, &updates->v[i].old, &updates->v[i].new);

		if (ref && !ref->is_evidence && evidence->digest &&
		    strings_have(&ref->digests, evidence->digest))
			return true;
	}
	return false;
}

static bool has_moved(const struct updates *updates, const struct plan_ref *ref)
{
	for (size_t i = 0; i < updates->n; i++)
		if (strcmp(updates->v[i].ref, ref->ref) == 0 &&
		    oid_eq(&updates->v[i].old, &ref->old) &&
		    oid_eq(&updates->v[i].new, &ref->new))
			return true;
	return false;
}

static int record(struct session *session, struct plan *plan,
    const struct push *push, struct err *err)
{
	struct arena *arena = session->arena;
	struct append append = append_of_plan(arena, plan);

	for (size_t i = 0; i < plan->nrefs; i++) {
		const struct plan_ref *ref = &plan->refs[i];

		/* A statement that a promotion rests on is recorded with it,
		 * even if its inbox ref could not be made. */
		if (!has_moved(&push->updates, ref) &&
		    !(ref->is_evidence &&
			is_relied_on(plan, &push->updates, ref)))
			continue;
		append.updates[append.n++] = (struct append_update){ ref,
			ref->warned ? PASSAGE_WARNED : PASSAGE_ACCEPTED };
	}
	if (ledger_append(
		arena, session->repo, &append, session->now, NULL, err) < 0 ||
	    inbox_remove(arena, session->repo, plan, err) < 0)
		return -1;
	return plan_remove(plan, err);
}

/* What of the plan speaks of incidents: nearly always nothing. */
static bool find_subjects(
    struct session *session, const struct plan *plan, struct oids *ret_subjects)
{
	struct oidmap seen;
	bool opens = false;

	oidmap_init(&seen, session->arena);
	for (size_t i = 0; i < plan->nrefs; i++) {
		const struct plan_ref *ref = &plan->refs[i];

		opens = opens || ref->opening;
		if (ref->is_evidence && oidmap_put(&seen, &ref->subject, NULL))
			ARRAY_PUSH(session->arena, ret_subjects, ref->subject);
	}
	return opens || ret_subjects->n > 0;
}

/* After all is recorded: what goes wrong here is made up for by the next
 * push to the ref. */
static int see_to_incidents(struct session *session, const struct plan *plan,
    const struct teller *teller, struct err *err)
{
	struct view_incidents closed = { NULL, 0, 0 };
	struct oids subjects = { NULL, 0, 0 };

	if (!find_subjects(session, plan, &subjects))
		return 0;
	if (session_open_ledger(session, err) < 0 ||
	    incidents_close_about(session, &subjects, &closed, err) < 0)
		return -1;
	return incidents_tell(session, teller, plan, &closed, err);
}

/* Last of all: what is recorded by now is told of. */
static int tell(struct session *session, struct err *err)
{
	bool on;

	if (telling_is_on(session, &on, err) < 0)
		return -1;
	if (!on)
		return 0;
	if ((!session->policy && session_load_policy(session, NULL, err) < 0) ||
	    session_open_ledger(session, err) < 0 ||
	    telling_catch_up(session, ledger_tip(session->ledger), err) < 0)
		return -1;
	telling_start(session);
	return 0;
}

static int post_receive(
    struct session *session, const struct push *push, struct err *err)
{
	const struct teller teller = { .arena = session->arena,
		.json = push->report_json };
	struct plans plans = { NULL, 0, 0 };
	struct plan *plan;

	if (plans_read(session->arena, session->repo, &plans, err) < 0)
		return -1;
	plan = find_plan(session->arena, &plans, push);
	if (!plan)
		return err_set(err, ERR_NOTFOUND,
		    "no decision of pre-receive names what git moved");
	if (record(session, plan, push, err) < 0)
		return -1;
	if (see_to_incidents(session, plan, &teller, err) < 0)
		say_incident_trouble(&teller, err->text);
	if (tell(session, err) < 0)
		say_telling_trouble(&teller, err->text);
	return 0;
}

/*
 * Never refuses: what it can't record stays in the plan, and the next hook
 * records it as recovered.
 */
int run_post_receive(int input)
{
	struct arena arena;
	struct session session;
	struct push push;
	struct teller teller = { .arena = &arena };
	const struct environment *environment;
	struct err err;
	struct chain_input input_for_chain;
	char *bytes = NULL;
	size_t len = 0;
	int status = EXIT_ALLOWED;

	process_harden();
	arena_init(&arena, ARENA_RUN_MAX);
	memset(&push, 0, sizeof(push));
	memset(&session, 0, sizeof(session));
	environment = environment_take(&arena);
	if (fd_read(&arena, input, PUSH_BYTES_MAX, &bytes, &len, &err) < 0 ||
	    updates_parse(&arena, bytes, len, &push.updates, &err) < 0 ||
	    push_options_take(&arena, environment, &push, &err) < 0 ||
	    session_open_hook(&arena, &session, &err) < 0 ||
	    post_receive(&session, &push, &err) < 0)
		status = say_unrecorded(&teller, err.text);
	input_for_chain = (struct chain_input){ { NULL, NULL, NULL }, bytes,
		len };
	(void)chain_run(&teller, environment, &input_for_chain);
	session_close(&session);
	arena_release(&arena);
	return status;
}
