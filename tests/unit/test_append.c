#include "record/append.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "git/treestore.h"
#include "record/ledger.h"
#include "record/log.h"
#include "record/repoid.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define MAIN "refs/heads/main"
#define STAGING "refs/heads/staging"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

static struct box_view look;

START_TEST(empty_ledger_has_nothing)
	{
		struct oid c;
		int64_t time = 1;
		struct err err;
		bool seen;

		box_make();
		c = box_commit("a", NULL);
		ck_assert_uint_eq(box_passages(&c).n, 0);
		ck_assert_uint_eq(box_entries_of(MAIN).n, 0);
		ck_assert_uint_eq(box_evidence(&c, "review").n, 0);
		box_open(&look);
		ck_assert(oid_is_zero(ledger_tip(look.ledger)));
		ck_assert_int_eq(ledger_time(look.ledger), 0);
		ck_assert_int_eq(
		    look.view.last_time(look.view.ledger, &time, &err), 0);
		ck_assert_int_eq(time, 0);
		ck_assert_int_eq(look.view.seen(look.view.ledger,
				     "0123456789012345678901234567890123456789",
				     &seen, &err),
		    0);
		ck_assert(!seen);
		ck_assert_str_eq(look.view.repository_id, "");
		box_close(&look);
	}
END_TEST

START_TEST(push_is_one_commit_with_its_trailers)
	{
		struct oid a, b;
		struct plan *plan;

		box_make();
		a = box_commit("a", NULL);
		b = box_commit("b", &a);
		plan = box_plan("alice", T0);
		box_update(plan, MAIN, &a, &b, "deployment", TRANSITION_MERGE);
		box_update(
		    plan, "refs/tags/v1", NULL, &b, "-", TRANSITION_OTHER);
		box_statement(plan, "bob smith", "review", &b, "");
		ck_assert_int_eq(box_append(plan, PASSAGE_ACCEPTED, T0), T0);
		ck_assert_uint_eq(box_entries(), 1);
		ck_assert_str_eq(box_message(),
		    arena_printf(&unit_arena,
			"main: merge %s and 2 more by alice (update-flow "
			"1.0.0)\n\nPusher: alice\n"
			"Update: %s %s refs/heads/main deployment merge "
			"accepted\n"
			"Update: 0000000000000000000000000000000000000000 %s "
			"refs/tags/v1 - other accepted\n"
			"Evidence: %s review %s bob\\x20smith pass\n"
			"Policy: %s update-flow 1.0.0\n"
			"Push: %s\n",
			oid_hex8(&b).s, oid_hex(&a).s, oid_hex(&b).s,
			oid_hex(&b).s, plan->refs[2].digest, oid_hex(&b).s,
			plan->policy_digest, plan->id));
		box_fsck();
	}
END_TEST

START_TEST(note_is_what_people_read)
	{
		static struct plan_gate gates[] = { { "review", GATE_PASSED },
			{ "no", GATE_NOT_APPLICABLE } };
		struct oid a;
		struct plan *plan;
		struct plan_ref *statement;

		box_make();
		a = box_commit("a", NULL);
		plan = box_plan("alice", T0);
		statement = box_update(
		    plan, MAIN, NULL, &a, "development", TRANSITION_ENTRY);
		statement->gates = gates;
		statement->ngates = 2;
		statement = box_statement(plan, "bob", "review", &a, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		ck_assert_str_eq(box_file(ledger_note_path(&unit_arena, &a)),
		    arena_printf(&unit_arena,
			"passages:\n"
			"- stage: development\n"
			"  ref: refs/heads/main\n"
			"  at: 2026-11-23T04:10:07Z\n"
			"  by: alice\n"
			"  state: accepted\n"
			"  gates:\n"
			"    review: passed\n"
			"    \"no\": not-applicable\n"
			"  entry: 1\n"
			"evidence:\n"
			"- gate: review\n"
			"  result: pass\n"
			"  by: bob\n"
			"  at: 2026-11-23T04:10:07Z\n"
			"  digest: %s\n",
			statement->digest));
		ck_assert_ptr_nonnull(strstr(
		    scratch_sh("git -C r.git log -1 --notes=stagegate %s",
			oid_hex(&a).s),
		    "- stage: development"));
		ck_assert_str_eq(
		    scratch_sh("git -C r.git notes --ref=stagegate list %s",
			oid_hex(&a).s),
		    scratch_sh("git -C r.git rev-parse %s:%s", LEDGER_REF,
			ledger_note_path(&unit_arena, &a)));
	}
END_TEST

START_TEST(first_append_brings_meta_and_policy)
	{
		struct plan_policy include = { false, "people.yml", NULL,
			"people: {}\n", 11 };
		struct oid a;
		struct plan *plan;
		const char *id;
		struct err err;

		box_make();
		a = box_commit("a", NULL);
		plan = box_plan("alice", T0);
		include.digest = sha256_hex40(&unit_arena, include.text, 11);
		plan->includes = &include;
		plan->nincludes = 1;
		box_update(plan, MAIN, NULL, &a, "s", TRANSITION_ENTRY);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		ck_assert_int_eq(repository_id(&unit_arena, box, &id, &err), 0);
		ck_assert_str_eq(box_file("meta/format"), "1\n");
		ck_assert_str_eq(box_file("meta/repository"),
		    arena_printf(&unit_arena, "%s\n", id));
		ck_assert_str_eq(box_file(arena_printf(&unit_arena, "policy/%s",
				     plan->policy_digest)),
		    plan->policy_text);
		ck_assert_str_eq(box_file(arena_printf(
				     &unit_arena, "policy/%s", include.digest)),
		    include.text);
		ck_assert_ptr_nonnull(strstr(box_message(),
		    arena_printf(&unit_arena, "Include: %s people.yml\n",
			include.digest)));
		box_open(&look);
		ck_assert_str_eq(look.view.repository_id, id);
		box_close(&look);
	}
END_TEST

START_TEST(clone_reads_the_id_from_the_ledger)
	{
		struct oid a;
		const char *id;
		struct err err;

		box_make();
		a = box_commit("a", NULL);
		box_enter(MAIN, NULL, &a, "s", TRANSITION_ENTRY, T0);
		ck_assert_int_eq(repository_id(&unit_arena, box, &id, &err), 0);
		scratch_sh("rm -r r.git/stagegate");
		box_open(&look);
		ck_assert_str_eq(look.view.repository_id, id);
		box_close(&look);
	}
END_TEST

START_TEST(later_format_is_not_written)
	{
		static const struct treestore_edit edit = { "meta/format",
			"2\n", 2 };
		struct treestore_commit commit = {
			.message = "x", .name = "x", .email = "x", .time = T0
		};
		struct oid a, tree, id, none = { { 0 } };
		struct append append;
		struct plan *plan;
		struct err err = { 0 };

		box_make();
		a = box_commit("a", NULL);
		ck_assert_int_eq(
		    treestore_write(treestore_open(&unit_arena, box, &none),
			&edit, 1, &tree, &err),
		    0);
		ck_assert_int_eq(
		    treestore_commit(box, &tree, &none, &commit, &id, &err), 0);
		plan = box_plan("alice", T0);
		box_update(plan, MAIN, NULL, &a, "s", TRANSITION_ENTRY);
		box_set_ref(LEDGER_REF, &id);
		append = append_of_plan(&unit_arena, plan);
		append.push = "-";
		append.updates[append.n++] = (struct append_update){
			&plan->refs[0], PASSAGE_ACCEPTED
		};
		ck_assert_int_eq(
		    ledger_append(&unit_arena, box, &append, T0, NULL, &err),
		    -1);
		ck_assert_ptr_nonnull(strstr(err.text, "later version"));
	}
END_TEST

START_TEST(times_never_decrease)
	{
		struct oid a, b;

		box_make();
		a = box_commit("a", NULL);
		b = box_commit("b", &a);
		ck_assert_int_eq(
		    box_enter(MAIN, NULL, &a, "s", TRANSITION_ENTRY, T0), T0);
		ck_assert_int_eq(
		    box_enter(MAIN, &a, &b, "s", TRANSITION_ENTRY, T0 - 5000),
		    T0);
		ck_assert_int_eq(box_passages(&b).v[0].at, T0);
		ck_assert_uint_eq(box_entries(), 2);
	}
END_TEST

START_TEST(same_push_is_recorded_once)
	{
		struct oid a, b;
		struct plan *plan, *other;

		box_make();
		a = box_commit("a", NULL);
		b = box_commit("b", &a);
		plan = box_plan("alice", T0);
		box_update(plan, MAIN, NULL, &a, "s", TRANSITION_ENTRY);
		box_update(
		    plan, "refs/tags/x", NULL, &a, "-", TRANSITION_OTHER);
		box_statement(plan, "bob", "review", &a, "");
		other = box_plan("bob", T0);
		box_update(other, STAGING, NULL, &b, "s", TRANSITION_ENTRY);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		box_append(other, PASSAGE_ACCEPTED, T0);
		box_append(plan, PASSAGE_RECOVERED, T0 + 1);
		box_append(other, PASSAGE_RECOVERED, T0 + 1);
		ck_assert_uint_eq(box_entries(), 2);
		ck_assert_uint_eq(box_passages(&a).n, 1);
		ck_assert_uint_eq(box_evidence(&a, "review").n, 1);
		/* What it did not record before, it does. */
		box_update(
		    plan, "refs/heads/x", NULL, &b, "s", TRANSITION_ENTRY);
		box_append(plan, PASSAGE_RECOVERED, T0 + 2);
		ck_assert_uint_eq(box_entries(), 3);
		ck_assert_uint_eq(box_passages(&a).n, 1);
		ck_assert_uint_eq(box_passages(&b).n, 2);
	}
END_TEST

static unsigned long loose_objects(void)
{
	return strtoul(
	    scratch_sh("find r.git/objects -type f | wc -l"), NULL, 10);
}

/* Ten records or a thousand: an append writes the same few objects. */
START_TEST(push_of_many_refs_is_several_commits_and_slows_nothing)
	{
		struct oid first, second, third;
		unsigned long before, few;
		struct plan *plan;
		size_t n = APPEND_UPDATES_MAX + 100;

		box_make();
		first = box_commit("a", NULL);
		second = box_commit("b", &first);
		third = box_commit("c", &second);
		box_enter(MAIN, NULL, &first, "s", TRANSITION_ENTRY, T0);
		before = loose_objects();
		box_enter(MAIN, &first, &second, "s", TRANSITION_ENTRY, T0);
		few = loose_objects() - before;
		ck_assert_uint_lt(few, 15);
		plan = box_plan("alice", T0);
		for (size_t i = 0; i < n; i++)
			box_update(plan,
			    arena_printf(&unit_arena, "refs/heads/f/%zu", i),
			    NULL, &first, "s", TRANSITION_ENTRY);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		ck_assert_uint_eq(box_entries(), 4);
		ck_assert_uint_eq(box_passages(&first).n, n + 1);
		ck_assert_uint_eq(box_entries_of(plan->refs[n - 1].ref).n, 1);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		ck_assert_uint_eq(box_entries(), 4);
		before = loose_objects();
		box_enter(MAIN, &second, &third, "s", TRANSITION_ENTRY, T0);
		/* A folder that now holds something is one tree more. */
		ck_assert_uint_le(loose_objects() - before, few + 4);
	}
END_TEST

START_TEST(ref_names_that_would_break_a_trailer_are_refused)
	{
		struct oid a;
		struct plan *plan;
		struct append append;
		struct err err = { 0 };
		const char *const names[] = { "refs/heads/a b",
			"refs/heads/a\nPush: x", "refs/heads/\xff" };

		box_make();
		a = box_commit("a", NULL);
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			plan = box_plan("alice", T0);
			box_update(
			    plan, names[i], NULL, &a, "-", TRANSITION_OTHER);
			append = append_of_plan(&unit_arena, plan);
			append.updates[append.n++] = (struct append_update){
				&plan->refs[0], PASSAGE_ACCEPTED
			};
			ck_assert_int_eq(ledger_append(&unit_arena, box,
					     &append, T0, NULL, &err),
			    -1);
			ck_assert_int_eq(err.kind, ERR_FORMAT);
		}
		box_open(&look);
		ck_assert(oid_is_zero(ledger_tip(look.ledger)));
		box_close(&look);
	}
END_TEST

START_TEST(names_of_people_break_no_trailer)
	{
		struct oid a;
		struct plan *plan;
		struct log_record record;
		struct oid tip;
		struct err err = { 0 };

		box_make();
		a = box_commit("a", NULL);
		plan = box_plan("eve\nPush: 1\n\nUpdate: x", T0);
		plan->flow = "our flow\n2";
		box_update(plan, MAIN, NULL, &a, "s", TRANSITION_ENTRY);
		box_statement(plan, "a b\n\xc3\xa4", "review", &a, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		tip = box_ref(LEDGER_REF);
		ck_assert_msg(
		    log_read(&unit_arena, box, &tip, &record, &err) == 0, "%s",
		    err.text);
		ck_assert_str_eq(record.push, plan->id);
		ck_assert_uint_eq(record.updates.n, 1);
		ck_assert_uint_eq(record.evidence.n, 1);
		ck_assert_str_eq(record.version, "1.0.0");
		/* Where it counts the name is what it is. */
		ck_assert_str_eq(
		    box_evidence(&a, "review").v[0].person, "a b\n\xc3\xa4");
		ck_assert_str_eq(box_passages(&a).v[0].by, plan->pusher);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("append");
	TCase *tcase = box_case(suite, "append");

	tcase_add_test(tcase, empty_ledger_has_nothing);
	tcase_add_test(tcase, push_is_one_commit_with_its_trailers);
	tcase_add_test(tcase, note_is_what_people_read);
	tcase_add_test(tcase, first_append_brings_meta_and_policy);
	tcase_add_test(tcase, clone_reads_the_id_from_the_ledger);
	tcase_add_test(tcase, later_format_is_not_written);
	tcase_add_test(tcase, times_never_decrease);
	tcase_add_test(tcase, same_push_is_recorded_once);
	tcase_add_test(
	    tcase, push_of_many_refs_is_several_commits_and_slows_nothing);
	tcase_add_test(tcase, ref_names_that_would_break_a_trailer_are_refused);
	tcase_add_test(tcase, names_of_people_break_no_trailer);
	return unit_main(suite);
}
