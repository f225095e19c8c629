#include "reports/junit.h"

#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

static struct junit read_text(const char *text)
{
	struct junit junit;
	struct err err;

	if (junit_read(&unit_arena, text, strlen(text), &junit, &err) < 0)
		ck_abort_msg("%s", err.text);
	return junit;
}

static struct err refused(const char *text, size_t len)
{
	struct junit junit = { .tests = 77 };
	struct err err = { ERR_NONE, "" };

	ck_assert_int_eq(junit_read(&unit_arena, text, len, &junit, &err), -1);
	ck_assert_uint_eq(junit.tests, 77);
	return err;
}

/* What the tools write, shortened; numbers of their suites are beside the
 * point. */
static const struct {
	const char *text;
	uint64_t tests, failed, skipped, unlisted;
	const char *first_failing, *first_gap;
} rows[] = {
	/* gtest */
	{ "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	  "<testsuites tests=\"4\" failures=\"1\" disabled=\"1\" errors=\"0\""
	  " time=\"0.1\" name=\"AllTests\">\n"
	  "<testsuite name=\"S\" tests=\"4\" failures=\"1\" disabled=\"1\">\n"
	  "<testcase name=\"A\" status=\"run\" result=\"completed\""
	  " classname=\"S\"/>\n"
	  "<testcase name=\"B\" status=\"run\" result=\"completed\""
	  " classname=\"S\"><failure message=\"1&#x0A;2\" type=\"\">"
	  "<![CDATA[a.cc:3\n<failure/>]]></failure>"
	  "<failure message=\"again\" type=\"\"/></testcase>\n"
	  "<testcase name=\"DISABLED_C\" status=\"notrun\""
	  " result=\"suppressed\" classname=\"S\"/>\n"
	  "<testcase name=\"D\" status=\"run\" result=\"skipped\""
	  " classname=\"S\"><skipped message=\"x\"/></testcase>\n"
	  "</testsuite>\n</testsuites>\n",
	    4, 1, 2, 0, "S.B", NULL },
	/* pytest: an error in a teardown is a second testcase */
	{ "<testsuites><testsuite name=\"pytest\" errors=\"1\" failures=\"1\""
	  " skipped=\"1\" tests=\"3\">"
	  "<testcase classname=\"t.test_a\" name=\"test_x[1]\" time=\"0\">"
	  "<failure message=\"assert 1 == 2\">def ..</failure></testcase>"
	  "<testcase classname=\"t.test_a\" name=\"test_x[1]\">"
	  "<error message=\"failed on teardown\">..</error></testcase>"
	  "<testcase classname=\"t.test_a\" name=\"test_y\">"
	  "<skipped type=\"pytest.xfail\" message=\"\"/></testcase>"
	  "<testcase classname=\"t.test_a\" name=\"test_z\"><properties>"
	  "<property name=\"a\" value=\"b\"/></properties></testcase>"
	  "</testsuite></testsuites>",
	    4, 2, 1, 0, "t.test_a.test_x[1]", NULL },
	/* surefire: one suite, no list of suites; repeated runs */
	{ "<testsuite xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
	  " xsi:noNamespaceSchemaLocation=\"x.xsd\" name=\"com.A\" tests=\"4\""
	  " errors=\"0\" skipped=\"1\" failures=\"1\">"
	  "<properties><property name=\"os\" value=\"x\"/></properties>"
	  "<testcase name=\"flaky\" classname=\"com.A\"><flakyFailure "
	  "message=\"m\" type=\"t\"><stackTrace>..</stackTrace><system-out>"
	  "</system-out></flakyFailure><flakyError/></testcase>"
	  "<testcase name=\"bad\" classname=\"com.A\"><failure type=\"t\"/>"
	  "<rerunFailure type=\"t\"/><system-err>x</system-err></testcase>"
	  "<testcase name=\"no\" classname=\"com.A\"><skipped/></testcase>"
	  "<testcase name=\"good\" classname=\"com.A\"/></testsuite>",
	    4, 1, 1, 0, "com.A.bad", NULL },
	/* jest: a suite that could not be loaded has errors and no test */
	{ "<testsuites name=\"jest tests\" tests=\"1\" failures=\"0\""
	  " errors=\"1\"><testsuite name=\"a\" errors=\"0\" failures=\"0\""
	  " tests=\"1\"><testcase classname=\" a b\" name=\" a b\"/>"
	  "</testsuite><testsuite name=\"broken\" errors=\"1\" failures=\"0\""
	  " tests=\"0\"></testsuite></testsuites>",
	    1, 0, 0, 1, NULL,
	    "suite broken says that it has failures and lists no failed test" },
	/* Catch2 counts assertions */
	{ "<testsuites><testsuite name=\"c\" errors=\"0\" failures=\"0\""
	  " tests=\"40\"><testcase classname=\"c.global\" name=\"one\">"
	  "</testcase></testsuite></testsuites>",
	    1, 0, 0, 0, NULL, NULL },
	/* PHPUnit: suites in suites */
	{ "<testsuites><testsuite name=\"\" tests=\"2\" errors=\"1\">"
	  "<testsuite name=\"o\" tests=\"2\" errors=\"1\"><testsuite name=\"i\""
	  " tests=\"1\" errors=\"1\"><testcase name=\"a\" class=\"X\">"
	  "<error type=\"E\"/></testcase></testsuite>"
	  "<testcase name=\"b\"/></testsuite></testsuite></testsuites>",
	    2, 1, 0, 0, "a", NULL },
	/* ctest says it in an attribute too; case does not matter */
	{ "<testsuite tests=\"3\"><testcase name=\"a\" status=\"fail\"/>"
	  "<testcase name=\"b\" status=\"disabled\"/>"
	  "<testcase name=\"c\" status=\"Passed\"/>"
	  "<testcase name=\"d\" status=\"Failed\"><skipped/></testcase>"
	  "</testsuite>",
	    4, 2, 1, 0, "a", NULL },
	/* nothing in it, and nothing said */
	{ "<testsuites/>", 0, 0, 0, 0, NULL, NULL },
	{ "<testsuite tests=\"0\" failures=\"0\"/>", 0, 0, 0, 0, NULL, NULL },
	/* something said, and nothing in it: once, where it is said */
	{ "<testsuites tests=\"3\"><testsuite name=\"s\" tests=\"3\"/>"
	  "</testsuites>",
	    0, 0, 0, 1, NULL, "suite s says that it has tests and lists none" },
	{ "<testsuites tests=\"3\"/>", 0, 0, 0, 1, NULL,
	    "suite at line 1 says that it has tests and lists none" },
	{ "<testsuite failures=\"1\" name=\"s\"><testcase name=\"a\"/>"
	  "</testsuite>",
	    1, 0, 0, 1, NULL,
	    "suite s says that it has failures and lists no failed test" },
	/* a failure of the suite itself */
	{ "<testsuite name=\"s\"><testcase name=\"a\"/><error/></testsuite>", 1,
	    0, 0, 1, NULL,
	    "suite s says that it has failures and lists no failed test" },
	/* numbers that are none say nothing */
	{ "<testsuite tests=\"-1\" failures=\"many\"/>", 0, 0, 0, 0, NULL,
	    NULL },
	/* what is not a test's own outcome */
	{ "<testsuite><testcase name=\"a\"><system-out><failure/>"
	  "</system-out></testcase></testsuite>",
	    1, 0, 0, 0, NULL, NULL },
	/* names that terminals would obey */
	{ "<testsuite><testcase classname=\"a&#x9;b\" name=\"\xe2\x80\xaex\">"
	  "<failure/></testcase></testsuite>",
	    1, 1, 0, 0, "a\\x09b.\\xe2\\x80\\xaex", NULL },
	/* other encodings, in so far as they are declared */
	{ "<?xml version='1.0' encoding='ISO-8859-1'?><testsuite>"
	  "<testcase name=\"\xe9\"><failure/></testcase></testsuite>",
	    1, 1, 0, 0, "\xc3\xa9", NULL },
	{ "<testsuite>\n<testcase><failure/></testcase></testsuite>", 1, 1, 0,
	    0, "at line 2", NULL },
};

START_TEST(junit_counts_what_is_there)
	{
		struct junit junit = read_text(rows[_i].text);

		ck_assert_uint_eq(junit.tests, rows[_i].tests);
		ck_assert_uint_eq(junit.failed, rows[_i].failed);
		ck_assert_uint_eq(junit.skipped, rows[_i].skipped);
		ck_assert_uint_eq(junit.unlisted, rows[_i].unlisted);
		ck_assert_uint_eq(junit.failing.n, rows[_i].failed);
		if (rows[_i].first_failing)
			ck_assert_str_eq(
			    junit.failing.v[0], rows[_i].first_failing);
		ck_assert_uint_eq(junit.gaps.n, rows[_i].unlisted);
		if (rows[_i].first_gap)
			ck_assert_str_eq(junit.gaps.v[0], rows[_i].first_gap);
	}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "line 1, column 1: no element found" },
	{ "{\"tests\": 1}",
	    "line 1, column 1: not well-formed (invalid token)" },
	{ "<testsuite>\n  <testcase></testsuite>\n",
	    "line 2, column 15: mismatched tag" },
	{ "<testsuite>", "line 1, column 12: no element found" },
	{ "<testsuite/><testsuite/>",
	    "line 1, column 13: junk after document element" },
	{ "<testsuite a=\"1\" a=\"2\"/>",
	    "line 1, column 18: duplicate attribute" },
	{ "<html/>",
	    "line 1, column 1: it begins with <html>, not with <testsuites> or "
	    "<testsuite>" },
	{ "<testcase/>",
	    "line 1, column 1: it begins with <testcase>, not with "
	    "<testsuites> or <testsuite>" },
	{ "<testsuite>\n<x><testcase/></x></testsuite>",
	    "line 2, column 4: a <testcase> that is not in a suite" },
	{ "<testsuite><testcase><testcase/></testcase></testsuite>",
	    "line 1, column 22: a <testcase> that is not in a suite" },
	{ "<testsuite><properties><testsuite/></properties></testsuite>",
	    "line 1, column 24: a <testsuite> that is not in a suite" },
	{ "<!DOCTYPE testsuite><testsuite/>",
	    "line 1, column 20: a document type is not taken" },
	{ "<!DOCTYPE t [<!ENTITY a \"b\">]>\n<testsuite>&a;</testsuite>",
	    "line 1, column 13: a document type is not taken" },
	{ "<!DOCTYPE t SYSTEM \"file:///etc/passwd\">\n<testsuite/>",
	    "line 1, column 40: a document type is not taken" },
	{ "<testsuite>&a;</testsuite>", "line 1, column 12: undefined entity" },
	{ "<?xml version='1.0' encoding='x-none'?><testsuite/>",
	    "line 1, column 31: unknown encoding" },
	{ "<testsuite name=\"\xff\"/>",
	    "line 1, column 18: not well-formed (invalid token)" },
};

START_TEST(junit_says_where_it_is_malformed)
	{
		struct err err = refused(bad[_i].text, strlen(bad[_i].text));

		ck_assert_str_eq(err.text, bad[_i].why);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

START_TEST(junit_does_not_go_deeper_than_its_ceiling)
	{
		struct buf buf;
		struct err err;

		buf_init(&buf, &unit_arena, 10000);
		for (int i = 0; i < JUNIT_DEPTH_MAX; i++)
			buf_adds(&buf, "<testsuite>");
		buf_adds(&buf, "\n<testsuite/>");
		err = refused(buf.p, buf.len);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(err.text,
		    "line 2, column 1: elements are more than 64 deep");
	}
END_TEST

START_TEST(junit_shows_the_first_failures_and_cuts_names)
	{
		struct junit junit;
		struct buf buf;

		buf_init(&buf, &unit_arena, 100000);
		buf_adds(&buf, "<testsuite>");
		for (int i = 0; i < 50; i++) {
			buf_addf(&buf, "<testcase name=\"%d", i);
			for (int k = 0; k < 300; k++)
				buf_addc(&buf, 'x');
			buf_adds(&buf, "\"><error/></testcase>");
		}
		buf_adds(&buf, "</testsuite>");
		junit = read_text(buf.p);
		ck_assert_uint_eq(junit.failed, 50);
		ck_assert_uint_eq(junit.failing.n, JUNIT_SHOWN_MAX);
		ck_assert_uint_eq(
		    strlen(junit.failing.v[9]), JUNIT_NAME_MAX + 3);
		ck_assert_ptr_nonnull(strstr(junit.failing.v[9], "xxx..."));
	}
END_TEST

START_TEST(junit_takes_so_many_tests_and_no_more)
	{
		static const char one[] = "<testcase/>";
		uint64_t n = JUNIT_TESTS_MAX + 1;
		struct err err;
		struct buf buf;

		buf_init(&buf, &unit_arena, JUNIT_BYTES_MAX + 1);
		buf_adds(&buf, "<testsuite>");
		for (uint64_t i = 0; i < n; i++)
			buf_add(&buf, one, sizeof(one) - 1);
		buf_adds(&buf, "</testsuite>");
		err = refused(buf.p, buf.len);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_ptr_nonnull(
		    strstr(err.text, "it has more than 1000000 tests"));
	}
END_TEST

START_TEST(junit_takes_so_many_bytes_and_no_more)
	{
		struct err err = refused("", JUNIT_BYTES_MAX + 1);

		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(err.text, "it has more than 67108864 bytes");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("junit");
	TCase *tcase = unit_case(suite, "counts");

	tcase_add_loop_test(tcase, junit_counts_what_is_there, 0, COUNT(rows));
	tcase = unit_case(suite, "malformed");
	tcase_add_loop_test(
	    tcase, junit_says_where_it_is_malformed, 0, COUNT(bad));
	tcase = unit_case(suite, "ceilings");
	tcase_add_test(tcase, junit_does_not_go_deeper_than_its_ceiling);
	tcase_add_test(tcase, junit_shows_the_first_failures_and_cuts_names);
	tcase_add_test(tcase, junit_takes_so_many_tests_and_no_more);
	tcase_add_test(tcase, junit_takes_so_many_bytes_and_no_more);
	return unit_main(suite);
}
