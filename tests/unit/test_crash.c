/*
 * "Killing any hook at any point loses nothing that was accepted": what
 * post-receive, a reconciling hook, pre-receive and update write is broken off
 * at every single system call, by a kill and by a full disk, and the next hook
 * has to find everything in order.  Every seventh call, that is, unless the
 * environment says STAGEGATE_SWEEP=all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "record/inbox.h"
#include "record/kept.h"
#include "record/reconcile.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"
#include "support/tracer.h"

#define MAIN "refs/heads/main"
#define T0 ((int64_t)1795407007)
#define CALLS_MAX 3000u /* far more than any of them makes */
#define FSCK_EVERY 8u   /* git fsck is slow */
#define STRIDE 7u       /* of calls; STAGEGATE_SWEEP=all: each */

static struct oid a, b;
static const char *inbox;

/* base.git: main moved from a to b and a statement came in, by a push that
 * has written its plan and recorded nothing. */
static void make_base(void)
{
	struct plan *plan;
	struct plan_ref *statement;

	box_make();
	a = box_commit("a", NULL);
	b = box_commit("b", &a);
	box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
	plan = box_plan("alice", T0);
	box_update(plan, MAIN, &a, &b, "deployment", TRANSITION_FAST_FORWARD);
	statement = box_statement(plan, "alice", "review", &a, "");
	inbox = statement->ref;
	box_write_plan(plan);
	box_set_ref(MAIN, &b);
	box_set_ref(inbox, &statement->new);
	scratch_sh("cp -r r.git base.git");
}

/* The same once refs are packed: what is removed is in there. */
static void make_packed_base(void)
{
	make_base();
	scratch_sh("git -C base.git pack-refs --all");
}

static void fresh(void)
{
	scratch_sh("rm -rf r.git; cp -r base.git r.git");
	box_reopen();
}

/* ---- what is broken off ---------------------------------------------- */

static int post_receive(void *argument)
{
	struct plans plans;
	struct append append;
	struct err err;

	(void)argument;
	if (plans_read(&unit_arena, box, &plans, &err))
		return 1;
	append = append_of_plan(&unit_arena, plans.v[0]);
	for (size_t i = 0; i < plans.v[0]->nrefs; i++)
		append.updates[append.n++] = (struct append_update){
			&plans.v[0]->refs[i], PASSAGE_ACCEPTED
		};
	return ledger_append(&unit_arena, box, &append, T0, NULL, &err) ||
	    inbox_remove(&unit_arena, box, plans.v[0], &err) ||
	    plan_remove(plans.v[0], &err);
}

static int next_hook(void *argument)
{
	struct err err;

	(void)argument;
	return reconcile(&unit_arena, box, NULL, NULL, T0, &err) != 0;
}

static int write_plan(void *argument)
{
	struct err err;

	return plan_write(&unit_arena, box, argument, &err) != 0;
}

static int keep(void *argument)
{
	struct err err;

	(void)argument;
	return kept_add(&unit_arena, box, MAIN, &a, &err) != 0;
}

/* ---- what must hold -------------------------------------------------- */

static void check_recorded(void)
{
	struct view_entry_records entries = box_entries_of(MAIN);

	ck_assert_uint_eq(entries.n, 2);
	ck_assert(oid_eq(&entries.v[0].tip, &b));
	ck_assert_uint_eq(box_passages(&b).n, 1);
	ck_assert_uint_eq(box_evidence(&a, "review").n, 1);
	ck_assert_uint_eq(box_entries(), 2);
}

static void check_settled(unsigned n)
{
	struct oid gone;
	struct err err = { 0 };

	box_reopen();
	ck_assert_msg(reconcile(&unit_arena, box, NULL, NULL, T0, &err) == 0,
	    "call %u: %s", n, err.text);
	check_recorded();
	ck_assert_uint_eq(box_plans(), 0);
	gone = box_ref(inbox);
	ck_assert(oid_is_zero(&gone));
	scratch_sh("test -z \"$(find r.git -name '*.lock' -o -name "
		   "'packed-refs.*')\"");
	if (n % FSCK_EVERY == 0)
		box_fsck();
}

/* Breaks function off at each call; after() looks, told whether the function
 * says that it succeeded. */
static void sweep(int (*function)(void *), void *argument, int error,
    void (*after)(unsigned n, bool succeeded))
{
	const char *all = getenv("STAGEGATE_SWEEP");
	unsigned n, stride = all && strcmp(all, "all") == 0 ? 1 : STRIDE;

	for (n = (unsigned)error % stride; n < CALLS_MAX; n += stride) {
		enum tracer_end end;
		int status = -1;

		fresh();
		end = tracer_run(function, argument, n, error, &status);
		if (end == TRACER_CANNOT)
			return;
		box_reopen();
		after(n, status == 0);
		if (end == TRACER_ENDED) {
			ck_assert_int_eq(status, 0);
			break;
		}
	}
	ck_assert_uint_lt(n, CALLS_MAX);
	ck_assert_uint_gt(n, 10);
}

static void after_recording(unsigned n, bool succeeded)
{
	if (succeeded) {
		check_recorded();
		ck_assert_uint_eq(box_plans(), 0);
	}
	check_settled(n);
}

static const int errors[] = { 0, ENOSPC, EIO };

START_TEST(post_receive_is_broken_off)
	{
		make_base();
		sweep(post_receive, NULL, errors[_i], after_recording);
	}
END_TEST

START_TEST(post_receive_of_packed_refs_is_broken_off)
	{
		make_packed_base();
		sweep(post_receive, NULL, errors[_i], after_recording);
	}
END_TEST

START_TEST(reconciling_is_broken_off)
	{
		make_base();
		sweep(next_hook, NULL, errors[_i], after_recording);
	}
END_TEST

/* A plan is there as a whole or not at all. */
static void after_plan(unsigned n, bool succeeded)
{
	size_t plans = box_plans();

	ck_assert(plans == 2 || (plans == 1 && !succeeded));
	check_settled(n);
}

START_TEST(pre_receive_is_broken_off)
	{
		struct plan *plan;

		make_base();
		plan = box_plan("bob", T0);
		plan->policy_text = "another: text\n";
		plan->policy_text_len = strlen(plan->policy_text);
		plan->policy_digest = sha256_hex40(
		    &unit_arena, plan->policy_text, plan->policy_text_len);
		box_update(plan, "refs/heads/x", NULL, &b, "development",
		    TRANSITION_ENTRY);
		sweep(write_plan, plan, errors[_i], after_plan);
	}
END_TEST

static void after_keep(unsigned n, bool succeeded)
{
	const char *name = arena_printf(
	    &unit_arena, KEPT_PREFIX MAIN "/%s", oid_hex(&a).s);
	struct oid kept = box_ref(name);
	struct err err = { 0 };

	ck_assert(succeeded ? oid_eq(&kept, &a)
			    : oid_eq(&kept, &a) || oid_is_zero(&kept));
	ck_assert_msg(kept_add(&unit_arena, box, MAIN, &a, &err) == 0,
	    "call %u: %s", n, err.text);
	kept = box_ref(name);
	ck_assert(oid_eq(&kept, &a));
	check_settled(n);
}

START_TEST(keeping_a_tip_is_broken_off)
	{
		make_base();
		sweep(keep, NULL, errors[_i], after_keep);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("crash");
	TCase *tcase = box_case(suite, "recording");

	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(
	    tcase, post_receive_is_broken_off, 0, COUNT(errors));
	tcase_add_loop_test(
	    tcase, post_receive_of_packed_refs_is_broken_off, 0, COUNT(errors));
	tcase_add_loop_test(tcase, reconciling_is_broken_off, 0, COUNT(errors));
	tcase = box_case(suite, "deciding");
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, pre_receive_is_broken_off, 0, COUNT(errors));
	tcase_add_loop_test(
	    tcase, keeping_a_tip_is_broken_off, 0, COUNT(errors));
	return unit_main(suite);
}
