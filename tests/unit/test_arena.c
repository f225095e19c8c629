#include <stdint.h>
#include <string.h>

#include "base/exit.h"
#include "support/unit.h"

static bool is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

START_TEST(arena_gives_zeroed_memory_of_any_size)
	{
		static const size_t sizes[] = { 0, 1, 15, 16, 17, 4096, 8192,
			8193, 65536, 1000000 };
		size_t size = sizes[_i];
		char *a = arena_alloc(&unit_arena, size);
		char *b = arena_alloc(&unit_arena, size);

		ck_assert_ptr_nonnull(a);
		ck_assert_ptr_ne(a, b);
		ck_assert(is_zero(a, size));
		ck_assert(is_zero(b, size));
		ck_assert_uint_eq((uintptr_t)a % sizeof(void *), 0);
		memset(a, 1, size);
		ck_assert(is_zero(b, size));
	}
END_TEST

START_TEST(arena_is_zero_again_after_reset)
	{
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 5000; i++) {
				char *p = arena_alloc(&unit_arena, 40);

				ck_assert(is_zero(p, 40));
				memset(p, 0xff, 40);
			}
			memset(arena_alloc(&unit_arena, 100000), 0xff, 100000);
			arena_reset(&unit_arena);
			ck_assert_uint_eq(unit_arena.used, 0);
		}
	}
END_TEST

START_TEST(arena_reset_of_an_unused_one_is_fine)
	{
		arena_reset(&unit_arena);
		arena_alloc(
		    &unit_arena, 100000); /* a block of its own comes first */
		arena_reset(&unit_arena);
		arena_alloc(&unit_arena, 1);
		arena_release(&unit_arena);
		arena_release(&unit_arena);
		arena_release(NULL);
	}
END_TEST

START_TEST(arena_grow_copies_and_zeroes)
	{
		int *v = arena_array(&unit_arena, 2, sizeof(*v));

		v[0] = 7;
		v[1] = 8;
		v = arena_grow(&unit_arena, v, 2, 50, sizeof(*v));
		ck_assert_int_eq(v[0], 7);
		ck_assert_int_eq(v[1], 8);
		ck_assert(is_zero((const char *)(v + 2), 48 * sizeof(*v)));
		v = arena_grow(&unit_arena, NULL, 0, 3, sizeof(*v));
		ck_assert(is_zero((const char *)v, 3 * sizeof(*v)));
	}
END_TEST

START_TEST(arena_strings_are_copies)
	{
		char s[] = "stage";
		char *copy = arena_strdup(&unit_arena, s);
		char *part = arena_strndup(&unit_arena, s, 3);

		s[0] = 'X';
		ck_assert_str_eq(copy, "stage");
		ck_assert_str_eq(part, "sta");
		ck_assert_str_eq(arena_strndup(&unit_arena, NULL, 0), "");
		ck_assert_str_eq(
		    arena_printf(&unit_arena, "%s-%d", s, 42), "Xtage-42");
		ck_assert_uint_eq(
		    strlen(arena_printf(&unit_arena, "%2000d", 1)), 2000);
	}
END_TEST

enum {
	OVER_CEILING,
	BY_SUM,
	MULTIPLY,
	ADD,
	SMALL_ONES
};

static void ask_for_too_much(void *how)
{
	struct arena arena;

	arena_init(&arena, 100000);
	switch (*(int *)how) {
	case OVER_CEILING:
		arena_alloc(&arena, 100001);
		break;
	case BY_SUM:
		arena_alloc(&arena, 60000);
		arena_alloc(&arena, 60000);
		break;
	case MULTIPLY:
		arena_array(&arena, SIZE_MAX / 2, 3);
		break;
	case ADD:
		arena_alloc(&arena, SIZE_MAX - 3);
		break;
	default:
		for (int i = 0; i < 100001; i++)
			arena_alloc(&arena, 1);
	}
	arena_release(&arena);
}

START_TEST(arena_exhaustion_leaves_undecided)
	{
		ck_assert_int_eq(
		    unit_exit_code(ask_for_too_much, &_i), EXIT_UNDECIDED);
	}
END_TEST

START_TEST(arena_may_be_filled_to_the_ceiling)
	{
		struct arena arena;

		arena_init(&arena, 64);
		arena_alloc(&arena, 32);
		arena_alloc(&arena, 32);
		ck_assert_uint_eq(arena.used, 64);
		arena_release(&arena);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("arena");
	TCase *tcase = unit_case(suite, "arena");

	tcase_add_loop_test(
	    tcase, arena_gives_zeroed_memory_of_any_size, 0, 10);
	tcase_add_test(tcase, arena_is_zero_again_after_reset);
	tcase_add_test(tcase, arena_reset_of_an_unused_one_is_fine);
	tcase_add_test(tcase, arena_grow_copies_and_zeroes);
	tcase_add_test(tcase, arena_strings_are_copies);
	tcase_add_loop_test(
	    tcase, arena_exhaustion_leaves_undecided, 0, SMALL_ONES + 1);
	tcase_add_test(tcase, arena_may_be_filled_to_the_ceiling);
	return unit_main(suite);
}
