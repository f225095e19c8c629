#include "tell/report.h"

#include <jansson.h>
#include <string.h>

#include "support/unit.h"
#include "tell/columns.h"
#include "tell/outcome.h"

/* A verdict that each test fills by hand. */
static struct source source;
static struct stage deployment, testing;
static struct policy policy;
static struct verdict verdict;

static void begin(void)
{
	source = (struct source){ "policy.yml", "", 0 };
	deployment = (struct stage){ .name = "deployment" };
	testing = (struct stage){ .name = "testing" };
	policy = (struct policy){ .flow = "update-flow",
		.version = { 1, 0, 0, "1.0.0" },
		.status = STATUS_ACTIVE };
	verdict = (struct verdict){ .policy = &policy };
}

#define REFS_MAX 4000

static struct ref_verdict *add_ref(
    const char *name, const struct stage *stage, bool refused)
{
	struct ref_verdict *ref;

	if (!verdict.refs)
		verdict.refs = arena_array(
		    &unit_arena, REFS_MAX, sizeof(*verdict.refs));
	ref = &verdict.refs[verdict.nrefs++];
	ref->ref = ref->shown = name;
	ref->stage = stage;
	ref->stage_name = stage ? stage->name : "-";
	ref->refused = refused;
	if (refused)
		verdict.refused = true;
	return ref;
}

static struct gate_row *add_row(struct ref_verdict *ref, const char *name,
    enum gate_state state, const char *text, size_t line)
{
	struct gate_row row = {
		.name = name, .kind = "evidence", .state = state, .text = text
	};

	if (line)
		row.mark = (struct mark){ &source, line, 9 };
	ARRAY_PUSH(&unit_arena, &ref->gates, row);
	return &ref->gates.v[ref->gates.n - 1];
}

static void add_text(struct strings *list, const char *text)
{
	ARRAY_PUSH(&unit_arena, list, text);
}

static const char *report(void)
{
	struct buf out;

	buf_init(&out, &unit_arena, REPORT_BYTES_MAX);
	report_verdict(&unit_arena, &verdict, &out);
	ck_assert(!out.overflow);
	return out.p;
}

static const char *json_line(void)
{
	struct buf out;

	buf_init(&out, &unit_arena, REPORT_BYTES_MAX);
	report_json(&unit_arena, &verdict, &out);
	ck_assert(!out.overflow);
	ck_assert_uint_gt(out.len, 0);
	ck_assert_int_eq(out.p[out.len - 1], '\n');
	ck_assert_ptr_eq(strchr(out.p, '\n'), out.p + out.len - 1);
	return out.p;
}

static json_t *json_report(void)
{
	json_error_t error;
	json_t *json = json_loads(json_line(), JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(json != NULL, "%s", error.text);
	return json;
}

/* Every line but hints with commands, and the last one is the verdict. */
static void check_shape(const char *text)
{
	const char *last = text;

	while (*text) {
		size_t len = strcspn(text, "\n");

		ck_assert_msg(text_columns(text, len) <= REPORT_COLUMNS,
		    "too wide: %.*s", (int)len, text);
		for (size_t i = 0; i < len; i++)
			ck_assert((unsigned char)text[i] >= ' ');
		ck_assert_int_eq(text[len], '\n');
		last = text;
		text += len + 1;
	}
	ck_assert_int_eq(strncmp(last, "stagegate: ", 11), 0);
}

static void refused_main(void)
{
	struct ref_verdict *ref = add_ref("refs/heads/main", &deployment, true);
	struct gate_row *row;

	add_row(ref, "client-tests", GATE_PASSED, "ci-bot, 2 h ago", 87);
	row = add_row(
	    ref, "acceptance", GATE_MISSING, "0 of 1 from @clients", 88);
	row->hint = "stagegate attest acceptance --pass 1a2b3c4d";
	row->hint_is_command = true;
	add_row(ref, "performance", GATE_FAILED, "p99_ms 14.2, limit 12.0", 93);
	row = add_row(ref, "soak", GATE_FAILED, "5 h of 24 h in testing", 61);
	row->kind = "";
	row->hint = "may enter after 2026-11-23 04:10 UTC";
}

/* clang-format off */
static const char report_is_as_documented_text[] =
"error: refs/heads/main (deployment): refused [stage.gates]\n"
"  passed   client-tests   ci-bot, 2 h ago\n"
"  MISSING  acceptance     0 of 1 from @clients         policy.yml:88\n"
"  FAILED   performance    p99_ms 14.2, limit 12.0      policy.yml:93\n"
"  FAILED   soak           5 h of 24 h in testing       policy.yml:61\n"
"hint: acceptance: stagegate attest acceptance --pass 1a2b3c4d\n"
"hint: soak: may enter after 2026-11-23 04:10 UTC\n"
"hint: refs/heads/staging (testing): nothing is wrong with it, refused\n"
"      with the rest\n"
"stagegate: update-flow 1.0.0 refused 1 of 2 refs (2 gates)\n";
/* clang-format on */

START_TEST(report_is_as_documented)
	{
		begin();
		refused_main();
		add_ref("refs/heads/staging", &testing, true)->refused = false;
		ck_assert_str_eq(report(), report_is_as_documented_text);
	}
END_TEST

START_TEST(accepted_push_says_nothing)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/main", &deployment, false);
		add_row(ref, "tests", GATE_PASSED, "ci-bot, now", 10);
		add_row(
		    ref, "docs", GATE_NOT_APPLICABLE, "no code changed", 11);
		add_row(ref, "speed", GATE_OVERRIDDEN, "by dana", 12);
		ck_assert_str_eq(report(), "");
	}
END_TEST

/* clang-format off */
static const char all_states_are_printed_as_documented_text[] =
"error: refs/heads/main (deployment): refused [stage.gates]\n"
"  passed          a   one\n"
"  FAILED          b   two        policy.yml:2\n"
"  MISSING         c   three      policy.yml:3\n"
"  not-applicable  d   four\n"
"  overridden      e   five\n"
"  warned          f   six        policy.yml:6\n"
"  ERROR           g   seven      policy.yml:7\n"
"hint: what could not be found out is nothing you did; call the\n"
"      administrator, nothing is lost\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref (3 gates, undecided)\n";
/* clang-format on */

START_TEST(all_states_are_printed_as_documented)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		add_row(ref, "a", GATE_PASSED, "one", 1);
		add_row(ref, "b", GATE_FAILED, "two", 2);
		add_row(ref, "c", GATE_MISSING, "three", 3);
		add_row(ref, "d", GATE_NOT_APPLICABLE, "four", 4);
		add_row(ref, "e", GATE_OVERRIDDEN, "five", 5);
		add_row(ref, "f", GATE_WARNED, "six", 6);
		add_row(ref, "g", GATE_ERROR, "seven", 7);
		ck_assert_str_eq(
		    report(), all_states_are_printed_as_documented_text);
	}
END_TEST

/* clang-format off */
static const char finding_has_sentence_details_hints_and_commands_text[] =
"error: refs/heads/main (deployment): refused [stage.skip]\n"
"  2 commits have not been through testing: push them to\n"
"  refs/heads/staging first\n"
"    1a2b3c4d Fix the rounding\n"
"    5e6f7a8b Test it\n"
"hint: a merge back is possible too\n"
"hint: git push origin 5e6f7a8b:refs/heads/staging\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref\n";
/* clang-format on */

START_TEST(finding_has_sentence_details_hints_and_commands)
	{
		struct ref_verdict *ref;
		struct finding *finding;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		finding = finding_add(&unit_arena, &ref->findings,
		    CODE_STAGE_SKIP,
		    "2 commits have not been through testing: push them to "
		    "refs/heads/staging first");
		add_text(&finding->details, "1a2b3c4d Fix the rounding");
		add_text(&finding->details, "5e6f7a8b Test it");
		add_text(&finding->hints, "a merge back is possible too");
		add_text(&finding->commands,
		    "git push origin 5e6f7a8b:refs/heads/staging");
		ck_assert_str_eq(report(),
		    finding_has_sentence_details_hints_and_commands_text);
	}
END_TEST

/* clang-format off */
static const char ref_of_no_stage_has_no_stage_in_its_heading_text[] =
"error: refs/heads/x: refused [ref.denied]\n"
"  belongs to no stage\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref\n";
/* clang-format on */

START_TEST(ref_of_no_stage_has_no_stage_in_its_heading)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/x", NULL, true);
		finding_add(&unit_arena, &ref->findings, CODE_REF_DENIED,
		    "belongs to no stage");
		ck_assert_str_eq(
		    report(), ref_of_no_stage_has_no_stage_in_its_heading_text);
	}
END_TEST

/* clang-format off */
static const char findings_of_other_codes_name_theirs_text[] =
"error: refs/heads/main (deployment): refused [push.role]\n"
"  the merge changes more than its parents [stage.merge]\n"
"  bob is in none of @release (policy.yml:40)\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref\n";
/* clang-format on */

START_TEST(findings_of_other_codes_name_theirs)
	{
		struct ref_verdict *ref;
		struct finding *finding;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		finding_add(&unit_arena, &ref->findings, CODE_STAGE_MERGE,
		    "the merge changes more than its parents");
		finding = finding_add(&unit_arena, &ref->findings,
		    CODE_PUSH_ROLE, "bob is in none of @release");
		finding->mark = (struct mark){ &source, 40, 1 };
		ck_assert_str_eq(
		    report(), findings_of_other_codes_name_theirs_text);
	}
END_TEST

/* clang-format off */
static const char push_finding_heads_a_part_of_its_own_text[] =
"error: this push: refused [push.identity]\n"
"  GL_USER and REMOTE_USER name different people\n"
"stagegate: update-flow 1.0.0 refused 2 of 2 refs\n";
/* clang-format on */

START_TEST(push_finding_heads_a_part_of_its_own)
	{
		begin();
		add_ref("refs/heads/main", &deployment, true);
		add_ref("refs/heads/x", NULL, true);
		finding_add(&unit_arena, &verdict.findings, CODE_PUSH_IDENTITY,
		    "GL_USER and REMOTE_USER name different people");
		ck_assert_str_eq(
		    report(), push_finding_heads_a_part_of_its_own_text);
		ck_assert_int_eq(verdict_exit(&verdict), EXIT_REFUSED);
	}
END_TEST

/* clang-format off */
static const char push_without_refs_is_refused_as_such_text[] =
"error: this push: refused [limit.updates]\n"
"  more than 100000 refs\n"
"stagegate: update-flow 1.0.0 refused this push\n";
/* clang-format on */

START_TEST(push_without_refs_is_refused_as_such)
	{
		begin();
		verdict.refused = true;
		finding_add(&unit_arena, &verdict.findings, CODE_LIMIT_UPDATES,
		    "more than 100000 refs");
		ck_assert_str_eq(
		    report(), push_without_refs_is_refused_as_such_text);
	}
END_TEST

/* clang-format off */
static const char warned_gate_is_named_on_an_accepted_push_text[] =
"warning: refs/heads/main (deployment): 1 warning\n"
"  passed  tests   ci-bot, now\n"
"  warned  docs    code without documentation      policy.yml:11\n"
"hint: docs: change docs/ too\n"
"stagegate: update-flow 1.0.0 accepted 2 refs, with warnings\n";
/* clang-format on */

START_TEST(warned_gate_is_named_on_an_accepted_push)
	{
		struct ref_verdict *ref;
		struct gate_row *row;

		begin();
		ref = add_ref("refs/heads/main", &deployment, false);
		add_row(ref, "tests", GATE_PASSED, "ci-bot, now", 10);
		row = add_row(
		    ref, "docs", GATE_WARNED, "code without documentation", 11);
		row->hint = "change docs/ too";
		row->help = "see CONTRIBUTING.md";
		add_ref("refs/heads/staging", &testing, false);
		ck_assert_str_eq(
		    report(), warned_gate_is_named_on_an_accepted_push_text);
		ck_assert_int_eq(verdict_exit(&verdict), EXIT_ALLOWED);
	}
END_TEST

/* clang-format off */
static const char draft_says_what_would_have_been_refused_text[] =
"warning: refs/heads/main (deployment): would be refused [stage.skip]\n"
"  1a2b3c4d has not been through testing\n"
"  warned  tests   0 of 1 from @ci      policy.yml:10\n"
"stagegate: update-flow 1.0.0 accepted 1 ref (draft, would refuse 1)\n";
/* clang-format on */

START_TEST(draft_says_what_would_have_been_refused)
	{
		struct ref_verdict *ref;

		begin();
		policy.status = STATUS_DRAFT;
		ref = add_ref("refs/heads/main", &deployment, false);
		ref->warned = true;
		finding_add(&unit_arena, &ref->findings, CODE_STAGE_SKIP,
		    "1a2b3c4d has not been through testing")
		    ->warns = true;
		add_row(ref, "tests", GATE_WARNED, "0 of 1 from @ci", 10);
		ck_assert_str_eq(
		    report(), draft_says_what_would_have_been_refused_text);
	}
END_TEST

START_TEST(draft_with_failing_gates_alone_names_their_code)
	{
		struct ref_verdict *ref;

		begin();
		policy.status = STATUS_DRAFT;
		ref = add_ref("refs/heads/main", &deployment, false);
		add_row(ref, "tests", GATE_WARNED, "0 of 1 from @ci", 10);
		ck_assert_ptr_nonnull(strstr(report(),
		    "warning: refs/heads/main (deployment): would be refused "
		    "[stage.gates]\n"));
	}
END_TEST

/* clang-format off */
static const char warnings_of_the_push_are_told_on_their_own_text[] =
"warning: push option 'rolback' is not known; did you mean 'rollback'? It\n"
"         was left alone\n"
"stagegate: update-flow 1.0.0 accepted 1 ref, with warnings\n";
/* clang-format on */

START_TEST(warnings_of_the_push_are_told_on_their_own)
	{
		begin();
		add_ref("refs/heads/main", &deployment, false);
		add_text(&verdict.warnings,
		    "push option 'rolback' is not known; did you mean "
		    "'rollback'? It "
		    "was left alone");
		ck_assert_str_eq(
		    report(), warnings_of_the_push_are_told_on_their_own_text);
	}
END_TEST

/* clang-format off */
static const char refused_ref_without_a_reason_was_not_decided_text[] =
"error: refs/heads/main (deployment): not decided, hence refused\n"
"  [internal]\n"
"hint: what could not be found out is nothing you did; call the\n"
"      administrator, nothing is lost\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref (undecided)\n";
/* clang-format on */

START_TEST(refused_ref_without_a_reason_was_not_decided)
	{
		begin();
		add_ref("refs/heads/main", &deployment, true);
		ck_assert_str_eq(report(),
		    refused_ref_without_a_reason_was_not_decided_text);
		ck_assert_int_eq(verdict_exit(&verdict), EXIT_UNDECIDED);
	}
END_TEST

START_TEST(internal_finding_says_so_and_hides_folders)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/main", NULL, true);
		finding_add(&unit_arena, &ref->findings, CODE_INTERNAL,
		    "cannot open '/srv/git/a.git/objects/pack/x.pack': "
		    "Input/output "
		    "error");
		ck_assert_ptr_nonnull(strstr(report(),
		    "error: refs/heads/main: not decided, hence refused "
		    "[internal]\n"
		    "  could not find out: cannot open 'x.pack': Input/output "
		    "error\n"));
	}
END_TEST

START_TEST(long_ref_wraps_after_slashes_and_code_stays_whole)
	{
		struct ref_verdict *ref;
		const char *text;

		begin();
		ref = add_ref(
		    "refs/heads/feature/billing/the-rounding-of-amounts-in/"
		    "other-currencies/and-of-those-in-none-at-all/finally",
		    &testing, true);
		finding_add(
		    &unit_arena, &ref->findings, CODE_STAGE_UP_TO_DATE, "no");
		text = report();
		ck_assert_ptr_nonnull(strstr(text,
		    "error: "
		    "refs/heads/feature/billing/the-rounding-of-amounts-in/\n"
		    "  other-currencies/and-of-those-in-none-at-all/finally "
		    "(testing):\n"
		    "  refused [stage.up-to-date]\n"));
		check_shape(text);
	}
END_TEST

START_TEST(ref_without_slashes_is_broken_anywhere)
	{
		char name[301] = "refs/heads/";
		struct ref_verdict *ref;

		begin();
		memset(name + 11, 'a', 289);
		ref = add_ref(name, NULL, true);
		finding_add(&unit_arena, &ref->findings, CODE_REF_DENIED, "no");
		check_shape(report());
	}
END_TEST

/* clang-format off */
static const char object_ids_are_shortened_text[] =
"error: refs/evidence/tests/01234567/1700000000-7: refused\n"
"  [evidence.subject]\n"
"  01234567 is not known here\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref\n";
/* clang-format on */

START_TEST(object_ids_are_shortened)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref(
		    "refs/evidence/tests/"
		    "0123456789abcdef0123456789abcdef01234567/1700000000-7",
		    NULL, true);
		finding_add(&unit_arena, &ref->findings, CODE_EVIDENCE_SUBJECT,
		    "0123456789abcdef0123456789abcdef01234567 is not known "
		    "here");
		ck_assert_str_eq(report(), object_ids_are_shortened_text);
	}
END_TEST

START_TEST(command_is_never_wrapped)
	{
		static const char command[] =
		    "git commit-tree "
		    "0123456789abcdef0123456789abcdef01234567^{tree} "
		    "-p 89abcdef0123456789abcdef0123456789abcdef -m 'Merge "
		    "again'";
		struct ref_verdict *ref;
		struct finding *finding;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		finding = finding_add(&unit_arena, &ref->findings,
		    CODE_STAGE_MERGE, "not git's merge");
		add_text(&finding->commands, command);
		ck_assert_ptr_nonnull(strstr(report(),
		    arena_printf(&unit_arena, "hint: %s\n", command)));
	}
END_TEST

/* clang-format off */
static const char same_hint_is_given_once_text[] =
"error: refs/heads/main (deployment): refused [stage.merge]\n"
"  reason 0\n"
"  reason 1\n"
"  reason 2\n"
"hint: merge it again\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref\n";
/* clang-format on */

START_TEST(same_hint_is_given_once)
	{
		struct ref_verdict *ref;
		struct finding *finding;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		for (int i = 0; i < 3; i++) {
			finding = finding_add(&unit_arena, &ref->findings,
			    CODE_STAGE_MERGE, "reason %d", i);
			add_text(&finding->hints, "merge it again");
		}
		ck_assert_str_eq(report(), same_hint_is_given_once_text);
	}
END_TEST

START_TEST(help_is_shown_to_whom_the_gate_refuses)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		add_row(ref, "tests", GATE_MISSING, "0 of 1 from @ci", 5)
		    ->help = "CI runs on every push to refs/heads/staging";
		add_row(ref, "docs", GATE_PASSED, "ok", 6)->help =
		    "not this one";
		ck_assert_ptr_nonnull(strstr(report(),
		    "hint: tests: CI runs on every push to "
		    "refs/heads/staging\n"));
		ck_assert_ptr_null(strstr(report(), "not this one"));
	}
END_TEST

/* clang-format off */
static const char long_texts_wrap_in_their_column_text[] =
"error: refs/heads/main (deployment): refused [stage.gates]\n"
"  FAILED  a-name-that-is-longer-than-its-column\n"
"                    short      policy.yml:7\n"
"  FAILED  message   3 of 12 commits have a subject of more than 72\n"
"                    characters, the longest has 120         policy.yml:8\n"
"    src/a/path/that/goes/on/and/on/until/it/does/not/fit/any/more.c:12:\n"
"      tab\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref (2 gates)\n";
/* clang-format on */

START_TEST(long_texts_wrap_in_their_column)
	{
		struct ref_verdict *ref;
		struct gate_row *row;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		add_row(ref, "a-name-that-is-longer-than-its-column",
		    GATE_FAILED, "short", 7);
		row = add_row(ref, "message", GATE_FAILED,
		    "3 of 12 commits have a subject of more than 72 "
		    "characters, the "
		    "longest has 120",
		    8);
		add_text(&row->details,
		    "src/a/path/that/goes/on/and/on/until/it/does/not/fit/any/"
		    "more.c"
		    ":12: tab");
		ck_assert_str_eq(
		    report(), long_texts_wrap_in_their_column_text);
	}
END_TEST

/* clang-format off */
static const char place_has_a_line_of_its_own_where_it_does_not_fit_text[] =
"error: refs/heads/main (deployment): refused [stage.gates]\n"
"  FAILED  tests   this text ends at the very end of its line, at column\n"
"                  72.   policy.yml:8\n"
"stagegate: update-flow 1.0.0 refused 1 of 1 ref (1 gate)\n";
/* clang-format on */

START_TEST(place_has_a_line_of_its_own_where_it_does_not_fit)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		add_row(ref, "tests", GATE_FAILED,
		    "this text ends at the very end of its line, at column 72.",
		    8);
		ck_assert_str_eq(report(),
		    place_has_a_line_of_its_own_where_it_does_not_fit_text);
		ref->gates.v[0].text =
		    "this text fills all of what there is for it, 54 col..";
		ck_assert_ptr_nonnull(strstr(report(),
		    "54 col..\n"
		    "                                                          "
		    "  "
		    "policy.yml:8\n"));
	}
END_TEST

START_TEST(row_without_text_or_place_is_fine)
	{
		struct ref_verdict *ref;

		begin();
		ref = add_ref("refs/heads/main", &deployment, true);
		add_row(ref, "tests", GATE_FAILED, NULL, 0);
		ck_assert_ptr_nonnull(strstr(report(), "  FAILED  tests\n"));
	}
END_TEST

START_TEST(control_bytes_are_neutralised_everywhere)
	{
		struct ref_verdict *ref;
		struct gate_row *row;
		struct finding *finding;
		const char *text;

		begin();
		ref = add_ref("refs/heads/\x1b[31mred\r\n", &deployment, true);
		finding = finding_add(&unit_arena, &ref->findings,
		    CODE_STAGE_SKIP, "subject \x1b]0;title\x07 of \xff");
		add_text(
		    &finding->details, "a\nstagegate: accepted everything");
		add_text(&finding->hints, "h\b\b");
		add_text(&finding->commands, "git push\n\trm");
		row = add_row(ref, "x\x7f", GATE_FAILED, "\xe2\x80\xaepiz", 3);
		row->hint = "\x9b"
			    "2J";
		add_text(&verdict.warnings, "w\x00");
		text = report();
		check_shape(text);
		ck_assert_ptr_nonnull(strstr(text, "\\x1b[31mred\\x0d\\x0a"));
		ck_assert_ptr_nonnull(strstr(text, "git push\\x0a\\x09rm"));
		ck_assert_ptr_nonnull(strstr(text, "\\xe2\\x80\\xaepiz"));
		ck_assert_ptr_null(strstr(text, "\nstagegate: accepted"));
	}
END_TEST

START_TEST(wide_characters_count_twice)
	{
		struct ref_verdict *ref;
		struct buf name;

		begin();
		buf_init(&name, &unit_arena, 1000);
		buf_adds(&name, "refs/heads/feature/");
		for (int i = 0; i < 100; i++)
			buf_adds(&name, "\xe4\xb8\xad");
		ref = add_ref(name.p, &testing, true);
		finding_add(&unit_arena, &ref->findings, CODE_REF_DENIED, "no");
		check_shape(report());
	}
END_TEST

static void many_gates(size_t n, size_t passing)
{
	struct ref_verdict *ref = add_ref("refs/heads/main", &deployment, true);

	for (size_t i = 0; i < n; i++) {
		const char *name = arena_printf(
		    &unit_arena, "gate-number-%zu", i);
		struct gate_row *row = add_row(ref, name,
		    i < passing ? GATE_PASSED : GATE_FAILED,
		    "p99_ms 14.2 of the limit 12.0 and a lot to say about it "
		    "besides, over more than one line of the report",
		    100 + i);

		row->hint = "stagegate attest something --pass 1a2b3c4d";
		row->hint_is_command = true;
	}
}

START_TEST(rows_that_let_pass_are_counted_when_it_gets_long)
	{
		const char *text;

		begin();
		many_gates(300, 290);
		text = report();
		ck_assert_uint_le(strlen(text), REPORT_BYTES_MAX);
		check_shape(text);
		ck_assert_ptr_nonnull(
		    strstr(text, "(and 290 rows that let pass)\n"));
		ck_assert_ptr_nonnull(strstr(text, "gate-number-299"));
		ck_assert_ptr_null(strstr(text, "left out here"));
	}
END_TEST

START_TEST(three_hundred_gates_are_cut_with_the_verdict_last)
	{
		const char *text,
		    *last = "stagegate: update-flow 1.0.0 refused 1 of 1 ref "
			    "(300 gates)\n";

		begin();
		many_gates(300, 0);
		text = report();
		ck_assert_uint_le(strlen(text), REPORT_BYTES_MAX);
		ck_assert_uint_gt(strlen(text), REPORT_BYTES_MAX - 1000);
		check_shape(text);
		ck_assert_ptr_nonnull(
		    strstr(text, " lines are left out here)\n"));
		ck_assert_str_eq(text + strlen(text) - strlen(last), last);
	}
END_TEST

START_TEST(thousands_of_refs_are_cut_with_the_verdict_last)
	{
		const char *text,
		    *last = "stagegate: update-flow 1.0.0 refused 2000 of 4000 "
			    "refs\n";

		begin();
		for (size_t i = 0; i < REFS_MAX; i++) {
			struct ref_verdict *ref = add_ref(
			    arena_printf(&unit_arena, "refs/heads/x/%zu", i),
			    NULL, i % 2);

			if (i % 2)
				finding_add(&unit_arena, &ref->findings,
				    CODE_REF_DENIED, "belongs to no stage");
		}
		text = report();
		ck_assert_uint_le(strlen(text), REPORT_BYTES_MAX);
		check_shape(text);
		ck_assert_ptr_nonnull(
		    strstr(text, "error: refs/heads/x/1: refused"));
		ck_assert_ptr_nonnull(strstr(text,
		    "hint: nothing is wrong with 1992 more refs either\n"));
		ck_assert_str_eq(text + strlen(text) - strlen(last), last);
	}
END_TEST

START_TEST(smaller_buffers_hold_the_verdict_too)
	{
		struct buf out;

		begin();
		many_gates(40, 0);
		buf_init(&out, &unit_arena, 2000);
		report_verdict(&unit_arena, &verdict, &out);
		ck_assert(!out.overflow);
		ck_assert_uint_le(out.len, 2000);
		check_shape(out.p);
	}
END_TEST

/* ---- refusals without a verdict --------------------------------------- */

/* clang-format off */
static const char broken_policy_is_the_administrators_business_text[] =
"error: the server's policy is broken [policy.invalid]\n"
"  cannot open 'policy.yml': Permission denied\n"
"hint: this is not about your commits; call the administrator, whom\n"
"      'stagegate check' tells more. Nothing is lost\n"
"stagegate: refused, as every push is until that is mended\n";
/* clang-format on */

START_TEST(broken_policy_is_the_administrators_business)
	{
		struct buf out;

		buf_init(&out, &unit_arena, REPORT_BYTES_MAX);
		report_policy_broken(&unit_arena,
		    "cannot open '/etc/stagegate/policy.yml': Permission "
		    "denied",
		    &out);
		ck_assert_str_eq(
		    out.p, broken_policy_is_the_administrators_business_text);
	}
END_TEST

/* clang-format off */
static const char undecided_push_is_not_the_pushers_fault_text[] =
"error: the server could not decide about this push [internal]\n"
"  cannot read commit 01234567 in a.git/\n"
"hint: this is not about your commits; call the administrator. Nothing is\n"
"      lost\n"
"stagegate: refused, because it could not decide\n";
/* clang-format on */

START_TEST(undecided_push_is_not_the_pushers_fault)
	{
		struct buf out;

		buf_init(&out, &unit_arena, REPORT_BYTES_MAX);
		report_undecided(&unit_arena,
		    "cannot read commit "
		    "0123456789abcdef0123456789abcdef01234567 in "
		    "/srv/git/a.git/",
		    &out);
		ck_assert_str_eq(
		    out.p, undecided_push_is_not_the_pushers_fault_text);
	}
END_TEST

/* clang-format off */
static const char wrap_indents_continuation_lines_text[] =
"hint: one two three four five six seven eight nine ten eleven twelve\n"
"      thirteen\n";
/* clang-format on */

START_TEST(wrap_indents_continuation_lines)
	{
		struct buf out;

		buf_init(&out, &unit_arena, 1000);
		report_wrap(&unit_arena, "hint: ",
		    "one two three four five six seven eight nine ten eleven "
		    "twelve "
		    "thirteen",
		    6, &out);
		ck_assert_str_eq(out.p, wrap_indents_continuation_lines_text);
	}
END_TEST

/* ---- JSON ------------------------------------------------------------- */

START_TEST(json_has_the_documented_shape)
	{
		json_t *json, *ref, *gate;

		begin();
		refused_main();
		oid_parse("0123456789abcdef0123456789abcdef01234567",
		    &verdict.refs[0].new);
		add_text(&verdict.refs[0].gates.v[0].by, "ci-bot");
		verdict.refs[0].gates.v[1].have = "0";
		verdict.refs[0].gates.v[1].want = "1";
		json = json_report();
		ck_assert_int_eq(
		    json_integer_value(json_object_get(json, "v")), 1);
		ck_assert_str_eq(
		    json_string_value(json_object_get(json, "flow")),
		    "update-flow");
		ck_assert_str_eq(
		    json_string_value(json_object_get(json, "version")),
		    "1.0.0");
		ck_assert_str_eq(
		    json_string_value(json_object_get(json, "verdict")),
		    "refused");
		ref = json_array_get(json_object_get(json, "refs"), 0);
		ck_assert_str_eq(json_string_value(json_object_get(ref, "ref")),
		    "refs/heads/main");
		ck_assert_str_eq(
		    json_string_value(json_object_get(ref, "stage")),
		    "deployment");
		ck_assert_str_eq(json_string_value(json_object_get(ref, "old")),
		    "0000000000000000000000000000000000000000");
		ck_assert_str_eq(json_string_value(json_object_get(ref, "new")),
		    "0123456789abcdef0123456789abcdef01234567");
		ck_assert_str_eq(
		    json_string_value(json_object_get(ref, "code")),
		    "stage.gates");
		ck_assert_uint_eq(
		    json_array_size(json_object_get(ref, "codes")), 2);
		ck_assert_uint_eq(
		    json_array_size(json_object_get(ref, "gates")), 4);
		gate = json_array_get(json_object_get(ref, "gates"), 0);
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "state")),
		    "passed");
		ck_assert_str_eq(json_string_value(json_array_get(
				     json_object_get(gate, "by"), 0)),
		    "ci-bot");
		gate = json_array_get(json_object_get(ref, "gates"), 1);
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "name")),
		    "acceptance");
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "kind")),
		    "evidence");
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "state")),
		    "missing");
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "have")), "0");
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "want")), "1");
		ck_assert_int_eq(
		    json_integer_value(json_object_get(gate, "line")), 88);
		ck_assert_str_eq(
		    json_string_value(json_object_get(gate, "hint")),
		    "stagegate attest acceptance --pass 1a2b3c4d");
		json_decref(json);
	}
END_TEST

START_TEST(json_of_an_accepted_push_has_no_codes)
	{
		json_t *json, *ref;

		begin();
		add_row(add_ref("refs/heads/main", &deployment, false), "docs",
		    GATE_NOT_APPLICABLE, "no code changed", 4);
		json = json_report();
		ck_assert_str_eq(
		    json_string_value(json_object_get(json, "verdict")),
		    "accepted");
		ref = json_array_get(json_object_get(json, "refs"), 0);
		ck_assert(json_is_null(json_object_get(ref, "code")));
		ck_assert_uint_eq(
		    json_array_size(json_object_get(ref, "codes")), 0);
		ck_assert_str_eq(
		    json_string_value(json_object_get(
			json_array_get(json_object_get(ref, "gates"), 0),
			"state")),
		    "not-applicable");
		json_decref(json);
	}
END_TEST

START_TEST(json_is_utf8_without_control_bytes)
	{
		struct ref_verdict *ref;
		json_t *json;

		begin();
		ref = add_ref("refs/heads/\xff\x01\xc3\xa9", NULL, true);
		finding_add(&unit_arena, &ref->findings, CODE_REF_RESERVED,
		    "bytes \x80 and \n");
		json = json_report();
		ref->shown = NULL;
		ck_assert_str_eq(
		    json_string_value(json_object_get(
			json_array_get(json_object_get(json, "refs"), 0),
			"ref")),
		    "refs/heads/\\xff\\x01\xc3\xa9");
		json_decref(json);
	}
END_TEST

START_TEST(json_tells_what_is_wrong_with_the_whole_push)
	{
		json_t *json;

		begin();
		add_ref("refs/heads/main", &deployment, true);
		finding_add(&unit_arena, &verdict.findings, CODE_PUSH_IDENTITY,
		    "nobody");
		json = json_report();
		ck_assert_str_eq(json_string_value(json_array_get(
				     json_object_get(json, "codes"), 0)),
		    "push.identity");
		ck_assert_str_eq(json_string_value(json_array_get(
				     json_object_get(json, "messages"), 0)),
		    "nobody");
		ck_assert(json_is_null(json_object_get(
		    json_array_get(json_object_get(json, "refs"), 0), "code")));
		json_decref(json);
	}
END_TEST

START_TEST(json_stays_valid_when_it_gets_long)
	{
		json_t *json, *gates;

		begin();
		many_gates(300, 200);
		json = json_report();
		ck_assert(json_is_true(json_object_get(json, "cut")));
		gates = json_object_get(
		    json_array_get(json_object_get(json, "refs"), 0), "gates");
		ck_assert_uint_eq(json_array_size(gates), 100);
		json_decref(json);
		begin();
		for (size_t i = 0; i < REFS_MAX; i++)
			add_ref(
			    arena_printf(&unit_arena, "refs/heads/x/%zu", i),
			    NULL, i % 2);
		json = json_report();
		ck_assert(json_is_true(json_object_get(json, "cut")));
		ck_assert_uint_gt(
		    json_array_size(json_object_get(json, "refs")), 50);
		ck_assert_uint_le(strlen(json_line()), REPORT_BYTES_MAX);
		json_decref(json);
	}
END_TEST

START_TEST(json_refusal_has_the_same_shape)
	{
		struct buf out;
		json_t *json;

		buf_init(&out, &unit_arena, REPORT_BYTES_MAX);
		report_json_refusal(&unit_arena, CODE_POLICY_INVALID,
		    "/etc/policy.yml is missing", &out);
		json = json_loads(out.p, 0, NULL);
		ck_assert_str_eq(
		    json_string_value(json_object_get(json, "verdict")),
		    "refused");
		ck_assert_str_eq(json_string_value(json_array_get(
				     json_object_get(json, "codes"), 0)),
		    "policy.invalid");
		ck_assert_str_eq(json_string_value(json_array_get(
				     json_object_get(json, "messages"), 0)),
		    "policy.yml is missing");
		ck_assert_uint_eq(
		    json_array_size(json_object_get(json, "refs")), 0);
		json_decref(json);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *text = unit_case(suite, "text");
	TCase *shape = unit_case(suite, "shape");
	TCase *json = unit_case(suite, "json");

	tcase_add_test(text, report_is_as_documented);
	tcase_add_test(text, accepted_push_says_nothing);
	tcase_add_test(text, all_states_are_printed_as_documented);
	tcase_add_test(text, finding_has_sentence_details_hints_and_commands);
	tcase_add_test(text, ref_of_no_stage_has_no_stage_in_its_heading);
	tcase_add_test(text, findings_of_other_codes_name_theirs);
	tcase_add_test(text, push_finding_heads_a_part_of_its_own);
	tcase_add_test(text, push_without_refs_is_refused_as_such);
	tcase_add_test(text, warned_gate_is_named_on_an_accepted_push);
	tcase_add_test(text, draft_says_what_would_have_been_refused);
	tcase_add_test(text, draft_with_failing_gates_alone_names_their_code);
	tcase_add_test(text, warnings_of_the_push_are_told_on_their_own);
	tcase_add_test(text, refused_ref_without_a_reason_was_not_decided);
	tcase_add_test(text, internal_finding_says_so_and_hides_folders);
	tcase_add_test(text, same_hint_is_given_once);
	tcase_add_test(text, help_is_shown_to_whom_the_gate_refuses);
	tcase_add_test(text, broken_policy_is_the_administrators_business);
	tcase_add_test(text, undecided_push_is_not_the_pushers_fault);
	tcase_add_test(
	    shape, long_ref_wraps_after_slashes_and_code_stays_whole);
	tcase_add_test(shape, ref_without_slashes_is_broken_anywhere);
	tcase_add_test(shape, object_ids_are_shortened);
	tcase_add_test(shape, command_is_never_wrapped);
	tcase_add_test(shape, long_texts_wrap_in_their_column);
	tcase_add_test(
	    shape, place_has_a_line_of_its_own_where_it_does_not_fit);
	tcase_add_test(shape, row_without_text_or_place_is_fine);
	tcase_add_test(shape, control_bytes_are_neutralised_everywhere);
	tcase_add_test(shape, wide_characters_count_twice);
	tcase_add_test(shape, rows_that_let_pass_are_counted_when_it_gets_long);
	tcase_add_test(
	    shape, three_hundred_gates_are_cut_with_the_verdict_last);
	tcase_add_test(shape, thousands_of_refs_are_cut_with_the_verdict_last);
	tcase_add_test(shape, smaller_buffers_hold_the_verdict_too);
	tcase_add_test(shape, wrap_indents_continuation_lines);
	tcase_add_test(json, json_has_the_documented_shape);
	tcase_add_test(json, json_of_an_accepted_push_has_no_codes);
	tcase_add_test(json, json_is_utf8_without_control_bytes);
	tcase_add_test(json, json_tells_what_is_wrong_with_the_whole_push);
	tcase_add_test(json, json_stays_valid_when_it_gets_long);
	tcase_add_test(json, json_refusal_has_the_same_shape);
	return unit_main(suite);
}
