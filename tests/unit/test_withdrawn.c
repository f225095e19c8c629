/* What a rollback or rewind went behind is withdrawn, on that ref. */
#include "record/ledger.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define MAIN "refs/heads/main"
#define STAGING "refs/heads/staging"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

static bool is_withdrawn(const struct oid *commit, size_t passage)
{
	struct view_passages found = box_passages(commit);

	ck_assert_uint_lt(passage, found.n);
	return found.v[passage].withdrawn;
}

/* a <- b <- c, and d beside c. */
static struct oid a, b, c, d;

static void make_line(void)
{
	box_make();
	a = box_commit("a", NULL);
	b = box_commit("b", &a);
	c = box_commit("c", &b);
	d = box_commit("d", &b);
	box_enter(MAIN, NULL, &a, "s", TRANSITION_CREATE, T0);
	box_enter(MAIN, &a, &b, "s", TRANSITION_FAST_FORWARD, T0);
	box_enter(MAIN, &b, &c, "s", TRANSITION_FAST_FORWARD, T0);
}

START_TEST(going_forward_withdraws_nothing)
	{
		make_line();
		ck_assert(!is_withdrawn(&a, 0));
		ck_assert(!is_withdrawn(&b, 0));
		ck_assert(!is_withdrawn(&c, 0));
	}
END_TEST

START_TEST(rewind_withdraws_what_it_goes_behind)
	{
		make_line();
		box_enter(STAGING, NULL, &c, "t", TRANSITION_CREATE, T0);
		box_enter(MAIN, &c, &b, "s", TRANSITION_REWIND, T0);
		ck_assert(!is_withdrawn(&a, 0));
		ck_assert(!is_withdrawn(&b, 0));
		ck_assert(!is_withdrawn(&b, 1));
		ck_assert(is_withdrawn(&c, 0));
		/* on that ref alone */
		ck_assert(!is_withdrawn(&c, 1));
		/* and for good, whatever else enters */
		box_enter(MAIN, &b, &d, "s", TRANSITION_FAST_FORWARD, T0);
		ck_assert(is_withdrawn(&c, 0));
		ck_assert(!is_withdrawn(&d, 0));
	}
END_TEST

START_TEST(entering_again_ends_it)
	{
		make_line();
		box_enter(MAIN, &c, &a, "s", TRANSITION_REWIND, T0);
		ck_assert(is_withdrawn(&b, 0) && is_withdrawn(&c, 0));
		box_enter(MAIN, &a, &c, "s", TRANSITION_FAST_FORWARD, T0);
		ck_assert(!is_withdrawn(&c, 0) && !is_withdrawn(&c, 1));
		/* b was not a tip again */
		ck_assert(is_withdrawn(&b, 0));
		/* and a second time */
		box_enter(MAIN, &c, &b, "s", TRANSITION_REWIND, T0);
		ck_assert(is_withdrawn(&c, 0) && is_withdrawn(&c, 1));
		ck_assert(!is_withdrawn(&b, 0) && !is_withdrawn(&b, 1));
		box_enter(MAIN, &b, &a, "s", TRANSITION_REWIND, T0);
		ck_assert(is_withdrawn(&b, 0) && is_withdrawn(&b, 1));
	}
END_TEST

START_TEST(entering_in_a_way_that_does_not_count_ends_nothing)
	{
		struct plan *plan;

		make_line();
		box_enter(MAIN, &c, &a, "s", TRANSITION_REWIND, T0);
		plan = box_plan("-", T0);
		plan->id = "-";
		box_update(plan, MAIN, &a, &c, "s", TRANSITION_OTHER);
		box_append(plan, PASSAGE_UNOBSERVED, T0);
		ck_assert_uint_eq(box_passages(&c).n, 2);
		ck_assert(is_withdrawn(&c, 0));
		plan = box_plan("-", T0);
		plan->id = "-";
		box_update(plan, MAIN, &c, &c, "s", TRANSITION_OTHER);
		box_append(plan, PASSAGE_ADOPTED, T0);
		ck_assert(!is_withdrawn(&c, 0));
		ck_assert(!is_withdrawn(&c, 2));
	}
END_TEST

/* The last taking back keeps c, an earlier one did not. */
START_TEST(every_taking_back_since_counts)
	{
		make_line();
		box_enter(MAIN, &c, &a, "s", TRANSITION_REWIND, T0);
		box_enter(MAIN, &a, &d, "s", TRANSITION_ENTRY, T0);
		box_enter(MAIN, &d, &b, "s", TRANSITION_REWIND, T0);
		ck_assert(is_withdrawn(&c, 0));          /* by both */
		ck_assert(is_withdrawn(&d, 0));          /* by the last */
		ck_assert(is_withdrawn(&b, 0) == false); /* it is the tip */
		ck_assert(!is_withdrawn(&a, 0) && !is_withdrawn(&a, 1));
		box_enter(MAIN, &b, &c, "s", TRANSITION_ENTRY, T0);
		ck_assert(!is_withdrawn(&c, 0));
		ck_assert(is_withdrawn(&d, 0));
	}
END_TEST

START_TEST(deleting_withdraws_nothing_and_forgets_nothing)
	{
		make_line();
		box_enter(MAIN, &c, &b, "s", TRANSITION_REWIND, T0);
		box_enter(MAIN, &b, NULL, "s", TRANSITION_DELETE, T0);
		ck_assert(!is_withdrawn(&b, 0));
		ck_assert(is_withdrawn(&c, 0));
		box_enter(MAIN, NULL, &d, "s", TRANSITION_CREATE, T0);
		ck_assert(is_withdrawn(&c, 0));
		ck_assert(!is_withdrawn(&d, 0));
	}
END_TEST

/* A revert commit holds everything: what counts is the tip it restored. */
START_TEST(revert_commit_withdraws_by_what_it_restores)
	{
		struct plan *plan;
		struct oid revert;

		make_line();
		revert = box_commit("b", &c);
		plan = box_plan("dana", T0);
		box_update(plan, MAIN, &c, &revert, "s", TRANSITION_ROLLBACK)
		    ->candidate = b;
		box_append(plan, PASSAGE_ACCEPTED, T0);
		ck_assert(is_withdrawn(&c, 0));
		ck_assert(!is_withdrawn(&b, 0));
		ck_assert(!is_withdrawn(&revert, 0));
	}
END_TEST

/* A branch that was forced twice, and gc in between. */
START_TEST(lost_tip_of_a_rewind_holds_nothing)
	{
		struct oid lost;

		make_line();
		box_enter(MAIN, &c, &d, "s", TRANSITION_REWIND, T0);
		lost = box_commit("lost", &a);
		box_enter(MAIN, &d, &lost, "s", TRANSITION_REWIND, T0);
		box_enter(MAIN, &lost, &c, "s", TRANSITION_REWIND, T0);
		box_set_ref("refs/heads/d", &d);
		scratch_sh("git -C r.git gc -q --prune=now");
		box_reopen();
		ck_assert_int_ne(scratch_status("git -C r.git cat-file -e %s",
				     oid_hex(&lost).s),
		    0);
		ck_assert(is_withdrawn(&d, 0));
		ck_assert(is_withdrawn(&b, 0));
		ck_assert(!is_withdrawn(&c, 0));
	}
END_TEST

/* Against a slow and simple reading of the rule. */
START_TEST(withdrawn_agrees_with_the_rule_at_random)
	{
		struct {
			size_t tip;
			bool back, counts;
		} log[40];
		struct scratch_history *h;
		unsigned seed = 77u + (unsigned)_i;
		struct oid none = { { 0 } };

		h = scratch_random("r.git", 12, seed, DATES_EQUAL);
		box = scratch_open("r.git");
		for (size_t n = 0; n < 40; n++) {
			struct plan *plan = box_plan("alice", T0);

			log[n].tip = scratch_dice(&seed, 12);
			log[n].back = scratch_dice(&seed, 4) == 0;
			log[n].counts = scratch_dice(&seed, 5) != 0;
			box_update(plan, MAIN,
			    n ? &h->ids[log[n - 1].tip] : &none,
			    &h->ids[log[n].tip], "s",
			    log[n].back ? TRANSITION_REWIND : TRANSITION_ENTRY);
			box_append(plan,
			    log[n].counts ? PASSAGE_ACCEPTED : PASSAGE_WARNED,
			    T0);
		}
		for (size_t i = 0; i < 12; i++) {
			struct view_passages found = box_passages(&h->ids[i]);
			size_t k = 0;

			for (size_t n = 0; n < 40; n++) {
				bool want = false;

				if (log[n].tip != i)
					continue;
				for (size_t m = n + 1; m < 40; m++) {
					if (log[m].back &&
					    !h->reaches[log[m].tip][i])
						want = true;
					if (log[m].tip == i && log[m].counts)
						want = false;
				}
				ck_assert_int_eq(found.v[k++].withdrawn, want);
			}
			ck_assert_uint_eq(k, found.n);
		}
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("withdrawn");
	TCase *tcase = box_case(suite, "withdrawn");

	tcase_add_test(tcase, going_forward_withdraws_nothing);
	tcase_add_test(tcase, rewind_withdraws_what_it_goes_behind);
	tcase_add_test(tcase, entering_again_ends_it);
	tcase_add_test(
	    tcase, entering_in_a_way_that_does_not_count_ends_nothing);
	tcase_add_test(tcase, every_taking_back_since_counts);
	tcase_add_test(tcase, deleting_withdraws_nothing_and_forgets_nothing);
	tcase_add_test(tcase, revert_commit_withdraws_by_what_it_restores);
	tcase_add_test(tcase, lost_tip_of_a_rewind_holds_nothing);
	tcase_add_loop_test(
	    tcase, withdrawn_agrees_with_the_rule_at_random, 0, 6);
	return unit_main(suite);
}
