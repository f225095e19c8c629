#include "base/err.h"

#include <string.h>

#include "support/unit.h"

START_TEST(err_set_fills_and_returns_minus_one)
	{
		struct err err;

		ck_assert_int_eq(
		    err_set(&err, ERR_IO, "cannot open '%s': %s", "x", "no"),
		    -1);
		ck_assert_int_eq(err.kind, ERR_IO);
		ck_assert_str_eq(err.text, "cannot open 'x': no");
	}
END_TEST

START_TEST(err_set_may_quote_itself)
	{
		struct err err;

		err_set(&err, ERR_IO, "inner");
		err_set(&err, ERR_LIMIT, "outer (%s)", err.text);
		ck_assert_str_eq(err.text, "outer (inner)");
		ck_assert_int_eq(err.kind, ERR_LIMIT);
	}
END_TEST

START_TEST(err_prefix_keeps_the_kind)
	{
		struct err err;

		err_set(&err, ERR_FORMAT, "bad header");
		ck_assert_int_eq(err_prefix(&err, "commit %d", 7), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_str_eq(err.text, "commit 7: bad header");
	}
END_TEST

static const char *long_text(size_t n, char c)
{
	char *p = arena_alloc(&unit_arena, n + 1);

	memset(p, c, n);
	return p;
}

START_TEST(err_text_ends_in_dots_when_cut)
	{
		struct err err;

		err_set(&err, ERR_IO, "%s", long_text(ERR_TEXT_MAX - 1, 'a'));
		ck_assert_uint_eq(strlen(err.text), ERR_TEXT_MAX - 1);
		ck_assert_int_eq(err.text[ERR_TEXT_MAX - 2], 'a');
		err_set(&err, ERR_IO, "%s", long_text(ERR_TEXT_MAX, 'a'));
		ck_assert_uint_eq(strlen(err.text), ERR_TEXT_MAX - 1);
		ck_assert_str_eq(err.text + ERR_TEXT_MAX - 5, "a...");
	}
END_TEST

START_TEST(err_prefix_cuts_too)
	{
		struct err err;

		err_set(&err, ERR_IO, "%s", long_text(ERR_TEXT_MAX - 10, 'a'));
		err_prefix(&err, "a prefix of some length");
		ck_assert_uint_eq(strlen(err.text), ERR_TEXT_MAX - 1);
		ck_assert_str_eq(err.text + ERR_TEXT_MAX - 5, "a...");
		ck_assert_int_eq(
		    strncmp(err.text, "a prefix of some length: aaa", 28), 0);
		err_set(&err, ERR_IO, "inner");
		err_prefix(&err, "%s", long_text(5000, 'b'));
		ck_assert_str_eq(err.text + ERR_TEXT_MAX - 5, "b...");
	}
END_TEST

START_TEST(err_text_is_never_cut_inside_a_character)
	{
		struct err err;
		char *p = arena_alloc(&unit_arena, 2 * ERR_TEXT_MAX);
		size_t at = (size_t)_i;

		memset(p, 'a', at);
		for (; at < 2 * ERR_TEXT_MAX - 4; at += 3)
			memcpy(p + at, "\xe2\x82\xac", 3);
		err_set(&err, ERR_IO, "%s", p);
		at = strlen(err.text) - 3;
		ck_assert_str_eq(err.text + at, "...");
		ck_assert_uint_eq((at - (size_t)_i) % 3, 0);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("err");
	TCase *tcase = unit_case(suite, "err");

	tcase_add_test(tcase, err_set_fills_and_returns_minus_one);
	tcase_add_test(tcase, err_set_may_quote_itself);
	tcase_add_test(tcase, err_prefix_keeps_the_kind);
	tcase_add_test(tcase, err_text_ends_in_dots_when_cut);
	tcase_add_test(tcase, err_prefix_cuts_too);
	tcase_add_loop_test(
	    tcase, err_text_is_never_cut_inside_a_character, 0, 3);
	return unit_main(suite);
}
