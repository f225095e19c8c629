#include "git/hunks.h"
#include "git/renames.h"

#include "support/scratchrepo.h"
#include "support/unit.h"

/* What a diff adds is what git-diff(1) says it adds: numbers of lines, found
 * by both over files that awk makes and changes at random. */

#define PAIRS 60

static struct oid blob(const char *path)
{
	return scratch_hex(
	    scratch_sh("git -C r hash-object -w --stdin <%s", path));
}

static int note_line(
    void *ctx, uint64_t line, const char *bytes, size_t len, struct err *err)
{
	struct buf *buf = ctx;

	(void)err;
	ck_assert_uint_gt(len, 0);
	ck_assert(!memchr(bytes, '\n', len - 1));
	buf_addf(buf, "%llu\n", (unsigned long long)line);
	return 0;
}

/* Few different lines, indented ones, blank ones: much that could be taken
 * for one another. */
static void make_pair(int seed)
{
	scratch_sh(
	    "awk -v seed=%d 'BEGIN { srand(seed);"
	    " for (i = 0; i < 40 + seed; i++) print line() }"
	    " function line(r) { r = int(rand() * 6);"
	    " return r == 0 ? \"\" : r == 1 ? \"}\" : r == 2 ? \"{\" :"
	    " sprintf(\"%%*sf%%d();\", r, \"\", int(rand() * 9)) }' >old; "
	    "awk -v seed=%d 'BEGIN { srand(seed) } rand() < 0.1 { next }"
	    " rand() < 0.1 { print \"\"; print \"  new(\" NR \");\" }"
	    " rand() < 0.1 { print \"}\"; print \"{\" } 1' old >new",
	    seed, seed + 1000);
}

START_TEST(added_lines_are_those_of_git_diff)
	{
		const char *expected;
		struct repo *repo;
		struct oid old, new;
		struct err err = { 0 };
		struct buf told;

		scratch_sh("git init -q r");
		make_pair(_i);
		old = blob("old");
		new = blob("new");
		expected = scratch_sh(
		    "git diff --no-index -U0 old new | awk '/^@@/ {"
		    " split(substr($3, 2), at, \",\");"
		    " n = at[2] == \"\" ? 1 : at[2];"
		    " for (i = 0; i < n; i++) print at[1] + i }'");
		repo = scratch_open("r");
		buf_init(&told, &unit_arena, 100000);
		ck_assert_int_eq(
		    added_lines_read(repo, &old, &new, note_line, &told, &err),
		    0);
		ck_assert_str_eq(told.p,
		    *expected ? arena_printf(&unit_arena, "%s\n", expected)
			      : "");
		repo_close(repo);
	}
END_TEST

static const struct {
	const char *old, *new, *told; /* NULL: lines say nothing of it */
} kinds[] = {
	{ "", "seq 2", "1\n2\n" },
	{ "seq 2", "", "" },
	{ "printf 'a\\0b\\n'", "seq 2", "1\n2\n" }, /* none of them was seen */
	{ "seq 2", "printf 'a\\0b\\n'", NULL },
	{ "printf 'a\\n'", "printf 'a\\r\\n'", "1\n" },
	{ "printf a", "printf 'a\\n'", "1\n" },
};

START_TEST(what_is_no_text_adds_all_or_nothing)
	{
		struct repo *repo;
		struct oid ids[2] = { { { 0 } }, { { 0 } } };
		const char *const scripts[] = { kinds[_i].old, kinds[_i].new };
		struct err err = { 0 };
		struct buf told;
		int r;

		scratch_sh("git init -q r");
		for (size_t i = 0; i < 2; i++) {
			if (!*scripts[i])
				continue;
			scratch_sh("(%s) >file", scripts[i]);
			ids[i] = blob("file");
		}
		repo = scratch_open("r");
		buf_init(&told, &unit_arena, 1000);
		r = added_lines_read(
		    repo, &ids[0], &ids[1], note_line, &told, &err);
		ck_assert_int_eq(r, kinds[_i].told ? 0 : 1);
		ck_assert_str_eq(told.p, kinds[_i].told ? kinds[_i].told : "");
		repo_close(repo);
	}
END_TEST

START_TEST(renames_are_those_of_git)
	{
		struct view_renames found = { NULL, 0, 0 };
		struct repo *repo;
		struct oid old, new;
		struct err err = { 0 };

		scratch_sh("git init -q r; cd r; seq 40 >'a b'; seq 50 90 >c;"
			   " seq 100 140 >gone; git add .; git commit -qm 1;"
			   " git mv 'a b' 'd\te'; (seq 50 70; seq 300 310) >f;"
			   " git rm -q c gone; seq 900 999 >other;"
			   " git add .; git commit -qm 2;"
			   " git config diff.renames false;"
			   " git config diff.renameLimit 1");
		old = scratch_hex(
		    scratch_sh("git -C r rev-parse HEAD~^{tree}"));
		new = scratch_hex(scratch_sh("git -C r rev-parse HEAD^{tree}"));
		repo = scratch_open("r");
		ck_assert_int_eq(
		    renames_by_git(repo, &unit_arena, &old, &new, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, 2);
		ck_assert_str_eq(found.v[0].from, "a b");
		ck_assert_str_eq(found.v[0].to, "d\te");
		ck_assert_str_eq(found.v[1].from, "c");
		ck_assert_str_eq(found.v[1].to, "f");
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("added");
	TCase *tcase = unit_case_in_dir(suite, "added");

	tcase_add_loop_test(tcase, added_lines_are_those_of_git_diff, 0, PAIRS);
	tcase_add_loop_test(
	    tcase, what_is_no_text_adds_all_or_nothing, 0, COUNT(kinds));
	tcase_add_test(tcase, renames_are_those_of_git);
	return unit_main(suite);
}
