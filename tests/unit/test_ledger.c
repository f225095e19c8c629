#include "record/ledger.h"

#include <string.h>

#include "git/objects.h"
#include "git/treestore.h"
#include "record/entryfile.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define MAIN "refs/heads/main"
#define STAGING "refs/heads/staging"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

static struct box_view look;

/* ---- entries --------------------------------------------------------- */

START_TEST(entries_are_newest_first)
	{
		struct oid a, b, c;
		struct view_entry_records found;
		struct plan *plan;
		struct err err;

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
		found = box_entries_of(MAIN);
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
		for (size_t max = 0; max < 3; max++) {
			box_open(&look);
			ck_assert_int_eq(
			    look.view.entries(look.view.ledger, &unit_arena,
				MAIN, max, &found, &err),
			    0);
			ck_assert_uint_eq(found.n, max);
			box_close(&look);
		}
		/* A deletion leaves no note, and withdraws nothing. */
		ck_assert_uint_eq(box_passages(&c).n, 1);
		ck_assert(!box_passages(&c).v[0].withdrawn);
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
		ck_assert_uint_eq(box_entries_of(MAIN).n, 5);
		ck_assert_uint_eq(box_passages(&a).n, 3);
		box_fsck();
	}
END_TEST

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

/* ---- squashes, incidents --------------------------------------------- */

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
		ck_assert_uint_eq(box_passages(&a).n, 1); /* still readable */
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

/* Asked for twice: what is kept must be what was read. */
static struct view_reverts reverts(void)
{
	struct view_reverts first, second;
	struct err err = { 0 };

	box_open(&look);
	ck_assert_msg(
	    look.view.reverts(look.view.ledger, &unit_arena, &first, &err) == 0,
	    "%s", err.text);
	ck_assert_int_eq(
	    look.view.reverts(look.view.ledger, &unit_arena, &second, &err), 0);
	ck_assert_uint_eq(first.n, second.n);
	ck_assert_ptr_eq(first.v, second.v);
	box_close(&look);
	return first;
}

START_TEST(reverts_come_from_incidents)
	{
		static struct incident_opening rewind, bypass;
		struct plan *plan;
		struct view_reverts found;
		struct err err;

		make_line();
		ck_assert_uint_eq(reverts().n, 0);
		plan = box_plan("dana", T0);
		box_rollback(plan, MAIN, &b, &a, &c, "root-cause");
		rewind = *box_opening(INCIDENT_ROLLBACK, "x", NULL);
		rewind.rewind = true;
		box_update(
		    plan, "refs/heads/x", &b, &a, "s", TRANSITION_ROLLBACK)
		    ->opening = &rewind;
		bypass = *box_opening(INCIDENT_BYPASS, "x", "root-cause");
		box_update(plan, "refs/heads/y", &a, &b, "s", TRANSITION_MERGE)
		    ->opening = &bypass;
		box_append(plan, PASSAGE_ACCEPTED, T0);
		found = reverts();
		ck_assert_uint_eq(found.n, 1);
		ck_assert(oid_eq(&found.v[0].commit, &c));
		ck_assert(oid_eq(&found.v[0].from, &b));
		ck_assert(oid_eq(&found.v[0].restored, &a));
		ck_assert_str_eq(found.v[0].ref, MAIN);
		/* A closed incident is a rollback as before. */
		box_close_incident(1, T0 + 1);
		ck_assert_uint_eq(reverts().n, 1);
		add_file("incidents/4", "kind: rollback\nstyle: revert\n");
		box_open(&look);
		ck_assert_int_eq(look.view.reverts(look.view.ledger,
				     &unit_arena, &found, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "incidents/4"));
		box_close(&look);
	}
END_TEST

/* ---- evidence -------------------------------------------------------- */

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
		found = box_evidence(&b, "review");
		ck_assert_uint_eq(found.n, 1);
		ck_assert_str_eq(found.v[0].person, "bob");
		ck_assert_str_eq(found.v[0].digest, one->digest);
		ck_assert_str_eq(found.v[0].matrix, "acme");
		ck_assert_str_eq(found.v[0].for_stage, "testing");
		ck_assert(found.v[0].has_expires);
		ck_assert(!found.v[0].this_push);
		ck_assert(oid_eq(&found.v[0].commit, &b));
		ck_assert_int_eq(found.v[0].at, T0);
		found = box_evidence(&tree, "review");
		ck_assert_uint_eq(found.n, 2);
		ck_assert_str_eq(found.v[0].person, "bob");
		ck_assert_str_eq(found.v[1].person, "carol");
		ck_assert_str_eq(found.v[1].digest, two->digest);
		ck_assert(oid_eq(&found.v[1].commit, &same));
		ck_assert_uint_eq(box_evidence(&tree, "coverage").n, 1);
		ck_assert_uint_eq(box_evidence(&a, "review").n, 0);
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

START_TEST(statement_is_found_by_change)
	{
		static const char one[] =
		    "0123456789abcdef0123456789abcdef01234567";
		static const char two[] =
		    "0123456789abcdef0123456789abcdef01234568";
		struct oid of_one = scratch_hex(one), of_two = scratch_hex(two);
		struct view_evidences found;
		struct plan_ref *ref;
		struct plan *plan;

		make_line();
		plan = box_plan("bob", T0);
		ref = box_statement(plan, "bob", "review", &b, "");
		ARRAY_PUSH(&unit_arena, &ref->patches, one);
		ARRAY_PUSH(&unit_arena, &ref->patches, two);
		box_statement(plan, "bob", "coverage", &b, "");
		box_append(plan, PASSAGE_ACCEPTED, T0);
		plan = box_plan("carol", T0 + 9);
		ref = box_statement(plan, "carol", "review", &c, "");
		ARRAY_PUSH(&unit_arena, &ref->patches, two);
		box_append(plan, PASSAGE_ACCEPTED, T0 + 9);
		found = box_evidence(&of_one, "review");
		ck_assert_uint_eq(found.n, 1);
		ck_assert_str_eq(found.v[0].person, "bob");
		ck_assert(oid_eq(&found.v[0].commit, &b));
		found = box_evidence(&of_two, "review");
		ck_assert_uint_eq(found.n, 2);
		ck_assert_str_eq(found.v[0].person, "bob");
		ck_assert_str_eq(found.v[1].person, "carol");
		ck_assert(oid_eq(&found.v[1].commit, &c));
		ck_assert_uint_eq(box_evidence(&of_one, "coverage").n, 0);
		ck_assert_str_eq(
		    box_file(ledger_path(&unit_arena, "patches/", one)),
		    arena_printf(&unit_arena,
			"evidence:\n- gate: review\n  by: bob\n"
			"  digest: %s\n  commit: %s\n",
			box_evidence(&b, "review").v[0].digest, oid_hex(&b).s));
	}
END_TEST

/* The change of b was merged since, so that what is said of it later is listed
 * nowhere: the pass must not outlive it all the same. */
START_TEST(statement_found_by_change_can_be_taken_back)
	{
		static const char one[] =
		    "0123456789abcdef0123456789abcdef01234567";
		struct oid of_one = scratch_hex(one);
		struct view_evidences found;
		struct plan_ref *ref;
		struct plan *plan;

		make_line();
		plan = box_plan("bob", T0);
		ref = box_statement(plan, "bob", "review", &b, "");
		ARRAY_PUSH(&unit_arena, &ref->patches, one);
		box_append(plan, PASSAGE_ACCEPTED, T0);
		plan = box_plan("carol", T0 + 20);
		ref = box_statement(plan, "carol", "review", &c, "");
		ARRAY_PUSH(&unit_arena, &ref->patches, one);
		box_append(plan, PASSAGE_ACCEPTED, T0 + 20);
		plan = box_plan("bob", T0 + 9);
		ref = box_statement(plan, "bob", "review", &b, "run: x\n");
		ref->result = EVIDENCE_REVOKE;
		box_append(plan, PASSAGE_ACCEPTED, T0 + 30);
		plan = box_plan("dana", T0 + 40);
		box_statement(plan, "dana", "review", &b, "run: y\n");
		box_append(plan, PASSAGE_ACCEPTED, T0 + 40);
		found = box_evidence(&of_one, "review");
		ck_assert_uint_eq(found.n, 3);
		ck_assert_str_eq(found.v[1].person, "carol");
		ck_assert_str_eq(found.v[2].person, "bob");
		ck_assert_int_eq(found.v[2].result, EVIDENCE_REVOKE);
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
		ck_assert_str_eq(
		    box_evidence(&b, "review").v[1].person, "carol");
		ck_assert_str_eq(
		    box_evidence(&tree, "review").v[0].person, "bob");
		ck_assert_str_eq(
		    box_evidence(&tree, "review").v[1].person, "carol");
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
		ck_assert_uint_eq(box_evidence(&b, "review").n, 0);
		ck_assert_uint_eq(box_passages(&d).n, 1);
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

/* ---- damage ---------------------------------------------------------- */

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
		ck_assert_uint_eq(box_passages(&e).n, 1);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *tcase;

	tcase = box_case(suite, "entries");
	tcase_add_test(tcase, entries_are_newest_first);
	tcase_add_test(tcase, old_entries_outlive_gc);
	tcase = box_case(suite, "incidents");
	tcase_add_test(tcase, squash_and_candidate_are_a_pair);
	tcase_add_test(tcase, reverts_come_from_incidents);
	tcase = box_case(suite, "evidence");
	tcase_add_test(tcase, statement_is_found_by_commit_and_tree);
	tcase_add_test(tcase, statement_is_found_by_change);
	tcase_add_test(tcase, statement_found_by_change_can_be_taken_back);
	tcase_add_test(tcase, same_bytes_of_two_people_are_two_statements);
	tcase_add_test(tcase, statement_without_its_tag_is_left_out);
	tcase_add_test(tcase, altered_statement_is_an_error);
	tcase = box_case(suite, "damage");
	tcase_add_test(tcase, damaged_ledger_is_an_error_and_not_an_empty_one);
	tcase_add_test(tcase, note_keeps_what_it_does_not_know);
	return unit_main(suite);
}
