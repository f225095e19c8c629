#include <string.h>

#include "support/scratchledger.h"
#include "support/unit.h"

/* Incidents as the ledger opens, locks and closes them. */
#define MAIN "refs/heads/main"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

static struct oid a, b, c;

/* Two tips, and a rollback of the second; then: a gate, NULL: none. */
static void open_one(const char *then)
{
	const struct oid none = { { 0 } };
	struct plan *plan;

	box_make();
	a = box_commit("a", NULL);
	b = box_commit("b", &a);
	c = box_commit("a", &b);
	box_enter(MAIN, &none, &a, "s", TRANSITION_CREATE, T0);
	box_enter(MAIN, &a, &b, "s", TRANSITION_FAST_FORWARD, T0);
	plan = box_plan("dana", T0 + 1);
	box_rollback(plan, MAIN, &b, &a, &c, then);
	box_append(plan, PASSAGE_ACCEPTED, T0 + 1);
}

static size_t open_incidents(void)
{
	struct view_incidents open = { NULL, 0, 0 };
	struct box_view look;
	struct err err;

	box_open(&look);
	ck_assert_int_eq(look.view.open_incidents(
			     look.view.ledger, &unit_arena, MAIN, &open, &err),
	    0);
	box_close(&look);
	return open.n;
}

START_TEST(opening_locks_the_ref_until_it_is_closed)
	{
		size_t entries;

		open_one("root-cause");
		ck_assert_ptr_nonnull(strstr(
		    box_message(), "\nIncident: 1 opened refs/heads/main\n"));
		ck_assert_ptr_nonnull(box_file("incidents/1"));
		ck_assert_uint_eq(open_incidents(), 1);
		ck_assert_uint_eq(box_close_incident(1, T0 + 2).n, 1);
		ck_assert_ptr_nonnull(strstr(
		    box_message(), "\nIncident: 1 closed refs/heads/main\n"));
		ck_assert_ptr_nonnull(strstr(
		    box_file("incidents/1"), "closed: 2026-11-23T04:10:09Z"));
		ck_assert_uint_eq(open_incidents(), 0);
		entries = box_entries();
		ck_assert_uint_eq(box_close_incident(1, T0 + 3).n, 0);
		ck_assert_uint_eq(box_close_incident(9, T0 + 3).n, 0);
		ck_assert_uint_eq(box_entries(), entries);
	}
END_TEST

START_TEST(nothing_to_be_done_is_closed_at_once)
	{
		open_one(NULL);
		ck_assert_ptr_nonnull(strstr(
		    box_message(), "\nIncident: 1 closed refs/heads/main\n"));
		ck_assert_ptr_nonnull(
		    strstr(box_file("incidents/1"), "closed: "));
		ck_assert_uint_eq(open_incidents(), 0);
	}
END_TEST

/* What moved the ledger on may be a statement that speaks against it. */
START_TEST(what_was_judged_of_an_older_ledger_is_not_closed)
	{
		struct numbers closed = { NULL, 0, 0 };
		struct append append;
		struct plan *plan, *statement;
		uint64_t number = 1;
		struct err err;
		size_t entries;

		open_one("root-cause");
		plan = box_plan("-", T0 + 2);
		append = append_of_plan(&unit_arena, plan);
		append.push = "-";
		append.closes = (struct numbers){ &number, 1, 1 };
		append.ret_closed = &closed;
		statement = box_plan("bob", T0 + 2);
		box_statement(statement, "bob", "root-cause", &b, "");
		box_append(statement, PASSAGE_ACCEPTED, T0 + 2);
		entries = box_entries();
		ck_assert_int_eq(ledger_append(&unit_arena, box, &append,
				     T0 + 3, NULL, &err),
		    0);
		ck_assert_uint_eq(closed.n, 0);
		ck_assert_uint_eq(box_entries(), entries);
		ck_assert_uint_eq(open_incidents(), 1);
		ck_assert_uint_eq(box_close_incident(1, T0 + 3).n, 1);
	}
END_TEST

START_TEST(statements_that_come_with_it_or_before_are_earlier)
	{
		struct plan *plan;
		const struct plan_ref *before, *with;
		const char *file;

		open_one("root-cause");
		plan = box_plan("bob", T0 + 2);
		before = box_statement(plan, "bob", "root-cause", &c, "");
		box_append(plan, PASSAGE_ACCEPTED, T0 + 2);
		plan = box_plan("dana", T0 + 3);
		box_rollback(plan, MAIN, &c, &b, &b, "root-cause");
		with = box_statement(plan, "dana", "root-cause", &c, "");
		box_append(plan, PASSAGE_ACCEPTED, T0 + 3);
		file = box_file("incidents/2");
		ck_assert_ptr_nonnull(strstr(file, before->digest));
		ck_assert_ptr_nonnull(strstr(file, with->digest));
		ck_assert_uint_eq(open_incidents(), 2);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("closing");
	TCase *tcase = box_case(suite, "incidents");

	tcase_add_test(tcase, opening_locks_the_ref_until_it_is_closed);
	tcase_add_test(tcase, nothing_to_be_done_is_closed_at_once);
	tcase_add_test(tcase, what_was_judged_of_an_older_ledger_is_not_closed);
	tcase_add_test(
	    tcase, statements_that_come_with_it_or_before_are_earlier);
	return unit_main(suite);
}
