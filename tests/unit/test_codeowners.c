#include "judge/codeowners.h"

#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

/* What patterns match, as GitHub's documentation and gitignore(5) have it. */
static const struct {
	const char *pattern, *path;
	bool match;
} rows[] = {
	{ "*", "a", true },
	{ "*", "a/b/c", true },
	{ "**", "a/b/c", true },
	{ "*.js", "a.js", true },
	{ "*.js", "x/y/a.js", true },
	{ "*.js", "x/a.jsx", false },
	{ "*.js", "x.js/y/a.c", true },
	{ "a.c", "a.c", true },
	{ "a.c", "x/y/a.c", true },
	{ "a.c", "x/ba.c", false },
	{ "a.c", "a.c/b", true },
	{ "/a.c", "a.c", true },
	{ "/a.c", "x/a.c", false },
	{ "/*", "a", true },
	{ "/*", "a/b", false },
	{ "/*.c", "a.c", true },
	{ "/*.c", "x/a.c", false },
	{ "/build/logs/", "build/logs/a", true },
	{ "/build/logs/", "build/logs/x/a", true },
	{ "/build/logs/", "build/logs", false },
	{ "/build/logs/", "x/build/logs/a", false },
	{ "build/logs/", "build/logs/a", true },
	{ "build/logs/", "x/build/logs/a", false },
	{ "apps/", "apps/a", true },
	{ "apps/", "x/y/apps/a/b", true },
	{ "apps/", "apps", false },
	{ "apps/", "x/apps", false },
	{ "docs/*", "docs/a.md", true },
	{ "docs/*", "docs/build/a.md", false },
	{ "docs/*", "x/docs/a.md", false },
	{ "docs/**", "docs/build/a.md", true },
	{ "docs/**/", "docs/build/a.md", true },
	{ "docs/**/a", "docs/a", true },
	{ "docs/**/a", "docs/x/y/a", true },
	{ "docs/**/a", "docs/xa", false },
	{ "**/logs", "logs/a", true },
	{ "**/logs", "deeply/nested/logs/a", true },
	{ "**/logs", "logs", true },
	{ "**/logs", "xlogs", false },
	{ "/apps/github", "apps/github", true },
	{ "/apps/github", "apps/github/a", true },
	{ "/apps/github", "apps/github2", false },
	{ "a/b", "a/b", true },
	{ "a/b", "x/a/b", false },
	{ "a/*/c", "a/b/c", true },
	{ "a/*/c", "a/b/x/c", false },
	{ "a**b", "axxb", true },
	{ "a**b", "ax/xb", false },
	{ "a?c", "abc", true },
	{ "a?c",
	    "a\xc3\xa9"
	    "c",
	    true },
	{ "a?c", "ac", false },
	{ "a\\?c", "abc", false },
	{ "a\\?c", "a?c", true },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\#a", "#a", true },
	{ "a#b", "a#b", true },
	{ "my\\ docs/", "my docs/a", true },
	{ "my\\ docs/", "my/a", false },
	{ "a\\b", "ab", true },
	{ "\\!a", "!a", true },
	{ "app/\\[id\\]/a", "app/[id]/a", true },
	{ "{a,b}", "{a,b}", true },
	{ "{a,b}", "a", false },
	{ "a]", "a]", true },
	{ "caf\xc3\xa9", "x/caf\xc3\xa9/a", true },
	{ "A", "a", false },
	{ ".github/", ".github/CODEOWNERS", true },
};

static void parse(struct codeowners *owners, const char *text)
{
	codeowners_parse(&unit_arena, text, strlen(text), owners);
}

START_TEST(pattern_matches_or_not)
	{
		struct codeowners owners;

		parse(&owners,
		    arena_printf(&unit_arena, "%s @a\n", rows[_i].pattern));
		ck_assert_uint_eq(owners.complaints.n, 0);
		ck_assert_uint_eq(owners.n, 1);
		ck_assert_msg((codeowners_find(&owners, rows[_i].path) !=
				  NULL) == rows[_i].match,
		    "%s, %s", rows[_i].pattern, rows[_i].path);
	}
END_TEST

/* Lines that are no rule, and no mistake. */
static const char *const passed_over[] = {
	"",
	"   \t",
	"# a comment",
	"  # one more",
	"\r",
	"[Section]",
	"^[Optional one]",
	"[Section][2]",
	"[Section] # with a comment",
	"[Section][2] \t",
};

START_TEST(line_is_passed_over)
	{
		struct codeowners owners;

		parse(&owners, passed_over[_i]);
		ck_assert_uint_eq(owners.complaints.n, 0);
		ck_assert_uint_eq(owners.n, 0);
	}
END_TEST

static const struct {
	const char *line, *complaint;
} wrong[] = {
	{ "!a @a", "negated" },
	{ "a[0-9] @a", "ranges" },
	{ "[a-z]* @a", "neither a section" },
	{ "[Section] @a", "neither a section" },
	{ "[Section][x] @a", "neither a section" },
	{ "[Section][]", "neither a section" },
	{ "[Section", "neither a section" },
	{ "^[Section", "neither a section" },
	{ "[Section]2", "neither a section" },
	{ "a alice", "'alice' is no owner" },
	{ "a @", "'@' is no owner" },
	{ "a alice@", "'alice@' is no owner" },
	{ "a @a@b", "'@a@b' is no owner" },
	{ "my docs/ @a", "'docs/' is no owner" },
	{ "/ @a", "matches nothing" },
	{ "// @a", "empty part" },
	{ "a//b @a", "empty part" },
	{ "./a @a", "'.'" },
	{ "a/../b @a", "'.'" },
	{ "*** @a", "more than two stars" },
	{ "a/b***", "more than two stars" },
	{ "a\\/b @a", "nothing to escape" },
	{ "a\\", "nothing to escape" },
};

START_TEST(line_is_not_understood)
	{
		struct codeowners owners;

		parse(&owners,
		    arena_printf(
			&unit_arena, "a @a\n%s\nb @b", wrong[_i].line));
		ck_assert_uint_eq(owners.complaints.n, 1);
		ck_assert_uint_eq(owners.n, 2);
		ck_assert_msg(
		    strncmp(owners.complaints.v[0], "line 2: ", 8) == 0 &&
			strstr(owners.complaints.v[0], wrong[_i].complaint),
		    "%s: %s", wrong[_i].line, owners.complaints.v[0]);
	}
END_TEST

START_TEST(owners_stand_as_written)
	{
		struct codeowners owners;
		const struct codeowners_rule *rule;

		parse(&owners,
		    "\xef\xbb\xbf"
		    "a\t@x  Y@Example.com\t@org/team#1 #@z\r\nb\r\n");
		ck_assert_uint_eq(owners.complaints.n, 0);
		rule = codeowners_find(&owners, "a");
		ck_assert_uint_eq(rule->line, 1);
		ck_assert_uint_eq(rule->owners.n, 3);
		ck_assert_str_eq(rule->owners.v[0], "@x");
		ck_assert_str_eq(rule->owners.v[1], "Y@Example.com");
		ck_assert_str_eq(rule->owners.v[2], "@org/team#1");
		rule = codeowners_find(&owners, "b");
		ck_assert_uint_eq(rule->line, 2);
		ck_assert_uint_eq(rule->owners.n, 0);
	}
END_TEST

START_TEST(last_match_wins)
	{
		struct codeowners owners;

		parse(&owners, "* @a\n*.c @b\n/x/ @c\n/x/y\n");
		ck_assert_uint_eq(codeowners_find(&owners, "r")->line, 1);
		ck_assert_uint_eq(codeowners_find(&owners, "r.c")->line, 2);
		ck_assert_uint_eq(codeowners_find(&owners, "x/r.c")->line, 3);
		ck_assert_uint_eq(codeowners_find(&owners, "x/y/z.c")->line, 4);
		parse(&owners, "/x/ @c");
		ck_assert_ptr_null(codeowners_find(&owners, "y"));
	}
END_TEST

static const char *repeat(const char *text, size_t n)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, (size_t)1 << 24);
	for (size_t i = 0; i < n; i++)
		buf_adds(&buf, text);
	return buf.p;
}

START_TEST(ceilings_are_complaints)
	{
		struct codeowners owners;
		static const char nul[] = "a\0b @a\nb @b\n";

		parse(&owners, repeat("a @a\n", CODEOWNERS_LINES_MAX));
		ck_assert_uint_eq(owners.complaints.n, 0);
		parse(&owners, repeat("a @a\n", CODEOWNERS_LINES_MAX + 9));
		ck_assert_uint_eq(owners.complaints.n, 1);
		ck_assert_uint_eq(owners.n, CODEOWNERS_LINES_MAX);
		parse(&owners, repeat("a", CODEOWNERS_LINE_MAX + 1));
		ck_assert_uint_eq(owners.complaints.n, 1);
		/* The pattern's own ceiling: folders need more than it has. */
		parse(&owners, repeat("a", CODEOWNERS_LINE_MAX));
		ck_assert_uint_eq(owners.complaints.n, 1);
		parse(&owners, repeat("{", CODEOWNERS_LINE_MAX - 9));
		ck_assert_uint_eq(owners.complaints.n, 1);
		codeowners_parse(&unit_arena, nul, sizeof(nul) - 1, &owners);
		ck_assert_uint_eq(owners.complaints.n, 1);
		ck_assert_uint_eq(owners.n, 1);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codeowners");
	TCase *tcase = unit_case(suite, "match");

	tcase_add_loop_test(tcase, pattern_matches_or_not, 0, COUNT(rows));
	tcase_add_test(tcase, last_match_wins);
	tcase = unit_case(suite, "lines");
	tcase_add_loop_test(tcase, line_is_passed_over, 0, COUNT(passed_over));
	tcase_add_loop_test(tcase, line_is_not_understood, 0, COUNT(wrong));
	tcase_add_test(tcase, owners_stand_as_written);
	tcase_add_test(tcase, ceilings_are_complaints);
	return unit_main(suite);
}
