#include <string.h>

#include "gates/gate.h"
#include "policy/load.h"
#include "support/unit.h"

/*
 * What `rollback:` and `bypass:` become.  What is said of wrong ones stands in
 * tests/policy.
 */
#define DAY_S 86400L
#define HEAD "flow: f\nversion: 1.2.3\n"
#define ROLES "roles: {dev: [alice, bob, eve]}\n"
#define STAGES "stages:\n  - {name: dev, refs: \"refs/heads/f/*\", push: dev}\n"

static struct diags diags;

/* A policy that must be right. */
static struct policy *good(const char *text)
{
	struct policy *policy;
	struct buf buf;

	diags_init(&diags, &unit_arena);
	policy = policy_parse(
	    &unit_arena, "policy.yml", text, strlen(text), &gate_forms, &diags);
	buf_init(&buf, &unit_arena, (size_t)1 << 16);
	diags_print(&diags, &buf);
	ck_assert_msg(policy != NULL, "%s", buf.p);
	return policy;
}

#define BOTH                                                                   \
	HEAD "roles: {dev: [alice, bob, eve], release: [dana, eve]}\n"         \
	     "gates:\n"                                                        \
	     "  cause: {kind: evidence, by: dev}\n"                            \
	     "  fast: {kind: size, file: 1MiB}\n"                              \
	     "rollback: {by: [release, dev], window: 2w, rewind: true,\n"      \
	     "  then: [cause]}\n"                                              \
	     "bypass:\n"                                                       \
	     "  by: [release]\n"                                               \
	     "  stages: [main, dev]\n"                                         \
	     "  gates: [soak, fast, up-to-date, settled]\n"                    \
	     "  then: cause\n"                                                 \
	     "stages:\n"                                                       \
	     "  - {name: dev, refs: \"refs/heads/f/*\", push: dev}\n"          \
	     "  - {name: main, refs: refs/heads/main, push: dev, "             \
	     "gates: fast}\n"

START_TEST(rollback_is_read)
	{
		struct policy *policy = good(BOTH);
		const struct rollback_rules *rules = &policy->rollback;

		ck_assert(rules->on && rules->rewind);
		ck_assert_uint_eq(rules->by.n, 2);
		ck_assert_str_eq(rules->by.v[1], "dev");
		ck_assert_uint_eq(rules->window_s, 14 * DAY_S);
		ck_assert_uint_eq(rules->then.n, 1);
		ck_assert_ptr_eq(
		    rules->then.v[0].gate, policy_gate(policy, "cause"));
		ck_assert_uint_eq(rules->then.v[0].mark.line, 8);
		ck_assert_uint_eq(rules->then.v[0].mark.column, 10);
		ck_assert_uint_eq(rules->mark.line, 7);
		ck_assert_uint_eq(rules->mark.column, 1);
		ck_assert_uint_eq(diags.n, 0);
	}
END_TEST

START_TEST(bypass_is_read)
	{
		struct policy *policy = good(BOTH);
		const struct bypass_rules *rules = &policy->bypass;

		ck_assert(rules->on);
		ck_assert_str_eq(rules->by.v[0], "release");
		ck_assert_uint_eq(rules->stages.n, 2);
		ck_assert_uint_eq(rules->stages.v[0], 1);
		ck_assert_uint_eq(rules->stages.v[1], 0);
		ck_assert_uint_eq(rules->gates.n, 1);
		ck_assert_ptr_eq(
		    rules->gates.v[0].gate, policy_gate(policy, "fast"));
		ck_assert_uint_eq(rules->gates.v[0].mark.line, 12);
		ck_assert_uint_eq(rules->waits,
		    BYPASS_SOAK | BYPASS_UP_TO_DATE | BYPASS_SETTLED);
		ck_assert_uint_eq(rules->approvals, 1);
		ck_assert_str_eq(rules->then.v[0].gate->name, "cause");
		ck_assert_uint_eq(rules->mark.line, 9);
	}
END_TEST

START_TEST(bypass_makes_a_gate_for_approvals)
	{
		struct policy *policy = good(BOTH);
		const struct gate *gate = policy->bypass.gate;
		const struct evidence_keys *keys = gate->params;

		ck_assert_uint_eq(policy->ngates, 3);
		ck_assert_ptr_eq(gate, policy_gate(policy, "bypass"));
		ck_assert_ptr_eq(gate->form, &gate_evidence.form);
		ck_assert_int_eq(gate->enforce, ENFORCE_BLOCK);
		ck_assert_uint_eq(gate->mark.line, 10); /* `by` */
		ck_assert_uint_eq(keys->by.n, 1);
		ck_assert_str_eq(keys->by.v[0], "release");
		ck_assert_uint_eq(keys->count, 1);
		ck_assert_int_eq(keys->binds, BINDS_COMMIT);
		ck_assert_int_eq(keys->report, REPORT_ANY);
		ck_assert(!keys->not_author && !keys->is_signed);
		ck_assert_uint_eq(keys->max_age_s, 0);
		/* lists hold the places of the others */
		ck_assert_ptr_eq(policy->stages[1].gates.v[0].gate,
		    policy_gate(policy, "fast"));
	}
END_TEST

START_TEST(approvals_of_a_bypass_are_counted)
	{
		static const struct {
			const char *text;
			uint64_t approvals, count;
		} all[] = { { "0", 0, 1 }, { "1", 1, 1 }, { "2", 2, 2 } };
		struct policy *policy = good(arena_printf(&unit_arena,
		    HEAD ROLES "bypass: {by: dev, stages: dev, gates: quorum,\n"
			       "  approvals: %s}\n" STAGES,
		    all[_i].text));
		const struct evidence_keys *keys = policy->bypass.gate->params;

		ck_assert_uint_eq(policy->bypass.approvals, all[_i].approvals);
		ck_assert_uint_eq(keys->count, all[_i].count);
		ck_assert_uint_eq(policy->bypass.gate->mark.line, 5);
		ck_assert_uint_eq(policy->bypass.gate->mark.column, 3);
		ck_assert_uint_eq(policy->bypass.waits, BYPASS_QUORUM);
	}
END_TEST

START_TEST(going_back_and_around_are_off_by_default)
	{
		struct policy *policy = good(HEAD ROLES STAGES);

		ck_assert(!policy->rollback.on && !policy->bypass.on);
		ck_assert_ptr_null(policy->bypass.gate);
		ck_assert_ptr_null(policy_gate(policy, "bypass"));
		policy = good(HEAD ROLES "rollback: {by: dev}\n" STAGES);
		ck_assert(policy->rollback.on && !policy->rollback.rewind);
		ck_assert_uint_eq(policy->rollback.window_s, 30 * DAY_S);
		ck_assert_uint_eq(policy->rollback.then.n, 0);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("goingback");
	TCase *tcase = unit_case(suite, "goingback");

	tcase_add_test(tcase, rollback_is_read);
	tcase_add_test(tcase, bypass_is_read);
	tcase_add_test(tcase, bypass_makes_a_gate_for_approvals);
	tcase_add_loop_test(tcase, approvals_of_a_bypass_are_counted, 0, 3);
	tcase_add_test(tcase, going_back_and_around_are_off_by_default);
	return unit_main(suite);
}
