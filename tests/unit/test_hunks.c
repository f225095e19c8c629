#include "git/hunks.h"

#include "support/scratchrepo.h"
#include "support/unit.h"

/* Two shell commands that print a file each ("": there is none), and what is
 * told: a line each as `git diff` shows it, @ where a hunk begins and \ where
 * there is no line end. */
static const struct {
	const char *what, *old, *new, *told;
} pairs[] = {
	{ "alike", "seq 9", "seq 9", "" },
	{ "new", "", "seq 2", "@\n+1\n+2\n" },
	{ "gone", "seq 2", "", "@\n-1\n-2\n" },
	{ "empty", "", "printf ''", "" },
	{ "three lines around", "seq 9", "seq 9 | sed 's/5/five/'",
	    "@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n" },
	{ "fewer at the ends", "seq 3", "echo a; seq 3; echo z",
	    "@\n+a\n 1\n 2\n 3\n+z\n" },
	{ "two hunks", "seq 9", "echo a; seq 9; echo z",
	    "@\n+a\n 1\n 2\n 3\n@\n 7\n 8\n 9\n+z\n" },
	{ "six lines between are one hunk", "seq 8",
	    "seq 8 | sed 's/1/one/; s/8/eight/'",
	    "@\n-1\n+one\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n" },
	{ "seven are two", "seq 9", "seq 9 | sed 's/1/one/; s/9/nine/'",
	    "@\n-1\n+one\n 2\n 3\n 4\n@\n 6\n 7\n 8\n-9\n+nine\n" },
	{ "white space", "printf 'a b\\n'", "printf 'a  b\\n'",
	    "@\n-a b\n+a  b\n" },
	{ "blank lines", "printf 'a\\n'", "printf 'a\\n\\n'", "@\n a\n+\n" },
	{ "carriage returns", "printf 'a\\n'", "printf 'a\\r\\n'",
	    "@\n-a\n+a\r\n" },
	{ "no line end", "", "printf 'a\\nb'", "@\n+a\n+b\\\n" },
	{ "a line end comes", "printf a", "printf 'a\\n'", "@\n-a\\\n+a\n" },
	{ "a line end goes", "printf 'a\\n'", "printf a", "@\n-a\n+a\\\n" },
	{ "none in both", "printf 'a\\nz'", "printf 'b\\nz'",
	    "@\n-a\n+b\n z\\\n" },
	{ "a NUL", "seq 3", "printf 'a\\0b\\n'", NULL },
	{ "a NUL in the old one", "printf 'a\\0b\\n'", "seq 3", NULL },
	{ "the last byte that is looked at", "",
	    "head -c 7999 /dev/zero | tr '\\0' x; printf '\\0'", NULL },
	{ "too big to compare", "seq 3",
	    "head -c 16777217 /dev/zero | tr '\\0' '\\n'", NULL },
};

static struct oid blob(const char *script)
{
	struct oid none = { { 0 } };

	if (!*script)
		return none;
	return scratch_hex(
	    scratch_sh("(%s) | git -C r hash-object -w --stdin", script));
}

static int write_line(void *ctx, enum hunk_line kind, const char *bytes,
    size_t len, struct err *err)
{
	static const char signs[] = { [HUNK_BEGINS] = '@',
		[HUNK_CONTEXT] = ' ',
		[HUNK_ADDED] = '+',
		[HUNK_REMOVED] = '-',
		[HUNK_NO_NEWLINE] = '\\' };
	struct buf *buf = ctx;

	(void)err;
	buf_addc(buf, signs[kind]);
	buf_add(buf, bytes, len);
	if (len == 0)
		buf_addc(buf, '\n');
	return 0;
}

START_TEST(hunks_are_told)
	{
		struct repo *repo;
		struct oid old, new;
		struct err err = { 0 };
		struct buf told;
		int r;

		scratch_sh("git init -q r; cd r; "
			   "git config core.attributesFile \"$PWD/a\"; "
			   "git config diff.context 0; "
			   "git config diff.algorithm patience; "
			   "git config core.whitespace -trailing-space; "
			   "echo '* -diff -text' >a");
		old = blob(pairs[_i].old);
		new = blob(pairs[_i].new);
		repo = scratch_open("r");
		buf_init(&told, &unit_arena, 10000);
		r = hunks_read(repo, &old, &new, write_line, &told, &err);
		ck_assert_msg(r >= 0, "%s", err.text);
		ck_assert_int_eq(r, pairs[_i].told ? 0 : 1);
		if (pairs[_i].told)
			ck_assert_str_eq(told.p, pairs[_i].told);
		ck_assert(pairs[_i].told || told.len == 0);
		repo_close(repo);
	}
END_TEST

START_TEST(a_nul_behind_is_a_byte)
	{
		struct oid none = { { 0 } }, new;
		struct repo *repo;
		struct err err = { 0 };
		struct buf told;

		scratch_sh("git init -q r");
		new = blob(
		    "head -c 8000 /dev/zero | tr '\\0' x; printf '\\0\\n'");
		repo = scratch_open("r");
		buf_init(&told, &unit_arena, 10000);
		ck_assert_int_eq(
		    hunks_read(repo, &none, &new, write_line, &told, &err), 0);
		ck_assert_uint_eq(told.len, 2 + 1 + 8000 + 2);
		repo_close(repo);
	}
END_TEST

static int refuse(void *ctx, enum hunk_line kind, const char *bytes, size_t len,
    struct err *err)
{
	unsigned *left = ctx;

	(void)kind;
	(void)bytes;
	(void)len;
	if ((*left)-- > 0)
		return 0;
	return err_set(err, ERR_LIMIT, "enough of it");
}

/* Its reason is the one that is told. */
START_TEST(a_caller_ends_it)
	{
		struct repo *repo;
		struct oid old, new;
		struct err err = { 0 };
		unsigned left = (unsigned)_i;

		scratch_sh("git init -q r");
		old = blob("printf a");
		new = blob("printf b");
		repo = scratch_open("r");
		ck_assert_int_eq(
		    hunks_read(repo, &old, &new, refuse, &left, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(err.text, "enough of it");
		repo_close(repo);
	}
END_TEST

START_TEST(a_missing_blob_is_told)
	{
		struct repo *repo;
		struct oid none = { { 0 } };
		struct oid missing = scratch_hex(
		    "0123456789012345678901234567890123456789");
		struct err err = { 0 };
		struct buf told;

		scratch_sh("git init -q r");
		repo = scratch_open("r");
		buf_init(&told, &unit_arena, 100);
		ck_assert_int_eq(
		    hunks_read(repo, &none, &missing, write_line, &told, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hunks");
	TCase *tcase = unit_case_in_dir(suite, "hunks");

	tcase_add_loop_test(tcase, hunks_are_told, 0, COUNT(pairs));
	tcase_add_test(tcase, a_nul_behind_is_a_byte);
	tcase_add_loop_test(tcase, a_caller_ends_it, 0, 5);
	tcase_add_test(tcase, a_missing_blob_is_told);
	return unit_main(suite);
}
