#include "git/linecount.h"

#include "support/scratchrepo.h"
#include "support/unit.h"

/* Two shell commands that print a file each, and what is added and removed. */
static const struct {
	const char *what, *old, *new;
	uint64_t added, removed;
} pairs[] = {
	{ "alike", "seq 9", "seq 9", 0, 0 },
	{ "new", "", "seq 9", 9, 0 },
	{ "gone", "seq 9", "", 0, 9 },
	{ "one line", "seq 9", "seq 9 | sed 's/5/five/'", 1, 1 },
	{ "both ends", "seq 9", "echo a; seq 9; echo z", 2, 0 },
	{ "no line end", "", "printf 'a\\nb'", 2, 0 },
	{ "a line end", "printf a", "printf 'a\\n'", 1, 1 },
	{ "carriage returns", "seq 3", "seq 3 | sed 's/$/\\r/'", 3, 3 },
	{ "a NUL makes nothing binary", "printf '\\0\\n1\\n'",
	    "printf '\\0\\n1\\n2\\n3\\n'", 2, 0 },
	{ "too big to compare: bytes", "", "head -c 16777217 /dev/zero",
	    16777217, 0 },
};

static struct oid blob(const char *script)
{
	return scratch_hex(
	    scratch_sh("(%s) | git -C r hash-object -w --stdin", script));
}

START_TEST(lines_are_counted)
	{
		struct repo *repo;
		struct oid none = { { 0 } }, old = none, new = none;
		uint64_t added, removed;
		struct err err = { 0 };

		scratch_sh("git init -q r; git -C r config core.attributesFile "
			   "$PWD/a; echo '* binary' >a");
		if (*pairs[_i].old)
			old = blob(pairs[_i].old);
		if (*pairs[_i].new)
			new = blob(pairs[_i].new);
		repo = scratch_open("r");
		ck_assert_msg(
		    line_count(repo, &old, &new, &added, &removed, &err) == 0,
		    "%s", err.text);
		ck_assert_uint_eq(added, pairs[_i].added);
		ck_assert_uint_eq(removed, pairs[_i].removed);
		repo_close(repo);
	}
END_TEST

START_TEST(a_missing_blob_is_told)
	{
		struct repo *repo;
		struct oid none = { { 0 } };
		struct oid missing = scratch_hex(
		    "0123456789012345678901234567890123456789");
		uint64_t added, removed;
		struct err err = { 0 };

		scratch_sh("git init -q r");
		repo = scratch_open("r");
		ck_assert_int_eq(
		    line_count(repo, &none, &missing, &added, &removed, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("linecount");
	TCase *tcase = unit_case_in_dir(suite, "linecount");

	tcase_add_loop_test(tcase, lines_are_counted, 0, COUNT(pairs));
	tcase_add_test(tcase, a_missing_blob_is_told);
	return unit_main(suite);
}
