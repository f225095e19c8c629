#include "reports/sarif.h"

#include <string.h>

#include "base/buf.h"
#include "reports/json.h"
#include "support/unit.h"

/* A report with one run: RULES and RESULTS are items of lists. */
#define LOG(rules, results)                                                    \
	"{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": "         \
	"{\"name\": \"t\", \"rules\": [" rules "]}, \"extensions\": "          \
	"[{\"name\": \"x\", \"rules\": [{\"id\": \"X1\", "                     \
	"\"defaultConfiguration\": {\"level\": \"note\"}}]}]}, "               \
	"\"artifacts\": [{\"location\": {\"uri\": \"src/art.c\"}}], "          \
	"\"results\": [" results "]}]}"
#define RULES                                                                  \
	"{\"id\": \"E1\", \"defaultConfiguration\": {\"level\": \"error\"}, "  \
	"\"messageStrings\": {\"m\": {\"text\": \"{1} of {0} {{x}}\"}}}, "     \
	"{\"id\": \"W1\"}"
#define AT(uri, line)                                                          \
	"\"locations\": [{\"physicalLocation\": {\"artifactLocation\": "       \
	"{\"uri\": \"" uri "\"}, \"region\": {\"startLine\": " #line "}}}]"

static struct sarif read_text(const char *text)
{
	struct sarif sarif;
	struct err err;

	if (sarif_read(&unit_arena, text, strlen(text), &sarif, &err) < 0)
		ck_abort_msg("%s", err.text);
	return sarif;
}

static struct err refused(const char *text, size_t len)
{
	struct sarif sarif = { .suppressed = 77 };
	struct err err = { ERR_NONE, "" };

	ck_assert_int_eq(sarif_read(&unit_arena, text, len, &sarif, &err), -1);
	ck_assert_uint_eq(sarif.suppressed, 77);
	return err;
}

static const struct {
	const char *text;
	enum sarif_level level;
	const char *rule, *path;
	uint64_t line;
	const char *message;
} rows[] = {
	/* its own level */
	{ LOG(RULES,
	      "{\"ruleId\": \"W1\", \"level\": \"error\", \"message\": "
	      "{\"text\": \"one\\ntwo\"}, " AT("src/a.c", 14) "}"),
	    SARIF_ERROR, "W1", "src/a.c", 14, "one" },
	/* of the rule, by index, by id, by both, by reference, by a part */
	{ LOG(RULES, "{\"ruleIndex\": 0, \"message\": {\"text\": \"m\"}}"),
	    SARIF_ERROR, "E1", "", 0, "m" },
	{ LOG(RULES, "{\"ruleId\": \"E1\", \"ruleIndex\": -1}"), SARIF_ERROR,
	    "E1", "", 0, "" },
	{ LOG(RULES, "{\"ruleId\": \"E1/part/1\"}"), SARIF_ERROR, "E1/part/1",
	    "", 0, "" },
	{ LOG(RULES, "{\"rule\": {\"id\": \"E1\"}}"), SARIF_ERROR, "E1", "", 0,
	    "" },
	{ LOG(RULES, "{\"rule\": {\"index\": 0}}"), SARIF_ERROR, "E1", "", 0,
	    "" },
	/* of a rule in an extension */
	{ LOG(RULES, "{\"ruleId\": \"X1\"}"), SARIF_NOTE, "X1", "", 0, "" },
	{ LOG(RULES,
	      "{\"rule\": {\"index\": 0, \"toolComponent\": {\"index\": "
	      "0}}}"),
	    SARIF_NOTE, "X1", "", 0, "" },
	/* a rule that says nothing, no rule, a rule nobody describes */
	{ LOG(RULES, "{\"ruleId\": \"W1\"}"), SARIF_WARNING, "W1", "", 0, "" },
	{ LOG(RULES, "{}"), SARIF_WARNING, "", "", 0, "" },
	{ LOG(RULES, "{\"ruleId\": \"other\"}"), SARIF_WARNING, "other", "", 0,
	    "" },
	/* an index astray does no harm where the level is given */
	{ LOG("", "{\"ruleIndex\": 3, \"level\": \"note\"}"), SARIF_NOTE, "",
	    "", 0, "" },
	{ LOG("", "{\"kind\": \"fail\", \"level\": \"none\"}"), SARIF_NONE, "",
	    "", 0, "" },
	/* messages of the rule, filled in */
	{ LOG(RULES,
	      "{\"ruleId\": \"E1\", \"message\": {\"id\": \"m\", "
	      "\"arguments\": [\"b\", \"a\"]}}"),
	    SARIF_ERROR, "E1", "", 0, "a of b {x}" },
	{ LOG(RULES, "{\"ruleId\": \"E1\", \"message\": {\"id\": \"n\"}}"),
	    SARIF_ERROR, "E1", "", 0, "n" },
	{ LOG(RULES, "{\"message\": {\"markdown\": \"**b**\"}}"), SARIF_WARNING,
	    "", "", 0, "**b**" },
	/* braces are braces where there are no arguments */
	{ LOG(RULES, "{\"message\": {\"text\": \"if {0} {{\"}}"), SARIF_WARNING,
	    "", "", 0, "if {0} {{" },
	/* a path by the index of its artifact */
	{ LOG(RULES,
	      "{\"locations\": [{\"physicalLocation\": {\"artifactLocation\": "
	      "{\"index\": 0}}}]}"),
	    SARIF_WARNING, "", "src/art.c", 0, "" },
	/* null is absent, and what is new in a later version is passed over */
	{ LOG(RULES,
	      "{\"level\": null, \"suppressions\": null, \"baselineState\": "
	      "\"unchanged\", \"x\": [1, 2.5, true]}"),
	    SARIF_WARNING, "", "", 0, "" },
	/* as Microsoft's tools begin a file */
	{ "\xef\xbb\xbf" LOG(RULES, "{}"), SARIF_WARNING, "", "", 0, "" },
};

START_TEST(sarif_reads_a_result)
	{
		struct sarif sarif = read_text(rows[_i].text);
		const struct sarif_result *result = sarif.v;

		ck_assert_uint_eq(sarif.n, 1);
		ck_assert_uint_eq(sarif.scans, 1);
		ck_assert_int_eq(result->level, rows[_i].level);
		ck_assert_str_eq(result->rule, rows[_i].rule);
		ck_assert_str_eq(result->path, rows[_i].path);
		ck_assert_uint_eq(result->line, rows[_i].line);
		ck_assert_str_eq(result->message, rows[_i].message);
	}
END_TEST

static const struct {
	const char *result;
	size_t counts, suppressed;
} counting[] = {
	{ "\"kind\": \"fail\"", 1, 0 },
	{ "\"kind\": \"pass\"", 0, 0 },
	{ "\"kind\": \"review\", \"level\": \"error\"", 0, 0 },
	{ "\"kind\": \"open\"", 0, 0 },
	{ "\"kind\": \"notApplicable\"", 0, 0 },
	{ "\"kind\": \"informational\"", 0, 0 },
	{ "\"suppressions\": []", 1, 0 },
	{ "\"suppressions\": [{\"kind\": \"inSource\"}]", 0, 1 },
	{ "\"suppressions\": [{\"status\": \"accepted\"}]", 0, 1 },
	{ "\"suppressions\": [{\"status\": \"rejected\"}]", 1, 0 },
	{ "\"suppressions\": [{\"status\": \"underReview\"}]", 1, 0 },
	{ "\"suppressions\": [{}, {\"status\": \"rejected\"}]", 1, 0 },
	{ "\"kind\": \"pass\", \"suppressions\": [{}]", 0, 0 },
	{ "\"baselineState\": \"absent\"", 1, 0 },
};

START_TEST(sarif_knows_which_results_count)
	{
		struct sarif sarif = read_text(arena_printf(
		    &unit_arena, LOG("", "{%s}"), counting[_i].result));

		ck_assert_uint_eq(sarif.n, counting[_i].counts);
		ck_assert_uint_eq(sarif.suppressed, counting[_i].suppressed);
	}
END_TEST

/* ---- the same finding ---------------------------------------------------- */

#define SNIPPET(uri, line, text)                                               \
	"\"locations\": [{\"physicalLocation\": {\"artifactLocation\": "       \
	"{\"uri\": \"" uri "\"}, \"region\": {\"startLine\": " #line           \
	", \"snippet\": {\"text\": \"" text "\"}}}}]"

static const struct {
	const char *a, *b;
	bool same;
	bool by_path;
} pairs[] = {
	/* fingerprints: neither line nor path nor message */
	{ "\"partialFingerprints\": {\"p\": \"1\", \"q\": \"2\"}, " AT(
	      "a.c", 1),
	    "\"partialFingerprints\": {\"q\": \"2\", \"p\": \"1\"}, "
	    "\"message\": {\"text\": \"m\"}, " AT("b.c", 7),
	    true, false },
	{ "\"partialFingerprints\": {\"p\": \"1\"}",
	    "\"partialFingerprints\": {\"p\": \"2\"}", false, false },
	{ "\"partialFingerprints\": {\"p\": \"1\"}",
	    "\"partialFingerprints\": {\"q\": \"1\"}", false, false },
	{ "\"partialFingerprints\": {\"p\": \"1\"}",
	    "\"partialFingerprints\": {\"p\": \"1\", \"q\": \"1\"}", false,
	    false },
	{ "\"partialFingerprints\": {\"p\": \"1\"}, \"ruleId\": \"A\"",
	    "\"partialFingerprints\": {\"p\": \"1\"}, \"ruleId\": \"B\"", false,
	    false },
	/* none: the snippet */
	{ SNIPPET("a.c", 1, "  x = 1;\\n"),
	    "\"message\": {\"text\": \"m\"}, " SNIPPET("a.c", 9, "x = 1;"),
	    true, true },
	{ SNIPPET("a.c", 1, "x = 1;"), SNIPPET("a.c", 1, "x = 2;"), false,
	    true },
	{ "\"ruleId\": \"A\", " SNIPPET("a.c", 1, "x = 1;"),
	    "\"ruleId\": \"B\", " SNIPPET("a.c", 1, "x = 1;"), false, true },
	/* none of either: the message */
	{ "\"partialFingerprints\": {}, \"message\": {\"text\": \"m\"}",
	    "\"message\": {\"text\": \" m\"}, " AT("a.c", 7), true, true },
	{ "\"message\": {\"text\": \"m\"}", "\"message\": {\"text\": \"n\"}",
	    false, true },
	{ "\"message\": {\"id\": \"m\", \"arguments\": [\"a\", \"bc\"]}",
	    "\"message\": {\"id\": \"m\", \"arguments\": [\"ab\", \"c\"]}",
	    false, true },
};

START_TEST(sarif_knows_a_finding_again)
	{
		struct sarif a = read_text(
		    arena_printf(&unit_arena, LOG("", "{%s}"), pairs[_i].a));
		struct sarif b = read_text(
		    arena_printf(&unit_arena, LOG("", "{%s}"), pairs[_i].b));

		ck_assert_int_eq(
		    strcmp(a.v[0].key, b.v[0].key) == 0, pairs[_i].same);
		ck_assert_int_eq(a.v[0].by_path, pairs[_i].by_path);
		ck_assert_int_eq(b.v[0].by_path, pairs[_i].by_path);
	}
END_TEST

/* ---- runs -----------------------------------------------------------------
 */

#define RUN "\"tool\": {\"driver\": {\"name\": \"t\\u001b\"}}"

static const struct {
	const char *runs;
	size_t scans;
	const char *trouble;
} runs[] = {
	{ "", 0, NULL },
	{ "{" RUN "}", 0, NULL },
	{ "{" RUN ", \"results\": []}", 1, NULL },
	{ "{" RUN ", \"results\": []}, {" RUN ", \"results\": []}", 2, NULL },
	{ "{" RUN ", \"results\": null}", 0,
	    "run 1 of t\\x1b: it has null for results: it did not begin" },
	{ "{" RUN ", \"results\": []}, {" RUN ", \"results\": [], "
	  "\"invocations\": [{\"executionSuccessful\": true}, "
	  "{\"executionSuccessful\": false}]}",
	    2, "run 2 of t\\x1b: it did not end well" },
};

START_TEST(sarif_knows_whether_there_was_a_scan)
	{
		struct sarif sarif = read_text(arena_printf(&unit_arena,
		    "{\"version\": \"2.1.0\", \"runs\": [%s]}", runs[_i].runs));

		ck_assert_uint_eq(sarif.scans, runs[_i].scans);
		ck_assert_uint_eq(sarif.troubles.n, runs[_i].trouble ? 1 : 0);
		if (runs[_i].trouble)
			ck_assert_str_eq(sarif.troubles.v[0], runs[_i].trouble);
	}
END_TEST

/* ---- what is wrong --------------------------------------------------------
 */

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "line 1, column 0: '[' or '{' expected near end of file" },
	{ "<testsuite/>", "line 1, column 1: '[' or '{' expected near '<'" },
	{ "{\n \"version\": \"2.1.0\",\n \"runs\": [\n",
	    "line 4, column 0: ']' expected near end of file" },
	{ "{\"version\": \"2.1.0\", \"runs\": []} x",
	    "line 1, column 34: end of file expected near 'x'" },
	{ "{\"version\": \"2.1.0\",\n\"runs\": [], \"version\": \"2\"}",
	    "line 2, column 21: duplicate object key near '\"version\"'" },
	{ "{\"a\": \"\xff\"}",
	    "line 1, column 7: unable to decode byte 0xff near '\"'" },
	{ "[]", "SARIF is a mapping" },
	{ "{}", "'version' is not 2.1.0, the one that is understood" },
	{ "{\"version\": \"2.0.0\", \"runs\": []}",
	    "'version' is not 2.1.0, the one that is understood" },
	{ "{\"version\": \"2.1.0\"}", "'runs' is not a list" },
	{ "{\"version\": \"2.1.0\", \"runs\": [1]}",
	    "runs[0]: a run is a mapping" },
	{ "{\"version\": \"2.1.0\", \"runs\": [{}]}",
	    "runs[0]: it names no tool" },
	{ LOG("", "7"), "runs[0].results[0]: a result is a mapping" },
	{ LOG("", "{}, {\"level\": \"fatal\"}"),
	    "runs[0].results[1]: 'fatal' is no level (error, warning, note, "
	    "none)" },
	{ LOG("", "{\"kind\": \"\\u001b[2J\"}"),
	    "runs[0].results[0]: '\\x1b[2J' is no kind of result" },
	{ LOG("", "{\"level\": 1}"),
	    "runs[0].results[0]: 'level' is not a text" },
	{ LOG("", "{\"suppressions\": {}}"),
	    "runs[0].results[0]: 'suppressions' is not a list" },
	{ LOG("", "{\"suppressions\": [1]}"),
	    "runs[0].results[0]: what should have 'status' is no mapping" },
	{ LOG("", "{\"ruleIndex\": \"0\"}"),
	    "runs[0].results[0]: 'ruleIndex' is not a number" },
	{ LOG("", "{\"ruleIndex\": 5}"),
	    "runs[0].results[0]: it has no level, and the index of its rule "
	    "leads nowhere" },
	{ LOG("", "{\"partialFingerprints\": {\"a\": 1}}"),
	    "runs[0].results[0]: a fingerprint is not a text" },
	{ LOG("{\"id\": \"a\", \"defaultConfiguration\": {\"level\": \"x\"}}",
	      "{\"ruleId\": \"a\"}"),
	    "runs[0].results[0]: 'x' is no level (error, warning, note, "
	    "none)" },
	{ "{\"version\": \"2.1.0\", \"runs\": [{" RUN ", \"results\": {}}]}",
	    "runs[0]: 'results' is not a list" },
	{ "{\"version\": \"2.1.0\", \"runs\": [{" RUN
	  ", \"externalPropertyFileReferences\": {\"results\": [{}]}}]}",
	    "runs[0]: its results are in other files, which are not read" },
	{ "{\"version\": \"2.1.0\", \"runs\": [], "
	  "\"inlineExternalProperties\": [{}]}",
	    "'inlineExternalProperties' are not read" },
};

START_TEST(sarif_says_where_it_is_malformed)
	{
		struct err err = refused(bad[_i].text, strlen(bad[_i].text));

		ck_assert_str_eq(err.text, bad[_i].why);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

static const char *repeated(
    const char *before, const char *text, size_t n, const char *after)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, (size_t)64 << 20);
	buf_adds(&buf, before);
	for (size_t i = 0; i < n; i++)
		buf_adds(&buf, text);
	buf_adds(&buf, after);
	return buf.p;
}

START_TEST(sarif_has_ceilings)
	{
		const char *text = repeated("[", "[],", 800000, "0]");
		struct err err = refused(text, strlen(text));

		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(err.text, "it has more than 1500000 values");
		err = refused("", JSON_REPORT_BYTES_MAX + 1);
		ck_assert_str_eq(err.text, "it has more than 33554432 bytes");
		text = repeated("{\"version\": \"2.1.0\", \"runs\": [{" RUN
				", \"results\": [",
		    "{},", SARIF_RESULTS_MAX, "{}]}]}");
		err = refused(text, strlen(text));
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(err.text,
		    "runs[0].results[50000]: more than 50000 results count");
		text = repeated("{\"version\": \"2.1.0\", \"runs\": [{" RUN
				", \"results\": [{\"ruleId\": \"",
		    "/", SARIF_RULE_MAX + 1, "\"}]}]}");
		err = refused(text, strlen(text));
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		text = repeated("", "[", 3000, "");
		err = refused(text, strlen(text));
		ck_assert_str_eq(err.text,
		    "line 1, column 2049: maximum parsing depth reached near "
		    "'['");
	}
END_TEST

START_TEST(sarif_cuts_messages_between_characters)
	{
		struct sarif sarif = read_text(
		    repeated("{\"version\": \"2.1.0\", \"runs\": [{" RUN
			     ", \"results\": [{\"message\": {\"text\": \"x",
			"\xe2\x82\xac", 200, "\"}}]}]}"));
		const char *message = sarif.v[0].message;

		ck_assert_uint_eq(strlen(message), 1 + 85 * 3 + 3);
		ck_assert_str_eq(message + 1 + 84 * 3, "\xe2\x82\xac...");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sarif");
	TCase *tcase = unit_case(suite, "results");

	tcase_add_loop_test(tcase, sarif_reads_a_result, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, sarif_knows_which_results_count, 0, COUNT(counting));
	tcase_add_loop_test(
	    tcase, sarif_knows_a_finding_again, 0, COUNT(pairs));
	tcase_add_loop_test(
	    tcase, sarif_knows_whether_there_was_a_scan, 0, COUNT(runs));
	tcase = unit_case(suite, "malformed");
	tcase_add_loop_test(
	    tcase, sarif_says_where_it_is_malformed, 0, COUNT(bad));
	tcase = unit_case(suite, "ceilings");
	tcase_add_test(tcase, sarif_has_ceilings);
	tcase_add_test(tcase, sarif_cuts_messages_between_characters);
	return unit_main(suite);
}
