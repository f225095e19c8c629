#include "base/diag.h"

#include <string.h>

#include "base/text.h"
#include "support/unit.h"

static struct source source(const char *text)
{
	return (struct source){
		.name = "policy.yml", .text = text, .len = strlen(text)
	};
}

static struct mark mark(const struct source *of, size_t line, size_t column)
{
	return (struct mark){ .source = of, .line = line, .column = column };
}

static const char *printed(const struct diags *diags)
{
	struct buf out;

	buf_init(&out, &unit_arena, 1 << 20);
	diags_print(diags, &out);
	ck_assert(!out.overflow);
	return out.p;
}

START_TEST(diag_shows_place_line_caret_and_note)
	{
		const struct source policy = source(
		    "version: 1\n"
		    "stages:\n"
		    "  testing:\n"
		    "    from: [development]\n"
		    "    form: [development]\n");
		struct diags diags;

		diags_init(&diags, &unit_arena);
		diag_error(&diags, mark(&policy, 5, 5),
		    "unknown key '%s', did you mean '%s'?", "form", "from");
		diag_related(&diags, mark(&policy, 4, 5), "first defined here");
		diag_warning(&diags, mark(&policy, 1, 1), "old version");
		ck_assert_uint_eq(diags.errors, 1);
		ck_assert_uint_eq(diags.warnings, 1);
		ck_assert_str_eq(printed(&diags),
		    "policy.yml:1:1: warning: old version\n"
		    "version: 1\n"
		    "^\n"
		    "policy.yml:5:5: error: unknown key 'form', did you mean "
		    "'from'?\n"
		    "    form: [development]\n"
		    "    ^\n"
		    "policy.yml:4:5: note: first defined here\n");
	}
END_TEST

START_TEST(diag_of_nothing_prints_nothing)
	{
		struct diags diags;

		diags_init(&diags, &unit_arena);
		ck_assert_str_eq(printed(&diags), "");
	}
END_TEST

START_TEST(diag_without_place_is_text_alone)
	{
		const struct source policy = source("a: 1\n");
		struct diags diags;

		diags_init(&diags, &unit_arena);
		diag_error(&diags, (struct mark){ 0 }, "no policy");
		diag_error(&diags, mark(&policy, 0, 0), "of the whole file");
		diag_error(&diags, mark(&policy, 1, 0), "of a line");
		ck_assert_str_eq(printed(&diags),
		    "error: no policy\n"
		    "policy.yml: error: of the whole file\n"
		    "policy.yml:1: error: of a line\n"
		    "a: 1\n");
	}
END_TEST

/* One error, at line and column of a text. */
static const struct {
	const char *text;
	size_t line, column;
	const char *shown; /* below the first line */
} quotes[] = {
	{ "abc", 1, 1, "abc\n^\n" },
	{ "abc", 1, 3, "abc\n  ^\n" },
	{ "abc", 1, 4, "abc\n   ^\n" },
	{ "abc", 1, 99, "abc\n   ^\n" }, /* at most behind the end */
	{ "abc\n", 2, 1, "" },           /* there is no such line */
	{ "abc\n\n", 2, 1, "\n^\n" },
	{ "", 1, 1, "" },
	{ "abc\r\ndef\r\n", 2, 2, "def\n ^\n" },
	{ "a\nb\nc", 3, 1, "c\n^\n" },
	{ "a\nb\nc", 4, 1, "" },
	/* tabs count as one column */
	{ "\t\tx: 1", 1, 3, "  x: 1\n  ^\n" },
	{ "a\tb\tc", 1, 5, "a b c\n    ^\n" },
	/* characters, not bytes */
	{ "\xc3\xa9\xc3\xa9x", 1, 5, "\xc3\xa9\xc3\xa9x\n  ^\n" },
	{ "\xf0\x9f\x98\x80!", 1, 5, "\xf0\x9f\x98\x80!\n ^\n" },
	{ "\xc3\xa9x", 1, 2, "\xc3\xa9x\n^\n" }, /* inside of one */
	/* what must not reach a terminal is four columns wide */
	{ "\x1b[31mx", 1, 6, "\\x1b[31mx\n        ^\n" },
	{ "a\x80z", 1, 3, "a\\x80z\n     ^\n" },
	{ "\xe2\x80\xaex", 1, 4, "\\xe2\\x80\\xaex\n            ^\n" },
	{ "\xef\xbb\xbfversion", 1, 4,
	    "\\xef\\xbb\\xbfversion\n            ^\n" },
};

START_TEST(diag_quotes_the_line)
	{
		const struct source policy = source(quotes[_i].text);
		struct diags diags;
		const char *out;

		diags_init(&diags, &unit_arena);
		diag_error(&diags,
		    mark(&policy, quotes[_i].line, quotes[_i].column), "x");
		out = printed(&diags);
		ck_assert_str_eq(strchr(out, '\n') + 1, quotes[_i].shown);
	}
END_TEST

START_TEST(diag_holds_nul_bytes)
	{
		const struct source policy = {
			.name = "p", .text = "a\0b", .len = 3
		};
		struct diags diags;

		diags_init(&diags, &unit_arena);
		diag_error(&diags, mark(&policy, 1, 3), "x");
		ck_assert_str_eq(printed(&diags),
		    "p:1:3: error: x\n"
		    "a\\x00b\n"
		    "     ^\n");
	}
END_TEST

#define TEN "0123456789"
#define FORTY TEN TEN TEN TEN

static const struct {
	const char *text;
	size_t column;
	const char *shown;
} long_lines[] = {
	/* just as long as may be */
	{ FORTY TEN TEN TEN "01", 72,
	    FORTY TEN TEN TEN "01\n"
			      "                                        "
			      "                               ^\n" },
	/* cut at the end */
	{ FORTY TEN TEN TEN "012", 1, FORTY TEN TEN TEN "01...\n^\n" },
	{ FORTY FORTY, 36,
	    FORTY TEN TEN TEN "01...\n"
			      "                                   ^\n" },
	/* at the start */
	{ FORTY FORTY, 80,
	    "...89" TEN TEN TEN TEN TEN TEN TEN "\n"
	    "                                        "
	    "                                  ^\n" },
	/* at both ends: 36 columns before the caret, 36 with it */
	{ FORTY FORTY FORTY, 61,
	    "...456789" TEN TEN TEN TEN TEN TEN "012345...\n"
	    "                                       ^\n" },
	/* behind the end of a long line */
	{ FORTY FORTY, 81,
	    "...89" TEN TEN TEN TEN TEN TEN TEN "\n"
	    "                                        "
	    "                                   ^\n" },
};

START_TEST(diag_cuts_long_lines_around_the_caret)
	{
		const struct source policy = source(long_lines[_i].text);
		struct diags diags;
		const char *out;

		diags_init(&diags, &unit_arena);
		diag_error(
		    &diags, mark(&policy, 1, long_lines[_i].column), "x");
		out = printed(&diags);
		ck_assert_str_eq(strchr(out, '\n') + 1, long_lines[_i].shown);
	}
END_TEST

START_TEST(diag_caret_fits_wherever_a_line_is_cut)
	{
		/* `Z` among characters of all widths, cut anywhere between
		 * them. */
		struct buf text;
		struct source policy;
		const char *out, *line, *caret;
		struct diags diags;
		size_t column = 0, before = 0;

		buf_init(&text, &unit_arena, 4096);
		for (int i = 0; i < 60; i++) {
			if (i == _i) {
				column = text.len + 1;
				buf_adds(&text, "Z");
			}
			buf_adds(&text,
			    i % 3 == 0       ? "\x01"
				: i % 3 == 1 ? "\xc3\xa9"
					     : "a");
		}
		policy = source(text.p);
		diags_init(&diags, &unit_arena);
		diag_error(&diags, mark(&policy, 1, column), "x");
		out = printed(&diags);
		line = strchr(out, '\n') + 1;
		caret = strchr(line, '\n') + 1;
		for (; *line != 'Z'; line++)
			before += ((unsigned char)*line & 0xc0) != 0x80;
		ck_assert_uint_eq(strspn(caret, " "), before);
		ck_assert_str_eq(caret + before, "^\n");
	}
END_TEST

START_TEST(diag_texts_are_neutralised)
	{
		const struct source policy = {
			.name = "a\nb.yml", .text = "x", .len = 1
		};
		struct diags diags;

		diags_init(&diags, &unit_arena);
		diag_error(&diags, mark(&policy, 1, 1), "unknown key '%s'",
		    "\x1b]0;owned\a\xe2\x80\xae");
		diag_related(&diags, mark(&policy, 1, 1), "no\tte");
		ck_assert_str_eq(printed(&diags),
		    "a\\x0ab.yml:1:1: error: unknown key "
		    "'\\x1b]0;owned\\x07\\xe2\\x80\\xae'\n"
		    "x\n"
		    "^\n"
		    "a\\x0ab.yml:1:1: note: no\\x09te\n");
	}
END_TEST

START_TEST(diag_texts_have_a_ceiling)
	{
		struct diags diags;
		const char *out;

		diags_init(&diags, &unit_arena);
		diag_error(&diags, (struct mark){ 0 }, "%5000d", 1);
		out = printed(&diags);
		ck_assert_uint_eq(strlen(out), strlen("error: ") + 1023 + 4);
		ck_assert_str_eq(out + strlen(out) - 5, " ...\n");
	}
END_TEST

START_TEST(diags_are_sorted_by_place)
	{
		const struct source first = source("1\n2\n3\n");
		struct source second = source("1\n2\n3\n");
		struct diags diags;

		second.name = "people.yml";
		diags_init(&diags, &unit_arena);
		diag_error(&diags, mark(&first, 3, 1), "e");
		diag_error(&diags, mark(&second, 1, 1), "f");
		diag_error(&diags, mark(&first, 2, 2), "c");
		diag_error(&diags, mark(&first, 2, 1), "a");
		diag_error(&diags, mark(&first, 2, 2), "d");
		diag_error(&diags, mark(&first, 2, 1), "b");
		diag_error(&diags, mark(&first, 1, 0), "0");
		ck_assert_str_eq(printed(&diags),
		    "policy.yml:1: error: 0\n1\n"
		    "policy.yml:2:1: error: a\n2\n^\n"
		    "policy.yml:2:1: error: b\n2\n^\n"
		    "policy.yml:2:2: error: c\n2\n ^\n"
		    "policy.yml:2:2: error: d\n2\n ^\n"
		    "policy.yml:3:1: error: e\n3\n^\n"
		    "people.yml:1:1: error: f\n1\n^\n");
	}
END_TEST

START_TEST(diags_over_the_cap_are_counted)
	{
		const struct source policy = source("x\n");
		struct diags diags;
		const char *out;

		diags_init(&diags, &unit_arena);
		for (int i = 0; i < DIAGS_MAX; i++)
			diag_error(&diags, mark(&policy, 1, 1), "%d", i);
		ck_assert_ptr_null(strstr(printed(&diags), "more"));
		diag_error(&diags, mark(&policy, 1, 1), "one more");
		diag_related(&diags, mark(&policy, 1, 1), "lost");
		diag_warning(&diags, mark(&policy, 1, 1), "another");
		diag_related(&diags, mark(&policy, 1, 1), "lost");
		ck_assert_uint_eq(diags.n, DIAGS_MAX);
		ck_assert_uint_eq(diags.errors, DIAGS_MAX + 1);
		ck_assert_uint_eq(diags.warnings, 1);
		out = printed(&diags);
		ck_assert(str_suffix(
		    out, ":1:1: error: 49\nx\n^\n2 more not shown\n"));
		ck_assert_ptr_null(strstr(out, "lost"));
		ck_assert_ptr_nonnull(strstr(out, "error: 0\n"));
	}
END_TEST

START_TEST(diag_related_without_diagnostic_is_nothing)
	{
		const struct source policy = source("x\n");
		struct diags diags;

		diags_init(&diags, &unit_arena);
		diag_related(&diags, mark(&policy, 1, 1), "of what?");
		ck_assert_str_eq(printed(&diags), "");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("diag");
	TCase *tcase = unit_case(suite, "diag");

	tcase_add_test(tcase, diag_shows_place_line_caret_and_note);
	tcase_add_test(tcase, diag_of_nothing_prints_nothing);
	tcase_add_test(tcase, diag_without_place_is_text_alone);
	tcase_add_loop_test(tcase, diag_quotes_the_line, 0, COUNT(quotes));
	tcase_add_test(tcase, diag_holds_nul_bytes);
	tcase_add_loop_test(
	    tcase, diag_cuts_long_lines_around_the_caret, 0, COUNT(long_lines));
	tcase_add_loop_test(
	    tcase, diag_caret_fits_wherever_a_line_is_cut, 0, 60);
	tcase_add_test(tcase, diag_texts_are_neutralised);
	tcase_add_test(tcase, diag_texts_have_a_ceiling);
	tcase_add_test(tcase, diags_are_sorted_by_place);
	tcase_add_test(tcase, diags_over_the_cap_are_counted);
	tcase_add_test(tcase, diag_related_without_diagnostic_is_nothing);
	return unit_main(suite);
}
