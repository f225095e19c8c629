#include "record/kept.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "git/refs.h"
#include "judge/push.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

static struct repo *repo;
static struct oid a, b; /* two commits */

static void make(void)
{
	scratch_sh("git init -q --bare r.git; cd r.git; "
		   "t=$(git mktree </dev/null); "
		   "a=$(echo a | git commit-tree $t); "
		   "b=$(echo b | git commit-tree -p $a $t); "
		   "git update-ref refs/heads/a $a; "
		   "git update-ref refs/heads/b $b");
	a = scratch_oid("r.git", "refs/heads/a");
	b = scratch_oid("r.git", "refs/heads/b");
	repo = scratch_open("r.git");
}

static int keep(const char *ref, const struct oid *tip, struct err *err)
{
	return kept_add(&unit_arena, repo, ref, tip, err);
}

static void check_keeps(const char *ref, const struct oid *tip)
{
	struct err err = { 0 };

	ck_assert_msg(keep(ref, tip, &err) == 0, "%s: %s", ref, err.text);
	ck_assert_str_eq(scratch_sh("git -C r.git rev-parse -q --verify "
				    "'refs/stagegate/kept/%s/%s'",
			     ref, oid_hex(tip).s),
	    oid_hex(tip).s);
}

static void check_refuses(
    const char *ref, const struct oid *tip, const char *text)
{
	struct err err = { 0 };

	ck_assert_int_eq(keep(ref, tip, &err), -1);
	ck_assert_msg(strstr(err.text, text) != NULL, "%s", err.text);
	scratch_sh("test -z \"$(find r.git -name '*.lock')\"");
}

/* "refs/heads/" and components of 200 bytes, len in all. */
static const char *long_ref(size_t len)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, len + 1);
	buf_adds(&buf, "refs/heads/");
	while (buf.len < len)
		buf_addc(
		    &buf, buf.len % 200 == 0 && buf.len + 1 < len ? '/' : 'x');
	return buf.p;
}

START_TEST(name_of_every_length_that_is_pushed_is_kept)
	{
		static const size_t lengths[] = { 12, 13, 199, 200, 201, 202,
			400, 962, 963, 964, 1000, 1022, 1023, REF_NAME_MAX };

		make();
		for (int i = 0; i < COUNT(lengths); i++) {
			const char *ref = long_ref(lengths[i]);

			ck_assert_uint_eq(strlen(ref), lengths[i]);
			check_keeps(ref, &a);
			check_keeps(ref, &b);
			check_keeps(ref, &b);
			scratch_sh("git -C r.git pack-refs --all");
			check_keeps(ref, &a);
		}
		scratch_sh("git -C r.git fsck --strict");
		repo_close(repo);
	}
END_TEST

START_TEST(kept_one_that_is_packed_is_fine)
	{
		make();
		check_keeps("refs/heads/main", &a);
		scratch_sh("git -C r.git pack-refs --all");
		check_keeps("refs/heads/main", &a);
		ck_assert_int_ne(
		    scratch_status("test -e r.git/refs/stagegate/kept/refs"),
		    0);
		check_keeps("refs/heads/main", &b);
		repo_close(repo);
	}
END_TEST

START_TEST(another_value_is_never_overwritten)
	{
		make();
		for (int packed = 0; packed < 2; packed++) {
			scratch_sh("git -C r.git update-ref "
				   "refs/stagegate/kept/refs/heads/main/%s %s",
			    oid_hex(&a).s, oid_hex(&b).s);
			if (packed)
				scratch_sh("git -C r.git pack-refs --all");
			check_refuses("refs/heads/main", &a, oid_hex8(&b).s);
			ck_assert_str_eq(
			    scratch_sh("git -C r.git rev-parse "
				       "refs/stagegate/kept/refs/heads/main/%s",
				oid_hex(&a).s),
			    oid_hex(&b).s);
		}
		repo_close(repo);
	}
END_TEST

START_TEST(symbolic_one_does_not_keep)
	{
		make();
		scratch_sh("git -C r.git symbolic-ref "
			   "refs/stagegate/kept/refs/heads/main/%s "
			   "refs/heads/a",
		    oid_hex(&a).s);
		check_refuses("refs/heads/main", &a, "symbolic");
		repo_close(repo);
	}
END_TEST

/* A ref of which one was kept, and one below its name. */
START_TEST(names_that_collide_are_told)
	{
		const char *below = NULL, *far;

		make();
		below = arena_printf(
		    &unit_arena, "refs/heads/x/%s", oid_hex(&a).s);
		far = arena_printf(&unit_arena, "%s/y/z", below);
		for (int packed = 0; packed < 2; packed++) {
			check_keeps("refs/heads/x", &a);
			if (packed)
				scratch_sh("git -C r.git pack-refs --all");
			check_refuses(below, &b, "can't be made beside");
			check_refuses(far, &b, "can't be made beside");
			ck_assert_str_eq(scratch_sh("git -C r.git for-each-ref "
						    "refs/stagegate | wc -l"),
			    "1");
		}
		scratch_sh("git -C r.git update-ref -d "
			   "refs/stagegate/kept/%s",
		    below);
		for (int packed = 0; packed < 2; packed++) {
			check_keeps(far, &b);
			if (packed)
				scratch_sh("git -C r.git pack-refs --all");
			check_refuses(
			    "refs/heads/x", &a, "can't be made beside");
		}
		scratch_sh("git -C r.git fsck --strict");
		repo_close(repo);
	}
END_TEST

START_TEST(tip_that_is_gone_is_refused)
	{
		struct oid gone;

		make();
		gone = a;
		gone.b[0] ^= 1;
		check_refuses(
		    "refs/heads/main", &gone, "not in the repository");
		repo_close(repo);
	}
END_TEST

START_TEST(folder_that_can_not_be_written_refuses)
	{
		if (geteuid() == 0)
			return; /* may write everywhere */
		make();
		scratch_sh("mkdir -p r.git/refs/stagegate/kept; "
			   "chmod 555 r.git/refs/stagegate/kept");
		check_refuses("refs/heads/main", &a, "cannot");
		scratch_sh("chmod 755 r.git/refs/stagegate/kept");
		check_keeps("refs/heads/main", &a);
		repo_close(repo);
	}
END_TEST

/* Many at once, whose folders are made by whoever comes first. */
START_TEST(those_who_come_at_once_all_keep)
	{
		enum {
			PROCESSES = 8,
			EACH = 12
		};

		make();
		for (int i = 0; i < PROCESSES; i++) {
			pid_t pid = fork();
			int failed = 0;

			ck_assert_int_ge(pid, 0);
			if (pid)
				continue;
			repo = scratch_open("r.git");
			for (int k = 0; k < EACH; k++) {
				struct err err;

				failed += keep(arena_printf(&unit_arena,
						   "refs/heads/c/%d/%d", k, i),
					      &a, &err) != 0;
				failed += keep(arena_printf(&unit_arena,
						   "refs/heads/c/%d", k + 100),
					      i % 2 ? &a : &b, &err) != 0;
			}
			_exit(failed ? 1 : 0);
		}
		for (int i = 0; i < PROCESSES; i++) {
			int status;

			ck_assert_int_gt(wait(&status), 0);
			ck_assert_int_eq(status, 0);
		}
		ck_assert_str_eq(scratch_sh("git -C r.git for-each-ref "
					    "refs/stagegate/kept | wc -l"),
		    "120");
		scratch_sh("git -C r.git fsck --strict; "
			   "test -z \"$(find r.git -name '*.lock')\"");
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kept");
	TCase *tcase = unit_case_in_dir(suite, "kept");

	tcase_add_test(tcase, name_of_every_length_that_is_pushed_is_kept);
	tcase_add_test(tcase, kept_one_that_is_packed_is_fine);
	tcase_add_test(tcase, another_value_is_never_overwritten);
	tcase_add_test(tcase, symbolic_one_does_not_keep);
	tcase_add_test(tcase, names_that_collide_are_told);
	tcase_add_test(tcase, tip_that_is_gone_is_refused);
	tcase_add_test(tcase, folder_that_can_not_be_written_refuses);
	tcase_add_test(tcase, those_who_come_at_once_all_keep);
	return unit_main(suite);
}
