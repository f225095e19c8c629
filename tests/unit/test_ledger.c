#include "record/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "git/objects.h"
#include "git/treestore.h"
#include "record/append.h"
#include "record/entryfile.h"
#include "record/log.h"
#include "record/repoid.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define MAIN "refs/heads/main"
#define STAGING "refs/heads/staging"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

static struct box_view look;

static struct view_passages passages(const struct oid *commit)
{
	struct view_passages ret = { NULL, 0, 0 };
	struct err err = { 0 };

	box_open(&look);
	ck_assert_msg(look.view.passages(look.view.ledger, &unit_arena, commit,
			  &ret, &err) == 0,
	    "%s", err.text);
	box_close(&look);
	return ret;
}

static struct view_entry_records entries(const char *ref, size_t max)
{
	struct view_entry_records ret = { NULL, 0, 0 };
	struct err err = { 0 };

	box_open(&look);
	ck_assert_msg(look.view.entries(look.view.ledger, &unit_arena, ref, max,
			  &ret, &err) == 0,
	    "%s", err.text);
	box_close(&look);
	return ret;
}

static struct view_evidences evidence(
    const struct oid *subject, const char *gate)
{
	struct view_evidences ret = { NULL, 0, 0 };
	struct err err = { 0 };

	box_open(&look);
	ck_assert_msg(look.view.evidence(look.view.ledger, &unit_arena, subject,
			  gate, &ret, &err) == 0,
	    "%s", err.text);
	box_close(&look);
	return ret;
}

/* ---- what an append leaves ----------------------------------------------- */

START_TEST(empty_ledger_has_nothing)
	{
		struct oid c;
		int64_t time = 1;
		struct err err;
		bool seen;

		box_make();
		c = box_commit("a", NULL);
		ck_assert_uint_eq(passages(&c).n, 0);
		ck_assert_uint_eq(entries(MAIN, 10).n, 0);
		ck_assert_uint_eq(evidence(&c, "review").n, 0);
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
		struct plan_policy include = { "people.yml", NULL,
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
		box_set_ref(LEDGER_REF, &id);
		plan = box_plan("alice", T0);
		box_update(plan, MAIN, NULL, &a, "s", TRANSITION_ENTRY);
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
		ck_assert_int_eq(passages(&b).v[0].at, T0);
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
		ck_assert_uint_eq(passages(&a).n, 1);
		ck_assert_uint_eq(evidence(&a, "review").n, 1);
		/* What it did not record before, it does. */
		box_update(
		    plan, "refs/heads/x", NULL, &b, "s", TRANSITION_ENTRY);
		box_append(plan, PASSAGE_RECOVERED, T0 + 2);
		ck_assert_uint_eq(box_entries(), 3);
		ck_assert_uint_eq(passages(&a).n, 1);
		ck_assert_uint_eq(passages(&b).n, 2);
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
		ck_assert_uint_eq(passages(&first).n, n + 1);
		ck_assert_uint_eq(entries(plan->refs[n - 1].ref, 10).n, 1);
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
		    evidence(&a, "review").v[0].person, "a b\n\xc3\xa4");
		ck_assert_str_eq(passages(&a).v[0].by, plan->pusher);
	}
END_TEST

/* ---- entries --------------------------------------------------------------
 */

START_TEST(entries_are_newest_first)
	{
		struct oid a, b, c;
		struct view_entry_records found;
		struct plan *plan;

		box_make();
		a = box_commit("a", NULL);
		b = box_commit("b", &a);
		c = box_commit("c", &b);
		box_enter(MAIN, NULL, &a, "dev", TRANSITION_ENTRY, T0);
		plan = box_plan("bob", T0 + 1);
		box_update(plan, MAIN, &a, &c, "dev", TRANSITION_MERGE)
		    ->candidate = b;
		box_append(plan, PASSAGE_WARNED, T0 + 1);
		box_enter(MAIN, &c, NULL, "dev", TRANSITION_DELETE, T0 + 2);
		found = entries(MAIN, 10);
		ck_assert_uint_eq(found.n, 3);
		ck_assert(oid_is_zero(&found.v[0].tip));
		ck_assert_int_eq(found.v[0].kind, TRANSITION_DELETE);
		ck_assert(oid_eq(&found.v[1].tip, &c));
		ck_assert(oid_eq(&found.v[1].candidate, &b));
		ck_assert_int_eq(found.v[1].state, PASSAGE_WARNED);
		ck_assert_str_eq(found.v[1].by, "bob");
		ck_assert_int_eq(found.v[1].at, T0 + 1);
		ck_assert(oid_eq(&found.v[2].candidate, &a));
		ck_assert_str_eq(found.v[2].stage, "dev");
		ck_assert_uint_eq(entries(MAIN, 1).n, 1);
		ck_assert_uint_eq(entries(MAIN, 0).n, 0);
		/* A deletion leaves no note, and withdraws nothing. */
		ck_assert_uint_eq(passages(&c).n, 1);
		ck_assert(!passages(&c).v[0].withdrawn);
	}
END_TEST

START_TEST(old_entries_outlive_gc)
	{
		struct oid a, b;

		box_make();
		a = box_commit("a", NULL);
		b = box_commit("b", &a);
		for (int i = 0; i < 5; i++)
			box_enter(MAIN, i & 1 ? &a : &b, i & 1 ? &b : &a, "s",
			    TRANSITION_ENTRY, T0 + i);
		scratch_sh("git -C r.git gc -q --prune=now");
		box_reopen();
		ck_assert_uint_eq(entries(MAIN, 10).n, 5);
		ck_assert_uint_eq(passages(&a).n, 3);
		box_fsck();
	}
END_TEST

/* ---- withdrawn ------------------------------------------------------------
 */

static bool is_withdrawn(const struct oid *commit, size_t passage)
{
	struct view_passages found = passages(commit);

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
		ck_assert_uint_eq(passages(&c).n, 2);
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
			struct view_passages found = passages(&h->ids[i]);
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

/* ---- squashes, incidents ---------------------------------------------------
 */

START_TEST(squash_and_candidate_are_a_pair)
	{
		struct plan_squash pairs[2];
		struct plan *plan;
		struct plan_ref *ref;
		struct oids found;
		struct err err;

		make_line();
		pairs[0] = (struct plan_squash){ b, a };
		pairs[1] = (struct plan_squash){ c, d };
		plan = box_plan("alice", T0);
		ref = box_update(plan, STAGING, &a, &c, "t", TRANSITION_SQUASH);
		ref->candidate = d;
		ref->squashes = pairs;
		ref->nsquashes = 2;
		box_append(plan, PASSAGE_ACCEPTED, T0);
		box_open(&look);
		ck_assert_int_eq(look.view.squashes(look.view.ledger,
				     &unit_arena, &d, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, 1);
		ck_assert(oid_eq(&found.v[0], &c));
		ck_assert_int_eq(look.view.squashes(look.view.ledger,
				     &unit_arena, &a, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, 1);
		ck_assert_int_eq(look.view.squashes(look.view.ledger,
				     &unit_arena, &c, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, 0);
		box_close(&look);
		ck_assert_uint_eq(passages(&a).n, 1); /* still readable */
	}
END_TEST

static void add_file(const char *path, const char *text)
{
	struct treestore_edit edit = { path, text, strlen(text) };
	struct treestore_commit commit = {
		.message = "x", .name = "x", .email = "x", .time = T0
	};
	struct oid tree, id;
	struct err err = { 0 };

	box_open(&look);
	ck_assert_int_eq(
	    treestore_write(ledger_tree(look.ledger), &edit, 1, &tree, &err),
	    0);
	ck_assert_int_eq(treestore_commit(box, &tree, ledger_tip(look.ledger),
			     &commit, &id, &err),
	    0);
	box_set_ref(LEDGER_REF, &id);
	box_close(&look);
}

START_TEST(reverts_come_from_incidents)
	{
		struct view_reverts found;
		struct err err;
		const char *hex;

		make_line();
		box_open(&look);
		ck_assert_int_eq(look.view.reverts(look.view.ledger,
				     &unit_arena, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, 0);
		box_close(&look);
		hex = oid_hex(&a).s;
		add_file("incidents/1",
		    arena_printf(&unit_arena,
			"kind: rollback\nstyle: revert\ncommit: %s\nfrom: %s\n"
			"restored: %s\nref: refs/heads/main\nreason: \"x: "
			"y\"\n",
			hex, hex, hex));
		add_file("incidents/2",
		    "kind: rollback\nstyle: rewind\nref: refs/heads/main\n");
		add_file("incidents/3", "kind: bypass\nref: refs/heads/main\n");
		box_open(&look);
		ck_assert_int_eq(look.view.reverts(look.view.ledger,
				     &unit_arena, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, 1);
		ck_assert(oid_eq(&found.v[0].restored, &a));
		ck_assert_str_eq(found.v[0].ref, MAIN);
		box_close(&look);
		add_file("incidents/4", "kind: rollback\nstyle: revert\n");
		box_open(&look);
		ck_assert_int_eq(look.view.reverts(look.view.ledger,
				     &unit_arena, &found, &err),
		    -1);
		box_close(&look);
	}
END_TEST

/* ---- evidence ---------------------------------------------------------------
 */

START_TEST(statement_is_found_by_commit_and_tree)
	{
		struct oid same, tree;
		struct plan *plan;
		struct view_evidences found;
		const struct plan_ref *one, *two;
		bool seen;
		struct err err;

		make_line();
		same = box_commit("b", &d); /* another commit, b's tree */
		tree = scratch_oid("r.git",
		    arena_printf(&unit_arena, "%s^{tree}", oid_hex(&b).s));
		plan = box_plan("bob", T0);
		one = box_statement(plan, "bob", "review", &b,
		    "for: testing\nmatrix: acme\n"
		    "expires: 2026-12-22T00:00:00Z\n");
		box_statement(plan, "bob", "coverage", &b, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		plan = box_plan("carol", T0 + 9);
		two = box_statement(plan, "carol", "review", &same, "");
		box_append(plan, PASSAGE_ACCEPTED, T0 + 9);
		found = evidence(&b, "review");
		ck_assert_uint_eq(found.n, 1);
		ck_assert_str_eq(found.v[0].person, "bob");
		ck_assert_str_eq(found.v[0].digest, one->digest);
		ck_assert_str_eq(found.v[0].matrix, "acme");
		ck_assert_str_eq(found.v[0].for_stage, "testing");
		ck_assert(found.v[0].has_expires);
		ck_assert(!found.v[0].this_push);
		ck_assert(oid_eq(&found.v[0].commit, &b));
		ck_assert_int_eq(found.v[0].at, T0);
		found = evidence(&tree, "review");
		ck_assert_uint_eq(found.n, 2);
		ck_assert_str_eq(found.v[0].person, "bob");
		ck_assert_str_eq(found.v[1].person, "carol");
		ck_assert_str_eq(found.v[1].digest, two->digest);
		ck_assert(oid_eq(&found.v[1].commit, &same));
		ck_assert_uint_eq(evidence(&tree, "coverage").n, 1);
		ck_assert_uint_eq(evidence(&a, "review").n, 0);
		box_open(&look);
		ck_assert_int_eq(look.view.seen(look.view.ledger,
				     one->replay_key, &seen, &err),
		    0);
		ck_assert(seen);
		box_close(&look);
		/* The tag's very bytes. */
		ck_assert_str_eq(box_file(ledger_evidence_path(
				     &unit_arena, &b, "review", one->digest)),
		    arena_printf(&unit_arena, "%s\n",
			scratch_sh("git -C r.git cat-file tag %s",
			    oid_hex(&one->tag).s)));
	}
END_TEST

START_TEST(same_bytes_of_two_people_are_two_statements)
	{
		struct plan *plan;
		struct oid tree;

		make_line();
		plan = box_plan("bob", T0);
		box_statement(plan, "bob", "review", &b, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		plan = box_plan("carol", T0);
		box_statement(plan, "carol", "review", &b, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		tree = scratch_oid("r.git",
		    arena_printf(&unit_arena, "%s^{tree}", oid_hex(&b).s));
		ck_assert_str_eq(evidence(&b, "review").v[1].person, "carol");
		ck_assert_str_eq(evidence(&tree, "review").v[0].person, "bob");
		ck_assert_str_eq(
		    evidence(&tree, "review").v[1].person, "carol");
	}
END_TEST

START_TEST(statement_without_its_tag_is_left_out)
	{
		struct plan *plan;

		make_line();
		plan = box_plan("bob", T0);
		box_statement(plan, "bob", "review", &b, "")->tag.b[0] ^= 1;
		box_update(plan, MAIN, &c, &d, "s", TRANSITION_ENTRY);
		box_append(plan, PASSAGE_RECOVERED, T0);
		ck_assert_uint_eq(evidence(&b, "review").n, 0);
		ck_assert_uint_eq(passages(&d).n, 1);
	}
END_TEST

START_TEST(altered_statement_is_an_error)
	{
		struct plan *plan;
		const struct plan_ref *one;
		struct view_evidences found;
		struct err err;

		make_line();
		plan = box_plan("bob", T0);
		one = box_statement(plan, "bob", "review", &b, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		add_file(ledger_evidence_path(
			     &unit_arena, &b, "review", one->digest),
		    "something else");
		box_open(&look);
		ck_assert_int_eq(look.view.evidence(look.view.ledger,
				     &unit_arena, &b, "review", &found, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		box_close(&look);
	}
END_TEST

/* ---- damage
 * ------------------------------------------------------------------ */

START_TEST(damaged_ledger_is_an_error_and_not_an_empty_one)
	{
		struct ledger *ledger;
		struct ref_record *record;
		struct note note;
		struct oid blob;
		struct err err = { 0 };

		make_line();
		add_file(ledger_note_path(&unit_arena, &c), "passages: 1\n");
		add_file(ledger_ref_path(&unit_arena, MAIN), "ref: 1\n");
		ck_assert_int_eq(
		    ledger_open(&unit_arena, box, &ledger, &err), 0);
		ck_assert_int_eq(
		    ledger_note(ledger, &unit_arena, &c, &note, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_int_eq(
		    ledger_ref(ledger, &unit_arena, MAIN, &record, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		/* A tree that is gone. */
		scratch_sh("cd r.git && t=$(git rev-parse %s:refs) && "
			   "rm -f objects/$(echo $t | cut -c1-2)/"
			   "$(echo $t | cut -c3-)",
		    LEDGER_REF);
		box_reopen();
		ck_assert_int_eq(
		    ledger_open(&unit_arena, box, &ledger, &err), 0);
		ck_assert_int_eq(
		    ledger_ref(ledger, &unit_arena, MAIN, &record, &err), -1);
		/* No commit at all. */
		ck_assert_int_eq(
		    object_write(box, OBJECT_BLOB, "x", 1, &blob, &err), 0);
		box_set_ref(LEDGER_REF, &blob);
		ck_assert_int_eq(
		    ledger_open(&unit_arena, box, &ledger, &err), -1);
	}
END_TEST

/* What a later version wrote into a note stays. */
START_TEST(note_keeps_what_it_does_not_know)
	{
		struct oid e;
		const char *text;

		make_line();
		e = box_commit("e", &c);
		add_file(ledger_note_path(&unit_arena, &e),
		    "passages: []\nevidence: []\nnew: thing\nlist:\n- x: 1\n");
		box_enter(MAIN, &c, &e, "s", TRANSITION_ENTRY, T0);
		text = box_file(ledger_note_path(&unit_arena, &e));
		ck_assert_ptr_nonnull(strstr(text,
		    "  entry: 4\nevidence: []\n"
		    "new: thing\nlist:\n- x: 1\n"));
		ck_assert_uint_eq(passages(&e).n, 1);
	}
END_TEST

static void add_cases(Suite *suite)
{
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
	tcase = box_case(suite, "entries");
	tcase_add_test(tcase, entries_are_newest_first);
	tcase_add_test(tcase, old_entries_outlive_gc);
	tcase_add_test(tcase, squash_and_candidate_are_a_pair);
	tcase_add_test(tcase, reverts_come_from_incidents);
	tcase_add_test(tcase, damaged_ledger_is_an_error_and_not_an_empty_one);
	tcase_add_test(tcase, note_keeps_what_it_does_not_know);
}

int main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *tcase;

	add_cases(suite);
	tcase = box_case(suite, "withdrawn");
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
	tcase = box_case(suite, "evidence");
	tcase_add_test(tcase, statement_is_found_by_commit_and_tree);
	tcase_add_test(tcase, same_bytes_of_two_people_are_two_statements);
	tcase_add_test(tcase, statement_without_its_tag_is_left_out);
	tcase_add_test(tcase, altered_statement_is_an_error);
	return unit_main(suite);
}
