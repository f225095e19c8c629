#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/glob.h"
#include "support/unit.h"

static const struct {
	const char *a, *b;
	bool overlap;
} rows[] = {
	{ "a", "a", true },
	{ "a", "b", false },
	{ "a", "aa", false },
	{ "*", "a", true },
	{ "*", "a/b", false },
	{ "**", "a/b", true },
	{ "a*", "*b", true },
	{ "a*", "b*", false },
	{ "*a", "*b", false },
	{ "a?", "?b", true },
	{ "?", "??", false },
	{ "?", "/", false },
	{ "[a-m]", "[n-z]", false },
	{ "[a-m]", "[m-z]", true },
	{ "[!a]", "a", false },
	{ "[!a]", "[a]", false },
	{ "[!a]", "[!b]", true },
	{ "[!a-z]", "\xc3\xa9", true },
	{ "[a-z]", "\xc3\xa9", false },
	{ "?", "\xc3\xa9", true },
	{ "\xc3\xa8", "\xc3\xa9", false },
	{ "*\xc3\xa8", "*\xc3\xa9", false },
	{ "[\x01-\x7f]", "[!\x01-\x7f]", false },
	{ "[\x01-\x7f]", "/", false },
	{ "[!\x01-\x7f]", "?", true },
	{ "[!\x01-\x7f]", "[!a]", true },
	{ "refs/heads/main", "refs/heads/*", true },
	{ "refs/heads/*", "refs/heads/**", true },
	{ "refs/heads/*", "refs/heads/feature/*", false },
	{ "refs/heads/**", "refs/tags/**", false },
	{ "refs/heads/*/x", "refs/heads/y/*", true },
	{ "refs/heads/*/x", "refs/heads/y/z", false },
	{ "refs/heads/{main,dev}", "refs/heads/{dev,test}", true },
	{ "refs/heads/{main,dev}", "refs/heads/{prod,test}", false },
	{ "refs/heads/client/*", "refs/heads/{client,customer}/acme", true },
	{ "refs/heads/v[0-9]*", "refs/heads/v*", true },
	{ "refs/heads/v[0-9]*", "refs/heads/v?rc", true },
	{ "refs/heads/v[0-9]", "refs/heads/vx*", false },
	{ "**/a", "a", true },
	{ "**/a", "b/a", true },
	{ "**/a", "ba", false },
	{ "**/a", "?a", false },
	{ "**/a", "[b-z]a", false },
	{ "a/**/b", "a/b", true },
	{ "a/**/b", "ab", false },
	{ "a/**/b", "a/*", true },
	{ "a/**/b", "a?b", false },
	{ "a**/b", "ab", false },
	{ "a**/b", "a?b", false },
	{ "**/a/**", "a/*", true },
	{ "**/x/**/y", "x/y", true },
	{ "**/x/**/y", "xy", false },
	{ "{a,b/}**/x", "ax", false },
	{ "{a,b/}**/x", "bx", false },
	{ "{a,b/}**/x", "b/x", true },
	{ "\\*", "a", false },
	{ "\\*", "*", true },
	{ "{,a}", "*", true },
	{ "{,a}", "?", true },
	{ "{,a}", "b", false },
};

START_TEST(overlap_is_known)
	{
		const char *a = rows[_i].a, *b = rows[_i].b;
		struct err err;

		ck_assert_int_eq(glob_check(a, &err), 0);
		ck_assert_int_eq(glob_check(b, &err), 0);
		ck_assert_msg(
		    glob_overlap(a, b) == rows[_i].overlap, "'%s' '%s'", a, b);
		ck_assert(glob_overlap(b, a) == rows[_i].overlap);
		ck_assert(glob_overlap(a, a));
		ck_assert(glob_overlap(b, b));
	}
END_TEST

/*
 * Brute force.  Patterns of up to PARTS parts over the letters a, b and c are
 * made at random; a common text of two of them, if there is one, need not be
 * longer than both together, so all texts of up to TEXT_MAX letters tell.  Two
 * independent judges: glob_match is compared with a plain recursive matcher,
 * glob_overlap with the sets of texts that both match.
 */
#define PATTERNS 300
#define PARTS 3
#define TEXT_MAX 7
#define TEXTS 21845 /* 4^0 + .. + 4^TEXT_MAX */
#define WORDS ((TEXTS + 63) / 64)

static uint32_t seed;

static uint32_t random_below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static const char *random_pattern(void)
{
	/* No brace begins or ends with a star: the reference writes the
	 * alternatives out, and two stars in a row would be another thing. */
	static const char *const parts[] = { "a", "b", "/", "/", "?", "*", "**",
		"**/", "/**/", "[ab]", "[!a]", "{a,b}", "{a/,}", "{,b}",
		"{a*b,/}", "{a,{b,/}}" };
	struct buf buf;
	size_t n = 1 + random_below(PARTS);

	buf_init(&buf, &unit_arena, 100);
	while (n > 0) {
		const char *part = parts[random_below(COUNT(parts))];

		if (buf.len > 0 && buf.p[buf.len - 1] == '*' && *part == '*')
			continue;
		buf_adds(&buf, part);
		n--;
	}
	return buf.p;
}

/* The end of a brace's alternative: the `,` or `}` at its level. */
static const char *alternative_end(const char *p)
{
	for (int depth = 0;; p++) {
		if (depth == 0 && (*p == ',' || *p == '}'))
			return p;
		if (*p == '{')
			depth++;
		if (*p == '}')
			depth--;
	}
}

static bool ref_match(const char *p, const char *start, const char *text);

static bool ref_brace(const char *p, const char *start, const char *text)
{
	const char *end = p, *from;

	do
		end = alternative_end(end + 1);
	while (*end != '}');
	for (from = p + 1; from <= end;) {
		const char *to = alternative_end(from);
		char rest[200];

		snprintf(rest, sizeof(rest), "%.*s%s", (int)(to - from), from,
		    end + 1);
		if (ref_match(rest, start, text))
			return true;
		from = to + 1;
	}
	return false;
}

static bool ref_star(const char *p, const char *start, const char *text)
{
	bool two = p[1] == '*';
	bool fresh = text == start || text[-1] == '/';

	if (two && p[2] == '/' && fresh && ref_match(p + 3, start, text))
		return true;
	p += two ? 2 : 1;
	for (;; text++) {
		if (ref_match(p, start, text))
			return true;
		if (*text == '\0' || (*text == '/' && !two))
			return false;
	}
}

static bool ref_match(const char *p, const char *start, const char *text)
{
	switch (*p) {
	case '\0':
		return *text == '\0';
	case '{':
		return ref_brace(p, start, text);
	case '*':
		return ref_star(p, start, text);
	case '?':
		return *text && *text != '/' &&
		    ref_match(p + 1, start, text + 1);
	case '[':
		if (p[1] == '!')
			return *text && *text != 'a' && *text != '/' &&
			    ref_match(p + 4, start, text + 1);
		return (*text == 'a' || *text == 'b') &&
		    ref_match(p + 4, start, text + 1);
	default:
		return *p == *text && ref_match(p + 1, start, text + 1);
	}
}

static char texts[TEXTS][TEXT_MAX + 1];

static void make_texts(void)
{
	size_t n = 1, from = 0;

	texts[0][0] = '\0';
	for (size_t len = 0; len < TEXT_MAX; len++) {
		size_t to = n;

		for (; from < to; from++)
			for (const char *c = "abc/"; *c; c++)
				snprintf(texts[n++], TEXT_MAX + 1, "%s%c",
				    texts[from], *c);
	}
	ck_assert_uint_eq(n, TEXTS);
}

START_TEST(overlap_and_match_agree_with_brute_force)
	{
		static uint64_t matched[PATTERNS][WORDS];
		const char *patterns[PATTERNS];
		struct err err;
		int overlaps = 0;

		seed = (uint32_t)_i;
		memset(matched, 0, sizeof(matched));
		make_texts();
		for (size_t i = 0; i < PATTERNS; i++) {
			patterns[i] = random_pattern();
			ck_assert_int_eq(glob_check(patterns[i], &err), 0);
			for (size_t t = 0; t < TEXTS; t++) {
				bool match = glob_match(patterns[i], texts[t]);

				if (match !=
				    ref_match(patterns[i], texts[t], texts[t]))
					ck_abort_msg(
					    "'%s' '%s'", patterns[i], texts[t]);
				if (match)
					matched[i][t / 64] |= (uint64_t)1
					    << t % 64;
			}
		}
		for (size_t i = 0; i < PATTERNS; i++) {
			for (size_t j = i; j < PATTERNS; j++) {
				bool both = false;

				for (size_t w = 0; w < WORDS && !both; w++)
					both = (matched[i][w] &
						   matched[j][w]) != 0;
				if (glob_overlap(patterns[i], patterns[j]) !=
				    both)
					ck_abort_msg("'%s' '%s'", patterns[i],
					    patterns[j]);
				overlaps += both;
			}
		}
		ck_assert_int_gt(overlaps, 1000);
		ck_assert_int_lt(overlaps, PATTERNS * PATTERNS / 2 - 1000);
	}
END_TEST

static const char *repeat(const char *s, size_t n, const char *end)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, GLOB_MAX);
	while (n-- > 0)
		buf_adds(&buf, s);
	buf_adds(&buf, end);
	return buf.p;
}

START_TEST(overlap_of_the_longest_patterns_ends)
	{
		uint64_t start = clock_monotonic_ms();

		ck_assert(!glob_overlap(
		    repeat("*a", 2000, "b"), repeat("*a", 2000, "c")));
		ck_assert(glob_overlap(
		    repeat("*a", 2000, ""), repeat("*b", 2000, "*")));
		ck_assert(!glob_overlap(
		    repeat("{a,b}", 800, ""), repeat("{a,b}", 799, "c")));
		ck_assert_uint_lt(clock_monotonic_ms() - start, 20000);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("glob_overlap");
	TCase *tcase = unit_case(suite, "overlap");

	tcase_add_loop_test(tcase, overlap_is_known, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, overlap_and_match_agree_with_brute_force, 1, 3);
	tcase_add_test(tcase, overlap_of_the_longest_patterns_ends);
	return unit_main(suite);
}
