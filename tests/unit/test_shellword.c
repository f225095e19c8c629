#include "base/shellword.h"

#include "support/unit.h"

static const struct {
	const char *word, *want;
} words[] = {
	{ "refs/heads/feature/a-b", "refs/heads/feature/a-b" },
	{ "1a2b:refs/heads/x,y", "1a2b:refs/heads/x,y" },
	{ "-o", "-o" },
	{ "", "''" },
	{ "two words", "'two words'" },
	{ "it's", "'it'\\''s'" },
	{ "''", "''\\'''\\'''" },
	{ "$(id) `id` \\ \"x\" *", "'$(id) `id` \\ \"x\" *'" },
	{ "1a2b^{tree}", "'1a2b^{tree}'" },
	{ "\xc3\xa9", "'\xc3\xa9'" },
};

START_TEST(a_shell_reads_it_as_it_was)
	{
		ck_assert_str_eq(
		    shell_word(&unit_arena, words[_i].word), words[_i].want);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shellword");
	TCase *tcase = unit_case(suite, "shellword");

	tcase_add_loop_test(tcase, a_shell_reads_it_as_it_was, 0, COUNT(words));
	return unit_main(suite);
}
