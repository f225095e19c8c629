#include "base/glob.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "support/unit.h"

static const struct {
	const char *pattern, *text;
	bool match;
} rows[] = {
	/* literal */
	{ "a", "a", true },
	{ "a", "", false },
	{ "a", "b", false },
	{ "a", "aa", false },
	{ "ab", "a", false },
	{ "refs/heads/main", "refs/heads/main", true },
	{ "refs/heads/main", "refs/heads/Main", false },
	{ "refs/heads/main", "refs/heads/main2", false },
	{ "refs/heads/main", "xrefs/heads/main", false },
	{ "caf\xc3\xa9", "caf\xc3\xa9", true },
	{ "caf\xc3\xa9", "caf\xc3\xa8", false },
	{ "a,b", "a,b", true },
	{ "a]b", "a]b", true },
	{ "a!b^c-d", "a!b^c-d", true },
	/* star */
	{ "*", "", true },
	{ "*", "a", true },
	{ "*", "abc", true },
	{ "*", "a/b", false },
	{ "*", "/", false },
	{ "a*", "a", true },
	{ "a*", "abc", true },
	{ "a*", "ab/c", false },
	{ "*c", "abc", true },
	{ "*c", "c", true },
	{ "*c", "a/c", false },
	{ "a*c", "ac", true },
	{ "a*c", "abcabc", true },
	{ "a*c", "abcab", false },
	{ "a*c", "a/c", false },
	{ "*a*b*", "xxaxxbxx", true },
	{ "*a*b*", "xxbxxaxx", false },
	{ "refs/heads/*", "refs/heads/main", true },
	{ "refs/heads/*", "refs/heads/", true },
	{ "refs/heads/*", "refs/heads/feature/x", false },
	{ "refs/*/main", "refs/heads/main", true },
	{ "refs/*/main", "refs/main", false },
	{ "refs/*/main", "refs/a/b/main", false },
	/* question mark */
	{ "?", "a", true },
	{ "?", "", false },
	{ "?", "ab", false },
	{ "?", "/", false },
	{ "a?c", "abc", true },
	{ "a?c", "a/c", false },
	{ "?", "\xc3\xa9", true },
	{ "??", "\xc3\xa9", false },
	{ "?", "\xf0\x9f\x98\x80", true },
	{ "?", "\xff", true },
	{ "??", "\xc3(", true },
	{ "???", "\xe2\x82x", true },
	{ "??", "\xe2\x82x", false },
	/* two stars */
	{ "**", "", true },
	{ "**", "a", true },
	{ "**", "a/b/c", true },
	{ "a/**", "a/b/c", true },
	{ "a/**", "a/", true },
	{ "a/**", "a", false },
	{ "a/**", "ab/c", false },
	{ "**/a", "a", true },
	{ "**/a", "x/a", true },
	{ "**/a", "x/y/a", true },
	{ "**/a", "xa", false },
	{ "**/a", "x/ya", false },
	{ "**/a", "a/x", false },
	{ "**/*.c", "main.c", true },
	{ "**/*.c", "lib/base/glob.c", true },
	{ "**/*.c", "lib/base/glob.h", false },
	{ "a/**/b", "a/b", true },
	{ "a/**/b", "a/x/b", true },
	{ "a/**/b", "a/x/y/z/b", true },
	{ "a/**/b", "ab", false },
	{ "a/**/b", "a/xb", false },
	{ "a/**/b", "a//b", true },
	{ "a**b", "a/x/b", true },
	{ "a**b", "ab", true },
	{ "a**/b", "a/b", true },
	{ "a**/b", "ax/y/b", true },
	{ "a**/b", "ab", false },
	{ "a/**/**/b", "a/b", true },
	{ "a/**/**/b", "a/x/b", true },
	{ "**/**", "", true },
	{ "**/**", "a", true },
	{ "**/a/**", "a/x", true },
	{ "**/a/**", "x/y/a/z", true },
	{ "**/a/**", "xa/z", false },
	{ "**/", "a/b/", true },
	{ "**/", "a/b", false },
	{ "*/**/x", "a/x", true },
	{ "*/**/x", "x", false },
	/* classes */
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[abc]", "", false },
	{ "[a-z]", "m", true },
	{ "[a-z]", "M", false },
	{ "[a-cx-z]", "y", true },
	{ "[a-cx-z]", "d", false },
	{ "[!a-z]", "M", true },
	{ "[!a-z]", "m", false },
	{ "[!a-z]", "/", false },
	{ "[!a]", "\xc3\xa9", true },
	{ "[!a][!a]", "\xc3\xa9", false },
	{ "[!a]", "\xff", true },
	{ "[a]", "\xc3\xa9", false },
	{ "[+-9]", "/", false },
	{ "[+-9]", "0", true },
	{ "[-a]", "-", true },
	{ "[a-]", "-", true },
	{ "[a-]", "b", false },
	{ "[!-]", "-", false },
	{ "[a\\-z]", "-", true },
	{ "[a\\-z]", "m", false },
	{ "[\\]]", "]", true },
	{ "[\\\\]", "\\", true },
	{ "[\\!a]", "!", true },
	{ "[a!]", "!", true },
	{ "[a^]", "^", true },
	{ "[*?{,}]", "{", true },
	{ "[*?{,}]", "x", false },
	{ "[[]", "[", true },
	{ "v[0-9].[0-9]", "v1.2", true },
	{ "v[0-9].[0-9]", "v1x2", false },
	{ "refs/tags/v[0-9]*", "refs/tags/v1.0-rc.1", true },
	{ "refs/tags/v[0-9]*", "refs/tags/vx", false },
	/* braces */
	{ "{a,b}", "a", true },
	{ "{a,b}", "b", true },
	{ "{a,b}", "ab", false },
	{ "{a,b}", "", false },
	{ "{a}", "a", true },
	{ "{,a}", "", true },
	{ "{,a}", "a", true },
	{ "{a,}", "", true },
	{ "{,}", "", true },
	{ "{,}", ",", false },
	{ "x{a,b}y", "xay", true },
	{ "x{a,b}y", "xy", false },
	{ "{a,b}{c,d}", "bc", true },
	{ "{a,b}{c,d}", "ba", false },
	{ "{a,{b,c}}", "c", true },
	{ "{a,{b,c}d}e", "cde", true },
	{ "{a,{b,c}d}e", "ae", true },
	{ "{a,{b,c}d}e", "ce", false },
	{ "{{{a,b},c},d}", "b", true },
	{ "{{{a,b},c},d}", "d", true },
	{ "{a*,b?}", "axyz", true },
	{ "{a*,b?}", "bx", true },
	{ "{a*,b?}", "bxy", false },
	{ "{a/**,b}/c", "a/x/y/c", true },
	{ "{a/**/,}c", "a/c", true },
	{ "{a/**/,}c", "c", true },
	{ "{a/,}**/x", "a/x", true },
	{ "{a/,}**/x", "x", true },
	{ "{a,b/}**/x", "b/x", true },
	{ "{a,b/}**/x", "ax", false },
	{ "{**,a}/x", "b/x", true },
	{ "{**,a}/x", "x", false }, /* no slash behind the stars */
	{ "{[,],a}", ",", true },
	{ "{\\,,b}", ",", true },
	{ "{\\},b}", "}", true },
	{ "refs/heads/{main,release/*}", "refs/heads/release/1", true },
	{ "refs/heads/{main,release/*}", "refs/heads/release/1/2", false },
	{ "refs/heads/{main,release/*}", "refs/heads/main", true },
	/* escapes */
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\?", "?", true },
	{ "\\[a\\]", "[a]", true },
	{ "\\{a,b\\}", "{a,b}", true },
	{ "\\\\", "\\", true },
	{ "\\a", "a", true },
	{ "\\\xc3\xa9", "\xc3\xa9", true },
	{ "a\\/b", "a/b", true },
	{ "x\\**", "x*yz", true },
	{ "x\\**", "xyz", false },
	{ "*\\*", "ab*", true },
	{ "*\\*", "ab", false },
	{ "**\\/x", "a/x", true },
	{ "**\\/x", "x", false }, /* nor is an escaped one seen as such */
	/* characters, not parts of them */
	{ "*\xc3\xa9", "\xc3\xa9\xc3\xa9", true },
	{ "?\xc3\xa9", "\xc3\xa9", false },
};

START_TEST(glob_matches_or_not)
	{
		struct err err;

		ck_assert_int_eq(glob_check(rows[_i].pattern, &err), 0);
		ck_assert_msg(glob_match(rows[_i].pattern, rows[_i].text) ==
			rows[_i].match,
		    "'%s' and '%s'", rows[_i].pattern, rows[_i].text);
	}
END_TEST

START_TEST(glob_means_the_same_behind_every_way_in)
	{
		/* Braces around, an empty one before: no fast path is taken. */
		const char *slow = arena_printf(
		    &unit_arena, "{,}{%s}", rows[_i].pattern);
		struct err err;

		if (glob_check(slow, &err) < 0 || strchr(rows[_i].pattern, ','))
			return;
		ck_assert(glob_match(slow, rows[_i].text) == rows[_i].match);
	}
END_TEST

static const struct {
	const char *pattern, *text;
} wrong[] = {
	{ "", "empty pattern" },
	{ "[", "'[' without ']' at byte 1 of the pattern" },
	{ "a[b", "'[' without ']' at byte 2 of the pattern" },
	{ "[a\\]", "'[' without ']' at byte 1 of the pattern" },
	{ "[!", "'[' without ']' at byte 1 of the pattern" },
	{ "[]",
	    "empty class, write '\\]' for a bracket, at byte 1 of the "
	    "pattern" },
	{ "[]a]",
	    "empty class, write '\\]' for a bracket, at byte 1 of the "
	    "pattern" },
	{ "[!]",
	    "empty class, write '\\]' for a bracket, at byte 1 of the "
	    "pattern" },
	{ "[^a]",
	    "'[^' is unknown, write '[!' or '[\\^', at byte 1 of the "
	    "pattern" },
	{ "x[[:alpha:]]",
	    "named classes as '[:alpha:]' are unknown at byte 2 "
	    "of the pattern" },
	{ "[[.a.]]",
	    "named classes as '[:alpha:]' are unknown at byte 1 of "
	    "the pattern" },
	{ "[z-a]",
	    "a range is upside down in the class at byte 1 of the "
	    "pattern" },
	{ "[a/b]", "'/' is never in a class at byte 1 of the pattern" },
	{ "[\\/]", "'/' is never in a class at byte 1 of the pattern" },
	{ "[\xc3\xa9]",
	    "a class takes ASCII only, write '{a,b}', at byte 1 "
	    "of the pattern" },
	{ "[\\\xc3\xa9]",
	    "a class takes ASCII only, write '{a,b}', at byte 1 "
	    "of the pattern" },
	{ "[a-\xc3\xa9]",
	    "a class takes ASCII only, write '{a,b}', at byte 1 "
	    "of the pattern" },
	{ "[a\\", "nothing behind '\\' at byte 1 of the pattern" },
	{ "a\\", "nothing behind '\\' at byte 2 of the pattern" },
	{ "{a", "'{' without '}'" },
	{ "{a,b", "'{' without '}'" },
	{ "{a,{b}", "'{' without '}'" },
	{ "{a\\}", "'{' without '}'" },
	{ "a}", "'}' without '{' at byte 2 of the pattern" },
	{ "{a}}", "'}' without '{' at byte 4 of the pattern" },
	{ "x{}", "empty braces at byte 2 of the pattern" },
	{ "***", "more than two stars at byte 1 of the pattern" },
	{ "a/****/b", "more than two stars at byte 3 of the pattern" },
	{ "a\xff", "bytes that are not UTF-8 at byte 2 of the pattern" },
	{ "a\xc3", "bytes that are not UTF-8 at byte 2 of the pattern" },
};

START_TEST(glob_check_says_what_is_wrong)
	{
		struct err err;

		ck_assert_int_eq(glob_check(wrong[_i].pattern, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_str_eq(err.text, wrong[_i].text);
	}
END_TEST

static const char *repeat(const char *s, int n, const char *end)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, 1 << 20);
	for (int i = 0; i < n; i++)
		buf_adds(&buf, s);
	buf_adds(&buf, end);
	return buf.p;
}

START_TEST(glob_check_knows_its_ceilings)
	{
		struct err err;

		ck_assert_int_eq(
		    glob_check(repeat("a", GLOB_MAX, ""), &err), 0);
		ck_assert_int_eq(
		    glob_check(repeat("a", GLOB_MAX + 1, ""), &err), -1);
		ck_assert_str_eq(err.text, "pattern of more than 4096 bytes");
		ck_assert_int_eq(
		    glob_check(repeat("{a", 32, repeat("}", 32, "")), &err), 0);
		ck_assert_int_eq(
		    glob_check(repeat("{a", 33, repeat("}", 33, "")), &err),
		    -1);
		ck_assert_str_eq(
		    err.text, "braces nest too deep at byte 65 of the pattern");
	}
END_TEST

/* Patterns over which a backtracking matcher broods for years. */
static const struct {
	const char *unit, *pattern_end, *letter, *text_end;
	bool match;
} hard[] = {
	{ "*a", "b", "a", "", false },
	{ "*a", "", "a", "", true },
	{ "**a", "b", "a", "", false },
	{ "**/a/", "b", "a/", "", false },
	{ "**/", "b", "a/", "b", true },
	{ "{a,a}", "b", "a", "", false },
	{ "{a,aa}", "b", "a", "", false },
	{ "{,a}", "", "a", "b", false },
	{ "{*,a}", "b", "a", "", false },
	{ "*?", "b", "a", "", false },
	{ "*[ab]", "c", "a", "", false },
	{ "{*{a,b}*,[a-y]}", "z", "a", "", false },
};

START_TEST(glob_match_is_linear)
	{
		const char *unit = hard[_i].unit;
		const char *pattern = repeat(
		    unit, 4000 / (int)strlen(unit), hard[_i].pattern_end);
		const char *text = repeat(
		    hard[_i].letter, 4000, hard[_i].text_end);
		uint64_t start = clock_monotonic_ms();
		struct err err;

		ck_assert_int_eq(glob_check(pattern, &err), 0);
		ck_assert(glob_match(pattern, text) == hard[_i].match);
		ck_assert_uint_lt(clock_monotonic_ms() - start, 5000);
	}
END_TEST

START_TEST(globs_match_is_any_of_them)
	{
		struct strings list = { 0 };

		ck_assert(!globs_match(&list, "a"));
		strings_add(&unit_arena, &list, "a/*");
		strings_add(&unit_arena, &list, "b/*");
		ck_assert(globs_match(&list, "b/x"));
		ck_assert(!globs_match(&list, "c/x"));
	}
END_TEST

static const struct {
	const char *pattern;
	bool literal;
	const char *prefix;
} prefixes[] = {
	{ "refs/heads/main", true, "refs/heads/main" },
	{ "a\\*b", true, "a*b" },
	{ "a,b]", true, "a,b]" },
	{ "caf\xc3\xa9", true, "caf\xc3\xa9" },
	{ "refs/heads/feature/*", false, "refs/heads/feature/" },
	{ "refs/heads/feature/**", false, "refs/heads/feature/" },
	{ "refs/heads/**/x", false, "refs/heads/" },
	{ "**/x", false, "" },
	{ "*", false, "" },
	{ "v?", false, "v" },
	{ "v[0-9]", false, "v" },
	{ "x\\[*", false, "x[" },
	{ "{a,b}", false, "" },
	{ "{a}", false, "a" },
	{ "refs/{heads,tags}/x", false, "refs/" },
	{ "{refs/heads/main,refs/heads/master}", false, "refs/heads/ma" },
	{ "{refs/heads/a,refs/heads/ab}c", false, "refs/heads/a" },
	{ "{a,a}b{c,c}*", false, "abc" },
	{ "a{,b}", false, "a" },
	{ "x{\xc3\xa9,\xc3\xa8}", false, "x" },
	{ "[", false, "" },
};

START_TEST(glob_prefix_is_the_longest)
	{
		ck_assert_str_eq(glob_prefix(&unit_arena, prefixes[_i].pattern),
		    prefixes[_i].prefix);
		ck_assert(glob_is_literal(prefixes[_i].pattern) ==
		    prefixes[_i].literal);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("glob");
	TCase *tcase = unit_case(suite, "match");

	tcase_add_loop_test(tcase, glob_matches_or_not, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, glob_means_the_same_behind_every_way_in, 0, COUNT(rows));
	tcase_add_loop_test(tcase, glob_match_is_linear, 0, COUNT(hard));
	tcase_add_test(tcase, globs_match_is_any_of_them);
	tcase = unit_case(suite, "check");
	tcase_add_loop_test(
	    tcase, glob_check_says_what_is_wrong, 0, COUNT(wrong));
	tcase_add_test(tcase, glob_check_knows_its_ceilings);
	tcase = unit_case(suite, "prefix");
	tcase_add_loop_test(
	    tcase, glob_prefix_is_the_longest, 0, COUNT(prefixes));
	return unit_main(suite);
}
