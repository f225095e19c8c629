#include "judge/statement.h"

#include <string.h>

#include "base/digest.h"
#include "support/unit.h"

#define SUBJECT "1111111111111111111111111111111111111111"
#define MINIMAL "evidence: 1\ngate: tests\nresult: pass\n"

static const char *tag_of(const char *type, const char *message)
{
	return arena_printf(&unit_arena,
	    "object " SUBJECT "\n"
	    "type %s\n"
	    "tag evidence/tests/" SUBJECT "\n"
	    "tagger Bob <bob@example.com> 1795000000 +0000\n"
	    "\n"
	    "%s",
	    type, message);
}

static enum code parse(
    const char *message, struct statement *statement, const char **why)
{
	const char *bytes = tag_of("commit", message);

	*why = "";
	return statement_parse(
	    &unit_arena, bytes, strlen(bytes), statement, why);
}

START_TEST(statement_is_read_with_all_its_keys)
	{
		struct statement s;
		const char *why;

		ck_assert_int_eq(parse("evidence: 1\n"
				       "gate: coverage\n"
				       "result: fail\n"
				       "repository: 6f1c0c\n"
				       "for: testing\n"
				       "matrix: acme\n"
				       "expires: 2026-12-22T00:00:00Z\n"
				       "run: \"ci-48213\"\n"
				       "summary: fine\n"
				       "url: https://ci.example/1\n"
				       "metrics: {p99_ms: 12.1}\n"
				       "x-mine: [1, 2]\n"
				       "report: lcov\n"
				       "---\n"
				       "TN:\nSF:src/a.c\n---\nend\n",
				     &s, &why),
		    CODE_COUNT);
		ck_assert_str_eq(s.gate, "coverage");
		ck_assert_int_eq(s.result, EVIDENCE_FAIL);
		ck_assert_str_eq(oid_hex(&s.commit).s, SUBJECT);
		ck_assert_str_eq(s.tag_name, "evidence/tests/" SUBJECT);
		ck_assert_str_eq(s.repository, "6f1c0c");
		ck_assert_str_eq(s.for_stage, "testing");
		ck_assert_str_eq(s.matrix, "acme");
		ck_assert(s.has_expires);
		ck_assert_int_eq(s.expires, 1797897600);
		ck_assert_str_eq(s.run, "ci-48213");
		ck_assert_str_eq(s.summary, "fine");
		ck_assert_str_eq(s.url, "https://ci.example/1");
		ck_assert_uint_eq(s.metrics->n, 1);
		ck_assert_str_eq(s.report, "lcov");
		ck_assert_uint_eq(
		    s.report_len, strlen("TN:\nSF:src/a.c\n---\nend\n"));
		ck_assert_int_eq(memcmp(s.report_bytes, "TN:\nSF:", 7), 0);
		ck_assert(!s.is_signed);
	}
END_TEST

START_TEST(statement_needs_three_keys)
	{
		struct statement s;
		const char *why;

		ck_assert_int_eq(parse(MINIMAL, &s, &why), CODE_COUNT);
		ck_assert_int_eq(s.result, EVIDENCE_PASS);
		ck_assert_ptr_null(s.for_stage);
		ck_assert_ptr_null(s.matrix);
		ck_assert_ptr_null(s.report);
		ck_assert(!s.has_expires);
		ck_assert_int_eq(
		    parse(
			"evidence: 1\ngate: tests\nresult: revoke\n", &s, &why),
		    CODE_COUNT);
		ck_assert_int_eq(s.result, EVIDENCE_REVOKE);
		/* A last line without its end is a line. */
		ck_assert_int_eq(
		    parse("evidence: 1\ngate: tests\nresult: pass", &s, &why),
		    CODE_COUNT);
	}
END_TEST

static const struct {
	const char *message;
	enum code code;
	const char *said;
} wrong[] = {
	{ "", CODE_EVIDENCE_YAML, "" },
	{ "hello\n", CODE_EVIDENCE_YAML, "mapping" },
	{ "- a\n", CODE_EVIDENCE_YAML, "mapping" },
	{ "evidence: [1\n", CODE_EVIDENCE_YAML, "line " },
	{ "evidence: &a 1\ngate: tests\nresult: pass\n", CODE_EVIDENCE_YAML,
	    "line 1" },
	{ "evidence: !!str 1\ngate: tests\nresult: pass\n", CODE_EVIDENCE_YAML,
	    "line 1" },
	{ "evidence: 1\ngate: tests\nresult: pass\ngate: review\n",
	    CODE_EVIDENCE_DUPLICATE, "line 4, column 1" },
	{ "gate: tests\nresult: pass\n", CODE_EVIDENCE_VERSION, "evidence: 1" },
	{ "evidence: 2\ngate: tests\nresult: pass\n", CODE_EVIDENCE_VERSION,
	    "line 1, column 11" },
	{ "evidence: 01\ngate: tests\nresult: pass\n", CODE_EVIDENCE_VERSION,
	    "line 1" },
	{ "evidence: true\ngate: tests\nresult: pass\n", CODE_EVIDENCE_VERSION,
	    "line 1" },
	{ "evidence: 1\nresult: pass\n", CODE_EVIDENCE_GATE, "no gate" },
	{ "evidence: 1\ngate: [a]\nresult: pass\n", CODE_EVIDENCE_GATE,
	    "line 2, column 7" },
	{ "evidence: 1\ngate: \"\"\nresult: pass\n", CODE_EVIDENCE_GATE,
	    "line 2" },
	{ "evidence: 1\ngate: tests\n", CODE_EVIDENCE_RESULT, "no result" },
	{ "evidence: 1\ngate: tests\nresult: passed\n", CODE_EVIDENCE_RESULT,
	    "line 3, column 9" },
	{ "evidence: 1\ngate: tests\nresult: Pass\n", CODE_EVIDENCE_RESULT,
	    "line 3" },
	{ MINIMAL "matrx: acme\n", CODE_EVIDENCE_KEY,
	    "line 4, column 1: unknown key 'matrx', did you mean 'matrix'?" },
	{ MINIMAL "colour: red\n", CODE_EVIDENCE_KEY, "begin with 'x-'" },
	{ MINIMAL "X-mine: red\n", CODE_EVIDENCE_KEY, "unknown key" },
	{ MINIMAL "matrix: [acme]\n", CODE_EVIDENCE_KEY, "matrix" },
	{ MINIMAL "for: {a: b}\n", CODE_EVIDENCE_KEY, "for" },
	{ MINIMAL "run: \"\"\n", CODE_EVIDENCE_KEY, "run" },
	{ MINIMAL "expires: soon\n", CODE_EVIDENCE_KEY, "not a time" },
	{ MINIMAL "expires: 2026-13-01\n", CODE_EVIDENCE_KEY, "not a time" },
	{ MINIMAL "metrics: 12\n", CODE_EVIDENCE_KEY, "metrics" },
	{ MINIMAL "metrics: {a: {b: 1}}\n", CODE_EVIDENCE_KEY, "flat" },
	{ MINIMAL "metrics: {a: fast}\n", CODE_EVIDENCE_KEY, "flat" },
	{ MINIMAL "metrics: {a: 1.}\n", CODE_EVIDENCE_KEY, "flat" },
	{ MINIMAL "metrics: {a: 1, b: 12ms}\n", CODE_EVIDENCE_KEY, "flat" },
	{ MINIMAL "metrics: {a: 1e}\n", CODE_EVIDENCE_KEY, "flat" },
	{ MINIMAL "metrics: {a: nan}\n", CODE_EVIDENCE_KEY, "flat" },
	{ MINIMAL "---\nTN:\n", CODE_EVIDENCE_DOCUMENT, "report" },
	{ "---\n" MINIMAL, CODE_EVIDENCE_DOCUMENT, "line 1" },
	{ "--- \n" MINIMAL, CODE_EVIDENCE_DOCUMENT, "line 1" },
	{ MINIMAL "--- # more\nresult: fail\n", CODE_EVIDENCE_DOCUMENT,
	    "line 4" },
	{ MINIMAL "---\t\nresult: fail\n", CODE_EVIDENCE_DOCUMENT, "line 4" },
	{ MINIMAL "----\n", CODE_EVIDENCE_DOCUMENT, "line 4" },
	{ MINIMAL "...\n", CODE_EVIDENCE_DOCUMENT, "line 4" },
	{ MINIMAL "... \njunk\n", CODE_EVIDENCE_DOCUMENT, "line 4" },
	{ MINIMAL "report: lcov\n", CODE_EVIDENCE_REPORT, "---" },
};

START_TEST(statement_that_is_wrong_says_how)
	{
		struct statement s = { .gate = "untouched" };
		const char *why;
		enum code code = parse(wrong[_i].message, &s, &why);

		ck_assert_msg(code == wrong[_i].code, "%s: %s: %s",
		    wrong[_i].message, code_text(code), why);
		ck_assert_msg(strstr(why, wrong[_i].said) != NULL, "%s", why);
		ck_assert_str_eq(s.gate, "untouched");
	}
END_TEST

START_TEST(statement_may_carry_its_metrics_as_report)
	{
		struct statement s;
		const char *why;

		ck_assert_int_eq(
		    parse(MINIMAL "metrics: {a: -1.5e+3}\nreport: metrics\n",
			&s, &why),
		    CODE_COUNT);
		ck_assert_uint_eq(s.report_len, 0);
	}
END_TEST

START_TEST(statement_is_about_a_commit)
	{
		const struct {
			const char *type;
			enum code code;
		} types[] = { { "tag", CODE_EVIDENCE_NESTED },
			{ "tree", CODE_EVIDENCE_TARGET },
			{ "blob", CODE_EVIDENCE_TARGET } };

		for (int i = 0; i < COUNT(types); i++) {
			const char *bytes = tag_of(types[i].type, MINIMAL);
			struct statement s;
			const char *why;

			ck_assert_int_eq(statement_parse(&unit_arena, bytes,
					     strlen(bytes), &s, &why),
			    types[i].code);
		}
	}
END_TEST

START_TEST(statement_in_a_tag_that_is_not_canonical_is_not_read)
	{
		const char *bytes = "object " SUBJECT
				    "\ntype commit\n\n" MINIMAL;
		struct statement s;
		const char *why;

		ck_assert_int_eq(statement_parse(&unit_arena, bytes,
				     strlen(bytes), &s, &why),
		    CODE_OBJECT_MALFORMED);
	}
END_TEST

/* ---- signatures --------------------------------------------------------- */

#define SSH "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"

START_TEST(statement_that_is_signed_says_so)
	{
		const char *const signatures[] = { SSH,
			"-----BEGIN PGP SIGNATURE-----\n\nx\n"
			"-----END PGP SIGNATURE-----\n",
			"-----BEGIN PGP MESSAGE-----\n",
			"-----BEGIN SIGNED MESSAGE-----\n" };
		const char *plain = tag_of("commit", MINIMAL);

		for (int i = 0; i < COUNT(signatures); i++) {
			struct statement s;
			const char *why;

			ck_assert_int_eq(parse(arena_printf(&unit_arena,
						   MINIMAL "%s", signatures[i]),
					     &s, &why),
			    CODE_COUNT);
			ck_assert(s.is_signed);
			ck_assert_uint_eq(s.unsigned_len, strlen(plain));
		}
	}
END_TEST

START_TEST(statement_signature_begins_a_line)
	{
		struct statement s;
		const char *why;

		ck_assert_int_eq(
		    parse(MINIMAL "run: \"-----BEGIN SSH SIGNATURE-----\"\n",
			&s, &why),
		    CODE_COUNT);
		ck_assert(!s.is_signed);
		/* After the report, too. */
		ck_assert_int_eq(
		    parse(MINIMAL "report: lcov\n---\nTN:\n" SSH, &s, &why),
		    CODE_COUNT);
		ck_assert(s.is_signed);
		ck_assert_uint_eq(s.report_len, strlen("TN:\n"));
		/* git takes the last of two, others the first. */
		ck_assert_int_eq(
		    parse(MINIMAL "report: lcov\n---\nTN:\n" SSH SSH, &s, &why),
		    CODE_EVIDENCE_SIGNATURE);
	}
END_TEST

/* ---- replay ------------------------------------------------------------- */

START_TEST(statement_replay_key_is_of_payload_and_person)
	{
		const char *plain = tag_of("commit", MINIMAL);
		const char *signed_one = tag_of("commit", MINIMAL SSH);
		const struct digest_part parts[] = { { plain, strlen(plain) },
			{ "\0bob", 4 } };
		struct statement a, b;
		const char *why, *key;

		ck_assert_int_eq(parse(MINIMAL, &a, &why), CODE_COUNT);
		ck_assert_int_eq(parse(MINIMAL SSH, &b, &why), CODE_COUNT);
		key = statement_replay_key(&unit_arena, plain, &a, "bob");
		ck_assert_uint_eq(strlen(key), 40);
		ck_assert_int_eq(
		    strncmp(key, sha256_hex(&unit_arena, parts, 2), 40), 0);
		/* A signature makes no other statement of it, a person does. */
		ck_assert_str_eq(key,
		    statement_replay_key(&unit_arena, signed_one, &b, "bob"));
		ck_assert_str_ne(
		    key, statement_replay_key(&unit_arena, plain, &a, "bo"));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("statement");
	TCase *tcase = unit_case(suite, "parse");

	tcase_add_test(tcase, statement_is_read_with_all_its_keys);
	tcase_add_test(tcase, statement_needs_three_keys);
	tcase_add_loop_test(
	    tcase, statement_that_is_wrong_says_how, 0, COUNT(wrong));
	tcase_add_test(tcase, statement_may_carry_its_metrics_as_report);
	tcase_add_test(tcase, statement_is_about_a_commit);
	tcase_add_test(
	    tcase, statement_in_a_tag_that_is_not_canonical_is_not_read);
	tcase = unit_case(suite, "signature");
	tcase_add_test(tcase, statement_that_is_signed_says_so);
	tcase_add_test(tcase, statement_signature_begins_a_line);
	tcase = unit_case(suite, "replay");
	tcase_add_test(tcase, statement_replay_key_is_of_payload_and_person);
	return unit_main(suite);
}
