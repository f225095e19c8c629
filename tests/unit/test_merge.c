#include "git/merge.h"

#include <string.h>
#include <unistd.h>

#include "support/scratchrepo.h"
#include "support/unit.h"

static struct repo *repo;
static struct history *history;

/* A work tree `w` with one file of ten lines on main. */
static void make(void)
{
	scratch_sh("git init -q -b main w; cd w; seq 1 10 >f; mkdir d; "
		   "seq 1 20 >d/a; seq 20 40 >d/b; git add -A; "
		   "git commit -q -m base");
}

static void open_it(void)
{
	repo = scratch_open("w");
	history = history_new(&unit_arena, repo);
}

static void close_it(void)
{
	history_free(history);
	repo_close(repo);
	/* Nothing is left behind. */
	ck_assert_str_eq(
	    scratch_sh("ls w/.git/stagegate/tmp 2>/dev/null || true"), "");
}

static struct view_merge merge(
    const char *ours, const char *theirs, const struct oid *expect)
{
	struct oid a = scratch_oid("w", ours), b = scratch_oid("w", theirs);
	struct view_merge result;
	struct err err = { 0 };

	ck_assert_msg(merge_compute(repo, history, &unit_arena, &a, &b, expect,
			  &result, &err) == 0,
	    "%s", err.text);
	return result;
}

/* What plain git makes of it, or "conflict". */
static const char *gits(const char *ours, const char *theirs)
{
	return scratch_sh("cd w; git merge-tree --write-tree --no-messages "
			  "--name-only %s %s >out && head -1 out || "
			  "echo conflict",
	    ours, theirs);
}

/* Whatever was expected, the answer is git's. */
static void check_same_as_git(const char *ours, const char *theirs)
{
	const char *want = gits(ours, theirs);
	struct oid wrong = scratch_oid("w", "main^{tree}");
	struct view_merge result = merge(ours, theirs, &wrong);

	if (strcmp(want, "conflict") == 0) {
		ck_assert_int_eq(result.state, MERGE_CONFLICT);
		ck_assert_uint_gt(result.differing.n, 0);
	} else {
		struct oid right = scratch_hex(want);

		ck_assert_int_eq(result.state, MERGE_CLEAN);
		ck_assert_str_eq(oid_hex(&result.tree).s, want);
		result = merge(ours, theirs, &right);
		ck_assert_int_eq(result.state, MERGE_CLEAN);
		ck_assert_str_eq(oid_hex(&result.tree).s, want);
		ck_assert(!result.tree_is_scratch);
	}
}

static const struct {
	const char *what, *ours, *theirs;
} pairs[] = {
	{ "two files", "seq 1 5 >x", "seq 1 5 >y" },
	{ "two ends of a file", "sed -i '1s/^/a/' f", "sed -i '9s/^/b/' f" },
	{ "one line", "sed -i '5s/^/a/' f", "sed -i '5s/^/b/' f" },
	{ "the same change", "sed -i '5s/^/a/' f", "sed -i '5s/^/a/' f" },
	{ "renamed and changed", "git mv f g", "sed -i '5s/^/b/' f" },
	{ "renamed in two ways", "git mv f g", "git mv f h" },
	{ "removed and changed", "git rm -q f", "sed -i '5s/^/b/' f" },
	{ "removed and renamed", "git rm -q f", "git mv f g" },
	{ "folder renamed, file added", "git mv d e", "seq 1 3 >d/c" },
	{ "folder renamed, file changed", "git mv d e",
	    "sed -i '5s/^/b/' d/a" },
	{ "file against folder", "git rm -q f; mkdir f; echo >f/x",
	    "sed -i '5s/^/b/' f" },
	{ "modes", "chmod +x f", "sed -i '5s/^/b/' f" },
	{ "link", "ln -s f l", "seq 1 3 >m" },
	{ "nothing", "true", "seq 1 3 >m" },
	{ "binary", "printf 'a\\0b' >f", "printf 'a\\0c' >f" },
	{ "added twice alike", "seq 1 3 >n", "seq 1 3 >n" },
	{ "added twice", "seq 1 3 >n", "seq 1 4 >n" },
	{ "submodules",
	    "git update-index --add --cacheinfo 160000,$(printf %040d 1),s; "
	    "git commit -q -m s",
	    "seq 1 3 >m" },
};

static void branch(const char *name, const char *script)
{
	scratch_sh("cd w; git checkout -q -f -B %s base; (%s); "
		   "git add -A . ':!s'; git commit -q --allow-empty -m %s; "
		   "git checkout -q -f base",
	    name, script, name);
}

START_TEST(merge_is_what_git_makes)
	{
		make();
		scratch_sh("git -C w tag base");
		branch("ours", pairs[_i].ours);
		branch("theirs", pairs[_i].theirs);
		open_it();
		check_same_as_git("ours", "theirs");
		check_same_as_git("theirs", "ours");
		close_it();
	}
END_TEST

static const char *const attributes[] = { "* merge=union", "* merge=ours",
	"* binary", "* -merge", "* merge=binary", "f merge=theirs",
	"* text eol=crlf", "* merge=driver" };

/* `file` takes the attributes: committed on all sides, of the repository, of
 * HEAD. */
static void check_no_attributes(const char *set)
{
	make();
	scratch_sh("%s", set);
	scratch_sh("cd w; git config merge.driver.driver 'echo evil >%%A'; "
		   "git config merge.ours.driver true; "
		   "git config merge.default union; "
		   "git config merge.renames false; "
		   "git config merge.conflictstyle diff3; "
		   "git add -A; git commit -q --allow-empty -m attributes; "
		   "git tag base");
	branch("ours", "sed -i '5s/^/a/' f");
	branch("theirs", "sed -i '5s/^/b/' f");
	branch("end", "sed -i '9s/^/b/' f");
	open_it();
	{
		struct oid union_tree = scratch_oid("w", "ours^{tree}");
		struct oid right;
		struct view_merge result;

		/* Conflicts stay conflicts, for libgit2 and for git. */
		result = merge("ours", "theirs", &union_tree);
		ck_assert_int_eq(result.state, MERGE_CONFLICT);
		ck_assert_str_eq(result.differing.v[0], "f");
		result = merge("ours", "theirs", NULL);
		ck_assert_int_eq(result.state, MERGE_CONFLICT);
		/* What a driver would have made is no merge. */
		union_tree = scratch_hex(
		    scratch_sh("cd w; for c in base ours theirs; do git "
			       "cat-file blob $c:f >../$c; done; git "
			       "merge-file --union ../ours ../base ../theirs; "
			       "git checkout -q -f ours; cp ../ours f; git "
			       "-c core.autocrlf=false add f; git write-tree; "
			       "git reset -q --hard; git checkout -q -f "
			       "base"));
		result = merge("ours", "theirs", &union_tree);
		ck_assert_int_eq(result.state, MERGE_CONFLICT);
		/* And clean ones clean. */
		right = scratch_hex(scratch_sh(
		    "cd w; git checkout -q -f ours; sed -i '9s/^/b/' f; "
		    "git -c core.autocrlf=false add f; git write-tree; "
		    "git reset -q --hard; git checkout -q -f base"));
		if (!strstr(set, "eol=crlf")) {
			result = merge("ours", "end", &right);
			ck_assert_int_eq(result.state, MERGE_CLEAN);
			ck_assert(oid_eq(&result.tree, &right));
			ck_assert(!result.tree_is_scratch);
			result = merge("ours", "end", NULL);
			ck_assert(oid_eq(&result.tree, &right));
		}
	}
	close_it();
}

START_TEST(committed_attributes_change_nothing)
	{
		check_no_attributes(arena_printf(&unit_arena,
		    "echo '%s' >w/.gitattributes", attributes[_i]));
	}
END_TEST

START_TEST(attributes_of_the_repository_change_nothing)
	{
		check_no_attributes(arena_printf(&unit_arena,
		    "mkdir -p w/.git/info; echo '%s' >w/.git/info/attributes",
		    attributes[_i]));
	}
END_TEST

START_TEST(several_merge_bases_are_merged_first)
	{
		/* Criss-cross: both sides merged each other's first commit. */
		make();
		scratch_sh("git -C w tag base");
		branch("a", "sed -i '1s/^/a/' f");
		branch("b", "sed -i '9s/^/b/' f");
		scratch_sh("cd w; git checkout -q -B a2 a; git merge -q -m m "
			   "b; seq 5 >x; git add x; git commit -q -m x; "
			   "git checkout -q -B b2 b; git merge -q -m m a; "
			   "seq 6 >y; git add y; git commit -q -m y; "
			   "git checkout -q -f base; "
			   "test $(git merge-base --all a2 b2 | wc -l) = 2");
		open_it();
		check_same_as_git("a2", "b2");
		close_it();
	}
END_TEST

START_TEST(unrelated_histories_are_told)
	{
		struct oid tree;
		struct view_merge result;

		make();
		scratch_sh("cd w; git branch other $(echo o | git commit-tree "
			   "main^{tree})");
		tree = scratch_oid("w", "main^{tree}");
		open_it();
		result = merge("main", "other", &tree);
		ck_assert_int_eq(result.state, MERGE_UNRELATED);
		close_it();
	}
END_TEST

START_TEST(one_side_that_contains_the_other_is_the_merge)
	{
		struct oid wrong;
		struct view_merge result;

		make();
		scratch_sh("git -C w tag base");
		branch("ahead", "seq 3 >x");
		wrong = scratch_oid("w", "base^{tree}");
		open_it();
		result = merge("base", "ahead", &wrong);
		ck_assert_int_eq(result.state, MERGE_CLEAN);
		ck_assert_str_eq(oid_hex(&result.tree).s,
		    scratch_sh("git -C w rev-parse ahead^{tree}"));
		result = merge("ahead", "base", &wrong);
		ck_assert_str_eq(oid_hex(&result.tree).s,
		    scratch_sh("git -C w rev-parse ahead^{tree}"));
		close_it();
	}
END_TEST

START_TEST(differing_paths_are_named_and_counted)
	{
		struct oid evil;
		struct view_merge result;

		make();
		scratch_sh("git -C w tag base");
		branch("ours", "seq 3 >x");
		branch("theirs", "seq 4 >y");
		scratch_sh("cd w; git checkout -q -B evil ours; seq 4 >y; for "
			   "i in $(seq 30); do echo >e$i; done; git add -A; "
			   "git commit -q -m evil; git checkout -q -f base");
		evil = scratch_oid("w", "evil^{tree}");
		open_it();
		result = merge("ours", "theirs", &evil);
		ck_assert_int_eq(result.state, MERGE_CLEAN);
		ck_assert(result.tree_is_scratch);
		ck_assert_uint_eq(result.differing.n, MERGE_PATHS_MAX);
		ck_assert_uint_eq(result.more, 30 - MERGE_PATHS_MAX);
		ck_assert_str_eq(result.differing.v[0], "e1");
		close_it();
	}
END_TEST

START_TEST(a_stored_merge_stays)
	{
		struct view_merge result;
		struct oid a, b;
		struct err err = { 0 };

		make();
		scratch_sh("git -C w tag base");
		branch("ours", "git mv f g");
		branch("theirs", "sed -i '5s/^/b/' f");
		scratch_sh("cd w; git checkout -q -f base; "
			   "git config merge.renames false; "
			   "echo '* -merge' >.git/info/attributes");
		a = scratch_oid("w", "ours");
		b = scratch_oid("w", "theirs");
		open_it();
		ck_assert_msg(
		    merge_store(repo, &unit_arena, &a, &b, &result, &err) == 0,
		    "%s", err.text);
		ck_assert_int_eq(result.state, MERGE_CLEAN);
		ck_assert_str_eq(scratch_sh("git -C w cat-file -p %s:g | "
					    "sed -n 5p",
				     oid_hex(&result.tree).s),
		    "b5");
		close_it();
		scratch_sh("cd w; git checkout -q -B third base; "
			   "echo x >f; git commit -q -a -m third");
		a = scratch_oid("w", "third");
		open_it();
		ck_assert_int_eq(
		    merge_store(repo, &unit_arena, &a, &b, &result, &err), 0);
		ck_assert_int_eq(result.state, MERGE_CONFLICT);
		ck_assert_str_eq(result.differing.v[0], "f");
		close_it();
	}
END_TEST

START_TEST(missing_git_is_told)
	{
		struct oid a, b;
		struct view_merge result;
		struct err err;

		make();
		scratch_sh("git -C w tag base");
		branch("ours", "seq 3 >x");
		branch("theirs", "seq 4 >y");
		a = scratch_oid("w", "ours");
		b = scratch_oid("w", "theirs");
		scratch_sh("git -C w config stagegate.git /nowhere/git");
		open_it();
		ck_assert_int_eq(merge_compute(repo, history, &unit_arena, &a,
				     &b, NULL, &result, &err),
		    -1);
		ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/git"));
		close_it();
		/* An old one does not know --write-tree. */
		scratch_sh("printf '#!/bin/sh\\nexit 129\\n' >old; chmod +x "
			   "old; git -C w config stagegate.git $PWD/old");
		open_it();
		ck_assert_int_eq(merge_compute(repo, history, &unit_arena, &a,
				     &b, NULL, &result, &err),
		    -1);
		ck_assert_ptr_nonnull(strstr(err.text, "git 2.38"));
		close_it();
		/* One that lies is an error, not a conflict. */
		scratch_sh("printf '#!/bin/sh\\necho hello; exit 1\\n' >old");
		open_it();
		ck_assert_int_eq(merge_compute(repo, history, &unit_arena, &a,
				     &b, NULL, &result, &err),
		    -1);
		close_it();
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("merge");
	TCase *tcase = unit_case_in_dir(suite, "merge");

	tcase_add_loop_test(tcase, merge_is_what_git_makes, 0, COUNT(pairs));
	tcase_add_loop_test(
	    tcase, committed_attributes_change_nothing, 0, COUNT(attributes));
	tcase_add_loop_test(tcase, attributes_of_the_repository_change_nothing,
	    0, COUNT(attributes));
	tcase_add_test(tcase, several_merge_bases_are_merged_first);
	tcase_add_test(tcase, unrelated_histories_are_told);
	tcase_add_test(tcase, one_side_that_contains_the_other_is_the_merge);
	tcase_add_test(tcase, differing_paths_are_named_and_counted);
	tcase_add_test(tcase, a_stored_merge_stays);
	tcase_add_test(tcase, missing_git_is_told);
	return unit_main(suite);
}
