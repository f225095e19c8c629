#include "base/nearest.h"

#include <string.h>

#include "support/unit.h"

static const struct {
	const char *name, *known[6], *nearest;
} rows[] = {
	{ "form", { "refs", "from", "soak" }, "from" },  /* swapped */
	{ "fro", { "refs", "from", "soak" }, "from" },   /* left out */
	{ "fromm", { "refs", "from", "soak" }, "from" }, /* too many */
	{ "fram", { "refs", "from", "soak" }, "from" },  /* another */
	{ "FROM", { "refs", "from", "soak" }, "from" },  /* case */
	{ "Form", { "refs", "from", "soak" }, "from" },  /* both */
	{ "from", { "refs", "from", "soak" }, "from" },  /* itself */
	{ "coverge", { "coverage", "cover" }, "coverage" },
	{ "covreage", { "coverage", "cover" }, "coverage" },
	{ "converage", { "coverage", "cover" }, "coverage" },
	{ "evidnece", { "evidence" }, "evidence" },
	{ "evidnce", { "evidence" }, "evidence" },
	{ "evdnce", { "evidence" }, "evidence" },      /* two */
	{ "evdnc", { "evidence" }, NULL },             /* three */
	{ "stage", { "stages", "states" }, "stages" }, /* the nearer */
	{ "gates", { "dates", "rates" }, "dates" },    /* the first */
	{ "gates", { "rates", "dates" }, "rates" },
	{ "of", { "on" }, NULL }, /* half of it is another word */
	{ "id", { "ids" }, NULL },
	{ "ids", { "id" }, "id" },
	{ "abcd", { "badc" }, NULL },
	{ "abcde", { "bacdf" }, "bacdf" },
	{ "x", { "y", "z" }, NULL },
	{ "X", { "y", "x" }, "x" },
	{ "", { "a", "" }, NULL },
	{ "from", { NULL }, NULL },
	{ "from", { "something" }, NULL },
	{ "caf\xc3\xa9s", { "cafes" }, "cafes" },
};

START_TEST(nearest_of_known_names)
	{
		struct strings known = { 0 };
		const char *nearest;

		for (int i = 0; i < 6 && rows[_i].known[i]; i++)
			strings_add(&unit_arena, &known, rows[_i].known[i]);
		nearest = nearest_name(rows[_i].name, &known);
		if (rows[_i].nearest) {
			ck_assert_ptr_nonnull(nearest);
			ck_assert_str_eq(nearest, rows[_i].nearest);
		} else {
			ck_assert_msg(nearest == NULL, "'%s'", nearest);
		}
	}
END_TEST

START_TEST(nearest_gives_up_on_long_names)
	{
		struct strings known = { 0 };
		char *name = arena_alloc(&unit_arena, 1000);

		memset(name, 'a', 64);
		strings_add(
		    &unit_arena, &known, arena_strdup(&unit_arena, name));
		name[63] = 'b';
		ck_assert_ptr_eq(nearest_name(name, &known), known.v[0]);
		memset(name, 'a', 999);
		ck_assert_ptr_null(nearest_name(name, &known));
		known.v[0] = name;
		ck_assert_ptr_null(nearest_name("aaaa", &known));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nearest");
	TCase *tcase = unit_case(suite, "nearest");

	tcase_add_loop_test(tcase, nearest_of_known_names, 0, COUNT(rows));
	tcase_add_test(tcase, nearest_gives_up_on_long_names);
	return unit_main(suite);
}
