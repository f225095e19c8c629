#include "git/repo.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git/objects.h"
#include "git/refs.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

static int open_path(const char *path, struct repo **ret, struct err *err)
{
	memset(err, 0, sizeof(*err));
	return repo_open_path(&unit_arena, path, ret, err);
}

static int open_hook(const char *git_dir, struct repo **ret, struct err *err)
{
	memset(err, 0, sizeof(*err));
	setenv("GIT_DIR", git_dir, 1);
	return repo_open_hook(&unit_arena, ret, err);
}

static void clear_environment(void)
{
	unsetenv("GIT_DIR");
	unsetenv("GIT_OBJECT_DIRECTORY");
	unsetenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	unsetenv("GIT_NAMESPACE");
}

/* Script in r.git, and words of the refusal. */
static const struct {
	const char *script, *words, *more;
} refused[] = {
	{ "rm -rf ../r.git; git init -q --bare --object-format=sha256 "
	  "../r.git",
	    "sha256", "--object-format=sha1" },
	{ "git config core.repositoryformatversion 1; "
	  "git config extensions.refStorage reftable",
	    "reftable", "git refs migrate" },
	{ "git config core.repositoryformatversion 1; "
	  "git config extensions.partialClone origin",
	    "extension 'partialclone'", "git clone --bare" },
	{ "git config core.repositoryformatversion 1; "
	  "git config extensions.worktreeConfig true",
	    "extension 'worktreeconfig'", "git clone --bare" },
	{ "git config core.repositoryformatversion 1; "
	  "git config extensions.nobodyKnows true",
	    "extension 'nobodyknows'", "git clone --bare" },
	{ "git config core.repositoryformatversion 7", "version 7",
	    "git clone --bare" },
	{ "echo $(printf %040d 1) >info/grafts", "info/grafts", "remove" },
	{ "echo $(printf %040d 1) >shallow", "shallow", "--unshallow" },
	{ "echo '[core' >config", "config", "" },
};

START_TEST(each_refusal_says_what_to_do)
	{
		struct repo *repo;
		struct err err;

		scratch_sh("git init -q --bare r.git; cd r.git; %s",
		    refused[_i].script);
		ck_assert_int_eq(open_path("r.git", &repo, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_msg(strstr(err.text, refused[_i].words) &&
			strstr(err.text, refused[_i].more),
		    "%s", err.text);
		ck_assert_int_eq(open_hook("r.git", &repo, &err), -1);
		ck_assert_msg(strstr(err.text, refused[_i].words) != NULL, "%s",
		    err.text);
		clear_environment();
	}
END_TEST

START_TEST(known_extensions_are_fine)
	{
		struct repo *repo;
		struct err err;

		scratch_sh("git init -q --bare r.git; cd r.git; "
			   "git config core.repositoryformatversion 1; "
			   "git config extensions.noop true");
		ck_assert_msg(
		    open_path("r.git", &repo, &err) == 0, "%s", err.text);
		repo_close(repo);
	}
END_TEST

static const char *const bad_dirs[] = { "a:b.git", "a\"b.git", "a\nb.git" };

START_TEST(paths_that_hide_objects_are_refused)
	{
		struct repo *repo;
		struct err err;

		scratch_sh("git init -q --bare '%s'", bad_dirs[_i]);
		ck_assert_int_eq(open_path(bad_dirs[_i], &repo, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "move it"));
	}
END_TEST

START_TEST(foreign_owner_is_refused)
	{
		struct repo *repo;
		struct err err;

		if (geteuid() != 0)
			return; /* only root can give a repository away */
		scratch_sh("git init -q --bare r.git; chown -R 12345 r.git");
		ck_assert_int_eq(open_path("r.git", &repo, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "safe.directory"));
		/* The account's configuration is not asked. */
		scratch_sh("mkdir home; git config -f home/.gitconfig "
			   "safe.directory '*'");
		setenv("HOME", "home", 1);
		ck_assert_int_eq(open_path("r.git", &repo, &err), -1);
	}
END_TEST

START_TEST(safe_directory_of_the_system_lets_a_foreign_one_in)
	{
		static const struct {
			const char *values; /* %s is the directory */
			bool safe;
		} rows[] = {
			{ "%s", true },
			{ "/elsewhere", false },
			{ "*", true },
			{ "/elsewhere %s", true },
			{ "%s ''", false }, /* forgets */
			{ "'' %s", true },
			{ "%s/..", false },
		};
		struct repo *repo;
		struct err err;
		const char *dir;

		if (geteuid() != 0)
			return;
		scratch_sh("git init -q --bare r.git; chown -R 12345 r.git; "
			   "mkdir etc");
		dir = scratch_sh("realpath r.git");
		git_libgit2_init();
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH,
		    GIT_CONFIG_LEVEL_SYSTEM, scratch_sh("realpath etc"));
		for (int i = 0; i < COUNT(rows); i++) {
			scratch_sh("rm -f etc/gitconfig; d=%s; for v in %s; "
				   "do git config -f etc/gitconfig --add "
				   "safe.directory \"$v\"; done",
			    dir,
			    scratch_sh("printf '%%s' \"%s\" | sed "
				       "\"s|%%s|%s|g; s|\\*|'*'|\"",
				rows[i].values, dir));
			ck_assert_msg((open_path("r.git", &repo, &err) == 0) ==
				rows[i].safe,
			    "%s: %s", rows[i].values, err.text);
			if (rows[i].safe)
				repo_close(repo);
		}
		git_libgit2_shutdown();
	}
END_TEST

START_TEST(no_repository_is_told)
	{
		struct repo *repo;
		struct err err;

		ck_assert_int_eq(open_path(".", &repo, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert_int_eq(open_path("nowhere", &repo, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert_int_eq(open_hook("nowhere", &repo, &err), -1);
		clear_environment();
	}
END_TEST

START_TEST(namespace_is_refused)
	{
		struct repo *repo;
		struct err err;

		scratch_sh("git init -q --bare r.git");
		setenv("GIT_NAMESPACE", "ns", 1);
		ck_assert_int_eq(open_hook("r.git", &repo, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, "GIT_NAMESPACE"));
		setenv("GIT_NAMESPACE", "", 1); /* as good as unset */
		ck_assert_msg(
		    open_hook("r.git", &repo, &err) == 0, "%s", err.text);
		repo_close(repo);
		clear_environment();
	}
END_TEST

START_TEST(work_tree_and_its_folders_lead_to_the_repository)
	{
		static const char *const ways[] = { "w", "w/d/e", "w/.git", "v",
			"s" };
		const char *want;

		scratch_sh("git init -q w; mkdir -p w/d/e; cd w; "
			   "git commit -q --allow-empty -m x; "
			   "git worktree add -q ../v; "
			   "git init -q --separate-git-dir ../real ../s");
		want = scratch_sh("realpath w/.git");
		for (int i = 0; i < COUNT(ways); i++) {
			struct repo *repo;
			struct err err;

			ck_assert_msg(open_path(ways[i], &repo, &err) == 0,
			    "%s", err.text);
			ck_assert_str_eq(repo_path(repo),
			    i == 4 ? scratch_sh("realpath real") : want);
			ck_assert(!repo_has_quarantine(repo));
			repo_close(repo);
		}
	}
END_TEST

START_TEST(configuration_is_the_repositorys_and_the_systems)
	{
		struct repo *repo;
		const char *value;
		struct err err;

		scratch_sh("git init -q --bare r.git; git -C r.git config "
			   "stagegate.policy /a/b; mkdir home; "
			   "git config -f home/.gitconfig stagegate.git /evil");
		setenv("HOME", scratch_sh("realpath home"), 1);
		setenv("GIT_CONFIG_GLOBAL",
		    scratch_sh("realpath "
			       "home/.gitconfig"),
		    1);
		ck_assert_int_eq(open_path("r.git", &repo, &err), 0);
		ck_assert_int_eq(repo_config(repo, &unit_arena,
				     "stagegate.policy", &value, &err),
		    0);
		ck_assert_str_eq(value, "/a/b");
		ck_assert_int_eq(repo_config(repo, &unit_arena, "stagegate.git",
				     &value, &err),
		    0);
		ck_assert_ptr_null(value);
		ck_assert_int_eq(repo_config_system(repo, &unit_arena,
				     "stagegate.policy", &value, &err),
		    0);
		ck_assert_ptr_null(value);
		repo_close(repo);
	}
END_TEST

/* A server with one commit, and a quarantine `q` with a second one on it. */
static void make_quarantine(void)
{
	scratch_sh("git init -q --bare r.git; cd r.git; "
		   "t=$(echo old | git hash-object -w --stdin | "
		   "sed 's/.*/100644 blob &\\tf/' | git mktree); "
		   "a=$(echo a | git commit-tree $t); "
		   "git update-ref refs/heads/main $a; echo $a >../a; "
		   "mkdir ../q; export GIT_OBJECT_DIRECTORY=$PWD/../q; "
		   "export GIT_ALTERNATE_OBJECT_DIRECTORIES=$PWD/objects; "
		   "b=$(echo b | git commit-tree -p $a $t); echo $b >../b");
	setenv("GIT_OBJECT_DIRECTORY", scratch_sh("realpath q"), 1);
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES",
	    scratch_sh("realpath r.git/objects"), 1);
}

START_TEST(hook_sees_the_quarantine_and_the_store)
	{
		struct repo *repo;
		struct oid a, b;
		struct err err;
		bool incoming;

		make_quarantine();
		a = scratch_hex(scratch_sh("cat a"));
		b = scratch_hex(scratch_sh("cat b"));
		for (int hook = 0; hook < 2; hook++) {
			enum object_kind kind;
			uint64_t size;

			ck_assert_int_eq(hook ? open_hook("r.git", &repo, &err)
					      : open_path("r.git", &repo, &err),
			    0);
			ck_assert_int_eq(repo_has_quarantine(repo), hook);
			ck_assert_int_eq(
			    object_header(repo, &a, &kind, &size, &err), 0);
			ck_assert_int_eq(kind, OBJECT_COMMIT);
			ck_assert_int_eq(
			    object_header(repo, &b, &kind, &size, &err), 0);
			ck_assert_int_eq(
			    kind, hook ? OBJECT_COMMIT : OBJECT_MISSING);
			ck_assert_int_eq(
			    object_is_incoming(repo, &b, &incoming, &err), 0);
			ck_assert_int_eq(incoming, hook);
			ck_assert_int_eq(
			    object_is_incoming(repo, &a, &incoming, &err), 0);
			ck_assert(!incoming);
			repo_close(repo);
		}
		clear_environment();
	}
END_TEST

START_TEST(no_ref_is_made_to_an_object_of_the_quarantine)
	{
		struct repo *repo;
		struct oid b;
		const struct oid none = { { 0 } };
		struct err err;

		make_quarantine();
		b = scratch_hex(scratch_sh("cat b"));
		ck_assert_int_eq(open_hook("r.git", &repo, &err), 0);
		ck_assert_int_eq(
		    ref_update(repo, "refs/x", &none, &b, "t", &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		repo_close(repo);
		clear_environment();
	}
END_TEST

START_TEST(objects_are_written_to_the_store)
	{
		struct repo *repo;
		struct oid oid;
		struct err err;

		make_quarantine();
		ck_assert_int_eq(open_hook("r.git", &repo, &err), 0);
		ck_assert_int_eq(
		    object_write(repo, OBJECT_BLOB, "hi\n", 3, &oid, &err), 0);
		repo_close(repo);
		clear_environment();
		ck_assert_str_eq(scratch_sh("git -C r.git cat-file blob %s",
				     oid_hex(&oid).s),
		    "hi");
		ck_assert_int_eq(scratch_status("test -e q/%.2s/%s",
				     oid_hex(&oid).s, oid_hex(&oid).s + 2),
		    1);
	}
END_TEST

START_TEST(quarantines_and_alternates_stack)
	{
		struct repo *repo;
		struct err err;
		enum object_kind kind;
		uint64_t size;
		struct oid c, pool;

		make_quarantine();
		/* Another quarantine around ours, and a pool of objects. */
		scratch_sh("git init -q --bare pool.git; cd pool.git; "
			   "echo p | git hash-object -w --stdin >../p; "
			   "echo $PWD/objects >../r.git/objects/info/"
			   "alternates; mkdir ../q2; echo c | "
			   "GIT_OBJECT_DIRECTORY=$PWD/../q2 git hash-object "
			   "-w --stdin >../c");
		setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES",
		    scratch_sh("echo $(realpath q2):$(realpath "
			       "r.git/objects)"),
		    1);
		ck_assert_int_eq(open_hook("r.git", &repo, &err), 0);
		c = scratch_hex(scratch_sh("cat c"));
		pool = scratch_hex(scratch_sh("cat p"));
		ck_assert_int_eq(
		    object_header(repo, &c, &kind, &size, &err), 0);
		ck_assert_int_eq(kind, OBJECT_BLOB);
		ck_assert_int_eq(
		    object_header(repo, &pool, &kind, &size, &err), 0);
		ck_assert_int_eq(kind, OBJECT_BLOB);
		repo_close(repo);
		/* A quoted one could name anything. */
		setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", "\"/a:b\"", 1);
		ck_assert_int_eq(open_hook("r.git", &repo, &err), -1);
		setenv("GIT_OBJECT_DIRECTORY", "/nowhere", 1);
		unsetenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
		ck_assert_int_eq(open_hook("r.git", &repo, &err), -1);
		clear_environment();
	}
END_TEST

START_TEST(object_that_gc_moves_is_still_found)
	{
		struct repo *repo;
		struct err err;
		enum object_kind kind;
		uint64_t size;
		struct oid a, blob;
		const char *bytes;
		size_t len;

		make_quarantine();
		clear_environment();
		ck_assert_int_eq(open_path("r.git", &repo, &err), 0);
		a = scratch_hex(scratch_sh("cat a"));
		ck_assert_int_eq(
		    object_header(repo, &a, &kind, &size, &err), 0);
		scratch_sh("cd r.git; git repack -q -a -d; git "
			   "prune-packed; test ! -e objects/$(sed "
			   "'s|^..|&/|' ../a)");
		blob = scratch_oid("r.git", "main:f");
		ck_assert_int_eq(
		    object_header(repo, &a, &kind, &size, &err), 0);
		ck_assert_int_eq(kind, OBJECT_COMMIT);
		ck_assert_int_eq(object_read(repo, &unit_arena, &blob,
				     OBJECT_BLOB, 100, &bytes, &len, &err),
		    0);
		ck_assert_str_eq(bytes, "old\n");
		/* And once more, from one pack to another. */
		scratch_sh("cd r.git; git update-ref refs/heads/n $(echo n | "
			   "git commit-tree main^{tree}); git repack -q -a "
			   "-d -f");
		ck_assert_int_eq(
		    object_header(repo, &a, &kind, &size, &err), 0);
		ck_assert_int_eq(kind, OBJECT_COMMIT);
		ck_assert_int_eq(object_read(repo, &unit_arena, &blob,
				     OBJECT_BLOB, 100, &bytes, &len, &err),
		    0);
		repo_close(repo);
	}
END_TEST

START_TEST(reading_has_ceilings_and_kinds)
	{
		struct repo *repo;
		struct err err;
		struct oid blob, zero = { { 0 } };
		const char *bytes;
		size_t len;

		make_quarantine();
		clear_environment();
		ck_assert_int_eq(open_path("r.git", &repo, &err), 0);
		blob = scratch_oid("r.git", "main:f");
		ck_assert_int_eq(object_read(repo, &unit_arena, &blob,
				     OBJECT_BLOB, 3, &bytes, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_SIZE);
		ck_assert_int_eq(object_read(repo, &unit_arena, &blob,
				     OBJECT_TREE, 100, &bytes, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_int_eq(object_read(repo, &unit_arena, &zero,
				     OBJECT_TREE, 100, &bytes, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		scratch_sh("cd r.git; f=objects/$(git rev-parse main:f | sed "
			   "'s|^..|&/|'); chmod u+w $f; echo junk >$f");
		ck_assert_int_eq(object_read(repo, &unit_arena, &blob,
				     OBJECT_BLOB, 100, &bytes, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("repo");
	TCase *tcase = unit_case_in_dir(suite, "repo");

	tcase_add_loop_test(
	    tcase, each_refusal_says_what_to_do, 0, COUNT(refused));
	tcase_add_test(tcase, known_extensions_are_fine);
	tcase_add_loop_test(
	    tcase, paths_that_hide_objects_are_refused, 0, COUNT(bad_dirs));
	tcase_add_test(tcase, foreign_owner_is_refused);
	tcase_add_test(
	    tcase, safe_directory_of_the_system_lets_a_foreign_one_in);
	tcase_add_test(tcase, no_repository_is_told);
	tcase_add_test(tcase, namespace_is_refused);
	tcase_add_test(tcase, work_tree_and_its_folders_lead_to_the_repository);
	tcase_add_test(tcase, configuration_is_the_repositorys_and_the_systems);
	tcase_add_test(tcase, hook_sees_the_quarantine_and_the_store);
	tcase_add_test(tcase, no_ref_is_made_to_an_object_of_the_quarantine);
	tcase_add_test(tcase, objects_are_written_to_the_store);
	tcase_add_test(tcase, quarantines_and_alternates_stack);
	tcase_add_test(tcase, object_that_gc_moves_is_still_found);
	tcase_add_test(tcase, reading_has_ceilings_and_kinds);
	return unit_main(suite);
}
