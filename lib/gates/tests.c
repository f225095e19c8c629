#include "gates/complaints.h"
#include "gates/gate.h"
#include "reports/junit.h"

/*
 * tests: people say that the tests passed, and the JUnit report that comes with
 * each statement that counts says so too.  Numbers are recomputed from it; an
 * error is a failure, and a test that was skipped has shown nothing.
 */
struct tests_keys {
	struct evidence_keys evidence;
	uint64_t min_tests; /* that ran */
	uint64_t max_failures, max_skipped;
};

struct testing {
	struct arena *arena;
	const struct tests_keys *keys;
	struct gate_row *row;
	struct complaints complaints;
	struct strings names; /* of failed tests */
	uint64_t failed, tests, skipped;
};

static const char *tests_of(struct testing *t, uint64_t n)
{
	return arena_printf(
	    t->arena, "%llu test%s", (unsigned long long)n, n == 1 ? "" : "s");
}

static const char *number(struct testing *t, uint64_t n)
{
	return arena_printf(t->arena, "%llu", (unsigned long long)n);
}

static void judge_numbers(
    struct testing *t, const struct reported *of, const struct junit *junit)
{
	const struct tests_keys *keys = t->keys;
	uint64_t ran = junit->tests - junit->skipped;

	if (junit->failed > keys->max_failures)
		complaint_number(&t->complaints, of,
		    arena_printf(t->arena, "%s of %s failed, at most %s",
			number(t, junit->failed), tests_of(t, junit->tests),
			number(t, keys->max_failures)),
		    junit->failed, keys->max_failures);
	if (ran < keys->min_tests)
		complaint_number(&t->complaints, of,
		    arena_printf(t->arena, "%s ran, at least %s",
			ran == 0 ? "no test" : tests_of(t, ran),
			number(t, keys->min_tests)),
		    ran, keys->min_tests);
	if (junit->skipped > keys->max_skipped)
		complaint_number(&t->complaints, of,
		    arena_printf(t->arena, "%s of %s skipped, at most %s",
			number(t, junit->skipped), tests_of(t, junit->tests),
			number(t, keys->max_skipped)),
		    junit->skipped, keys->max_skipped);
}

static void judge_gaps(
    struct testing *t, const struct reported *of, const struct junit *junit)
{
	for (size_t i = 0; i < junit->gaps.n; i++)
		complaint_add(&t->complaints, of, junit->gaps.v[i]);
	if (junit->unlisted > junit->gaps.n)
		complaint_add(&t->complaints, of,
		    arena_printf(t->arena, "and %s suites more",
			number(t, junit->unlisted - junit->gaps.n)));
}

static int judge_report(
    struct testing *t, const struct reported *of, struct err *err)
{
	const struct statement *statement = &of->statement;
	struct junit junit;
	struct err wrong;

	if (junit_read(t->arena, statement->report_bytes, statement->report_len,
		&junit, &wrong) < 0) {
		if (wrong.kind == ERR_INTERNAL)
			return err_set(err, wrong.kind, "%s", wrong.text);
		complaint_add(&t->complaints, of,
		    arena_printf(
			t->arena, "the report can't be read: %s", wrong.text));
		return 0;
	}
	judge_numbers(t, of, &junit);
	judge_gaps(t, of, &junit);
	for (size_t i = 0; i < junit.failing.n; i++)
		ARRAY_PUSH(t->arena, &t->names, junit.failing.v[i]);
	t->failed += junit.failed;
	t->tests += junit.tests;
	t->skipped += junit.skipped;
	return 0;
}

static void tell_failed(struct testing *t)
{
	struct strings *details = &t->row->details;
	size_t shown = t->names.n < JUNIT_SHOWN_MAX ? t->names.n
						    : JUNIT_SHOWN_MAX;

	for (size_t i = 0; i < shown; i++)
		ARRAY_PUSH(t->arena, details, t->names.v[i]);
	if (t->failed > shown && shown > 0)
		ARRAY_PUSH(t->arena, details,
		    arena_printf(
			t->arena, "and %s more", number(t, t->failed - shown)));
}

static void tell_passed(struct testing *t)
{
	t->row->text = arena_printf(
	    t->arena, "%s: %s", t->row->text, tests_of(t, t->tests));
	if (t->failed > 0)
		t->row->text = arena_printf(t->arena, "%s, %s failed",
		    t->row->text, number(t, t->failed));
	if (t->skipped > 0)
		t->row->text = arena_printf(t->arena, "%s, %s skipped",
		    t->row->text, number(t, t->skipped));
}

static int judge_tests(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct testing t = { .arena = arena, .keys = gate->params, .row = row };
	struct reporteds reports;

	if (reported_stand(
		arena, facts, gate, &t.keys->evidence, row, &reports, err) < 0)
		return -1;
	if (row->state != GATE_PASSED)
		return 0;
	t.complaints = (struct complaints){ arena, row, reports.n > 1 };
	for (size_t i = 0; i < reports.n; i++)
		if (judge_report(&t, &reports.v[i], err) < 0)
			return -1;
	if (row->state == GATE_PASSED)
		tell_passed(&t);
	else
		tell_failed(&t);
	return 0;
}

static int hand_in(struct arena *scratch, const struct gate *gate,
    const struct statement *statement, struct err *err)
{
	struct junit junit;

	(void)gate;
	return junit_read(scratch, statement->report_bytes,
	    statement->report_len, &junit, err);
}

static void defaults(void *params)
{
	struct tests_keys *keys = params;

	keys->min_tests = 1;
	keys->max_skipped = UINT64_MAX;
}

static const char *const reports[] = { "junit", NULL };

#define KEY(member) .offset = offsetof(struct tests_keys, member)

static const struct field fields[] = {
	{ .name = "report",
	    .type = FIELD_CHOICE,
	    KEY(evidence.report),
	    .choices = reports },
	{ .name = "min_tests", .type = FIELD_COUNT, KEY(min_tests) },
	{ .name = "max_failures", .type = FIELD_COUNT, KEY(max_failures) },
	{ .name = "max_skipped", .type = FIELD_COUNT, KEY(max_skipped) },
	{ .name = NULL },
};

const struct gate_kind gate_tests = {
	.form = { .kind = "tests",
	    .params_size = sizeof(struct tests_keys),
	    .fields = fields,
	    .takes_evidence = true,
	    .reports = reports,
	    .defaults = defaults },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_tests,
	.hand_in = hand_in,
};
