#include "reports/cobertura.h"

#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

#define HEAD "<coverage><packages><package><classes>"
#define TAIL "</classes></package></packages></coverage>"
#define CLASS(lines) "<class filename=\"a.c\">" lines "</class>"

static int read_text(const char *text, struct coverage *ret, struct err *err)
{
	return cobertura_read(&unit_arena, text, strlen(text), ret, err);
}

/* "[/build] src/a.c 1:2 3:0; b.c;" */
static const char *shown(const struct coverage *coverage)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, 4096);
	for (size_t i = 0; i < coverage->sources.n; i++)
		buf_addf(&buf, "[%s] ", coverage->sources.v[i]);
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
	{ HEAD CLASS("") TAIL, "a.c;" },
	{ "<?xml version='1.0' encoding='UTF-8'?>\n"
	  "<!DOCTYPE coverage SYSTEM "
	  "'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>\n"
	  "<coverage line-rate=\"1.0\" lines-valid=\"99\"><sources>\n"
	  "<source> /build </source><source/><source>.</source></sources>"
	  "<packages><package name=''><classes>"
	  "<class name='a_c' filename='src/a.c' line-rate='0.5'>"
	  "<methods><method name='f'><lines><line number='2' hits='1'/>"
	  "</lines></method></methods>"
	  "<lines><line number='2' hits='1' branch='true' "
	  "condition-coverage='50% (1/2)'><conditions><condition number='0' "
	  "type='jump' coverage='50%'/></conditions></line>"
	  "<line number='1' hits='0'/></lines></class>" TAIL,
	    "[/build] [.] src/a.c 1:0 2:2;" },
	/* two classes of one file */
	{ HEAD CLASS("<lines><line number='1' hits='1'/></lines>")
		CLASS("<lines><line number='2' hits='0'/>"
		      "<line number='1' hits='2'/></lines>") TAIL,
	    "a.c 1:3 2:0;" },
	{ HEAD CLASS("<lines><line number='1' hits='-3'/></lines>") TAIL,
	    "a.c 1:0;" },
	/* what others add is passed over */
	{ "<coverage><x><y number='1'/></x><packages><package><classes>"
	  "<class filename='a&amp;b.c'><lines><line number='1' hits='1'>"
	  "<x/></line></lines></class>" TAIL,
	    "a&b.c 1:1;" },
};

START_TEST(cobertura_good)
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
	{ "", "line 1, column 1: no element found" },
	{ "TN:\nSF:a.c\n", "line 1, column 1: syntax error" },
	{ "<report/>",
	    "line 1, column 1: the first element is not <coverage>" },
	{ "<coverage/>", "line 1, column 1: there is no file in it" },
	{ HEAD CLASS("") "\n", "line 2, column 1: no element found" },
	{ HEAD "\n  </x>", "line 2, column 5: mismatched tag" },
	{ HEAD "\n <class name='a'/>" TAIL,
	    "line 2, column 2: the class has no filename" },
	{ HEAD "\n <class filename=''/>" TAIL,
	    "line 2, column 2: a path is empty" },
	{ HEAD "<class filename='a&#10;b'/>" TAIL,
	    "line 1, column 39: a path has a control character" },
	{ HEAD CLASS("<lines>\n<line hits='1'/></lines>") TAIL,
	    "line 2, column 1: the line has no number" },
	{ HEAD CLASS("<lines>\n<line number='0' hits='1'/></lines>") TAIL,
	    "line 2, column 1: the line has no number" },
	{ HEAD CLASS("<lines>\n<line number='1'/></lines>") TAIL,
	    "line 2, column 1: the line has no number of hits" },
	{ HEAD CLASS("<lines>\n<line number='1' hits='1.5'/></lines>") TAIL,
	    "line 2, column 1: the line has no number of hits" },
	{ HEAD CLASS("\n<line number='1' hits='1'/>") TAIL,
	    "line 2, column 1: the line is of no class" },
	{ "<coverage>\n<line number='1' hits='1'/></coverage>",
	    "line 2, column 1: the line is of no class" },
	/* entities */
	{ "<!DOCTYPE coverage [\n<!ENTITY a 'b'>]><coverage/>",
	    "a DOCTYPE with declarations of its own is not taken" },
	{ "<!DOCTYPE coverage SYSTEM 'x' [\n<!ENTITY % a SYSTEM 'file:///etc/"
	  "passwd'>%a;]><coverage/>",
	    "a DOCTYPE with declarations of its own is not taken" },
	{ "<!DOCTYPE coverage SYSTEM 'x'><coverage>\n&a;</coverage>",
	    "line 2, column 1: entities are not taken" },
	{ "<coverage>\n&a;</coverage>", "line 2, column 1: undefined entity" },
	{ "<?xml version='1.0' encoding='EBCDIC'?><coverage/>",
	    "line 1, column 31: unknown encoding" },
	{ "<coverage>\n\xff</coverage>",
	    "line 2, column 1: not well-formed (invalid token)" },
};

START_TEST(cobertura_bad)
	{
		struct coverage coverage;
		struct err err;

		ck_assert_int_eq(read_text(bad[_i].text, &coverage, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_msg(strstr(err.text, bad[_i].error) != NULL,
		    "%s, not %s", err.text, bad[_i].error);
		ck_assert_int_eq(strncmp(err.text, "line ", 5), 0);
	}
END_TEST

static const struct {
	const char *head, *unit;
	size_t n;
	const char *tail, *error;
} ceilings[] = {
	{ "<coverage>", "<x>", COBERTURA_DEPTH_MAX, "",
	    "line 1, column 104: elements nest too deep" },
	{ "<coverage><sources><source>", "x", COVERAGE_PATH_MAX + 1,
	    "</source>", "the source is too long" },
	{ HEAD "<class filename='", "x", COVERAGE_PATH_MAX + 1, "'/>",
	    "a path has 4097 bytes, at most 4096" },
	{ HEAD, "<class filename='a'/>", COVERAGE_FILES_MAX + 1, "",
	    "more than 200000 files" },
	{ HEAD "<class filename='a'><lines>", "<line number='1' hits='1'/>",
	    COVERAGE_LINES_MAX + 1, "", "more than 2000000 lines" },
	{ "", " ", COVERAGE_BYTES_MAX + 1, "",
	    "the report has 67108865 bytes, at most 67108864" },
};

START_TEST(cobertura_ceiling)
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
		ck_assert_int_eq(cobertura_read(&unit_arena, buf.p, buf.len,
				     &coverage, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_msg(strstr(err.text, ceilings[_i].error) != NULL,
		    "%s", err.text);
	}
END_TEST

START_TEST(cobertura_has_so_many_sources)
	{
		struct coverage coverage;
		struct err err;
		struct buf buf;

		buf_init(&buf, &unit_arena, 10000);
		buf_adds(&buf, "<coverage><sources>");
		for (size_t i = 0; i <= COVERAGE_SOURCES_MAX; i++)
			buf_addf(&buf, "<source>/%zu</source>", i);
		ck_assert_int_eq(read_text(buf.p, &coverage, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, "more than 64 sources"));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cobertura");
	TCase *tcase = unit_case(suite, "read");

	tcase_add_loop_test(tcase, cobertura_good, 0, COUNT(good));
	tcase_add_loop_test(tcase, cobertura_bad, 0, COUNT(bad));
	tcase_add_loop_test(tcase, cobertura_ceiling, 0, COUNT(ceilings));
	tcase_add_test(tcase, cobertura_has_so_many_sources);
	return unit_main(suite);
}
