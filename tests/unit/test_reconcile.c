#include "record/reconcile.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "base/file.h"
#include "record/inbox.h"
#include "record/kept.h"
#include "record/statelock.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"

#define MAIN "refs/heads/main"
#define FEATURE "refs/heads/feature/x"
#define T0 ((int64_t)1795407007)

static struct policy *policy;
static struct oid a, b, c, d; /* a line of commits */

/* Two stages, as little of a policy as reconcile looks at. */
static struct policy *make_policy(void)
{
	static struct ref_pattern patterns[] = {
		{ .glob = "refs/heads/feature/*",
		    .prefix = "refs/heads/feature/",
		    .prefix_len = 19 },
		{ .glob = MAIN,
		    .prefix = MAIN,
		    .prefix_len = 15,
		    .literal = true }
	};
	static struct stage stages[2];
	struct policy *made = ARENA_NEW(&unit_arena, struct policy);

	stages[0] = (struct stage){
		.name = "development", .refs = &patterns[0], .nrefs = 1
	};
	stages[1] = (struct stage){ .name = "deployment",
		.index = 1,
		.refs = &patterns[1],
		.nrefs = 1 };
	made->digest = "0123456789012345678901234567890123456789";
	made->text = "flow: f\n";
	made->text_len = 8;
	made->flow = "f";
	made->version.text = "1.0.0";
	made->stages = stages;
	made->nstages = 2;
	return made;
}

static void start(void)
{
	box_make();
	policy = make_policy();
	a = box_commit("a", NULL);
	b = box_commit("b", &a);
	c = box_commit("c", &b);
	d = box_commit("d", &c);
}

static void run_with(const struct policy *with, int64_t now)
{
	struct strings refs = { NULL, 0, 0 };
	struct err err = { 0 };

	ARRAY_PUSH(&unit_arena, &refs, MAIN);
	ARRAY_PUSH(&unit_arena, &refs, FEATURE);
	ARRAY_PUSH(&unit_arena, &refs, "refs/tags/x");
	ck_assert_msg(reconcile(&unit_arena, box, with, &refs, now, &err) == 0,
	    "%s", err.text);
}

static void run(int64_t now)
{
	run_with(policy, now);
}

static const struct view_entry_record *newest(const char *ref)
{
	struct view_entry_records found = box_entries_of(ref);

	ck_assert_uint_gt(found.n, 0);
	return &found.v[0];
}

/* ---- plans of pushes that ended -------------------------------------- */

START_TEST(nothing_to_do_takes_no_lock)
	{
		struct state_lock lock;
		struct err err;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		ck_assert_int_eq(
		    state_lock_take(&unit_arena, box, &lock, &err), 0);
		run(T0 + 5); /* would wait for half a minute */
		state_lock_release(&lock);
		ck_assert_uint_eq(box_entries(), 1);
	}
END_TEST

START_TEST(ref_that_moved_is_recovered_now)
	{
		struct plan *plan;
		struct view_entry_record entry;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		plan = box_plan("alice", T0 + 1);
		box_update(
		    plan, MAIN, &a, &b, "deployment", TRANSITION_FAST_FORWARD);
		box_write_plan(plan);
		box_set_ref(MAIN, &b);
		run_with(NULL, T0 + 100);
		entry = *newest(MAIN);
		ck_assert(oid_eq(&entry.tip, &b));
		ck_assert_int_eq(entry.state, PASSAGE_RECOVERED);
		ck_assert_int_eq(entry.at, T0 + 100);
		ck_assert_str_eq(entry.by, "alice");
		ck_assert_int_eq(entry.kind, TRANSITION_FAST_FORWARD);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_uint_eq(box_entries(), 2);
		run(T0 + 200);
		ck_assert_uint_eq(box_entries(), 2);
		box_fsck();
	}
END_TEST

START_TEST(warned_one_stays_warned)
	{
		struct plan *plan;

		start();
		plan = box_plan("alice", T0);
		box_update(
		    plan, MAIN, NULL, &a, "deployment", TRANSITION_CREATE)
		    ->warned = true;
		box_write_plan(plan);
		box_set_ref(MAIN, &a);
		run(T0);
		ck_assert_int_eq(newest(MAIN)->state, PASSAGE_WARNED);
	}
END_TEST

START_TEST(ref_that_did_not_move_is_dropped)
	{
		struct plan *plan;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		plan = box_plan("alice", T0);
		box_update(
		    plan, MAIN, &a, &b, "deployment", TRANSITION_FAST_FORWARD);
		box_update(
		    plan, FEATURE, NULL, &b, "development", TRANSITION_ENTRY);
		box_write_plan(plan);
		box_set_ref(FEATURE, &b); /* the other one did */
		run(T0);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert(oid_eq(&newest(MAIN)->tip, &a));
		ck_assert(oid_eq(&newest(FEATURE)->tip, &b));
		ck_assert_uint_eq(box_passages(&b).n, 1);
	}
END_TEST

START_TEST(deletion_that_happened_is_recorded)
	{
		struct plan *plan;
		struct oid kept;

		start();
		box_enter(
		    FEATURE, NULL, &a, "development", TRANSITION_ENTRY, T0);
		plan = box_plan("alice", T0);
		box_update(
		    plan, FEATURE, &a, NULL, "development", TRANSITION_DELETE);
		ARRAY_PUSH(&unit_arena, &plan->refs[0].keep, a);
		box_write_plan(plan);
		box_set_ref(FEATURE, &(struct oid){ { 0 } });
		run(T0);
		ck_assert(oid_is_zero(&newest(FEATURE)->tip));
		ck_assert_int_eq(newest(FEATURE)->state, PASSAGE_RECOVERED);
		ck_assert_int_eq(newest(FEATURE)->kind, TRANSITION_DELETE);
		/* kept, though update may not have come to it */
		kept = box_ref(arena_printf(
		    &unit_arena, KEPT_PREFIX FEATURE "/%s", oid_hex(&a).s));
		ck_assert(oid_eq(&kept, &a));
	}
END_TEST

START_TEST(plan_that_is_recorded_already_only_goes)
	{
		struct plan *plan;

		start();
		plan = box_plan("alice", T0);
		box_update(
		    plan, MAIN, NULL, &a, "deployment", TRANSITION_CREATE);
		box_update(
		    plan, "refs/tags/x", NULL, &a, "-", TRANSITION_OTHER);
		box_write_plan(plan);
		box_set_ref(MAIN, &a);
		box_set_ref("refs/tags/x", &a);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		run(T0 + 1);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_uint_eq(box_entries(), 1);
		ck_assert_int_eq(newest(MAIN)->state, PASSAGE_ACCEPTED);
	}
END_TEST

/* The ref came back to what a forgotten plan had made of it: its own record
 * is found behind those of the others. */
START_TEST(plan_is_not_recorded_twice_after_others)
	{
		struct plan *plan;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		plan = box_plan("alice", T0);
		box_update(
		    plan, MAIN, &a, &b, "deployment", TRANSITION_FAST_FORWARD);
		box_write_plan(plan);
		box_set_ref(MAIN, &b);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		box_enter(
		    MAIN, &b, &c, "deployment", TRANSITION_FAST_FORWARD, T0);
		box_enter(MAIN, &c, &b, "deployment", TRANSITION_REWIND, T0);
		run(T0);
		ck_assert_uint_eq(box_entries_of(MAIN).n, 4);
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

#define TAG "refs/tags/t"

static struct plan *plan_of_tag(
    const char *pusher, const struct oid *old, const struct oid *new)
{
	struct plan *plan = box_plan(pusher, T0);

	box_update(plan, TAG, old, new, "-", TRANSITION_OTHER);
	return plan;
}

/* The ledger keeps no tip of such a ref: the moves that it names tell. */
START_TEST(move_that_another_push_made_in_its_place_is_not_recovered)
	{
		struct plan *plan;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		plan = plan_of_tag("alice", NULL, &a);
		box_write_plan(plan);
		box_set_ref(TAG, &a);
		box_append(plan_of_tag("bob", NULL, &a), PASSAGE_ACCEPTED, T0);
		run(T0 + 5);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_uint_eq(box_entries(), 2);
		ck_assert_ptr_nonnull(strstr(box_message(), "Pusher: bob\n"));
	}
END_TEST

START_TEST(move_that_others_went_on_from_is_recovered)
	{
		struct plan *plan;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		plan = plan_of_tag("alice", NULL, &a);
		box_write_plan(plan);
		box_set_ref(TAG, &b);
		box_append(plan_of_tag("bob", &a, &b), PASSAGE_ACCEPTED, T0);
		run(T0 + 5);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_uint_eq(box_entries(), 3);
		ck_assert_ptr_nonnull(strstr(box_message(), "Pusher: alice\n"));
	}
END_TEST

START_TEST(live_plan_is_left_alone)
	{
		struct plan *plan;

		start();
		plan = box_plan("alice", T0);
		plan->owner.known = false; /* a lease */
		box_update(
		    plan, MAIN, NULL, &a, "deployment", TRANSITION_CREATE);
		box_write_plan(plan);
		box_set_ref(MAIN, &a);
		run(T0 + 10);
		ck_assert_uint_eq(box_plans(), 1);
		ck_assert_uint_eq(box_entries(), 0); /* nor is it unobserved */
		run(T0 + 10000);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_int_eq(newest(MAIN)->state, PASSAGE_RECOVERED);
	}
END_TEST

/* alice a..b and bob b..c, both moved, neither recorded. */
static void two_pushes(
    bool alice_lives, bool bob_lives, int64_t alice_at, int64_t bob_at)
{
	struct plan *alice, *bob;

	start();
	box_enter(FEATURE, NULL, &a, "development", TRANSITION_ENTRY, T0);
	alice = box_plan("alice", alice_at);
	box_update(alice, FEATURE, &a, &b, "development", TRANSITION_ENTRY);
	alice->owner.known = !alice_lives;
	bob = box_plan("bob", bob_at);
	box_update(bob, FEATURE, &b, &c, "development", TRANSITION_ENTRY);
	bob->owner.known = !bob_lives;
	box_write_plan(alice);
	box_write_plan(bob);
	box_set_ref(FEATURE, &c);
}

START_TEST(pushes_on_top_of_each_other_are_both_recovered_in_order)
	{
		/* whichever plan says the earlier time */
		two_pushes(false, false, T0 + _i, T0 + 1 - _i);
		run(T0 + 2);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 3);
		ck_assert(oid_eq(&newest(FEATURE)->tip, &c));
		ck_assert_str_eq(newest(FEATURE)->by, "bob");
		ck_assert_str_eq(box_passages(&b).v[0].by, "alice");
		ck_assert_int_eq(
		    box_passages(&b).v[0].state, PASSAGE_RECOVERED);
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

START_TEST(dead_push_below_a_live_one_is_recovered)
	{
		two_pushes(false, true, T0, T0);
		run(T0 + 2);
		ck_assert(oid_eq(&newest(FEATURE)->tip, &b));
		ck_assert_uint_eq(box_plans(), 1);
		run(T0 + 3);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 2);
	}
END_TEST

START_TEST(live_push_below_a_dead_one_comes_first)
	{
		two_pushes(true, false, T0, T0);
		run(T0 + 2);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 3);
		ck_assert_str_eq(newest(FEATURE)->by, "bob");
		ck_assert_int_eq(newest(FEATURE)->state, PASSAGE_RECOVERED);
		/* it is running, and its ref did move */
		ck_assert_int_eq(box_passages(&b).v[0].state, PASSAGE_ACCEPTED);
		ck_assert_uint_eq(box_plans(), 1);
	}
END_TEST

/* Two post-receives, the later push's being faster. */
START_TEST(slower_post_receive_does_not_turn_history_round)
	{
		struct plans plans;
		struct err err;

		two_pushes(true, true, T0, T0 + 1);
		ck_assert_int_eq(plans_read(&unit_arena, box, &plans, &err), 0);
		box_append(plans.v[1], PASSAGE_ACCEPTED, T0 + 2);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 3);
		box_append(plans.v[0], PASSAGE_ACCEPTED, T0 + 3);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 3);
		ck_assert(oid_eq(&newest(FEATURE)->tip, &c));
		ck_assert_uint_eq(box_passages(&b).n, 1);
		ck_assert_str_eq(box_passages(&b).v[0].by, "alice");
	}
END_TEST

/* There, back and there again, the last post-receive being the fastest: that
 * the ref was recorded there once says nothing of the way back. */
START_TEST(way_back_is_recorded_before_the_way_there_again)
	{
		struct plan *back, *again;
		struct plans plans;
		struct err err;

		start();
		box_enter(
		    FEATURE, NULL, &a, "development", TRANSITION_ENTRY, T0);
		box_enter(FEATURE, &a, &b, "development", TRANSITION_ENTRY, T0);
		back = box_plan("alice", T0 + 1);
		box_update(
		    back, FEATURE, &b, &a, "development", TRANSITION_REWIND);
		again = box_plan("bob", T0 + 2);
		box_update(
		    again, FEATURE, &a, &b, "development", TRANSITION_ENTRY);
		box_write_plan(back);
		box_write_plan(again);
		ck_assert_int_eq(plans_read(&unit_arena, box, &plans, &err), 0);
		box_append(again, PASSAGE_ACCEPTED, T0 + 3);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 4);
		box_append(back, PASSAGE_ACCEPTED, T0 + 4);
		ck_assert_uint_eq(box_entries_of(FEATURE).n, 4);
		ck_assert(oid_eq(&newest(FEATURE)->tip, &b));
		ck_assert_str_eq(newest(FEATURE)->by, "bob");
	}
END_TEST

/* ---- statements ------------------------------------------------------ */

START_TEST(statement_in_the_inbox_is_recorded_and_its_ref_goes)
	{
		struct plan *plan;
		const struct plan_ref *statement;
		struct oid gone;

		start();
		plan = box_plan("bob", T0);
		statement = box_statement(plan, "bob", "review", &a, "");
		box_write_plan(plan);
		box_set_ref(statement->ref, &statement->new);
		run(T0);
		ck_assert_uint_eq(box_evidence(&a, "review").n, 1);
		gone = box_ref(statement->ref);
		ck_assert(oid_is_zero(&gone));
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

START_TEST(statement_that_was_refused_is_dropped)
	{
		struct plan *plan;

		start();
		plan = box_plan("bob", T0);
		box_statement(plan, "bob", "review", &a, "");
		box_write_plan(plan);
		run(T0);
		ck_assert_uint_eq(box_evidence(&a, "review").n, 0);
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

START_TEST(statement_that_a_promotion_rests_on_is_recorded_with_it)
	{
		struct plan *plan;
		struct plan_ref *update;

		start();
		plan = box_plan("bob", T0);
		update = box_update(
		    plan, MAIN, NULL, &a, "deployment", TRANSITION_CREATE);
		ARRAY_PUSH(&unit_arena, &update->digests,
		    box_statement(plan, "bob", "review", &a, "")->digest);
		box_write_plan(plan);
		if (_i)
			box_set_ref(MAIN, &a);
		run(T0);
		ck_assert_uint_eq(box_evidence(&a, "review").n, _i ? 1 : 0);
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

START_TEST(inbox_ref_that_moved_on_stays)
	{
		struct plan *plan;
		const struct plan_ref *statement;
		struct oid there;
		struct err err;

		start();
		plan = box_plan("bob", T0);
		statement = box_statement(plan, "bob", "review", &a, "");
		box_set_ref(statement->ref, &b);
		ck_assert_int_eq(inbox_remove(&unit_arena, box, plan, &err), 0);
		there = box_ref(statement->ref);
		ck_assert(oid_eq(&there, &b));
	}
END_TEST

/* ---- behind the hooks' back ------------------------------------------ */

START_TEST(tip_that_nobody_recorded_is_unobserved)
	{
		struct view_entry_record entry;

		start();
		box_set_ref(MAIN, &a);
		box_set_ref("refs/tags/x", &a); /* of no stage */
		run(T0);
		entry = *newest(MAIN);
		ck_assert(oid_eq(&entry.tip, &a));
		ck_assert_int_eq(entry.state, PASSAGE_UNOBSERVED);
		ck_assert_int_eq(entry.kind, TRANSITION_CREATE);
		ck_assert_str_eq(entry.stage, "deployment");
		ck_assert_str_eq(entry.by, "-");
		ck_assert_int_eq(
		    box_passages(&a).v[0].state, PASSAGE_UNOBSERVED);
		ck_assert_uint_eq(box_entries(), 1);
		run(T0 + 1);
		ck_assert_uint_eq(box_entries(), 1);
		box_set_ref(MAIN, &b);
		box_set_ref(FEATURE, &b);
		run(T0 + 2);
		ck_assert_uint_eq(box_entries(), 2); /* both in one */
		ck_assert_int_eq(newest(MAIN)->kind, TRANSITION_OTHER);
		ck_assert_int_eq(newest(FEATURE)->state, PASSAGE_UNOBSERVED);
		ck_assert_ptr_nonnull(strstr(box_message(), "Pusher: -\n"));
		ck_assert_ptr_nonnull(strstr(box_message(), "Push: -\n"));
	}
END_TEST

START_TEST(ref_that_vanished_is_an_unobserved_deletion)
	{
		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		box_set_ref(MAIN, &(struct oid){ { 0 } });
		run(T0);
		ck_assert(oid_is_zero(&newest(MAIN)->tip));
		ck_assert_int_eq(newest(MAIN)->state, PASSAGE_UNOBSERVED);
		ck_assert_int_eq(newest(MAIN)->kind, TRANSITION_DELETE);
		run(T0);
		ck_assert_uint_eq(box_entries(), 2);
		ck_assert(!box_passages(&a).v[0].withdrawn);
	}
END_TEST

START_TEST(move_behind_the_back_after_a_lost_push)
	{
		struct plan *plan;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		plan = box_plan("alice", T0);
		box_update(
		    plan, MAIN, &a, &b, "deployment", TRANSITION_FAST_FORWARD);
		box_write_plan(plan);
		box_set_ref(MAIN, &d);
		run(T0);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_int_eq(newest(MAIN)->state, PASSAGE_UNOBSERVED);
		ck_assert(oid_eq(&newest(MAIN)->tip, &d));
	}
END_TEST

START_TEST(symbolic_ref_is_nobodys_tip)
	{
		start();
		box_set_ref("refs/heads/other", &a);
		scratch_sh(
		    "git -C r.git symbolic-ref %s refs/heads/other", MAIN);
		run(T0);
		ck_assert_uint_eq(box_entries(), 0);
	}
END_TEST

/* git lets such a name be; nothing could record it, and no push names it. */
START_TEST(name_that_is_not_utf8_stops_nothing)
	{
		struct strings refs = { NULL, 0, 0 };
		struct err err = { 0 };

		start();
		box_set_ref("refs/heads/feature/\xff", &a);
		ARRAY_PUSH(&unit_arena, &refs, "refs/heads/feature/\xff");
		ck_assert_int_eq(
		    reconcile(&unit_arena, box, policy, &refs, T0, &err), 0);
		ck_assert_uint_eq(box_entries(), 0);
	}
END_TEST

/* Of two plans of one move, both broken off, the later one made it: the
 * earlier was refused on its way. */
START_TEST(later_of_two_equal_plans_is_recovered)
	{
		start();
		for (int i = 0; i < 2; i++) {
			struct plan *plan = box_plan(
			    i ? "bob" : "alice", T0 + i);

			box_update(plan, MAIN, NULL, &a, "deployment",
			    TRANSITION_CREATE);
			box_write_plan(plan);
		}
		box_set_ref(MAIN, &a);
		run(T0 + 2);
		ck_assert_uint_eq(box_entries_of(MAIN).n, 1);
		ck_assert_str_eq(newest(MAIN)->by, "bob");
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

/* ---- in flight ------------------------------------------------------- */

static bool in_flight(
    const struct box_view *look, const char *ref, const struct oid *tip)
{
	struct err err = { 0 };
	bool ret = false;

	ck_assert_msg(
	    look->view.in_flight(look->view.ledger, ref, tip, &ret, &err) == 0,
	    "%s", err.text);
	return ret;
}

START_TEST(tip_that_a_plan_names_is_in_flight)
	{
		struct plan *plan;
		struct box_view look;

		start();
		plan = box_plan("alice", T0);
		box_update(
		    plan, MAIN, NULL, &a, "deployment", TRANSITION_CREATE);
		box_write_plan(plan);
		box_open(&look);
		ck_assert(in_flight(&look, MAIN, &a));
		ck_assert(!in_flight(&look, MAIN, &b));
		ck_assert(!in_flight(&look, FEATURE, &a));
		ck_assert(in_flight(&look, NULL, &a));
		ck_assert(!in_flight(&look, NULL, &b));
		ledger_own_plan(look.ledger, plan->id);
		ck_assert(!in_flight(&look, MAIN, &a));
		ck_assert(!in_flight(&look, NULL, &a));
		box_close(&look);
	}
END_TEST

/* Recorded, and its plan gone, after this ledger was opened. */
START_TEST(tip_that_was_recorded_meanwhile_is_in_flight)
	{
		struct box_view look;

		start();
		box_open(&look);
		ck_assert(!in_flight(&look, MAIN, &a));
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		ck_assert(in_flight(&look, MAIN, &a));
		box_close(&look);
	}
END_TEST

/* ---- leftovers ------------------------------------------------------- */

START_TEST(old_half_written_files_go)
	{
		const char *const names[] = { "plans/x.yml.1.tmp",
			"plans/y.yml.1.tmp" };
		struct utimbuf old = { T0 - 90000, T0 - 90000 },
			       young = { T0 - 100, T0 - 100 };
		const char *path;

		start();
		box_write_plan(box_plan("alice", T0));
		for (size_t i = 0; i < 2; i++) {
			path = arena_printf(
			    &unit_arena, "r.git/stagegate/%s", names[i]);
			scratch_sh("touch %s", path);
			ck_assert_int_eq(utime(path, i ? &young : &old), 0);
		}
		run(T0);
		ck_assert_int_eq(
		    access("r.git/stagegate/plans/x.yml.1.tmp", F_OK), -1);
		ck_assert_int_eq(
		    access("r.git/stagegate/plans/y.yml.1.tmp", F_OK), 0);
	}
END_TEST

/* With no plan to settle: a merge is killed before there is one. */
START_TEST(old_folders_of_killed_hooks_go)
	{
		struct utimbuf old = { T0 - 90000, T0 - 90000 },
			       young = { T0 - 100, T0 - 100 };

		start();
		scratch_sh("mkdir -p r.git/stagegate/tmp/merge-a/objects/ab "
			   "r.git/stagegate/tmp/merge-b "
			   "r.git/stagegate/tmp/signature-c; "
			   "touch r.git/stagegate/tmp/d");
		scratch_sh("touch r.git/stagegate/tmp/merge-a/objects/ab/x");
		utime("r.git/stagegate/tmp/merge-a", &old);
		utime("r.git/stagegate/tmp/merge-b", &young);
		utime("r.git/stagegate/tmp/signature-c", &old);
		utime("r.git/stagegate/tmp/d", &old);
		run(T0);
		ck_assert_int_eq(
		    access("r.git/stagegate/tmp/merge-a", F_OK), -1);
		ck_assert_int_eq(
		    access("r.git/stagegate/tmp/merge-b", F_OK), 0);
		ck_assert_int_eq(
		    access("r.git/stagegate/tmp/signature-c", F_OK), -1);
		ck_assert_int_eq(access("r.git/stagegate/tmp/d", F_OK), 0);
	}
END_TEST

START_TEST(damaged_plan_stops_everything)
	{
		struct strings refs = { NULL, 0, 0 };
		struct err err = { 0 };

		start();
		box_write_plan(box_plan("alice", T0));
		scratch_sh("echo x >r.git/stagegate/plans/bad.yml");
		ck_assert_int_eq(
		    reconcile(&unit_arena, box, policy, &refs, T0, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, "bad.yml"));
	}
END_TEST

/* Somebody was killed while the ledger's ref was locked. */
START_TEST(lock_of_a_killed_append_goes)
	{
		struct err err;

		start();
		box_enter(MAIN, NULL, &a, "deployment", TRANSITION_CREATE, T0);
		scratch_sh("touch r.git/%s.lock; echo %s >r.git/stagegate/lock",
		    LEDGER_REF, LEDGER_REF);
		box_enter(
		    MAIN, &a, &b, "deployment", TRANSITION_FAST_FORWARD, T0);
		ck_assert_uint_eq(box_entries(), 2);
		/* One that nobody of us has left is somebody's. */
		scratch_sh("touch r.git/%s.lock", LEDGER_REF);
		ck_assert_int_eq(kept_add(&unit_arena, box, MAIN, &a, &err), 0);
		ck_assert_int_eq(
		    scratch_status("test -e r.git/%s.lock", LEDGER_REF), 0);
	}
END_TEST

/* ---- many at once ---------------------------------------------------- */

#define PUSHERS 8
#define PUSHES 5

static void push_some(int who)
{
	struct plan *plan;
	struct oid last = { { 0 } }, tip;

	box_reopen();
	for (int i = 0; i < PUSHES; i++) {
		struct strings refs = { NULL, 0, 0 };
		struct err err = { 0 };
		const char *ref = arena_printf(
		    &unit_arena, "refs/heads/feature/%d", who);

		tip = box_commit(
		    arena_printf(&unit_arena, "%d %d", who, i), NULL);
		ARRAY_PUSH(&unit_arena, &refs, ref);
		if (reconcile(&unit_arena, box, policy, &refs, T0, &err))
			_exit(1);
		plan = box_plan("alice", T0);
		plan->owner.known = false;
		box_update(
		    plan, ref, &last, &tip, "development", TRANSITION_ENTRY);
		box_write_plan(plan);
		box_set_ref(ref, &tip);
		if (i % 3 == 1) {
			/* breaks off here: the next one's reconcile sees to it
			 */
			plan->owner.known = true;
			box_write_plan(plan);
		} else {
			box_append(plan, PASSAGE_ACCEPTED, T0);
			if (plan_remove(plan, &err))
				_exit(1);
		}
		last = tip;
	}
	_exit(0);
}

START_TEST(eight_pushers_at_once_lose_nothing)
	{
		start();
		for (int i = 0; i < PUSHERS; i++)
			if (fork() == 0)
				push_some(i);
		for (int i = 0; i < PUSHERS; i++) {
			int status;

			ck_assert_int_gt(wait(&status), 0);
			ck_assert(WIFEXITED(status));
			ck_assert_int_eq(WEXITSTATUS(status), 0);
		}
		run(T0);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_uint_eq(box_entries(), (size_t)PUSHERS * PUSHES);
		for (int i = 0; i < PUSHERS; i++)
			ck_assert_uint_eq(
			    box_entries_of(arena_printf(&unit_arena,
					       "refs/heads/feature/%d", i))
				.n,
			    PUSHES);
		box_fsck();
	}
END_TEST

static void add_plans(Suite *suite)
{
	TCase *tcase = box_case(suite, "plans");

	tcase_add_test(tcase, nothing_to_do_takes_no_lock);
	tcase_add_test(tcase, ref_that_moved_is_recovered_now);
	tcase_add_test(tcase, warned_one_stays_warned);
	tcase_add_test(tcase, ref_that_did_not_move_is_dropped);
	tcase_add_test(tcase, deletion_that_happened_is_recorded);
	tcase_add_test(tcase, plan_that_is_recorded_already_only_goes);
	tcase_add_test(tcase, plan_is_not_recorded_twice_after_others);
	tcase_add_test(
	    tcase, move_that_another_push_made_in_its_place_is_not_recovered);
	tcase_add_test(tcase, move_that_others_went_on_from_is_recovered);
	tcase_add_test(tcase, live_plan_is_left_alone);
	tcase_add_loop_test(tcase,
	    pushes_on_top_of_each_other_are_both_recovered_in_order, 0, 2);
	tcase_add_test(tcase, later_of_two_equal_plans_is_recovered);
	tcase_add_test(tcase, dead_push_below_a_live_one_is_recovered);
	tcase_add_test(tcase, live_push_below_a_dead_one_comes_first);
	tcase_add_test(tcase, slower_post_receive_does_not_turn_history_round);
	tcase_add_test(tcase, way_back_is_recorded_before_the_way_there_again);
	tcase = box_case(suite, "statements");
	tcase_add_test(
	    tcase, statement_in_the_inbox_is_recorded_and_its_ref_goes);
	tcase_add_test(tcase, statement_that_was_refused_is_dropped);
	tcase_add_loop_test(tcase,
	    statement_that_a_promotion_rests_on_is_recorded_with_it, 0, 2);
	tcase_add_test(tcase, inbox_ref_that_moved_on_stays);
}

int main(void)
{
	Suite *suite = suite_create("reconcile");
	TCase *tcase;

	add_plans(suite);
	tcase = box_case(suite, "unobserved");
	tcase_add_test(tcase, tip_that_nobody_recorded_is_unobserved);
	tcase_add_test(tcase, ref_that_vanished_is_an_unobserved_deletion);
	tcase_add_test(tcase, move_behind_the_back_after_a_lost_push);
	tcase_add_test(tcase, symbolic_ref_is_nobodys_tip);
	tcase_add_test(tcase, name_that_is_not_utf8_stops_nothing);
	tcase = box_case(suite, "in flight");
	tcase_add_test(tcase, tip_that_a_plan_names_is_in_flight);
	tcase_add_test(tcase, tip_that_was_recorded_meanwhile_is_in_flight);
	tcase = box_case(suite, "leftovers");
	tcase_add_test(tcase, old_half_written_files_go);
	tcase_add_test(tcase, old_folders_of_killed_hooks_go);
	tcase_add_test(tcase, damaged_plan_stops_everything);
	tcase_add_test(tcase, lock_of_a_killed_append_goes);
	tcase = box_case(suite, "at once");
	tcase_add_test(tcase, eight_pushers_at_once_lose_nothing);
	return unit_main(suite);
}
