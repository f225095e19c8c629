#include "base/array.h"

#include "support/unit.h"

struct pair {
	int a, b;
};

START_TEST(array_push_keeps_order_over_growth)
	{
		struct {
			struct pair *v;
			size_t n, cap;
		} pairs = { 0 };

		for (int i = 0; i < 1000; i++)
			ARRAY_PUSH(&unit_arena, &pairs, (struct pair){ i, -i });
		ck_assert_uint_eq(pairs.n, 1000);
		ck_assert_uint_ge(pairs.cap, pairs.n);
		for (int i = 0; i < 1000; i++) {
			ck_assert_int_eq(pairs.v[i].a, i);
			ck_assert_int_eq(pairs.v[i].b, -i);
		}
	}
END_TEST

START_TEST(strings_add_appends_once)
	{
		struct strings list = { 0 };

		ck_assert(!strings_have(&list, "a"));
		strings_add(&unit_arena, &list, "a");
		strings_add(&unit_arena, &list, "b");
		strings_add(&unit_arena, &list, "a");
		strings_add(&unit_arena, &list, "");
		ck_assert_uint_eq(list.n, 3);
		ck_assert_str_eq(list.v[0], "a");
		ck_assert_str_eq(list.v[1], "b");
		ck_assert(strings_have(&list, ""));
		ck_assert(!strings_have(&list, "A"));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("array");
	TCase *tcase = unit_case(suite, "array");

	tcase_add_test(tcase, array_push_keeps_order_over_growth);
	tcase_add_test(tcase, strings_add_appends_once);
	return unit_main(suite);
}
