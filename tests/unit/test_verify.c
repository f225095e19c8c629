#include "record/verify.h"

#include <string.h>

#include "git/objects.h"
#include "git/refs.h"
#include "git/treestore.h"
#include "support/scratchledger.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define MAIN "refs/heads/main"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

/* What was told, one line each. */
struct told {
	struct strings findings;
	size_t unshown;
	struct verify_count count;
};

static void tell(void *ctx, enum verify_kind kind, const struct oid *commit,
    const char *text)
{
	struct told *told = ctx;

	ck_assert(!oid_is_zero(commit));
	if (kind == VERIFY_FINDING)
		ARRAY_PUSH(&unit_arena, &told->findings,
		    arena_strdup(&unit_arena, text));
	else
		told->unshown++;
}

static struct oid tip_of_ledger(void)
{
	return box_ref(LEDGER_REF);
}

static struct told verify(void)
{
	struct told told = { .unshown = 0 };
	const struct verify_sink sink = { .tell = tell, .ctx = &told };
	const struct oid tip = tip_of_ledger();
	struct err err = { 0 };

	ck_assert_int_eq(
	    verify_ledger(&unit_arena, box, &tip, &sink, &told.count, &err), 0);
	return told;
}

/* Is there one finding, with these words? */
static void ck_found(const char *words)
{
	struct told told = verify();

	ck_assert_uint_eq(told.findings.n, 1);
	ck_assert_msg(strstr(told.findings.v[0], words) != NULL, "%s",
	    told.findings.v[0]);
}

static struct oid a, b;

/* Two entries of main under a policy, and a statement about the second. */
static void make_story(void)
{
	struct plan *plan;

	box_make();
	a = box_commit("a", NULL);
	b = box_commit("b", &a);
	box_enter(MAIN, NULL, &a, "s", TRANSITION_CREATE, T0);
	box_enter(MAIN, &a, &b, "s", TRANSITION_ENTRY, T0 + 1);
	plan = box_plan("ci", T0 + 2);
	box_statement(plan, "ci", "tests", &b, "");
	box_append(plan, PASSAGE_ACCEPTED, T0 + 2);
}

/* ---- the ledger ------------------------------------------------------- */

START_TEST(honest_ledger_holds_up)
	{
		struct told told;

		make_story();
		told = verify();
		ck_assert_uint_eq(told.count.records, 3);
		for (size_t i = 0; i < told.findings.n; i++)
			ck_abort_msg("%s", told.findings.v[i]);
		ck_assert_uint_eq(told.unshown, 0);
	}
END_TEST

START_TEST(subject_that_is_gone_is_no_finding)
	{
		struct told told;

		make_story();
		scratch_sh("cd r.git && rm -f objects/%.2s/%s", oid_hex(&b).s,
		    oid_hex(&b).s + 2);
		box_reopen();
		told = verify();
		ck_assert_uint_eq(told.findings.n, 0);
		ck_assert_uint_eq(told.unshown, 1);
	}
END_TEST

/* A commit on the ledger, in the server's name, that changes one file. */
static void forge(const char *path, const char *bytes, const char *message)
{
	const struct oid parent = tip_of_ledger();
	const struct treestore_commit commit = { .message = message,
		.name = "stagegate",
		.email = "stagegate@box",
		.time = T0 + 3 };
	const struct treestore_edit edit = { path, bytes,
		bytes ? strlen(bytes) : 0 };
	struct oid root, tip;
	struct ledger *ledger;
	struct err err;

	ck_assert_int_eq(ledger_open(&unit_arena, box, &ledger, &err), 0);
	ck_assert_int_eq(
	    treestore_write(ledger_tree(ledger), &edit, 1, &root, &err), 0);
	ck_assert_int_eq(
	    treestore_commit(box, &root, &parent, &commit, &tip, &err), 0);
	ck_assert_int_eq(
	    ref_update(box, LEDGER_REF, &parent, &tip, "forged", &err), 0);
}

START_TEST(entry_of_nothing_is_found)
	{
		struct told told;

		make_story();
		forge("notes.txt", "x\n", "nothing\n\nPusher: -\nPush: -\n");
		told = verify();
		ck_assert_uint_eq(told.findings.n, 2);
		ck_assert_str_eq(told.findings.v[0], "it records nothing");
		ck_assert_str_eq(told.findings.v[1],
		    "'notes.txt' was added, and nothing explains it");
	}
END_TEST

START_TEST(trailers_of_other_words_are_found)
	{
		make_story();
		forge("notes.txt", NULL, "x\n\nUpdate: one two\n");
		ck_found("cannot read its trailer 'Update'");
	}
END_TEST

/* ---- the ledger as it was --------------------------------------------- */

START_TEST(ledger_is_opened_as_it_was)
	{
		struct ref_record *record;
		struct ledger *ledger;
		struct oid first, none = { { 0 } };
		struct err err;

		box_make();
		a = box_commit("a", NULL);
		b = box_commit("b", &a);
		box_enter(MAIN, NULL, &a, "s", TRANSITION_CREATE, T0);
		first = tip_of_ledger();
		box_enter(MAIN, &a, &b, "s", TRANSITION_ENTRY, T0 + 1);
		ck_assert_int_eq(
		    ledger_open_at(&unit_arena, box, &first, &ledger, &err), 0);
		ck_assert(oid_eq(ledger_tip(ledger), &first));
		ck_assert_int_eq(ledger_time(ledger), T0);
		ck_assert_int_eq(
		    ledger_ref(ledger, &unit_arena, MAIN, &record, &err), 0);
		ck_assert(oid_eq(&record->tip, &a));
		ck_assert_int_eq(
		    ledger_open_at(&unit_arena, box, &none, &ledger, &err), 0);
		ck_assert_int_eq(
		    ledger_ref(ledger, &unit_arena, MAIN, &record, &err), 0);
		ck_assert_ptr_null(record);
	}
END_TEST

START_TEST(hash_is_that_of_the_written_object)
	{
		struct oid hashed, written;
		struct err err;

		box_make();
		ck_assert_int_eq(
		    object_hash(OBJECT_TAG, "bytes", 5, &hashed, &err), 0);
		ck_assert_int_eq(
		    object_write(box, OBJECT_TAG, "bytes", 5, &written, &err),
		    0);
		ck_assert(oid_eq(&hashed, &written));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify");
	TCase *tcase;

	tcase = box_case(suite, "ledger");
	tcase_add_test(tcase, honest_ledger_holds_up);
	tcase_add_test(tcase, subject_that_is_gone_is_no_finding);
	tcase_add_test(tcase, entry_of_nothing_is_found);
	tcase_add_test(tcase, trailers_of_other_words_are_found);
	tcase = box_case(suite, "past");
	tcase_add_test(tcase, ledger_is_opened_as_it_was);
	tcase_add_test(tcase, hash_is_that_of_the_written_object);
	return unit_main(suite);
}
