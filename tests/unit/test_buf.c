#include "base/buf.h"

#include <string.h>

#include "support/unit.h"

START_TEST(buf_is_a_string_at_every_moment)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, 1 << 20);
		ck_assert_str_eq(buf.p, "");
		buf_adds(&buf, "one ");
		buf_addc(&buf, '2');
		buf_addf(&buf, " %s %d", "three", 4);
		buf_add(&buf, " five!", 5);
		buf_add(&buf, NULL, 0);
		ck_assert_str_eq(buf.p, "one 2 three 4 five");
		ck_assert_uint_eq(buf.len, strlen(buf.p));
		ck_assert(!buf.overflow);
	}
END_TEST

START_TEST(buf_grows_by_bytes_and_by_format)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, 1 << 20);
		for (int i = 0; i < 3000; i++)
			buf_addf(&buf, "%04d;", i);
		ck_assert_uint_eq(buf.len, 15000);
		ck_assert_int_eq(memcmp(buf.p + 5 * 2999, "2999;", 6), 0);
		buf_addf(&buf, "%20000s", "x");
		ck_assert_uint_eq(buf.len, 35000);
		ck_assert_int_eq(buf.p[34999], 'x');
		ck_assert_int_eq(buf.p[35000], '\0');
	}
END_TEST

START_TEST(buf_keeps_what_fits_and_says_so_for_ever)
	{
		static const size_t ceilings[] = { 0, 1, 9, 10, 11, 127, 128,
			129, 300 };
		size_t max = ceilings[_i];
		struct buf add, format;

		buf_init(&add, &unit_arena, max);
		buf_init(&format, &unit_arena, max);
		for (int i = 0; i < 50; i++) {
			buf_adds(&add, "0123456789");
			buf_addf(&format, "%s", "0123456789");
		}
		ck_assert(add.overflow);
		ck_assert(format.overflow);
		ck_assert_uint_eq(add.len, max);
		ck_assert_uint_eq(format.len, max);
		ck_assert_uint_eq(strlen(add.p), max);
		ck_assert_str_eq(add.p, format.p);
		buf_addc(&add, 'x');
		buf_addf(&format, "%s", "");
		ck_assert(add.overflow && format.overflow);
		ck_assert_uint_eq(add.len, max);
	}
END_TEST

START_TEST(buf_may_be_filled_to_the_ceiling)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, 10);
		buf_adds(&buf, "01234");
		buf_addf(&buf, "%d", 56789);
		ck_assert(!buf.overflow);
		ck_assert_str_eq(buf.p, "0123456789");
		buf_adds(&buf, "");
		ck_assert(!buf.overflow);
		buf_addc(&buf, '!');
		ck_assert(buf.overflow);
	}
END_TEST

START_TEST(buf_holds_nul_bytes)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, 10);
		buf_add(&buf, "a\0b", 3);
		ck_assert_uint_eq(buf.len, 3);
		ck_assert_int_eq(memcmp(buf.p, "a\0b", 4), 0);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("buf");
	TCase *tcase = unit_case(suite, "buf");

	tcase_add_test(tcase, buf_is_a_string_at_every_moment);
	tcase_add_test(tcase, buf_grows_by_bytes_and_by_format);
	tcase_add_loop_test(
	    tcase, buf_keeps_what_fits_and_says_so_for_ever, 0, 9);
	tcase_add_test(tcase, buf_may_be_filled_to_the_ceiling);
	tcase_add_test(tcase, buf_holds_nul_bytes);
	return unit_main(suite);
}
