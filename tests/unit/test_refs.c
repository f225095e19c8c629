#include "git/refs.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "git/objects.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

static struct repo *repo;
static struct oid a, b; /* two commits */
static const struct oid none;

static void make(void)
{
	scratch_sh("git init -q --bare r.git; cd r.git; "
		   "t=$(git mktree </dev/null); "
		   "a=$(echo a | git commit-tree $t); "
		   "b=$(echo b | git commit-tree -p $a $t); "
		   "git update-ref refs/keep/a $a; "
		   "git update-ref refs/keep/b $b");
	a = scratch_oid("r.git", "refs/keep/a");
	b = scratch_oid("r.git", "refs/keep/b");
	repo = scratch_open("r.git");
}

static struct view_ref read_ref(const char *name)
{
	struct view_ref ref;
	struct err err = { 0 };

	ck_assert_msg(ref_read(repo, &unit_arena, name, &ref, &err) == 0,
	    "%s: %s", name, err.text);
	return ref;
}

static void check_is_at(const char *name, const struct oid *oid)
{
	struct view_ref ref = read_ref(name);

	ck_assert(ref.exists && oid_eq(&ref.oid, oid));
}

static void check_same_as_git(const char *name)
{
	struct view_ref ref = read_ref(name);
	const char *want = scratch_sh(
	    "git -C r.git rev-parse -q --verify '%s' || echo none", name);

	ck_assert_str_eq(ref.exists ? oid_hex(&ref.oid).s : "none", want);
}

START_TEST(loose_and_packed_refs_are_read)
	{
		static const char *const names[] = { "refs/heads/x",
			"refs/heads/x/y", "refs/heads/f/g", "refs/heads/f",
			"refs/tags/t", "refs/keep/a", "refs/zzz", "refs/aaa",
			"refs/heads/none" };

		make();
		scratch_sh("cd r.git; git update-ref refs/heads/x %s; "
			   "git update-ref refs/heads/f/g %s; git tag -a -m m "
			   "t %s; git pack-refs --all",
		    oid_hex(&a).s, oid_hex(&b).s, oid_hex(&b).s);
		for (int i = 0; i < COUNT(names); i++)
			check_same_as_git(names[i]);
		scratch_sh("cd r.git; git update-ref refs/heads/x %s",
		    oid_hex(&b).s); /* hides the packed one */
		for (int i = 0; i < COUNT(names); i++)
			check_same_as_git(names[i]);
		repo_close(repo);
	}
END_TEST

START_TEST(every_packed_ref_is_found)
	{
		unsigned seed = 3;

		make();
		for (int n = 0; n < 40; n++) {
			scratch_sh("cd r.git; git update-ref refs/heads/%u-%u "
				   "%s; git tag -f -a -m m t%u %s",
			    scratch_dice(&seed, 9), scratch_dice(&seed, 999),
			    oid_hex(&a).s, scratch_dice(&seed, 999),
			    oid_hex(&b).s);
		}
		scratch_sh("cd r.git; git pack-refs --all; "
			   "git for-each-ref --format='%%(refname)' >names");
		for (int n = 1; n <= 60; n++) {
			const char *name = scratch_sh(
			    "sed -n %dp r.git/names", n);

			if (!*name)
				break;
			check_same_as_git(name);
			check_same_as_git(
			    arena_printf(&unit_arena, "%s0", name));
			check_same_as_git(
			    arena_strndup(&unit_arena, name, strlen(name) - 1));
		}
		/* As written by git before 2.15, in any order. */
		scratch_sh("cd r.git; (grep -v '^[#^]' packed-refs | sort -r) "
			   ">p; mv p packed-refs");
		for (int n = 1; n <= 60; n += 7) {
			const char *name = scratch_sh(
			    "sed -n %dp r.git/names", n);

			if (*name)
				check_same_as_git(name);
		}
		repo_close(repo);
	}
END_TEST

START_TEST(symbolic_refs_are_resolved_and_told)
	{
		struct view_ref ref;

		make();
		scratch_sh("cd r.git; git update-ref refs/heads/main %s; "
			   "git symbolic-ref refs/heads/x refs/heads/main; "
			   "git symbolic-ref refs/heads/y refs/heads/x; "
			   "git symbolic-ref refs/heads/d refs/heads/unborn",
		    oid_hex(&a).s);
		ref = read_ref("refs/heads/x");
		ck_assert(ref.exists && oid_eq(&ref.oid, &a));
		ck_assert_str_eq(ref.symbolic, "refs/heads/main");
		ref = read_ref("refs/heads/y");
		ck_assert(ref.exists && oid_eq(&ref.oid, &a));
		ck_assert_str_eq(ref.symbolic, "refs/heads/main");
		ref = read_ref("refs/heads/d");
		ck_assert(ref.exists && oid_is_zero(&ref.oid));
		ck_assert_str_eq(ref.symbolic, "refs/heads/unborn");
		ck_assert_ptr_null(read_ref("refs/heads/main").symbolic);
		/* git's old form */
		scratch_sh("ln -s refs/heads/main r.git/refs/link");
		ref = read_ref("refs/link");
		ck_assert(ref.exists && oid_eq(&ref.oid, &a));
		ck_assert_str_eq(ref.symbolic, "refs/heads/main");
		repo_close(repo);
	}
END_TEST

START_TEST(symbolic_circle_is_an_error)
	{
		struct view_ref ref;
		struct err err;

		make();
		scratch_sh("cd r.git; echo 'ref: refs/heads/q' >refs/heads/p; "
			   "echo 'ref: refs/heads/p' >refs/heads/q");
		ck_assert_int_eq(
		    ref_read(repo, &unit_arena, "refs/heads/p", &ref, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		repo_close(repo);
	}
END_TEST

static const char *const bad_names[] = { "", "/", "refs/heads/..",
	"../../etc/passwd", "refs/heads/../../config", "refs/heads/a\nb",
	"refs/heads/.x", "refs/heads/x.lock", "refs/heads/a b", "refs//heads",
	"refs/heads/", "/etc/passwd", "refs/heads/x^", "refs/heads/\x1b[31m",
	"config", "refs/heads/@{0}" };

START_TEST(names_that_git_refuses_are_never_paths)
	{
		struct view_ref ref;
		struct err err;

		make();
		ref = read_ref(bad_names[_i]);
		ck_assert(!ref.exists);
		ck_assert_int_eq(
		    ref_update(repo, bad_names[_i], &none, &a, "t", &err), -1);
		ck_assert_int_eq(ref_remove(repo, bad_names[_i], &a, &err), -1);
		repo_close(repo);
	}
END_TEST

static const char *const broken[] = { "", "xyz", "ref: ../../x",
	"ref: refs/heads/..", "11111111", "\\0\\0\\0\\0" };

START_TEST(broken_ref_is_an_error)
	{
		struct view_ref ref;
		struct view_refs refs;
		struct err err;

		make();
		scratch_sh("printf '%s' >r.git/refs/heads/x", broken[_i]);
		ck_assert_int_eq(
		    ref_read(repo, &unit_arena, "refs/heads/x", &ref, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "refs/heads/x"));
		ck_assert_int_eq(
		    refs_below(repo, &unit_arena, "refs/heads/", &refs, &err),
		    -1);
		repo_close(repo);
	}
END_TEST

static void check_below(const char *prefix)
{
	struct view_refs refs;
	struct buf buf;
	struct err err = { 0 };

	buf_init(&buf, &unit_arena, 1 << 20);
	ck_assert_msg(refs_below(repo, &unit_arena, prefix, &refs, &err) == 0,
	    "%s", err.text);
	for (size_t i = 0; i < refs.n; i++)
		buf_addf(&buf, "%s%s %s", i ? "\n" : "",
		    oid_hex(&refs.v[i].oid).s, refs.v[i].name);
	ck_assert_str_eq(buf.p,
	    scratch_sh("git -C r.git for-each-ref "
		       "--format='%%(objectname) %%(refname)' %s",
		prefix));
}

START_TEST(refs_below_says_what_for_each_ref_says)
	{
		static const char *const prefixes[] = { "refs/heads/",
			"refs/tags/", "refs/", "refs/heads/c/", "refs/nil/",
			"refs/heads/c/d/", "refs/head/" };

		make();
		scratch_sh("cd r.git; for i in $(seq 30); do "
			   "git update-ref refs/heads/r$i %s; "
			   "git update-ref refs/heads/c/d/r$i %s; "
			   "git tag -a -m m t$i %s; done",
		    oid_hex(&a).s, oid_hex(&b).s, oid_hex(&b).s);
		for (int i = 0; i < COUNT(prefixes); i++)
			check_below(prefixes[i]);
		scratch_sh("git -C r.git pack-refs --all");
		for (int i = 0; i < COUNT(prefixes); i++)
			check_below(prefixes[i]);
		scratch_sh("cd r.git; for i in 3 5 31; do "
			   "git update-ref refs/heads/r$i %s; done; "
			   "git update-ref -d refs/heads/r9; "
			   "git symbolic-ref refs/heads/s refs/heads/r3",
		    oid_hex(&b).s);
		for (int i = 0; i < COUNT(prefixes); i++)
			check_below(prefixes[i]);
		repo_close(repo);
	}
END_TEST

/* Runs a script beside the test. */
static pid_t beside(const char *script)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int update(const char *name, const struct oid *old,
    const struct oid *new, struct err *err)
{
	return ref_update(repo, name, old, new, "why", err);
}

START_TEST(update_makes_moves_and_compares)
	{
		struct err err;

		make();
		ck_assert_int_eq(update("refs/x/y/z", &none, &a, &err), 0);
		check_same_as_git("refs/x/y/z");
		ck_assert_int_eq(update("refs/x/y/z", &none, &b, &err), -1);
		ck_assert_int_eq(err.kind, ERR_MOVED);
		ck_assert_int_eq(update("refs/x/y/z", &b, &a, &err), -1);
		ck_assert_int_eq(err.kind, ERR_MOVED);
		check_same_as_git("refs/x/y/z");
		ck_assert_int_eq(update("refs/x/y/z", &a, &b, &err), 0);
		scratch_sh("git -C r.git pack-refs --all");
		ck_assert_int_eq(update("refs/x/y/z", &a, &b, &err), -1);
		ck_assert_int_eq(err.kind, ERR_MOVED);
		ck_assert_int_eq(update("refs/x/y/z", &b, &a, &err), 0);
		check_same_as_git("refs/x/y/z");
		ck_assert_int_eq(update("refs/new", &a, &b, &err), -1);
		ck_assert_int_eq(err.kind, ERR_MOVED);
		scratch_sh("git -C r.git fsck --strict; "
			   "test -z \"$(find r.git -name '*.lock')\"");
		repo_close(repo);
	}
END_TEST

START_TEST(update_needs_an_object_of_the_store)
	{
		struct oid missing = a;
		struct err err;

		make();
		missing.b[0] ^= 1;
		ck_assert_int_eq(update("refs/x", &none, &missing, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert(!read_ref("refs/x").exists);
		repo_close(repo);
	}
END_TEST

START_TEST(folders_and_refs_do_not_collide)
	{
		struct err err;

		make();
		for (int packed = 0; packed < 2; packed++) {
			scratch_sh("cd r.git; git update-ref refs/p/q %s",
			    oid_hex(&a).s);
			if (packed)
				scratch_sh("git -C r.git pack-refs --all");
			ck_assert_int_eq(
			    update("refs/p/q/r", &none, &b, &err), -1);
			ck_assert_int_eq(update("refs/p", &none, &b, &err), -1);
			check_same_as_git("refs/p/q");
		}
		/* An empty folder is in nobody's way. */
		scratch_sh("mkdir -p r.git/refs/e/f/g");
		ck_assert_int_eq(update("refs/e", &none, &b, &err), 0);
		check_same_as_git("refs/e");
		repo_close(repo);
	}
END_TEST

START_TEST(held_lock_is_waited_for_and_named)
	{
		struct err err;
		pid_t pid;

		make();
		scratch_sh("touch r.git/refs/keep/a.lock");
		ck_assert_int_eq(update("refs/keep/a", &a, &b, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_ptr_nonnull(strstr(err.text, "refs/keep/a.lock"));
		check_is_at("refs/keep/a", &a);
		/* gone while we wait */
		pid = beside("sleep 0.3; rm r.git/refs/keep/a.lock");
		ck_assert_int_eq(update("refs/keep/a", &a, &b, &err), 0);
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
		check_is_at("refs/keep/a", &b);
		repo_close(repo);
	}
END_TEST

START_TEST(symbolic_ref_is_not_written_through)
	{
		struct err err;

		make();
		scratch_sh("git -C r.git symbolic-ref refs/s refs/keep/a");
		ck_assert_int_eq(update("refs/s", &a, &b, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		check_is_at("refs/keep/a", &a);
		repo_close(repo);
	}
END_TEST

START_TEST(reflog_is_kept_where_the_repository_keeps_one)
	{
		struct err err;

		make();
		ck_assert_int_eq(update("refs/heads/m", &none, &a, &err), 0);
		ck_assert_int_ne(access("r.git/logs/refs/heads/m", F_OK), 0);
		scratch_sh("git -C r.git config core.logAllRefUpdates true");
		repo_close(repo);
		repo = scratch_open("r.git");
		ck_assert_int_eq(update("refs/heads/m", &a, &b, &err), 0);
		ck_assert_int_eq(update("refs/other", &none, &b, &err), 0);
		ck_assert_int_ne(access("r.git/logs/refs/other", F_OK), 0);
		ck_assert_str_eq(
		    scratch_sh("git -C r.git log -g --format='%%gd %%gs "
			       "%%gn' refs/heads/m"),
		    "m@{0} why stagegate");
		ck_assert_str_eq(
		    scratch_sh("git -C r.git rev-parse 'refs/heads/m@{1}'"),
		    oid_hex(&a).s);
		repo_close(repo);
	}
END_TEST

START_TEST(remove_takes_loose_and_packed)
	{
		struct err err;

		make();
		for (int how = 0; how < 3; how++) {
			scratch_sh("cd r.git; git update-ref refs/d/e/f %s; "
				   "git tag -f -a -m m t %s",
			    oid_hex(&a).s, oid_hex(&a).s);
			if (how > 0)
				scratch_sh("git -C r.git pack-refs --all");
			if (how > 1)
				scratch_sh(
				    "cd r.git; git update-ref refs/d/e/f %s",
				    oid_hex(&b).s);
			ck_assert_int_eq(ref_remove(repo, "refs/d/e/f",
					     how > 1 ? &a : &b, &err),
			    -1);
			ck_assert_int_eq(err.kind, ERR_MOVED);
			check_same_as_git("refs/d/e/f");
			ck_assert_int_eq(ref_remove(repo, "refs/d/e/f",
					     how > 1 ? &b : &a, &err),
			    0);
			ck_assert(!read_ref("refs/d/e/f").exists);
			check_same_as_git("refs/d/e/f");
			check_same_as_git("refs/tags/t");
			ck_assert_int_ne(access("r.git/refs/d/e", F_OK), 0);
			check_below("refs/");
		}
		scratch_sh("git -C r.git fsck --strict; "
			   "test -z \"$(find r.git -name '*.lock')\"");
		repo_close(repo);
	}
END_TEST

START_TEST(remove_waits_for_who_packs)
	{
		struct err err;

		make();
		scratch_sh("cd r.git; git update-ref refs/d/e %s; "
			   ">packed-refs.lock",
		    oid_hex(&a).s);
		ck_assert_int_eq(ref_remove(repo, "refs/d/e", &a, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert(read_ref("refs/d/e").exists);
		scratch_sh("cd r.git; rm packed-refs.lock; "
			   "test -z \"$(find . -name '*.lock')\"");
		ck_assert_int_eq(ref_remove(repo, "refs/d/e", &a, &err), 0);
		check_same_as_git("refs/d/e");
		repo_close(repo);
	}
END_TEST

/* Packs refs again and again, until it is ended. */
static pid_t begin_packing(void)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c",
		    "while test -d r.git; do git -C r.git pack-refs --all; "
		    "sleep 0.005; "
		    "done 2>/dev/null",
		    (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* Who packs reads a loose ref, and would write it down after it is gone. */
START_TEST(what_is_removed_stays_so_while_others_pack)
	{
		struct err err;
		struct view_refs refs = { NULL, 0, 0 };
		pid_t packing;
		int status;

		make();
		packing = begin_packing();
		for (int i = 0; i < 120; i++) {
			const char *name = arena_printf(
			    &unit_arena, "refs/e/%d/x", i);

			ck_assert_msg(
			    update(name, &none, &a, &err) == 0, "%s", err.text);
			ck_assert_msg(ref_remove(repo, name, &a, &err) == 0,
			    "%s", err.text);
		}
		kill(packing, SIGTERM);
		waitpid(packing, &status, 0);
		/* What it was at when it was ended comes to its end. */
		scratch_sh("cd r.git; while test -e packed-refs.lock; do "
			   "sleep 0.01; done; git pack-refs --all");
		ck_assert_int_eq(
		    refs_below(repo, &unit_arena, "refs/e/", &refs, &err), 0);
		ck_assert_uint_eq(refs.n, 0);
		repo_close(repo);
	}
END_TEST

START_TEST(modes_follow_the_repository_not_the_umask)
	{
		struct err err;
		struct stat st;
		mode_t old;

		make();
		scratch_sh("chmod 2775 r.git/refs");
		old = umask(077);
		ck_assert_int_eq(update("refs/m/n", &none, &a, &err), 0);
		umask(old);
		ck_assert_int_eq(stat("r.git/refs/m", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 02775);
		ck_assert_int_eq(stat("r.git/refs/m/n", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0664);
		repo_close(repo);
	}
END_TEST

START_TEST(writers_of_two_kinds_lose_nothing)
	{
		struct oid at, next;
		pid_t pid;
		struct err err;

		/* git and we count one ref up together, each by compare and
		 * swap; git's half runs in the background. */
		make();
		scratch_sh("cd r.git; t=$(git mktree </dev/null); for i in "
			   "$(seq 60); do echo $i | git commit-tree $t; done "
			   ">ids; git update-ref refs/n $(sed -n 1p ids)");
		pid = beside("cd r.git; for i in $(seq 1000); do "
			     "c=$(git rev-parse refs/n); "
			     "k=$(grep -n $c ids | cut -d: -f1); "
			     "test $k -lt 60 || break; "
			     "git update-ref refs/n $(sed -n $((k+1))p ids) $c "
			     "2>/dev/null && echo x >>wins; done");
		for (int wins = 0; wins < 1000; wins++) {
			const char *id;

			at = read_ref("refs/n").oid;
			id = scratch_sh(
			    "grep -A1 %s r.git/ids | tail -1", oid_hex(&at).s);
			if (strcmp(id, oid_hex(&at).s) == 0)
				break;
			next = scratch_hex(id);
			if (update("refs/n", &at, &next, &err))
				ck_assert(err.kind == ERR_MOVED ||
				    err.kind == ERR_LIMIT);
			else
				scratch_sh("echo x >>r.git/ours");
		}
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
		scratch_sh("cd r.git; touch wins ours; "
			   "test $(cat wins ours | wc -l) = 59");
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refs");
	TCase *tcase = unit_case_in_dir(suite, "refs");

	tcase_add_test(tcase, loose_and_packed_refs_are_read);
	tcase_add_test(tcase, every_packed_ref_is_found);
	tcase_add_test(tcase, symbolic_refs_are_resolved_and_told);
	tcase_add_test(tcase, symbolic_circle_is_an_error);
	tcase_add_loop_test(
	    tcase, names_that_git_refuses_are_never_paths, 0, COUNT(bad_names));
	tcase_add_loop_test(tcase, broken_ref_is_an_error, 0, COUNT(broken));
	tcase_add_test(tcase, refs_below_says_what_for_each_ref_says);
	tcase_add_test(tcase, update_makes_moves_and_compares);
	tcase_add_test(tcase, update_needs_an_object_of_the_store);
	tcase_add_test(tcase, folders_and_refs_do_not_collide);
	tcase_add_test(tcase, held_lock_is_waited_for_and_named);
	tcase_add_test(tcase, symbolic_ref_is_not_written_through);
	tcase_add_test(tcase, reflog_is_kept_where_the_repository_keeps_one);
	tcase_add_test(tcase, remove_takes_loose_and_packed);
	tcase_add_test(tcase, remove_waits_for_who_packs);
	tcase_add_test(tcase, what_is_removed_stays_so_while_others_pack);
	tcase_add_test(tcase, modes_follow_the_repository_not_the_umask);
	tcase_add_test(tcase, writers_of_two_kinds_lose_nothing);
	return unit_main(suite);
}
