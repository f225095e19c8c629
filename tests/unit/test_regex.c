#include "base/regex.h"

#include <string.h>

#include "base/clock.h"
#include "support/unit.h"

static struct regex *compiled(const char *pattern)
{
	struct regex *regex = NULL;
	struct err err = { 0 };

	ck_assert_msg(
	    regex_compile(&unit_arena, pattern, &regex, NULL, &err) == 0,
	    "'%s': %s", pattern, err.text);
	ck_assert_str_eq(regex_source(regex), pattern);
	return regex;
}

#define TEXT(text) text, sizeof(text) - 1

static const struct {
	const char *pattern, *text;
	size_t len;
	bool match;
} rows[] = {
	{ "b", TEXT("abc"), true },
	{ "^b", TEXT("abc"), false },
	{ "", TEXT(""), true },
	{ "a", TEXT(""), false },
	{ "^[A-Z]+-[0-9]+: ", TEXT("PROJ-12: fix"), true },
	{ "^[A-Z]+-[0-9]+: ", TEXT("fix PROJ-12: "), false },
	{ "(?i)wip", TEXT("a WiP commit"), true },
	{ "a.c", TEXT("a\nc"), false },
	{ "(?s)a.c", TEXT("a\nc"), true },
	{ "(?m)^b$", TEXT("a\nb\nc"), true },
	{ "a\\x00b", TEXT("a\0b"), true },
	{ "b$", TEXT("a\0b"), true },
	{ "^.$", TEXT("\xc3\xa9"), true },
	{ "^..$", TEXT("\xc3\xa9"), false },
	{ "\\p{Lu}", TEXT("\xc3\x89"), true },
	{ "\xc3\xa9", TEXT("caf\xc3\xa9"), true },
	{ "^\\d$", TEXT("\xd9\xa1"), false }, /* ASCII digits only */
	{ "(?<!x)y", TEXT("xy y"), true },
	{ "(a)\\1", TEXT("aa"), true },
	/* bytes that are not UTF-8 match nothing, and hide nothing */
	{ "secret", TEXT("\xff\xfesecret\xff"), true },
	{ "^.$", TEXT("\xff"), false },
	{ "a.b",
	    TEXT("a\x80"
		 "b"),
	    false },
	{ "AKIA[0-9A-Z]{4}", TEXT("\xe2\x82 AKIA1234 \xed\xa0\x80"), true },
};

START_TEST(regex_finds_or_not)
	{
		struct regex *regex = compiled(rows[_i].pattern);

		/* Twice: a search leaves nothing behind. */
		for (int i = 0; i < 2; i++)
			ck_assert_int_eq(
			    regex_search(regex, rows[_i].text, rows[_i].len),
			    rows[_i].match ? REGEX_MATCH : REGEX_NOMATCH);
		regex_free(regex);
	}
END_TEST

static const struct {
	const char *pattern;
	size_t offset;
	const char *part; /* of the text */
} wrong[] = {
	{ "a(b", 3, "missing closing parenthesis" },
	{ "a)", 1, "unmatched closing parenthesis" },
	{ "[z-a]", 3, "range out of order" },
	{ "*a", 0, "quantifier does not follow a repeatable item" },
	{ "a\\", 2, "\\ at end of pattern" },
	{ "(?<n>a)(?<n>b)", 12, "two named subpatterns have the same name" },
	{ "\\C", 2, "using \\C is disabled" },
	{ "\\p{Nonsense}", 12, "unknown property" },
	{ "(((a{1000}){1000}){1000})", 25, "too large" },
	{ "a\xff", 1, "UTF-8 error" },
};

START_TEST(regex_compile_says_what_is_wrong)
	{
		struct regex *regex = NULL;
		struct err err = { 0 };
		size_t offset = 99;

		ck_assert_int_eq(regex_compile(&unit_arena, wrong[_i].pattern,
				     &regex, &offset, &err),
		    -1);
		ck_assert_ptr_null(regex);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_msg(
		    strstr(err.text, wrong[_i].part) != NULL, "%s", err.text);
		ck_assert_msg(offset == wrong[_i].offset, "%zu", offset);
		ck_assert_int_eq(regex_compile(&unit_arena, wrong[_i].pattern,
				     &regex, NULL, &err),
		    -1);
	}
END_TEST

START_TEST(regex_pattern_has_a_ceiling)
	{
		char *pattern = arena_alloc(&unit_arena, 5000);
		struct regex *regex;
		struct err err;

		memset(pattern, 'a', 4096);
		ck_assert_int_eq(
		    regex_compile(&unit_arena, pattern, &regex, NULL, &err), 0);
		pattern[4096] = 'a';
		ck_assert_int_eq(
		    regex_compile(&unit_arena, pattern, &regex, NULL, &err),
		    -1);
		ck_assert_str_eq(
		    err.text, "regular expression of more than 4096 bytes");
	}
END_TEST

static const char *const explosive[] = {
	"^(a+)+$",
	"^(a|a)*$",
	"^(a|aa)+$",
	"^(.*?,?){20}[PQ]$",
	"^(([a-z])+.)+[A-Z]([a-z])+$",
	"(x+x+)+y|(a*)*b",
};

START_TEST(regex_limit_ends_an_explosion)
	{
		struct regex *regex = compiled(explosive[_i]);
		uint64_t start = clock_monotonic_ms();
		char text[4000];

		memset(text, 'a', sizeof(text));
		text[sizeof(text) - 1] = '!';
		ck_assert_int_eq(
		    regex_search(regex, text, sizeof(text)), REGEX_LIMIT);
		ck_assert_uint_lt(clock_monotonic_ms() - start, 10000);
		/* And the next search is none the worse. */
		ck_assert_int_ne(regex_search(regex, "", 0), REGEX_LIMIT);
		regex_free(regex);
	}
END_TEST

START_TEST(regex_limit_of_recursion)
	{
		struct regex *regex = compiled("^(\\((?1)*\\))*$");
		char text[20000];

		memset(text, '(', sizeof(text));
		ck_assert_int_eq(
		    regex_search(regex, text, sizeof(text)), REGEX_LIMIT);
		ck_assert_int_eq(regex_search(regex, "(()())", 6), REGEX_MATCH);
		regex_free(regex);
	}
END_TEST

START_TEST(regex_pattern_cannot_raise_the_limits)
	{
		struct regex *regex = compiled(
		    "(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)"
		    "(*LIMIT_HEAP=4000000000)^(a+)+$");
		char text[4000];

		memset(text, 'a', sizeof(text));
		text[sizeof(text) - 1] = '!';
		ck_assert_int_eq(
		    regex_search(regex, text, sizeof(text)), REGEX_LIMIT);
		regex_free(regex);
	}
END_TEST

START_TEST(regex_free_of_null_is_fine)
	{
		regex_free(NULL);
		ck_assert_int_eq(
		    regex_search(compiled("^$"), NULL, 0), REGEX_MATCH);
	}
END_TEST

static const struct {
	const char *pattern, *text;
	size_t start, from, to, begin, end;
} finds[] = {
	{ "b+", "abbc", 0, 1, 3, 1, 3 },
	{ "b+", "abbc", 2, 2, 3, 2, 3 },
	{ "a(b+)c", "abbc", 0, 0, 4, 1, 3 },
	{ "a(x)?b", "ab", 0, 0, 2, 0, 2 },
	{ "(a)(b)(c)", "abc", 0, 0, 3, 0, 1 },
	{ "(?|a(x)|b(y))", "by", 0, 0, 2, 1, 2 },
	{ "\\bc", "abc c", 2, 4, 5, 4, 5 },
	{ "^b", "ab", 1, 9, 9, 9, 9 },
	{ "x", "abc", 0, 9, 9, 9, 9 },
	{ "", "abc", 3, 3, 3, 3, 3 },
};

/* As it is, and as machine code. */
START_TEST(find_tells_where)
	{
		struct regex *regex = compiled(finds[_i].pattern);

		for (int i = 0; i < 2; i++) {
			struct regex_span span = { 9, 9, 9, 9 };

			ck_assert_int_eq(
			    regex_find(regex, finds[_i].text,
				strlen(finds[_i].text), finds[_i].start, &span),
			    finds[_i].from == 9 ? REGEX_NOMATCH : REGEX_MATCH);
			ck_assert_uint_eq(span.from, finds[_i].from);
			ck_assert_uint_eq(span.to, finds[_i].to);
			ck_assert_uint_eq(span.begin, finds[_i].begin);
			ck_assert_uint_eq(span.end, finds[_i].end);
			regex_speed_up(regex);
		}
		regex_free(regex);
	}
END_TEST

START_TEST(fast_one_gives_up_too)
	{
		struct regex *regex = compiled("(?:a+)+[bc]");
		struct regex_span span;
		char text[4000];

		memset(text, 'a', sizeof(text));
		regex_speed_up(regex);
		ck_assert_int_eq(
		    regex_search(regex, text, sizeof(text)), REGEX_LIMIT);
		ck_assert_int_eq(
		    regex_find(regex, text, sizeof(text), 0, &span),
		    REGEX_LIMIT);
		regex_free(regex);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("regex");
	TCase *tcase = unit_case(suite, "regex");

	tcase_add_loop_test(tcase, regex_finds_or_not, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, regex_compile_says_what_is_wrong, 0, COUNT(wrong));
	tcase_add_test(tcase, regex_pattern_has_a_ceiling);
	tcase_add_loop_test(
	    tcase, regex_limit_ends_an_explosion, 0, COUNT(explosive));
	tcase_add_test(tcase, regex_limit_of_recursion);
	tcase_add_test(tcase, regex_pattern_cannot_raise_the_limits);
	tcase_add_test(tcase, regex_free_of_null_is_fine);
	tcase = unit_case(suite, "find");
	tcase_add_loop_test(tcase, find_tells_where, 0, COUNT(finds));
	tcase_add_test(tcase, fast_one_gives_up_too);
	return unit_main(suite);
}
