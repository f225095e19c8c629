#include "git/treediff.h"

#include <string.h>

#include "git/history.h"
#include "git/objects.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define LISTING_MAX ((size_t)4 << 20)

/* ":100644 100755 <id> <id>\t<path>\0", as `git diff-tree -z` without the
 * letter. */
static int add_raw(void *ctx, const struct view_change *change, struct err *err)
{
	(void)err;
	buf_addf(ctx, ":%06o %06o %s %s\t%s", change->from.mode,
	    change->to.mode, oid_hex(&change->from.oid).s,
	    oid_hex(&change->to.oid).s, change->path);
	buf_addc(ctx, '\n');
	return 0;
}

static const char *ours(
    struct treediff *diff, const struct oid *a, const struct oid *b)
{
	struct buf buf;
	struct err err;

	buf_init(&buf, &unit_arena, LISTING_MAX);
	ck_assert_msg(
	    treediff_run(diff, a, b, add_raw, &buf, &err) == 0, "%s", err.text);
	return buf.p;
}

static const char *gits(const struct oid *a, const struct oid *b)
{
	const char *text = scratch_sh(
	    "git -C r.git diff-tree -r --raw --no-renames --abbrev=40 %s %s | "
	    "sed 's/ [A-Z]\\t/\\t/'",
	    oid_hex(a).s, oid_hex(b).s);

	return *text ? arena_printf(&unit_arena, "%s\n", text) : "";
}

static const enum scratch_dates dates[] = { DATES_HONEST, DATES_RANDOM };

START_TEST(run_says_what_diff_tree_says)
	{
		struct scratch_history *h = scratch_random(
		    "r.git", 60, 20u + (unsigned)_i, dates[_i]);
		struct repo *repo = scratch_open("r.git");
		struct treediff *diff = treediff_new(&unit_arena, repo);
		unsigned seed = 7;

		for (int round = 0; round < 120; round++) {
			struct oid a, b;
			size_t i = scratch_dice(&seed, 60);
			size_t j = scratch_dice(&seed, 60);

			a = scratch_oid("r.git",
			    arena_printf(&unit_arena, "c%zu^{tree}", i));
			b = scratch_oid("r.git",
			    arena_printf(&unit_arena, "c%zu^{tree}", j));
			ck_assert_str_eq(ours(diff, &a, &b), gits(&a, &b));
		}
		(void)h;
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

START_TEST(old_side_may_be_nothing)
	{
		struct repo *repo;
		struct treediff *diff;
		struct oid tip, empty;

		scratch_random("r.git", 30, 4, DATES_HONEST);
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		tip = scratch_oid("r.git", "c29^{tree}");
		empty = scratch_hex("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
		ck_assert_str_eq(ours(diff, NULL, &tip), gits(&empty, &tip));
		ck_assert_str_eq(ours(diff, &empty, &tip), gits(&empty, &tip));
		ck_assert_str_eq(ours(diff, &tip, &empty), gits(&tip, &empty));
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

START_TEST(file_that_becomes_a_folder_is_removed_and_added)
	{
		struct repo *repo;
		struct treediff *diff;
		struct oid a, b;
		const char *text;

		scratch_sh(
		    "git init -q --bare r.git; cd r.git; "
		    "e=$(echo x | git hash-object -w --stdin); "
		    "s=$(printf '100644 blob %%s\\tf\\n' $e | git mktree); "
		    "printf '100644 blob %%s\\ta\\n100644 blob %%s\\ta.b\\n' "
		    "$e $e | git mktree >A; "
		    "printf '040000 tree %%s\\ta\\n100644 blob %%s\\ta.b\\n' "
		    "$s $e | git mktree >B");
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		a = scratch_hex(scratch_sh("cat r.git/A"));
		b = scratch_hex(scratch_sh("cat r.git/B"));
		text = ours(diff, &a, &b);
		ck_assert_str_eq(text, gits(&a, &b));
		ck_assert_ptr_nonnull(strstr(text, "\ta\n"));
		ck_assert_ptr_nonnull(strstr(text, "\ta/f\n"));
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

START_TEST(submodules_and_links_are_entries)
	{
		struct repo *repo;
		struct treediff *diff;
		struct oid b, empty;

		scratch_sh("git init -q --bare r.git; cd r.git; "
			   "e=$(echo x | git hash-object -w --stdin); "
			   "printf '120000 blob %%s\\tlink\\n160000 commit "
			   "%%040d\\tsub\\n' $e 1 | git mktree >B");
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		b = scratch_hex(scratch_sh("cat r.git/B"));
		empty = scratch_hex("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
		ck_assert_str_eq(ours(diff, NULL, &b), gits(&empty, &b));
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

static const char *deep_tree(unsigned depth)
{
	return scratch_sh(
	    "git init -q --bare r.git 2>/dev/null; cd r.git; "
	    "e=$(echo x | git hash-object -w --stdin); "
	    "perl -e 'use Digest::SHA qw(sha1); use Compress::Zlib; "
	    "my ($b, $n) = @ARGV; my $t = \"100644 f\\0\" . pack(q(H*), $b); "
	    "for (0 .. $n) { my $o = \"tree \" . length($t) . \"\\0$t\"; "
	    "my $h = sha1($o); my $x = unpack(q(H*), $h); "
	    "my $d = q(objects/) . substr($x, 0, 2); mkdir $d; "
	    "open my $f, q(>), \"$d/\" . substr($x, 2); binmode $f; "
	    "print $f compress($o); close $f; "
	    "$t = \"40000 d\\0$h\"; print \"$x\\n\" if $_ == $n }' $e %u",
	    depth);
}

START_TEST(depth_has_a_ceiling)
	{
		struct oid deep = scratch_hex(deep_tree(2047));
		struct oid deeper = scratch_hex(deep_tree(2048));
		struct repo *repo = scratch_open("r.git");
		struct treediff *diff = treediff_new(&unit_arena, repo);
		struct buf buf;
		struct err err;

		buf_init(&buf, &unit_arena, LISTING_MAX);
		ck_assert_int_eq(
		    treediff_run(diff, NULL, &deep, add_raw, &buf, &err), 0);
		ck_assert_int_eq(
		    treediff_run(diff, NULL, &deeper, add_raw, &buf, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_int_eq(
		    treediff_list(diff, &deeper, add_raw, &buf, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

static const struct {
	const char *what, *perl; /* a raw tree; $b is a blob's raw id */
} odd[] = {
	{ "unsorted", "\"100644 b\\0$b\" . \"100644 a\\0$b\"" },
	{ "duplicate", "\"100644 a\\0$b\" . \"100644 a\\0$b\"" },
	{ "cut", "\"100644 a\\0$b\" . \"100644 b\\0\"" },
	{ "no mode", "\" a\\0$b\"" },
	{ "no name", "\"100644\"" },
	{ "a long mode", "\"10000000000644 a\\0$b\"" },
	{ "letters", "\"1006x4 a\\0$b\"" },
};

static struct oid raw_tree(const char *perl)
{
	return scratch_hex(
	    scratch_sh("git init -q --bare r.git 2>/dev/null; cd r.git; "
		       "e=$(echo x | git hash-object -w --stdin); "
		       "perl -e 'my $b = pack(q(H*), $ARGV[0]); print %s' $e | "
		       "git hash-object -t tree -w --stdin --literally",
		perl));
}

START_TEST(trees_that_are_not_canonical_are_errors)
	{
		struct oid tree = raw_tree(odd[_i].perl);
		struct repo *repo = scratch_open("r.git");
		struct treediff *diff = treediff_new(&unit_arena, repo);
		struct buf buf;
		struct err err;

		buf_init(&buf, &unit_arena, LISTING_MAX);
		ck_assert_int_eq(
		    treediff_run(diff, NULL, &tree, add_raw, &buf, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, oid_hex(&tree).s));
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

START_TEST(missing_tree_is_an_error)
	{
		struct oid tree = scratch_hex(
		    "1111111111111111111111111111111111111111");
		struct repo *repo;
		struct treediff *diff;
		struct err err;
		struct buf buf;

		scratch_sh("git init -q --bare r.git");
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		buf_init(&buf, &unit_arena, LISTING_MAX);
		ck_assert_int_eq(
		    treediff_run(diff, NULL, &tree, add_raw, &buf, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

START_TEST(entry_finds_what_rev_parse_finds)
	{
		static const char *const paths[] = { "d0", "d1", "d2/s-0",
			"d2/s-0/f0", "d3/s-1/f4", "d3/s-1/f4/x", "none",
			"d0/none/at/all" };
		struct repo *repo;
		struct treediff *diff;

		scratch_random("r.git", 50, 9, DATES_HONEST);
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		for (int i = 0; i < 50; i += 7) {
			struct oid tree = scratch_oid("r.git",
			    arena_printf(&unit_arena, "c%d^{tree}", i));

			for (int k = 0; k < COUNT(paths); k++) {
				struct view_entry entry;
				struct err err;
				const char *want = scratch_sh(
				    "git -C r.git rev-parse -q --verify "
				    "c%d:%s || echo none",
				    i, paths[k]);

				ck_assert_int_eq(treediff_entry(diff, &tree,
						     paths[k], &entry, &err),
				    0);
				ck_assert_str_eq(
				    entry.mode ? oid_hex(&entry.oid).s : "none",
				    want);
			}
		}
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

static int add_listed(
    void *ctx, const struct view_change *change, struct err *err)
{
	(void)err;
	ck_assert_uint_eq(change->from.mode, 0);
	buf_addf(ctx, "%06o %s\t%s\n", change->to.mode,
	    oid_hex(&change->to.oid).s, change->path);
	return 0;
}

START_TEST(list_says_what_ls_tree_says)
	{
		struct repo *repo;
		struct treediff *diff;

		scratch_random("r.git", 50, 11, DATES_HONEST);
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		for (int i = 0; i < 50; i += 5) {
			struct oid tree = scratch_oid("r.git",
			    arena_printf(&unit_arena, "c%d^{tree}", i));
			const char *want = scratch_sh(
			    "git -C r.git ls-tree -r -t c%d | "
			    "sed 's/^\\([0-9]*\\) [a-z]* /\\1 /'",
			    i);
			struct err err;
			struct buf buf;

			buf_init(&buf, &unit_arena, LISTING_MAX);
			ck_assert_int_eq(
			    treediff_list(diff, &tree, add_listed, &buf, &err),
			    0);
			ck_assert_str_eq(buf.p,
			    *want ? arena_printf(&unit_arena, "%s\n", want)
				  : "");
		}
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

static int refuse(void *ctx, const struct view_change *change, struct err *err)
{
	(void)ctx;
	return err_set(err, ERR_LIMIT, "enough: %s", change->path);
}

START_TEST(callback_ends_the_walk)
	{
		struct repo *repo;
		struct treediff *diff;
		struct oid tree;
		struct err err;

		scratch_random("r.git", 30, 4, DATES_HONEST);
		repo = scratch_open("r.git");
		diff = treediff_new(&unit_arena, repo);
		tree = scratch_oid("r.git", "c29^{tree}");
		ck_assert_int_eq(
		    treediff_run(diff, NULL, &tree, refuse, NULL, &err), -1);
		ck_assert_int_eq(strncmp(err.text, "enough: ", 8), 0);
		treediff_free(diff);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("treediff");
	TCase *tcase = unit_case_in_dir(suite, "trees");

	tcase_add_loop_test(
	    tcase, run_says_what_diff_tree_says, 0, COUNT(dates));
	tcase_add_test(tcase, old_side_may_be_nothing);
	tcase_add_test(tcase, file_that_becomes_a_folder_is_removed_and_added);
	tcase_add_test(tcase, submodules_and_links_are_entries);
	tcase_add_test(tcase, depth_has_a_ceiling);
	tcase_add_loop_test(
	    tcase, trees_that_are_not_canonical_are_errors, 0, COUNT(odd));
	tcase_add_test(tcase, missing_tree_is_an_error);
	tcase_add_test(tcase, entry_finds_what_rev_parse_finds);
	tcase_add_test(tcase, list_says_what_ls_tree_says);
	tcase_add_test(tcase, callback_ends_the_walk);
	return unit_main(suite);
}
