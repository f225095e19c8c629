#include "git/treestore.h"

#include <string.h>
#include <sys/stat.h>

#include "git/objects.h"
#include "git/refs.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

static struct repo *repo;
static const struct oid none;
static const struct treestore_commit about = { "a message\n", "stagegate",
	"stagegate@example.com", 1700000000, NULL, NULL };

static void make(void)
{
	scratch_sh("git init -q --bare r.git");
	repo = scratch_open("r.git");
}

static struct oid write_edits(
    struct treestore *store, const struct treestore_edit *edits, size_t n)
{
	struct oid root;
	struct err err = { 0 };

	ck_assert_msg(
	    treestore_write(store, edits, n, &root, &err) == 0, "%s", err.text);
	return root;
}

static struct oid commit(const struct oid *tree, const struct oid *parent)
{
	struct oid tip;
	struct err err = { 0 };

	ck_assert_msg(
	    treestore_commit(repo, tree, parent, &about, &tip, &err) == 0, "%s",
	    err.text);
	return tip;
}

static const char *file_at(struct treestore *store, const char *path)
{
	const char *bytes;
	size_t len;
	struct err err = { 0 };

	ck_assert_msg(treestore_read(store, &unit_arena, path, &bytes, &len,
			  NULL, &err) == 0,
	    "%s", err.text);
	if (bytes)
		ck_assert_uint_eq(strlen(bytes), len);
	return bytes;
}

START_TEST(what_is_written_is_what_git_reads)
	{
		const struct treestore_edit edits[] = {
			{ "aa/bb/cc", "one", 3 },
			{ "aa/bb/dd", "two", 3 },
			{ "aa-x", "three", 5 },
			{ "meta/format", "1\n", 2 },
			{ "empty", "", 0 },
		};
		struct treestore *store;
		struct oid root, tip;

		make();
		store = treestore_open(&unit_arena, repo, &none);
		root = write_edits(store, edits, (size_t)COUNT(edits));
		tip = commit(&root, &none);
		ck_assert_str_eq(
		    scratch_sh("git -C r.git ls-tree -r --name-only %s",
			oid_hex(&tip).s),
		    "aa-x\naa/bb/cc\naa/bb/dd\nempty\nmeta/format");
		ck_assert_str_eq(scratch_sh("git -C r.git cat-file blob "
					    "%s:aa/bb/dd",
				     oid_hex(&tip).s),
		    "two");
		scratch_sh("git -C r.git fsck --strict");
		ck_assert_str_eq(file_at(store, "aa/bb/cc"), "one");
		ck_assert_str_eq(file_at(store, "empty"), "");
		ck_assert_ptr_null(file_at(store, "aa/bb"));
		ck_assert_ptr_null(file_at(store, "aa/zz/cc"));
		ck_assert_ptr_null(file_at(store, "aa/bb/cc/dd"));
		repo_close(repo);
	}
END_TEST

START_TEST(edits_in_batches_give_what_one_index_gives)
	{
		struct treestore *store;
		struct oid root = none, tip = none;
		unsigned seed = 4;

		make();
		store = treestore_open(&unit_arena, repo, &root);
		scratch_sh("mkdir w; git init -q w");
		for (int round = 0; round < 12; round++) {
			struct treestore_edit edits[20];
			size_t n = 1 + scratch_dice(&seed, 20);

			for (size_t i = 0; i < n; i++) {
				char *path = arena_printf(&unit_arena,
				    "%u/%u/f%u", scratch_dice(&seed, 4),
				    scratch_dice(&seed, 3),
				    scratch_dice(&seed, 5));
				char *text = arena_printf(
				    &unit_arena, "%u", scratch_dice(&seed, 99));
				bool gone = scratch_dice(&seed, 3) == 0;

				edits[i].path = path;
				edits[i].bytes = gone ? NULL : text;
				edits[i].len = strlen(text);
				if (gone)
					scratch_sh("rm -f w/%s", path);
				else
					scratch_sh("cd w; mkdir -p $(dirname "
						   "%s); printf %s >%s",
					    path, text, path);
			}
			root = write_edits(store, edits, n);
			tip = commit(&root, &tip);
			ck_assert_str_eq(oid_hex(&root).s,
			    scratch_sh("cd w; git add -A; git write-tree"));
			if (round % 3 == 2) /* from disk again */
				store = treestore_open(
				    &unit_arena, repo, &root);
		}
		scratch_sh("git -C r.git fsck --strict; test $(git -C r.git "
			   "rev-list --count %s) = 12",
		    oid_hex(&tip).s);
		repo_close(repo);
	}
END_TEST

START_TEST(list_names_a_folder)
	{
		const struct treestore_edit edits[] = {
			{ "incidents/2", "x", 1 }, { "incidents/10", "x", 1 },
			{ "incidents/3/a", "x", 1 }, { "z", "x", 1 }
		};
		struct treestore *store;
		struct strings names;
		struct err err;

		make();
		store = treestore_open(&unit_arena, repo, &none);
		write_edits(store, edits, 4);
		ck_assert_int_eq(treestore_list(store, &unit_arena, "incidents",
				     &names, &err),
		    0);
		ck_assert_uint_eq(names.n, 3);
		ck_assert_str_eq(names.v[0], "10");
		ck_assert_str_eq(names.v[1], "2");
		ck_assert_str_eq(names.v[2], "3");
		ck_assert_int_eq(
		    treestore_list(store, &unit_arena, "none", &names, &err),
		    0);
		ck_assert_uint_eq(names.n, 0);
		ck_assert_int_eq(
		    treestore_list(store, &unit_arena, "z", &names, &err), 0);
		ck_assert_uint_eq(names.n, 0);
		ck_assert_int_eq(
		    treestore_list(store, &unit_arena, "", &names, &err), 0);
		ck_assert_uint_eq(names.n, 2);
		repo_close(repo);
	}
END_TEST

static const char *const bad_paths[] = { "", "/a", "a//b", "a/", "./a",
	"a/../b", ".git/x", "a/.git" };

START_TEST(bad_paths_are_refused)
	{
		struct treestore_edit edit = { bad_paths[_i], "x", 1 };
		struct treestore *store;
		struct oid root;
		struct err err;

		make();
		store = treestore_open(&unit_arena, repo, &none);
		ck_assert_int_eq(
		    treestore_write(store, &edit, 1, &root, &err), -1);
		ck_assert_int_eq(err.kind, ERR_INTERNAL);
		repo_close(repo);
	}
END_TEST

START_TEST(files_and_folders_do_not_mix)
	{
		const struct treestore_edit first = { "a/b", "x", 1 };
		const struct treestore_edit below = { "a/b/c", "x", 1 };
		const struct treestore_edit above = { "a", "x", 1 };
		struct treestore *store;
		struct oid root, other;
		struct err err;

		make();
		root = write_edits(
		    treestore_open(&unit_arena, repo, &none), &first, 1);
		store = treestore_open(&unit_arena, repo, &root);
		ck_assert_int_eq(
		    treestore_write(store, &below, 1, &other, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		store = treestore_open(&unit_arena, repo, &root);
		ck_assert_int_eq(
		    treestore_write(store, &above, 1, &other, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		repo_close(repo);
	}
END_TEST

static const char *signed_payload;

static int sign(void *ctx, struct arena *arena, const char *payload, size_t len,
    const char **ret_armour, struct err *err)
{
	(void)err;
	signed_payload = arena_strndup(&unit_arena, payload, len);
	*ret_armour = arena_strdup(arena, ctx);
	return 0;
}

static int sign_not(void *ctx, struct arena *arena, const char *payload,
    size_t len, const char **ret_armour, struct err *err)
{
	(void)ctx;
	(void)arena;
	(void)payload;
	(void)len;
	(void)ret_armour;
	return err_set(err, ERR_IO, "no key");
}

START_TEST(commit_is_canonical_whatever_it_is_given)
	{
		static char armour[] = "-----BEGIN-----\n\nabc\n"
				       "-----END-----\n";
		struct treestore_commit odd = { "subject\n\nbody\n", "a <b>\nc",
			"x>\ny", 1700000001, sign, armour };
		const struct treestore_edit edit = { "a", "x", 1 };
		struct commit parsed = { 0 };
		struct oid root, tip, next;
		const char *bytes;
		size_t len;
		struct err err;

		make();
		root = write_edits(
		    treestore_open(&unit_arena, repo, &none), &edit, 1);
		tip = commit(&root, &none);
		ck_assert_int_eq(
		    treestore_commit(repo, &root, &tip, &odd, &next, &err), 0);
		ck_assert_int_eq(
		    object_read(repo, &unit_arena, &next, OBJECT_COMMIT,
			COMMIT_BYTES_MAX, &bytes, &len, &err),
		    0);
		ck_assert_ptr_null(
		    commit_parse(&unit_arena, bytes, len, &parsed));
		ck_assert_str_eq(parsed.author.name, "a bc");
		ck_assert_str_eq(parsed.committer.email, "xy");
		ck_assert_str_eq(parsed.message, "subject\n\nbody\n");
		ck_assert_str_eq(
		    parsed.gpgsig, "-----BEGIN-----\n\nabc\n-----END-----");
		ck_assert_uint_eq(parsed.parents.n, 1);
		/* What was signed is what a reader takes for it. */
		ck_assert_str_eq(signed_payload,
		    arena_printf(&unit_arena, "%.*s%.*s",
			(int)parsed.payload[0].len,
			(const char *)parsed.payload[0].p,
			(int)parsed.payload[1].len,
			(const char *)parsed.payload[1].p));
		scratch_sh("git -C r.git fsck --strict");
		odd.sign = sign_not;
		ck_assert_int_eq(
		    treestore_commit(repo, &root, &tip, &odd, &next, &err), -1);
		ck_assert_str_eq(err.text, "no key");
		repo_close(repo);
	}
END_TEST

START_TEST(nothing_is_named_before_it_is_whole)
	{
		const struct treestore_edit edit = { "a/b/c", "x", 1 };
		struct treestore *store;
		struct oid root;
		struct err err;

		/* Written, not yet flushed: temporary files alone.  Closing
		 * removes them; reading gives them their names. */
		make();
		store = treestore_open(&unit_arena, repo, &none);
		write_edits(store, &edit, 1);
		ck_assert_str_eq(scratch_sh("cd r.git/objects; ls | grep -c "
					    "^tmp_obj; ls | grep -c '^..$' || "
					    "true"),
		    "4\n0");
		repo_close(repo);
		ck_assert_str_eq(
		    scratch_sh("cd r.git/objects; ls | grep -c ^tmp_obj || "
			       "true"),
		    "0");
		repo = scratch_open("r.git");
		store = treestore_open(&unit_arena, repo, &none);
		root = write_edits(store, &edit, 1);
		store = treestore_open(&unit_arena, repo, &root);
		ck_assert_str_eq(file_at(store, "a/b/c"), "x");
		ck_assert_int_eq(
		    ref_update(repo, "refs/x", &none, &root, "t", &err), 0);
		repo_close(repo);
	}
END_TEST

START_TEST(modes_follow_the_object_directory)
	{
		const struct treestore_edit edit = { "a", "x", 1 };
		struct oid root;
		struct stat st;
		mode_t old;

		make();
		scratch_sh("chmod 2775 r.git/objects");
		old = umask(077);
		root = write_edits(
		    treestore_open(&unit_arena, repo, &none), &edit, 1);
		commit(&root, &none);
		umask(old);
		ck_assert_int_eq(
		    stat(arena_printf(&unit_arena, "r.git/objects/%.2s",
			     oid_hex(&root).s),
			&st),
		    0);
		ck_assert_uint_eq(st.st_mode & 07777, 02775);
		ck_assert_int_eq(
		    stat(arena_printf(&unit_arena, "r.git/objects/%.2s/%s",
			     oid_hex(&root).s, oid_hex(&root).s + 2),
			&st),
		    0);
		ck_assert_uint_eq(st.st_mode & 07777, 0444);
		repo_close(repo);
	}
END_TEST

START_TEST(object_cut_short_by_a_crash_is_written_again)
	{
		struct oid oid;
		struct err err;

		make();
		scratch_sh("cd r.git; printf x | git hash-object -w --stdin "
			   ">id; f=objects/$(sed 's|^..|&/|' id); chmod u+w "
			   "$f; : >$f");
		ck_assert_int_eq(
		    object_write(repo, OBJECT_BLOB, "x", 1, &oid, &err), 0);
		ck_assert_str_eq(oid_hex(&oid).s, scratch_sh("cat r.git/id"));
		ck_assert_str_eq(scratch_sh("git -C r.git cat-file blob %s",
				     oid_hex(&oid).s),
		    "x");
		repo_close(repo);
	}
END_TEST

/* Packed trees are kept for the run, and read by every store of it: what one
 * of them writes is none of the others' concern. */
START_TEST(stores_share_what_they_read_and_nothing_else)
	{
		const struct treestore_edit first = { "aa/bb/cc", "one", 3 },
					    second = { "aa/bb/cc", "two", 3 };
		struct treestore *stores[3];
		struct oid root, tip, changed;

		make();
		root = write_edits(
		    treestore_open(&unit_arena, repo, &none), &first, 1);
		tip = commit(&root, &none);
		repo_close(repo);
		scratch_sh("cd r.git; git update-ref refs/heads/x %s; "
			   "git repack -adq; test ! -e objects/%.2s",
		    oid_hex(&tip).s, oid_hex(&root).s);
		repo = scratch_open("r.git");
		for (size_t i = 0; i < 3; i++)
			stores[i] = treestore_open(&unit_arena, repo, &root);
		ck_assert_str_eq(file_at(stores[0], "aa/bb/cc"), "one");
		changed = write_edits(stores[1], &second, 1);
		ck_assert(!oid_eq(&changed, &root));
		ck_assert_str_eq(file_at(stores[0], "aa/bb/cc"), "one");
		ck_assert_str_eq(file_at(stores[2], "aa/bb/cc"), "one");
		ck_assert_str_eq(file_at(stores[1], "aa/bb/cc"), "two");
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("treestore");
	TCase *tcase = unit_case_in_dir(suite, "treestore");

	tcase_add_test(tcase, what_is_written_is_what_git_reads);
	tcase_add_test(tcase, edits_in_batches_give_what_one_index_gives);
	tcase_add_test(tcase, list_names_a_folder);
	tcase_add_loop_test(tcase, bad_paths_are_refused, 0, COUNT(bad_paths));
	tcase_add_test(tcase, files_and_folders_do_not_mix);
	tcase_add_test(tcase, commit_is_canonical_whatever_it_is_given);
	tcase_add_test(tcase, nothing_is_named_before_it_is_whole);
	tcase_add_test(tcase, modes_follow_the_object_directory);
	tcase_add_test(tcase, object_cut_short_by_a_crash_is_written_again);
	tcase_add_test(tcase, stores_share_what_they_read_and_nothing_else);
	return unit_main(suite);
}
