#include "judge/verdict.h"

#include <string.h>

#include "support/unit.h"

static const char *const in_order[] = {
	/* policy-language, section 10: "the first that applies of" */
	"internal", "policy.invalid", "push.role", "push.identity",
	"limit.evidence", "limit.commits", "limit.time", "limit.updates",
	"ref.denied", "ref.reserved", "ref.moved", "ref.duplicate",
	"ref.symbolic", "object.malformed", "object.missing", "object.kind",
	"tag.stage", "tag.moved", "tag.deleted", "tag.unsigned", "tag.role",
	"evidence.gate", "evidence.name", "evidence.subject", "evidence.result",
	"evidence.key", "evidence.yaml", "evidence.document",
	"evidence.duplicate", "evidence.version", "evidence.expired",
	"evidence.replay", "evidence.repository", "evidence.signature",
	"evidence.unsigned", "evidence.signer", "evidence.key-validity",
	"evidence.not-allowed", "evidence.nested", "evidence.target",
	"evidence.size", "evidence.report", "rollback.reason", "rollback.role",
	"rollback.window", "rollback.target", "rollback.tree",
	"rollback.options", "bypass.reason", "bypass.role", "bypass.approvals",
	"bypass.gate", "stage.rewind", "stage.delete", "stage.unobserved",
	"stage.held", "stage.locked", "stage.skip", "stage.merge",
	"stage.gates", "stage.soak", "stage.quorum", "stage.settled",
	"stage.frozen", "stage.up-to-date", "ref.gates"
};

START_TEST(codes_are_in_the_order_in_which_they_are_shown)
	{
		ck_assert_int_eq(CODE_COUNT, COUNT(in_order));
		for (int i = 0; i < COUNT(in_order); i++)
			ck_assert_str_eq(code_text((enum code)i), in_order[i]);
		ck_assert_str_eq(code_text(CODE_COUNT), "");
	}
END_TEST

START_TEST(verdict_that_nobody_filled_is_an_internal_refusal)
	{
		const struct ref_verdict ref = { .refused = true };
		enum code codes[CODE_COUNT];

		ck_assert_int_eq(ref_verdict_code(&ref), CODE_INTERNAL);
		ck_assert_uint_eq(ref_verdict_codes(&ref, codes), 1);
	}
END_TEST

START_TEST(verdict_of_a_ref_that_passes_has_no_code)
	{
		const struct ref_verdict ref = { .refused = false };
		enum code codes[CODE_COUNT];

		ck_assert_int_eq(ref_verdict_code(&ref), CODE_COUNT);
		ck_assert_uint_eq(ref_verdict_codes(&ref, codes), 0);
	}
END_TEST

static void add_row(struct ref_verdict *ref, const char *name, const char *kind,
    enum gate_state state)
{
	ARRAY_PUSH(&unit_arena, &ref->gates,
	    (struct gate_row){ .name = name, .kind = kind, .state = state });
}

START_TEST(verdict_codes_come_once_and_in_order)
	{
		static const struct stage stage = { .name = "s" };
		struct ref_verdict ref = { .refused = true, .stage = &stage };
		enum code codes[CODE_COUNT];

		add_row(&ref, "soak", "", GATE_FAILED);
		add_row(&ref, "tests", "evidence", GATE_MISSING);
		add_row(&ref, "review", "review", GATE_FAILED);
		add_row(&ref, "fine", "message", GATE_PASSED);
		finding_add(&unit_arena, &ref.findings, CODE_STAGE_SKIP, "a");
		finding_add(&unit_arena, &ref.findings, CODE_STAGE_SKIP, "b");
		finding_add(&unit_arena, &ref.findings, CODE_PUSH_ROLE, "c");
		ck_assert_int_eq(ref_verdict_code(&ref), CODE_PUSH_ROLE);
		ck_assert_uint_eq(ref_verdict_codes(&ref, codes), 4);
		ck_assert_int_eq(codes[0], CODE_PUSH_ROLE);
		ck_assert_int_eq(codes[1], CODE_STAGE_SKIP);
		ck_assert_int_eq(codes[2], CODE_STAGE_GATES);
		ck_assert_int_eq(codes[3], CODE_STAGE_SOAK);
	}
END_TEST

START_TEST(verdict_codes_leave_out_what_only_warns)
	{
		struct ref_verdict ref = { .refused = true };
		enum code codes[CODE_COUNT];

		finding_add(&unit_arena, &ref.findings, CODE_PUSH_ROLE, "a")
		    ->warns = true;
		add_row(&ref, "g", "size", GATE_WARNED);
		add_row(&ref, "h", "size", GATE_ERROR);
		ck_assert_uint_eq(ref_verdict_codes(&ref, codes), 1);
		ck_assert_int_eq(codes[0], CODE_REF_GATES);
	}
END_TEST

static const struct {
	const char *name, *kind;
	bool of_stage;
	enum code code;
} rows[] = {
	{ "soak", "", true, CODE_STAGE_SOAK },
	{ "quorum", "", true, CODE_STAGE_QUORUM },
	{ "settled", "", true, CODE_STAGE_SETTLED },
	{ "freeze", "", true, CODE_STAGE_FROZEN },
	{ "up-to-date", "", true, CODE_STAGE_UP_TO_DATE },
	{ "tests", "evidence", true, CODE_STAGE_GATES },
	{ "tests", "evidence", false, CODE_REF_GATES },
	{ "soak", "evidence", true, CODE_STAGE_GATES },
};

START_TEST(row_stands_for_its_code)
	{
		const struct gate_row row = { .name = rows[_i].name,
			.kind = rows[_i].kind };

		ck_assert_int_eq(
		    gate_row_code(&row, rows[_i].of_stage), rows[_i].code);
	}
END_TEST

static const struct {
	enum gate_state state;
	const char *text, *shown;
	bool refuses;
} states[] = {
	{ GATE_PASSED, "passed", "passed", false },
	{ GATE_FAILED, "failed", "FAILED", true },
	{ GATE_MISSING, "missing", "MISSING", true },
	{ GATE_NOT_APPLICABLE, "not-applicable", "not-applicable", false },
	{ GATE_OVERRIDDEN, "overridden", "overridden", false },
	{ GATE_WARNED, "warned", "warned", false },
	{ GATE_ERROR, "error", "ERROR", true },
};

START_TEST(state_has_a_text_and_a_weight)
	{
		const struct gate_row row = { .state = states[_i].state };

		ck_assert_str_eq(
		    gate_state_text(states[_i].state), states[_i].text);
		ck_assert_str_eq(
		    gate_state_shown(states[_i].state), states[_i].shown);
		ck_assert(gate_row_refuses(&row) == states[_i].refuses);
	}
END_TEST

START_TEST(state_that_there_is_not_refuses)
	{
		struct gate_row row = { .name = "x" };
		unsigned beyond = 99;

		memcpy(&row.state, &beyond, sizeof(row.state));
		ck_assert(gate_row_refuses(&row));
	}
END_TEST

START_TEST(finding_is_made_of_its_format)
	{
		struct findings findings = { 0 };
		struct finding *finding = finding_add(
		    &unit_arena, &findings, CODE_REF_MOVED, "%s %d", "at", 7);

		ck_assert_str_eq(finding->text, "at 7");
		ck_assert_int_eq(finding->code, CODE_REF_MOVED);
		ck_assert(!finding->warns);
		ck_assert_uint_eq(findings.n, 1);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict");
	TCase *tcase = unit_case(suite, "codes");

	tcase_add_test(tcase, codes_are_in_the_order_in_which_they_are_shown);
	tcase_add_test(
	    tcase, verdict_that_nobody_filled_is_an_internal_refusal);
	tcase_add_test(tcase, verdict_of_a_ref_that_passes_has_no_code);
	tcase_add_test(tcase, verdict_codes_come_once_and_in_order);
	tcase_add_test(tcase, verdict_codes_leave_out_what_only_warns);
	tcase_add_loop_test(tcase, row_stands_for_its_code, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, state_has_a_text_and_a_weight, 0, COUNT(states));
	tcase_add_test(tcase, state_that_there_is_not_refuses);
	tcase_add_test(tcase, finding_is_made_of_its_format);
	return unit_main(suite);
}
