#include "reports/measures.h"

#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

/* As hyperfine 1.15 and Google Benchmark 1.7 write them, shortened. */
static const char hyperfine[] =
    "{\n  \"results\": [\n    {\n"
    "      \"command\": \"sort big\",\n      \"mean\": 0.0118,\n"
    "      \"stddev\": null,\n      \"median\": 0.01175,\n"
    "      \"user\": 0.001021,\n      \"system\": 0.0,\n"
    "      \"min\": 0.01173,\n      \"max\": 0.012,\n"
    "      \"times\": [0.012, 0.01173, 0.01175],\n"
    "      \"exit_codes\": [0, 0, 0]\n    },\n"
    "    {\"command\": \"true\", \"mean\": 1e-3, \"parameters\": {\"n\": "
    "\"1\"}}\n"
    "  ]\n}\n";

#define ENTRY(name, rest) "{\"name\":\"" name "\"," rest "}"

static const char google[] =
    "{\"context\":{\"date\":\"2026-11-28\",\"num_cpus\":2},\"benchmarks\":"
    "[" ENTRY("BM_a/8",
	"\"run_type\":\"iteration\",\"real_time\":3e0,"
	"\"cpu_time\":1.5,\"time_unit\":\"ns\"") "," ENTRY("BM_r",
	"\"run_type\":\"iteration\",\"repetition_index\":0,"
	"\"real_time\":9,\"cpu_time\":9,\"time_unit\":\"us\"") "," ENTRY("BM_r",
	"\"run_type\":\"iteration\",\"repetition_index\":1,"
	"\"real_time\":1000,\"cpu_time\":7,\"time_unit\":\"ns\"") "," ENTRY("BM"
									    "_"
									    "r",
	"\"run_type\":\"iteration\",\"repetition_index\":2,"
	"\"real_time\":4,\"cpu_time\":8,\"time_unit\":\"us\"") "," ENTRY("BM_r_"
									 "mean",
	"\"run_type\":\"aggregate\",\"aggregate_unit\":\"time\","
	"\"real_time\":5,\"cpu_time\":8,\"time_unit\":\"us\"") "," ENTRY("BM_r_"
									 "cv",
	"\"run_type\":\"aggregate\","
	"\"aggregate_unit\":\"percentage\",\"real_time\":0.4,"
	"\"cpu_time\":0.1,\"time_unit\":\"us\"") "," ENTRY("BM_bad",
	"\"run_type\":\"iteration\",\"error_occurred\":true,"
	"\"error_message\":\"no\",\"real_time\":0,"
	"\"cpu_time\":0,\"time_unit\":\"us\"") "," ENTRY("BM_BigO",
	"\"run_type\":\"aggregate\",\"cpu_coefficient\":1,"
	"\"big_o\":\"N\",\"time_unit\":\"ns\"") "]}";

typedef int read_fn(struct arena *arena, const char *bytes, size_t len,
    struct measures *ret, struct err *err);

static struct measures read_good(read_fn *read, const char *text)
{
	struct measures measures = { .n = 0 };
	struct err err = { 0 };

	ck_assert_msg(
	    read(&unit_arena, text, strlen(text), &measures, &err) == 0, "%s",
	    err.text);
	return measures;
}

static void has(const struct measures *measures, const char *name, double value,
    double per_second)
{
	const struct measure *measure = measures_find(measures, name);

	ck_assert_msg(measure != NULL, "no %s", name);
	ck_assert_double_eq_tol(measure->value, value, 1e-12);
	ck_assert_double_eq(measure->per_second, per_second);
}

START_TEST(hyperfine_has_a_number_for_each_name)
	{
		struct measures m = read_good(hyperfine_read, hyperfine);

		has(&m, "sort big.mean", 0.0118, 1);
		has(&m, "sort big.median", 0.01175, 1);
		has(&m, "sort big.user", 0.001021, 1);
		has(&m, "sort big.system", 0, 1);
		has(&m, "sort big.min", 0.01173, 1);
		has(&m, "sort big.max", 0.012, 1);
		has(&m, "true.mean", 0.001, 1);
		ck_assert_uint_eq(m.n, 7);
		ck_assert_ptr_null(measures_find(&m, "sort big.stddev"));
		ck_assert_ptr_null(measures_find(&m, "sort big"));
		ck_assert_ptr_null(measures_find(&m, "sort big.times"));
	}
END_TEST

START_TEST(google_has_a_time_of_each_kind)
	{
		struct measures m = read_good(googlebench_read, google);

		has(&m, "BM_a/8.real_time", 3, 1e9);
		has(&m, "BM_a/8.cpu_time", 1.5, 1e9);
		has(&m, "BM_r_mean.real_time", 5, 1e6);
		ck_assert_double_eq_tol(
		    measure_amount(measures_find(&m, "BM_a/8.real_time")), 3e-9,
		    1e-18);
		ck_assert_ptr_null(measures_find(&m, "BM_r_cv.real_time"));
		ck_assert_ptr_null(measures_find(&m, "BM_bad.real_time"));
		ck_assert_ptr_null(measures_find(&m, "BM_BigO.real_time"));
		ck_assert_uint_eq(m.n, 6);
	}
END_TEST

START_TEST(google_has_the_median_of_repetitions)
	{
		struct measures m = read_good(googlebench_read, google);
		const char two[] = "{\"benchmarks\":[" ENTRY(
		    "a", "\"real_time\":1,\"time_unit\":\"s\"") "," ENTRY("a",
		    "\"real_time\":2000,\"time_unit\":\"ms\"") "]}";

		has(&m, "BM_r.real_time", 4, 1e6);
		has(&m, "BM_r.cpu_time", 8, 1e6);
		m = read_good(googlebench_read, two);
		has(&m, "a.real_time", 1.5, 1);
	}
END_TEST

static const struct {
	read_fn *read;
	const char *text, *why;
} bad[] = {
	{ hyperfine_read, "", "line 1, column 0: " },
	{ hyperfine_read, "{\"results\": [\n  {\"command\" \"x\"}]}",
	    "line 2, column 16: " },
	{ hyperfine_read, "{\"results\": [], \"results\": []}",
	    "line 1, column " },
	{ hyperfine_read, "{\"results\": [\"\xff\"]}", "line 1, column " },
	{ hyperfine_read, "[]", "it has no 'results'" },
	{ hyperfine_read, "{\"results\": {}}", "it has no 'results'" },
	{ hyperfine_read, "{\"results\": []}", "it has no 'results'" },
	{ hyperfine_read, "{\"results\": [1]}", "result 1 has no 'command'" },
	{ hyperfine_read, "{\"results\": [{\"command\": \"\"}]}",
	    "result 1 has no 'command'" },
	{ hyperfine_read, "{\"results\": [{\"command\": \"x\"}]}",
	    "result 1 has no 'mean'" },
	{ hyperfine_read,
	    "{\"results\": [{\"command\": \"x\", \"mean\": \"1\"}]}",
	    "result 1 has no 'mean'" },
	{ hyperfine_read, "{\"results\": [{\"command\": \"x\", \"mean\": -1}]}",
	    "'x.mean' is less than no time" },
	{ hyperfine_read,
	    "{\"results\": [{\"command\": \"x\", \"mean\": 1e999}]}",
	    "line 1, column " },
	{ hyperfine_read,
	    "{\"results\": [{\"command\": \"x\", \"mean\": 1, \"min\": []}]}",
	    "'x.min' is no number" },
	{ hyperfine_read,
	    "{\"results\": [{\"command\": \"x\\u001b\", \"mean\": 1},"
	    "{\"command\": \"x\\u001b\", \"mean\": 1}]}",
	    "'x\\x1b.mean' is in it more than once" },
	{ hyperfine_read,
	    "{\"results\": [{\"command\": \"x\", \"mean\": 1, "
	    "\"exit_codes\": [0, 1]}]}",
	    "result 1: the command did not exit 0 in run 2" },
	{ hyperfine_read,
	    "{\"results\": [{\"command\": \"x\", \"mean\": 1, "
	    "\"exit_codes\": [null]}]}",
	    "did not exit 0 in run 1" },
	{ googlebench_read, "{\"results\": []}", "it has no 'benchmarks'" },
	{ googlebench_read, "{\"benchmarks\": [{}]}",
	    "benchmark 1 has no 'name'" },
	{ googlebench_read,
	    "{\"benchmarks\": [" ENTRY("a", "\"real_time\":1") "]}",
	    "'a' has no 'time_unit'" },
	{ googlebench_read,
	    "{\"benchmarks\": [" ENTRY(
		"a", "\"real_time\":1,\"time_unit\":\"h\"") "]}",
	    "'a' has no 'time_unit'" },
	{ googlebench_read,
	    "{\"benchmarks\": [" ENTRY(
		"a", "\"real_time\":\"1\",\"time_unit\":\"s\"") "]}",
	    "'a.real_time' is no number" },
	{ googlebench_read,
	    "{\"benchmarks\": [" ENTRY("a_mean",
		"\"real_time\":1,\"time_unit\":\"s\",\"run_type\":"
		"\"aggregate\"") "," ENTRY("a_mean",
		"\"real_time\":2,\"time_unit\":\"s\",\"run_type\":"
		"\"iteration\"") "]}",
	    "'a_mean.real_time' is in it more than once" },
};

START_TEST(what_cannot_be_read_is_said)
	{
		struct measures measures = { .n = 4711 };
		struct err err = { 0 };

		ck_assert_int_eq(bad[_i].read(&unit_arena, bad[_i].text,
				     strlen(bad[_i].text), &measures, &err),
		    -1);
		ck_assert_msg(
		    strstr(err.text, bad[_i].why) != NULL, "%s", err.text);
		ck_assert_uint_eq(measures.n, 4711);
	}
END_TEST

/* Many of one thing, and what it is refused for. */
static void refuses_many(
    const char *one, size_t n, const char *last, const char *why)
{
	struct measures measures;
	struct err err = { 0 };
	struct buf buf;

	buf_init(&buf, &unit_arena, (size_t)64 << 20);
	buf_adds(&buf, "{\"results\": [");
	for (size_t i = 0; i < n; i++)
		buf_adds(&buf, one);
	buf_adds(&buf, last);
	ck_assert_int_eq(
	    hyperfine_read(&unit_arena, buf.p, buf.len, &measures, &err), -1);
	ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
}

START_TEST(ceilings_hold)
	{
		refuses_many("{\"command\": \"x\", \"mean\": 1},", 10001,
		    "{}]}", "more than 10000 results");
		refuses_many("[", 100000, "", "line 1, column ");
		refuses_many("[],", 1000000, "[]]}", "more than ");
		refuses_many("{\"command\": \"", 1,
		    arena_printf(&unit_arena, "%01001d\", \"mean\": 1}]}", 0),
		    "has more than 1000 bytes");
	}
END_TEST

START_TEST(units_are_what_they_are_called)
	{
		ck_assert_double_eq(time_unit_per_second("s"), 1);
		ck_assert_double_eq(time_unit_per_second("ms"), 1e3);
		ck_assert_double_eq(time_unit_per_second("us"), 1e6);
		ck_assert_double_eq(time_unit_per_second("ns"), 1e9);
		ck_assert_double_eq(time_unit_per_second(""), 0);
		ck_assert_double_eq(time_unit_per_second("min"), 0);
		ck_assert_double_eq(time_unit_per_second("MS"), 0);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("measures");
	TCase *tcase = unit_case(suite, "read");

	tcase_add_test(tcase, hyperfine_has_a_number_for_each_name);
	tcase_add_test(tcase, google_has_a_time_of_each_kind);
	tcase_add_test(tcase, google_has_the_median_of_repetitions);
	tcase_add_loop_test(tcase, what_cannot_be_read_is_said, 0, COUNT(bad));
	tcase_add_test(tcase, ceilings_hold);
	tcase_add_test(tcase, units_are_what_they_are_called);
	return unit_main(suite);
}
