#include "record/plan.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "record/planfile.h"
#include "record/repoid.h"
#include "support/scratchledger.h"
#include "support/unit.h"

static struct oid numbered(unsigned n)
{
	struct oid oid = { { 0 } };

	memcpy(oid.b, &n, sizeof(n));
	oid.b[OID_SIZE - 1] = 1;
	return oid;
}

/* A rollback with all that it may say, and a bypass with the least. */
static void add_openings(struct plan *plan)
{
	struct oid one = numbered(1), two = numbered(2);
	struct incident_opening *opening = box_opening(INCIDENT_ROLLBACK,
	    "INC-42: \"latency\" # \xc3\xa4 - yes", "root-cause");

	opening->rewind = true;
	opening->timeline = "true";
	ARRAY_PUSH(&unit_arena, &opening->then, "no");
	ARRAY_PUSH(&unit_arena, &opening->clients, "acme");
	ARRAY_PUSH(&unit_arena, &opening->clients, "globex");
	box_update(plan, "refs/heads/a", &one, &two, "s", TRANSITION_ROLLBACK)
	    ->opening = opening;
	box_update(plan, "refs/heads/b", &one, &two, "s", TRANSITION_MERGE)
	    ->opening = box_opening(INCIDENT_BYPASS, "x", NULL);
}

/* A plan with something in every place. */
static struct plan *full_plan(void)
{
	static struct plan_gate gates[] = { { "review", GATE_PASSED },
		{ "no", GATE_NOT_APPLICABLE }, { "size", GATE_WARNED } };
	static struct plan_squash squashes[1];
	static struct plan_policy include = { false, "people: 1.yml", NULL,
		"people: {}\n", 11 };
	struct plan *plan = box_plan("O'Neill: \"x\" #1", 1795407007);
	struct oid one = numbered(1), two = numbered(2);
	struct plan_ref *ref;

	include.digest = sha256_hex40(&unit_arena, include.text, include.len);
	plan->includes = &include;
	plan->nincludes = 1;
	plan->ledger = numbered(3);
	plan->cert = two;
	plan->cert_key = "4444444444444444444444444444444444444444";
	plan->sign_key = "/etc/stagegate/a key: with odd letters";
	ARRAY_PUSH(&unit_arena, &plan->options, "rollback=INC-42 50%");
	ARRAY_PUSH(&unit_arena, &plan->options, "\xff\x01\n: #\xc3\xa4");
	ARRAY_PUSH(&unit_arena, &plan->options, "");
	ARRAY_PUSH(&unit_arena, &plan->commands,
	    "0123456789abcdef0123456789abcdef01234567");
	ARRAY_PUSH(&unit_arena, &plan->commands,
	    "9876543210987654321098765432109876543210");
	ref = box_update(plan, "refs/heads/\xc3\xa4#1", &one, &two, "testing",
	    TRANSITION_SQUASH);
	ref->warned = true;
	ref->candidate = two;
	ref->gates = gates;
	ref->ngates = 3;
	ARRAY_PUSH(&unit_arena, &ref->digests,
	    "1111111111111111111111111111111111111111");
	ARRAY_PUSH(&unit_arena, &ref->keep, one);
	squashes[0] = (struct plan_squash){ two, one };
	ref->squashes = squashes;
	ref->nsquashes = 1;
	add_openings(plan);
	box_update(plan, "refs/heads/gone", &one, NULL, "-", TRANSITION_DELETE);
	ref = box_update(plan, "refs/evidence/review/x/1", NULL, &two, "-",
	    TRANSITION_OTHER);
	ref->is_evidence = true;
	ref->gate = "review";
	ref->person = "bob smith";
	ref->replay_key = "2222222222222222222222222222222222222222";
	ref->digest = "3333333333333333333333333333333333333333";
	ref->subject = one;
	ref->tag = two;
	ref->result = EVIDENCE_FAIL;
	ARRAY_PUSH(&unit_arena, &ref->patches,
	    "4444444444444444444444444444444444444444");
	ARRAY_PUSH(&unit_arena, &ref->patches,
	    "5555555555555555555555555555555555555555");
	return plan;
}

static void check_head(const struct plan *a, const struct plan *b)
{
	ck_assert_str_eq(a->id, b->id);
	ck_assert_int_eq(a->at, b->at);
	ck_assert_int_eq(a->lease_until, b->lease_until);
	ck_assert_int_eq(a->owner.known, b->owner.known);
	ck_assert(!a->owner.known || plan_owner_same(&a->owner, &b->owner));
	ck_assert_str_eq(a->owner.boot, b->owner.boot);
	ck_assert_str_eq(a->pusher, b->pusher);
	ck_assert(oid_eq(&a->cert, &b->cert));
	ck_assert_pstr_eq(a->cert_key, b->cert_key);
	ck_assert_pstr_eq(a->sign_key, b->sign_key);
	ck_assert_str_eq(a->flow, b->flow);
	ck_assert_str_eq(a->version, b->version);
	ck_assert_str_eq(a->policy_digest, b->policy_digest);
	ck_assert_str_eq(a->ground, b->ground);
	ck_assert(oid_eq(&a->ledger, &b->ledger));
	ck_assert_uint_eq(a->options.n, b->options.n);
	for (size_t i = 0; i < a->options.n; i++)
		ck_assert_str_eq(a->options.v[i], b->options.v[i]);
	ck_assert_uint_eq(a->commands.n, b->commands.n);
	for (size_t i = 0; i < a->commands.n; i++)
		ck_assert_str_eq(a->commands.v[i], b->commands.v[i]);
	ck_assert_uint_eq(a->nincludes, b->nincludes);
	for (size_t i = 0; i < a->nincludes; i++) {
		ck_assert_str_eq(a->includes[i].name, b->includes[i].name);
		ck_assert_str_eq(a->includes[i].digest, b->includes[i].digest);
	}
}

static void check_list(const struct strings *a, const struct strings *b)
{
	ck_assert_uint_eq(a->n, b->n);
	for (size_t i = 0; i < a->n; i++)
		ck_assert_str_eq(a->v[i], b->v[i]);
}

static void check_opening(
    const struct incident_opening *a, const struct incident_opening *b)
{
	ck_assert_int_eq(a != NULL, b != NULL);
	if (!a)
		return;
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->rewind, b->rewind);
	ck_assert_str_eq(a->reason, b->reason);
	ck_assert_pstr_eq(a->timeline, b->timeline);
	check_list(&a->then, &b->then);
	check_list(&a->overridden, &b->overridden);
	check_list(&a->clients, &b->clients);
}

static void check_ref(const struct plan_ref *a, const struct plan_ref *b)
{
	ck_assert_str_eq(a->stage, b->stage);
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->warned, b->warned);
	ck_assert(oid_eq(&a->candidate, &b->candidate));
	ck_assert_uint_eq(a->ngates, b->ngates);
	for (size_t i = 0; i < a->ngates; i++) {
		ck_assert_str_eq(a->gates[i].name, b->gates[i].name);
		ck_assert_int_eq(a->gates[i].state, b->gates[i].state);
	}
	ck_assert_uint_eq(a->digests.n, b->digests.n);
	for (size_t i = 0; i < a->digests.n; i++)
		ck_assert_str_eq(a->digests.v[i], b->digests.v[i]);
	ck_assert_uint_eq(a->keep.n, b->keep.n);
	for (size_t i = 0; i < a->keep.n; i++)
		ck_assert(oid_eq(&a->keep.v[i], &b->keep.v[i]));
	ck_assert_uint_eq(a->nsquashes, b->nsquashes);
	for (size_t i = 0; i < a->nsquashes; i++) {
		ck_assert(
		    oid_eq(&a->squashes[i].commit, &b->squashes[i].commit));
		ck_assert(oid_eq(
		    &a->squashes[i].candidate, &b->squashes[i].candidate));
	}
	check_opening(a->opening, b->opening);
	ck_assert_int_eq(a->is_evidence, b->is_evidence);
	if (!a->is_evidence)
		return;
	ck_assert_str_eq(a->gate, b->gate);
	ck_assert_str_eq(a->person, b->person);
	ck_assert_str_eq(a->replay_key, b->replay_key);
	ck_assert_str_eq(a->digest, b->digest);
	ck_assert(oid_eq(&a->subject, &b->subject));
	ck_assert(oid_eq(&a->tag, &b->tag));
	ck_assert_int_eq(a->result, b->result);
	ck_assert_uint_eq(a->patches.n, b->patches.n);
	for (size_t i = 0; i < a->patches.n; i++)
		ck_assert_str_eq(a->patches.v[i], b->patches.v[i]);
}

static struct plans read_plans(void)
{
	struct plans plans;
	struct err err = { 0 };

	ck_assert_msg(
	    plans_read(&unit_arena, box, &plans, &err) == 0, "%s", err.text);
	return plans;
}

START_TEST(plan_survives_the_disk)
	{
		struct plan *plan;
		struct plans plans;

		box_make();
		plan = full_plan();
		if (_i)
			plan->owner.known = false;
		box_write_plan(plan);
		plans = read_plans();
		ck_assert_uint_eq(plans.n, 1);
		check_head(plan, plans.v[0]);
		ck_assert_str_eq(plans.v[0]->policy_text, plan->policy_text);
		ck_assert_uint_eq(
		    plans.v[0]->policy_text_len, plan->policy_text_len);
		ck_assert_uint_eq(plans.v[0]->nrefs, plan->nrefs);
		for (size_t i = 0; i < plan->nrefs; i++) {
			const struct plan_ref *ref = &plan->refs[i];
			const struct plan_ref *read = plan_find_ref(
			    plans.v[0], ref->ref, &ref->old, &ref->new);

			ck_assert_ptr_nonnull(read);
			check_ref(ref, read);
		}
	}
END_TEST

START_TEST(plan_names_exactly_its_updates)
	{
		struct plan *plan;
		struct oid one = numbered(1), two = numbered(2);

		box_make();
		plan = box_plan("alice", 1000);
		box_update(
		    plan, "refs/heads/a", &one, &two, "s", TRANSITION_ENTRY);
		ck_assert_ptr_nonnull(
		    plan_find_ref(plan, "refs/heads/a", &one, &two));
		ck_assert_ptr_null(
		    plan_find_ref(plan, "refs/heads/b", &one, &two));
		ck_assert_ptr_null(
		    plan_find_ref(plan, "refs/heads/a", &two, &two));
		ck_assert_ptr_null(
		    plan_find_ref(plan, "refs/heads/a", &one, &one));
	}
END_TEST

START_TEST(plan_is_ours_alone)
	{
		struct plan *plan;
		struct stat st;

		box_make();
		plan = box_plan("alice", 1000);
		box_write_plan(plan);
		ck_assert_int_eq(stat(plan->path, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0600);
		ck_assert_int_eq(stat("r.git/stagegate", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0700);
		ck_assert_int_eq(stat("r.git/stagegate/plans", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0700);
	}
END_TEST

static void write_file(const char *path, const char *text, size_t len)
{
	struct err err = { 0 };

	ck_assert_msg(
	    file_replace(path, text, len, 0600, &err) == 0, "%s", err.text);
}

START_TEST(plan_is_the_groups_in_a_shared_repository)
	{
		static const char config[] =
		    "[core]\n\trepositoryformatversion = 0\n"
		    "\tbare = true\n\tsharedRepository = group\n";
		struct plan *plan;
		struct stat st;

		box_make();
		write_file("r.git/config", config, strlen(config));
		box_reopen();
		plan = box_plan("alice", 1000);
		box_write_plan(plan);
		ck_assert_int_eq(stat(plan->path, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0660);
		ck_assert_int_eq(stat("r.git/stagegate/plans", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 02770);
	}
END_TEST

START_TEST(plans_come_in_order_of_time)
	{
		struct plans plans;

		box_make();
		ck_assert_uint_eq(box_plans(), 0); /* no folder yet */
		for (int64_t at = 5; at > 0; at--)
			box_write_plan(box_plan("alice", at * 100));
		plans = read_plans();
		ck_assert_uint_eq(plans.n, 5);
		for (size_t i = 0; i < 5; i++)
			ck_assert_int_eq(
			    plans.v[i]->at, (int64_t)i * 100 + 100);
	}
END_TEST

START_TEST(plan_goes_once)
	{
		struct plan *plan;
		struct err err;

		box_make();
		plan = box_plan("alice", 1000);
		ck_assert_int_eq(plan_remove(plan, &err), 0);
		box_write_plan(plan);
		ck_assert_int_eq(plan_remove(plan, &err), 0);
		ck_assert_uint_eq(box_plans(), 0);
		ck_assert_int_eq(plan_remove(plan, &err), 0);
	}
END_TEST

START_TEST(half_written_plan_is_none)
	{
		box_make();
		box_write_plan(box_plan("alice", 1000));
		write_file("r.git/stagegate/plans/x.yml.00ff.tmp.", "id", 2);
		ck_assert_int_eq(rename("r.git/stagegate/plans/x.yml.00ff.tmp.",
				     "r.git/stagegate/plans/x.yml.00ff.tmp"),
		    0);
		ck_assert_uint_eq(box_plans(), 1);
	}
END_TEST

START_TEST(plan_that_is_cut_off_is_damaged)
	{
		struct plan *plan, read;
		const char *bytes;
		size_t len;
		struct err err;

		box_make();
		plan = full_plan();
		ck_assert_int_eq(
		    plan_format(&unit_arena, plan, &bytes, &len, &err), 0);
		for (size_t cut = 0; cut < len - 1; cut++) {
			ck_assert_int_eq(
			    plan_parse(&unit_arena, "x", bytes, cut,
				cut & 1 ? "refs/heads/a" : NULL, &read, &err),
			    -1);
			ck_assert_int_eq(err.kind, ERR_FORMAT);
		}
		ck_assert_int_eq(
		    plan_parse(&unit_arena, "x", bytes, len, NULL, &read, &err),
		    0);
	}
END_TEST

START_TEST(damaged_plan_is_an_error_that_names_it)
	{
		struct plan *plan;
		struct plans plans;
		struct err err;

		box_make();
		plan = box_plan("alice", 1000);
		box_write_plan(plan);
		write_file(plan->path, "id: ", 4);
		ck_assert_int_eq(
		    plans_read(&unit_arena, box, &plans, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, plan->id));
	}
END_TEST

/* What stands under `incident`, and whether it reads. */
static const struct {
	const char *text;
	bool good;
} openings[] = {
	{ "    kind: rollback\n    style: revert\n    reason: x\n", true },
	{ "    kind: bypass\n    reason: x\n    then: []\n", true },
	{ "    kind: rollback\n    reason: x\n", false },
	{ "    kind: rollback\n    style: back\n    reason: x\n", false },
	{ "    kind: bypass\n    style: revert\n    reason: x\n", false },
	{ "    kind: party\n    reason: x\n", false },
	{ "    kind: bypass\n", false },
	{ "    kind: bypass\n    reason: x\n    timeline: []\n", false },
	{ "    kind: bypass\n    reason: x\n    then:\n    - a: b\n", false },
	{ "    kind: bypass\n    reason: x\n    clients: acme\n", false },
};

START_TEST(damaged_opening_is_an_error)
	{
		struct oid one = numbered(1), two = numbered(2);
		struct plan *plan, read;
		const char *bytes, *end;
		size_t len;
		struct err err;

		box_make();
		plan = box_plan("alice", 1000);
		box_update(
		    plan, "refs/heads/a", &one, &two, "s", TRANSITION_ROLLBACK);
		ck_assert_int_eq(
		    plan_format(&unit_arena, plan, &bytes, &len, &err), 0);
		end = strstr(bytes, "count: 1\n");
		ck_assert_ptr_nonnull(end);
		bytes = arena_printf(&unit_arena, "%.*s  incident:\n%s%s",
		    (int)(end - bytes), bytes, openings[_i].text, end);
		ck_assert_int_eq(plan_parse(&unit_arena, "x", bytes,
				     strlen(bytes), NULL, &read, &err),
		    openings[_i].good ? 0 : -1);
		if (openings[_i].good)
			ck_assert_ptr_nonnull(read.refs[0].opening);
		else
			ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

START_TEST(policy_text_stands_beside_the_plans)
	{
		struct plan *plan;
		struct plans plans;
		const char *path;
		struct err err;

		box_make();
		plan = box_plan("alice", 1000);
		box_write_plan(plan);
		path = arena_printf(&unit_arena,
		    "r.git/stagegate/policies/%s.yml", plan->policy_digest);
		ck_assert_int_eq(access(path, F_OK), 0);
		write_file(path, "other", 5);
		ck_assert_int_eq(
		    plans_read(&unit_arena, box, &plans, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, "policies"));
		ck_assert_int_eq(unlink(path), 0);
		ck_assert_ptr_null(read_plans().v[0]->policy_text);
	}
END_TEST

START_TEST(one_ref_is_found_among_many)
	{
		struct plan *plan;
		struct plans plans;
		struct err err = { 0 };
		const struct plan_ref *ref;

		box_make();
		plan = full_plan();
		for (unsigned i = 0; i < 2000; i++) {
			struct oid old = numbered(i + 10),
				   new = numbered(i + 11);

			box_update(plan,
			    arena_printf(&unit_arena, "refs/heads/f/%u", i),
			    &old, &new, "development", TRANSITION_ENTRY);
		}
		box_write_plan(plan);
		ck_assert_int_eq(plans_read_for(&unit_arena, box,
				     "refs/heads/f/1234", &plans, &err),
		    0);
		ck_assert_uint_eq(plans.n, 1);
		check_head(plan, plans.v[0]);
		/* and the statement that the push hands in */
		ck_assert_uint_eq(plans.v[0]->nrefs, 2);
		ck_assert(plans.v[0]->refs[0].is_evidence);
		ref = &plans.v[0]->refs[1];
		ck_assert_str_eq(ref->ref, "refs/heads/f/1234");
		ck_assert_int_eq(plans_read_for(&unit_arena, box,
				     "refs/heads/\xc3\xa4#1", &plans, &err),
		    0);
		ck_assert_uint_eq(plans.v[0]->nrefs, 2);
		ck_assert_int_eq(plans_read_for(&unit_arena, box,
				     "refs/heads/f", &plans, &err),
		    0);
		ck_assert_uint_eq(plans.v[0]->nrefs, 1);
	}
END_TEST

START_TEST(plan_is_made_of_a_verdict)
	{
		struct policy policy = { .digest = "d",
			.text = "t",
			.text_len = 1,
			.flow = "f",
			.limit_time_s = 300 };
		struct stage stage = { .name = "main" };
		struct gate_row rows[] = { { .name = "review",
					       .state = GATE_PASSED },
			{ .name = "size", .state = GATE_WARNED },
			{ .name = "review", .state = GATE_NOT_APPLICABLE },
			{ .name = "size", .state = GATE_PASSED } };
		struct step steps[] = { { .commit = numbered(1),
					    .candidate = numbered(2),
					    .kind = TRANSITION_MERGE },
			{ .commit = numbered(3),
			    .candidate = numbered(4),
			    .kind = TRANSITION_SQUASH } };
		struct ref_verdict refs[2] = { { .ref = "refs/heads/main",
						   .old = numbered(5),
						   .new = numbered(3),
						   .stage = &stage,
						   .kind = TRANSITION_SQUASH },
			{ .ref = "refs/tags/x", .new = numbered(6) } };
		struct verdict verdict = {
			.refs = refs, .nrefs = 2, .policy = &policy, .now = 1000
		};
		struct push push = { .pusher = "alice" };
		struct oid ledger = numbered(7);
		struct plan *plan;

		policy.version.text = "1.2.3";
		refs[0].gates = (struct gate_rows){ rows, 4, 4 };
		refs[0].steps = (struct steps){ steps, 2, 2 };
		refs[0].opening = box_opening(INCIDENT_BYPASS, "x", NULL);
		ARRAY_PUSH(&unit_arena, &rows[0].digests, "a");
		ARRAY_PUSH(&unit_arena, &rows[2].digests, "a");
		plan = plan_make(&unit_arena, &push, &verdict, &ledger);
		ck_assert_int_eq(plan->lease_until, 1000 + 300 + 600);
		ck_assert_uint_eq(plan->nrefs, 2);
		ck_assert_str_eq(plan->refs[0].stage, "main");
		ck_assert_ptr_eq(plan->refs[0].opening, refs[0].opening);
		ck_assert_ptr_null(plan->refs[1].opening);
		/* Of several steps the worst state, each gate once. */
		ck_assert_uint_eq(plan->refs[0].ngates, 2);
		ck_assert_int_eq(plan->refs[0].gates[0].state, GATE_PASSED);
		ck_assert_int_eq(plan->refs[0].gates[1].state, GATE_WARNED);
		ck_assert_uint_eq(plan->refs[0].digests.n, 1);
		ck_assert_uint_eq(plan->refs[0].nsquashes, 1);
		ck_assert(oid_eq(
		    &plan->refs[0].squashes[0].candidate, &steps[1].candidate));
		ck_assert_str_eq(plan->refs[1].stage, "-");
		ck_assert_int_eq(plan->refs[1].kind, TRANSITION_OTHER);
	}
END_TEST

START_TEST(plan_names_only_what_can_be_recorded)
	{
		struct oid one = numbered(1);
		struct plan *plan;
		struct err err = { 0 };

		box_make();
		plan = box_plan("alice", 1000);
		box_update(
		    plan, "refs/heads/a b", NULL, &one, "-", TRANSITION_OTHER);
		ck_assert_int_eq(plan_write(&unit_arena, box, plan, &err), -1);
		ck_assert_uint_eq(box_plans(), 0);
	}
END_TEST

/* ---- the repository's id --------------------------------------------- */

START_TEST(repository_id_is_made_once)
	{
		const char *id, *again;
		struct err err = { 0 };

		box_make();
		ck_assert_int_eq(
		    repository_id_read(&unit_arena, box, &id, &err), 0);
		ck_assert_ptr_null(id);
		ck_assert_int_eq(repository_id(&unit_arena, box, &id, &err), 0);
		ck_assert_uint_eq(strlen(id), REPOSITORY_ID_HEX);
		ck_assert_int_eq(
		    repository_id(&unit_arena, box, &again, &err), 0);
		ck_assert_str_eq(id, again);
		write_file("r.git/stagegate/id", "no id\n", 6);
		ck_assert_int_eq(
		    repository_id(&unit_arena, box, &id, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

START_TEST(repository_id_comes_back_from_the_ledger)
	{
		struct oid commit;
		const char *id, *again;
		struct err err = { 0 };

		box_make();
		commit = box_commit("a", NULL);
		box_enter(
		    "refs/heads/x", NULL, &commit, "s", TRANSITION_ENTRY, 1000);
		ck_assert_int_eq(repository_id(&unit_arena, box, &id, &err), 0);
		ck_assert_int_eq(unlink("r.git/stagegate/id"), 0);
		ck_assert_int_eq(
		    repository_id(&unit_arena, box, &again, &err), 0);
		ck_assert_str_eq(id, again);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *tcase = box_case(suite, "file");

	tcase_add_loop_test(tcase, plan_survives_the_disk, 0, 2);
	tcase_add_test(tcase, plan_names_exactly_its_updates);
	tcase_add_test(tcase, plan_is_ours_alone);
	tcase_add_test(tcase, plan_is_the_groups_in_a_shared_repository);
	tcase_add_test(tcase, plans_come_in_order_of_time);
	tcase_add_test(tcase, plan_goes_once);
	tcase_add_test(tcase, half_written_plan_is_none);
	tcase_add_test(tcase, plan_that_is_cut_off_is_damaged);
	tcase_add_test(tcase, damaged_plan_is_an_error_that_names_it);
	tcase_add_loop_test(
	    tcase, damaged_opening_is_an_error, 0, COUNT(openings));
	tcase_add_test(tcase, policy_text_stands_beside_the_plans);
	tcase_add_test(tcase, one_ref_is_found_among_many);
	tcase_add_test(tcase, plan_names_only_what_can_be_recorded);
	tcase = unit_case(suite, "making");
	tcase_add_test(tcase, plan_is_made_of_a_verdict);
	tcase = box_case(suite, "id");
	tcase_add_test(tcase, repository_id_is_made_once);
	tcase_add_test(tcase, repository_id_comes_back_from_the_ledger);
	return unit_main(suite);
}
