#include "reports/treepaths.h"

#include <string.h>

#include "support/unit.h"

static const struct {
	const char *tree[5], *reported, *path, *other;
	size_t parts;
} rows[] = {
	{ { "src/a.c" }, "/home/ci/job/src/a.c", "src/a.c", NULL, 2 },
	{ { "src/a.c" }, "a.c", "src/a.c", NULL, 1 },
	{ { "src/a.c" }, "src/a.c", "src/a.c", NULL, 2 },
	{ { "src/a.c" }, "./src//a.c", "src/a.c", NULL, 2 },
	{ { "src/a.c" }, "../src/a.c", "src/a.c", NULL, 2 },
	{ { "src/a.c" }, "../../x/../src/./a.c", "src/a.c", NULL, 2 },
	{ { "src/a.c" }, "C:\\job\\src\\a.c", "src/a.c", NULL, 2 },
	{ { "src/a.c" }, "/src/b.c", NULL, NULL, 0 },
	{ { "src/a.c" }, "/src/xa.c", NULL, NULL, 0 }, /* whole components */
	{ { "src/xa.c" }, "/src/a.c", NULL, NULL, 0 },
	{ { "xsrc/a.c" }, "/src/a.c", "xsrc/a.c", NULL, 1 },
	{ { "a.c" }, "/anywhere/a.c", "a.c", NULL, 1 },
	{ { "a.c" }, "", NULL, NULL, 0 },
	{ { "a.c" }, "/", NULL, NULL, 0 },
	{ { "a.c" }, "..", NULL, NULL, 0 },
	{ { NULL }, "a.c", NULL, NULL, 0 },
	/* the longest */
	{ { "a/util.c", "b/util.c" }, "/job/b/util.c", "b/util.c", NULL, 2 },
	{ { "a/util.c", "b/util.c" }, "/job/a/util.c", "a/util.c", NULL, 2 },
	{ { "backend/src/a.c" }, "/app/src/a.c", "backend/src/a.c", NULL, 2 },
	{ { "x/src/a.c", "y/a.c" }, "/app/src/a.c", "x/src/a.c", NULL, 2 },
	/* as long, but whole */
	{ { "old/src/a.c", "src/a.c" }, "/job/src/a.c", "src/a.c", NULL, 2 },
	{ { "old/src/a.c", "src/a.c" }, "src/a.c", "src/a.c", NULL, 2 },
	{ { "old/src/a.c", "src/a.c" }, "/job/old/src/a.c", "old/src/a.c", NULL,
	    3 },
	{ { "old/a.c", "a.c" }, "/job/new/a.c", "a.c", NULL, 1 },
	/* as long */
	{ { "a/util.c", "b/util.c" }, "util.c", "a/util.c", "b/util.c", 1 },
	{ { "a/util.c", "b/util.c" }, "/c/util.c", "a/util.c", "b/util.c", 1 },
	{ { "x/a/u.c", "y/a/u.c", "a/v.c" }, "/a/u.c", "x/a/u.c", "y/a/u.c",
	    2 },
	{ { "x/a/u.c", "y/a/u.c", "z/b/u.c" }, "b/u.c", "z/b/u.c", NULL, 2 },
	/* bytes are as good as letters */
	{ { "s/\xff\xfe.c" }, "/j/s/\xff\xfe.c", "s/\xff\xfe.c", NULL, 2 },
};

START_TEST(path_finds_file)
	{
		struct treepath_match match;
		struct treepaths paths = { 0 };

		for (int i = 0; i < 5 && rows[_i].tree[i]; i++)
			treepaths_add(&unit_arena, &paths, rows[_i].tree[i]);
		treepaths_sort(&paths);
		treepaths_find(&paths,
		    treepath_normal(&unit_arena, rows[_i].reported), &match);
		ck_assert_pstr_eq(match.path, rows[_i].path);
		ck_assert_pstr_eq(match.other, rows[_i].other);
		ck_assert_uint_eq(match.parts, rows[_i].parts);
	}
END_TEST

/* All pairs of short paths: what the index finds is what looking at each path
 * finds. */
static size_t parts_shared(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), parts = 0;

	while (la > 0 && lb > 0 && a[la - 1] == b[lb - 1]) {
		parts += a[la - 1] == '/';
		la--;
		lb--;
	}
	if ((la == 0 || a[la - 1] == '/') && (lb == 0 || b[lb - 1] == '/') &&
	    !(la > 0 && lb > 0))
		parts++;
	return parts;
}

START_TEST(index_agrees_with_looking_at_each)
	{
		static const char *const all[] = { "a", "b", "aa", "a/a", "b/a",
			"a/b", "aa/a", "a/aa", "a/a/a", "b/a/a", "a/b/a",
			"ab/a/a", "b/b/a", "b/aa", "a/a/b" };

		for (unsigned set = 1; set < 1u << COUNT(all); set += 7) {
			struct treepaths paths = { 0 };

			for (int i = 0; i < COUNT(all); i++)
				if (set >> i & 1)
					treepaths_add(
					    &unit_arena, &paths, all[i]);
			treepaths_sort(&paths);
			for (int i = 0; i < COUNT(all); i++) {
				struct treepath_match match;
				size_t best = 0, n = 0;

				treepaths_find(&paths, all[i], &match);
				for (size_t k = 0; k < paths.n; k++) {
					size_t parts = parts_shared(
					    paths.v[k].path, all[i]);

					n = parts > best ? 0 : n;
					best = parts > best ? parts : best;
					n += parts == best;
				}
				ck_assert_uint_eq(match.parts, best);
				ck_assert(!match.other || n > 1);
				ck_assert(!match.path ||
				    parts_shared(match.path, all[i]) == best);
				if (best > 0)
					ck_assert(match.other || n == 1 ||
					    match.whole);
			}
			arena_reset(&unit_arena);
		}
	}
END_TEST

START_TEST(normal_path)
	{
		static const char *const pairs[][2] = {
			{ "a/b", "a/b" },
			{ "/a/b", "/a/b" },
			{ "//a///b/", "/a/b" },
			{ "./a/./b/.", "a/b" },
			{ "a/../b", "b" },
			{ "/a/../../b", "/b" },
			{ "../../b", "b" },
			{ "a/b/../..", "" },
			{ "..a/b..", "..a/b.." },
			{ "\\\\host\\a\\b", "/host/a/b" },
			{ "/", "" },
		};

		ck_assert_str_eq(
		    treepath_normal(&unit_arena, pairs[_i][0]), pairs[_i][1]);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("treepaths");
	TCase *tcase = unit_case(suite, "find");

	tcase_add_loop_test(tcase, path_finds_file, 0, COUNT(rows));
	tcase_add_test(tcase, index_agrees_with_looking_at_each);
	tcase_add_loop_test(tcase, normal_path, 0, 11);
	return unit_main(suite);
}
