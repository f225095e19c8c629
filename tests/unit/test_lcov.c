#include "reports/lcov.h"

#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

static int read_text(const char *text, struct coverage *ret, struct err *err)
{
	return lcov_read(&unit_arena, text, strlen(text), ret, err);
}

/* "src/a.c 1:2 3:0; b.c;" */
static const char *shown(const struct coverage *coverage)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, 4096);
	for (size_t i = 0; i < coverage->n; i++) {
		const struct coverage_file *file = &coverage->v[i];

		buf_addf(&buf, "%s", file->path);
		for (size_t k = 0; k < file->n; k++)
			buf_addf(&buf, " %u:%llu", file->v[k].number,
			    (unsigned long long)file->v[k].hits);
		buf_adds(&buf, ";");
	}
	return buf.p;
}

static const struct {
	const char *text, *shown;
} good[] = {
	{ "SF:a.c\nend_of_record\n", "a.c;" },
	{ "TN:\nSF:/b/a.c\nDA:1,2\nDA:3,0\nLF:2\nLH:1\nend_of_record\n",
	    "/b/a.c 1:2 3:0;" },
	{ "SF:a.c\nDA:1,1\nend_of_record", "a.c 1:1;" },
	{ "SF:a.c\r\nDA:1,1\r\nend_of_record\r\n", "a.c 1:1;" },
	{ "# made by hand\n\nSF:a.c\n\nDA:1,1\n#\nend_of_record\n\n",
	    "a.c 1:1;" },
	{ "SF:a b,c:d.c\nDA:1,1\nend_of_record\n", "a b,c:d.c 1:1;" },
	{ "SF:a.c\nDA:2,1,b0MWb6OuPCBtDgh2iUaSyg\nend_of_record\n",
	    "a.c 2:1;" },
	/* not in order */
	{ "SF:b.c\nDA:3,0\nDA:1,1\nDA:2,2\nend_of_record\n"
	  "SF:a.c\nend_of_record\n",
	    "a.c;b.c 1:1 2:2 3:0;" },
	/* joined */
	{ "SF:a.c\nDA:1,1\nDA:1,2\nend_of_record\n", "a.c 1:3;" },
	{ "TN:x\nSF:a.c\nDA:1,1\nDA:3,1\nend_of_record\n"
	  "TN:y\nSF:a.c\nDA:2,0\nDA:3,4\nend_of_record\n",
	    "a.c 1:1 2:0 3:5;" },
	/* counters that overflow */
	{ "SF:a.c\nDA:1,-5\nDA:2,-0\nend_of_record\n", "a.c 1:0 2:0;" },
	{ "SF:a.c\nDA:1,18446744073709551615\nDA:1,3\nend_of_record\n",
	    "a.c 1:18446744073709551615;" },
	{ "SF:a.c\nDA:1,99999999999999999999999\nend_of_record\n",
	    "a.c 1:18446744073709551615;" },
	/* of lcov 1, lcov 2 and LLVM */
	{ "TN:t\nSF:a.c\nVER:1\nFN:1,main\nFNDA:1,main\nFNF:1\nFNH:1\n"
	  "BRDA:1,0,0,-\nBRDA:1,e0,1,2\nBRF:2\nBRH:1\nDA:1,1\nLF:1\nLH:1\n"
	  "end_of_record\n",
	    "a.c 1:1;" },
	{ "SF:a.c\nFN:1,5,main\nFNL:0,1,5\nFNA:0,1,main\nMCDC:1,2,t,1,0,a\n"
	  "MCF:2\nMCH:1\nDA:1,1\nend_of_record\n",
	    "a.c 1:1;" },
};

START_TEST(lcov_good)
	{
		struct coverage coverage;
		struct err err;

		ck_assert_msg(read_text(good[_i].text, &coverage, &err) == 0,
		    "%s", err.text);
		ck_assert_str_eq(shown(&coverage), good[_i].shown);
	}
END_TEST

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "line 1, column 1: there is no file in it" },
	{ "\n#\nTN:x\n", "line 1, column 1: there is no file in it" },
	{ "<?xml version=\"1.0\"?>\n",
	    "line 1, column 1: no record '<?xml version=\"1.0\"?'" },
	{ "SF:a.c\nXX:1\nend_of_record\n",
	    "line 2, column 1: no record 'XX:1'" },
	{ "SF:a.c\n DA:1,1\nend_of_record\n",
	    "line 2, column 1: no record ' DA:1,1'" },
	{ "SF:a.c\nend_of_records\n",
	    "line 2, column 1: no record 'end_of_records'" },
	{ "\x1b[2J\n", "line 1, column 1: no record '\\x1b[2J'" },
	{ "SF:\nend_of_record\n", "line 1, column 4: a path is empty" },
	{ "SF:a\tb\nend_of_record\n",
	    "line 1, column 4: a path has a control character" },
	{ "SF:a.c\nDA:1,1\n",
	    "line 2, column 7: the report ends within the file of line 1" },
	{ "SF:a.c\nDA:1,1\nSF:b.c\nend_of_record\n",
	    "line 3, column 1: the file of line 1 has no end_of_record" },
	{ "DA:1,1\n", "line 1, column 1: there is no SF before it" },
	{ "end_of_record\n", "line 1, column 1: there is no SF before it" },
	{ "SF:a.c\nend_of_record\nLF:1\n",
	    "line 3, column 1: there is no SF before it" },
	{ "SF:a.c\nDA:1\nend_of_record\n",
	    "line 2, column 5: DA wants a line and a number" },
	{ "SF:a.c\nDA:0,1\nend_of_record\n",
	    "line 2, column 4: not the number of a line" },
	{ "SF:a.c\nDA:-1,1\nend_of_record\n",
	    "line 2, column 4: not the number of a line" },
	{ "SF:a.c\nDA:1000000001,1\nend_of_record\n",
	    "line 2, column 4: not the number of a line" },
	{ "SF:a.c\nDA:,1\nend_of_record\n",
	    "line 2, column 4: not the number of a line" },
	{ "SF:a.c\nDA:12,x\nend_of_record\n",
	    "line 2, column 7: not a number of executions" },
	{ "SF:a.c\nDA:12,\nend_of_record\n",
	    "line 2, column 7: not a number of executions" },
	{ "SF:a.c\nDA:12,1e6\nend_of_record\n",
	    "line 2, column 7: not a number of executions" },
	{ "SF:a.c\nDA:12,--1\nend_of_record\n",
	    "line 2, column 7: not a number of executions" },
};

START_TEST(lcov_bad)
	{
		struct coverage coverage;
		struct err err;

		ck_assert_int_eq(read_text(bad[_i].text, &coverage, &err), -1);
		ck_assert_str_eq(err.text, bad[_i].error);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

START_TEST(lcov_has_no_nul_in_paths)
	{
		static const char text[] = "SF:a\0b\nend_of_record\n";
		struct coverage coverage;
		struct err err;

		ck_assert_int_eq(lcov_read(&unit_arena, text, sizeof(text) - 1,
				     &coverage, &err),
		    -1);
	}
END_TEST

/* More of something than the ceiling says. */
static const struct {
	const char *head, *unit;
	size_t n;
	const char *tail, *error;
} ceilings[] = {
	{ "SF:", "a", COVERAGE_PATH_MAX + 1, "\nend_of_record\n",
	    "a path has 4097 bytes, at most 4096" },
	{ "", "SF:a\nend_of_record\n", COVERAGE_FILES_MAX + 1, "",
	    "line 400001, column 4: more than 200000 files" },
	{ "SF:a\n", "DA:1,1\n", COVERAGE_LINES_MAX + 1, "",
	    "line 2000002, column 1: more than 2000000 lines" },
	{ "", "#", COVERAGE_BYTES_MAX + 1, "",
	    "the report has 67108865 bytes, at most 67108864" },
};

START_TEST(lcov_ceiling)
	{
		const char *head = ceilings[_i].head, *tail = ceilings[_i].tail;
		const char *unit = ceilings[_i].unit;
		size_t n = ceilings[_i].n;
		struct coverage coverage;
		struct err err;
		struct buf buf;

		buf_init(&buf, &unit_arena,
		    strlen(head) + n * strlen(unit) + strlen(tail));
		buf_adds(&buf, head);
		while (n-- > 0)
			buf_adds(&buf, unit);
		buf_adds(&buf, tail);
		ck_assert_int_eq(
		    lcov_read(&unit_arena, buf.p, buf.len, &coverage, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_msg(strstr(err.text, ceilings[_i].error) != NULL,
		    "%s", err.text);
	}
END_TEST

START_TEST(coverage_finds_files_and_lines)
	{
		static const char text[] =
		    "SF:b.c\nDA:7,1\nDA:9,0\nend_of_record\n"
		    "SF:a.c\nend_of_record\n";
		const struct coverage_file *file;
		struct coverage coverage;
		struct err err;

		ck_assert_int_eq(read_text(text, &coverage, &err), 0);
		ck_assert_ptr_null(coverage_file(&coverage, "c.c"));
		file = coverage_file(&coverage, "a.c");
		ck_assert_ptr_nonnull(file);
		ck_assert_ptr_null(coverage_line(file, 1));
		file = coverage_file(&coverage, "b.c");
		ck_assert_ptr_nonnull(file);
		ck_assert_uint_eq(coverage_line(file, 7)->hits, 1);
		ck_assert_uint_eq(coverage_line(file, 9)->hits, 0);
		ck_assert_ptr_null(coverage_line(file, 8));
		ck_assert_ptr_null(coverage_line(file, 0));
		ck_assert_ptr_null(
		    coverage_line(file, ((uint64_t)1 << 32) + 7));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lcov");
	TCase *tcase = unit_case(suite, "read");

	tcase_add_loop_test(tcase, lcov_good, 0, COUNT(good));
	tcase_add_loop_test(tcase, lcov_bad, 0, COUNT(bad));
	tcase_add_test(tcase, lcov_has_no_nul_in_paths);
	tcase_add_loop_test(tcase, lcov_ceiling, 0, COUNT(ceilings));
	tcase_add_test(tcase, coverage_finds_files_and_lines);
	return unit_main(suite);
}
