/* The reader of packs that only saves time: what it answers must be what
 * git answers, and damage must lead to libgit2 or to an error. */
#include "git/pack.h"

#include <fcntl.h>
#include <git2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/objects.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

static const char *list; /* "<id> <kind> <size>\n" of every object */

/* One pack with long chains of deltas; `options` of git pack-objects. */
static void make(const char *options)
{
	scratch_random("src.git", 120, 6, DATES_HONEST);
	scratch_sh(
	    "cd src.git; for i in $(seq 30); do seq $i $((i+400)); done "
	    ">big; for i in $(seq 40); do (cat big; echo $i) | git "
	    "hash-object -w --stdin; done >blobs; git hash-object -w big "
	    ">>blobs; : | git hash-object -w --stdin >>blobs; "
	    "git tag -a -m tag v1 c3");
	scratch_sh("git init -q --bare r.git; cd src.git; "
		   "(git rev-list --objects --all | cut -d' ' -f1; cat blobs) "
		   "| sort -u | git pack-objects -q %s "
		   "../r.git/objects/pack/pack >../name; git -C ../r.git "
		   "cat-file --batch-check --batch-all-objects >../list",
	    options);
	list = scratch_sh("cat list");
}

static enum object_kind kind_named(const char *name)
{
	return strncmp(name, "commit", 6) == 0 ? OBJECT_COMMIT
	    : strncmp(name, "tree", 4) == 0    ? OBJECT_TREE
	    : strncmp(name, "tag", 3) == 0     ? OBJECT_TAG
					       : OBJECT_BLOB;
}

static struct packs *open_packs(void)
{
	struct strings dirs = { 0 };

	strings_add(&unit_arena, &dirs, "r.git/objects");
	return packs_open(&dirs);
}

/* The id that these bytes have. */
static struct oid hash(const struct pack_bytes *bytes)
{
	static const git_object_t types[] = { GIT_OBJECT_INVALID,
		GIT_OBJECT_COMMIT, GIT_OBJECT_TREE, GIT_OBJECT_BLOB,
		GIT_OBJECT_TAG };
	struct oid oid;
	git_oid id;

	ck_assert_int_eq(
	    git_odb_hash(&id, bytes->p, bytes->len, types[bytes->kind]), 0);
	memcpy(oid.b, id.id, OID_SIZE);
	return oid;
}

/* Each object of the list; how many could be read. */
static size_t read_all(struct packs *packs, bool all_must)
{
	size_t n = 0;

	for (const char *p = list; *p;
	     p = strchrnul(p, '\n'), p += *p ? 1 : 0) {
		struct oid oid = scratch_hex(
		    arena_strndup(&unit_arena, p, OID_HEX));
		enum object_kind want = kind_named(p + OID_HEX + 1), kind;
		struct pack_bytes *bytes = NULL;
		struct pack_place place;
		uint64_t size;
		bool found = packs_find(packs, &oid, &place);

		ck_assert(found || !all_must);
		if (!found)
			continue;
		found = pack_header(packs, &place, &kind, &size);
		ck_assert(found || !all_must);
		if (found && all_must) {
			ck_assert_int_eq(kind, want);
			ck_assert_str_eq(arena_printf(&unit_arena, "%llu",
					     (unsigned long long)size),
			    arena_strndup(&unit_arena,
				strchr(p + OID_HEX + 1, ' ') + 1,
				strcspn(
				    strchr(p + OID_HEX + 1, ' ') + 1, "\n")));
		}
		found = pack_read(packs, &place, want, PACK_OBJECT_MAX, &bytes);
		ck_assert(found || !all_must);
		if (!found)
			continue;
		n++;
		if (all_must) {
			struct oid is = hash(bytes);

			ck_assert(oid_eq(&is, &oid));
			ck_assert_uint_eq(bytes->len, size);
			ck_assert_int_eq(bytes->p[bytes->len], 0);
		}
		pack_bytes_release(bytes);
	}
	return n;
}

/* Without --delta-base-offset, bases are named by their ids. */
static const char *const options[] = { "", "--delta-base-offset", "--depth=0",
	"--delta-base-offset --depth=300 --window=60" };

START_TEST(every_object_is_what_git_says)
	{
		struct packs *packs;

		git_libgit2_init();
		make(options[_i]);
		packs = open_packs();
		ck_assert(packs_are_complete(packs));
		/* Twice: from disk, then partly from what is kept. */
		ck_assert_uint_gt(read_all(packs, true), 500);
		ck_assert_uint_gt(read_all(packs, true), 500);
		packs_close(packs);
		git_libgit2_shutdown();
	}
END_TEST

START_TEST(many_packs_are_one)
	{
		struct packs *packs;
		struct pack_place place;
		struct oid other = { { 9 } };

		git_libgit2_init();
		make("--max-pack-size=1m");
		scratch_sh("cd r.git; for i in 0 1 2 3 4; do awk \"NR %% 5 == "
			   "$i { print \\$1 }\" ../list | git pack-objects "
			   "-q objects/pack/pack >/dev/null; done; rm -f "
			   "objects/pack/pack-$(cat ../name).*");
		packs = open_packs();
		ck_assert_uint_gt(read_all(packs, true), 500);
		ck_assert(!packs_find(packs, &other, &place));
		packs_close(packs);
		git_libgit2_shutdown();
	}
END_TEST

START_TEST(limits_and_kinds_are_kept)
	{
		struct packs *packs;
		struct pack_place place;
		struct pack_bytes *bytes;
		struct oid blob;

		make("");
		blob = scratch_hex(scratch_sh("sed -n 7p src.git/blobs"));
		packs = open_packs();
		ck_assert(packs_find(packs, &blob, &place));
		ck_assert(!pack_read(
		    packs, &place, OBJECT_TREE, PACK_OBJECT_MAX, &bytes));
		ck_assert(!pack_read(packs, &place, OBJECT_BLOB, 100, &bytes));
		ck_assert(pack_read(
		    packs, &place, OBJECT_BLOB, PACK_OBJECT_MAX, &bytes));
		pack_bytes_release(bytes);
		/* From what is kept too. */
		ck_assert(!pack_read(packs, &place, OBJECT_BLOB, 100, &bytes));
		packs_close(packs);
	}
END_TEST

static char *map_file(const char *path, size_t *ret_len)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	char *bytes;

	ck_assert_int_eq(fstat(fd, &st), 0);
	*ret_len = (size_t)st.st_size;
	bytes = arena_alloc(&unit_arena, *ret_len);
	ck_assert_int_eq(read(fd, bytes, *ret_len), (ssize_t)*ret_len);
	close(fd);
	return bytes;
}

static void put_file(const char *path, const char *bytes, size_t len)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void damage(const char *suffix, unsigned seed)
{
	const char *path = scratch_sh(
	    "echo r.git/objects/pack/pack-$(cat name).%s", suffix);
	size_t len;
	char *bytes = map_file(path, &len);

	for (int round = 0; round < 60; round++) {
		size_t at = scratch_dice(&seed, 4) == 0
		    ? scratch_dice(&seed, 1200)
		    : scratch_dice(&seed, (unsigned)len);
		char was = bytes[at % len];
		struct packs *packs;

		bytes[at % len] = (char)scratch_dice(&seed, 256);
		put_file(path, bytes, len);
		packs = open_packs();
		read_all(packs, false);
		packs_close(packs);
		bytes[at % len] = was;
	}
	for (size_t cut = 0; cut < len; cut += 1 + len / 23) {
		struct packs *packs;

		put_file(path, bytes, cut);
		packs = open_packs();
		read_all(packs, false);
		packs_close(packs);
	}
	put_file(path, bytes, len);
}

START_TEST(damage_is_survived)
	{
		make("");
		damage(_i ? "idx" : "pack", 3u + (unsigned)_i);
	}
END_TEST

START_TEST(deltas_are_checked)
	{
		static const struct {
			const char *delta;
			size_t len;
			const char *want; /* NULL: refused */
		} rows[] = {
			{ "\5\5\x90\5", 4, "hello" },
			{ "\5\3\x91\1\3", 5, "ell" },
			{ "\5\3\3abc", 6, "abc" },
			{ "\5\6\x90\2\2xy\x91\3\2", 10, "hexylo" },
			{ "\5\0", 2, "" },
			{ "", 0, NULL },
			{ "\5", 1, NULL },
			{ "\4\4\x90\4", 4, NULL },   /* another base */
			{ "\5\5\x90\4", 4, NULL },   /* too little */
			{ "\5\4\x90\5", 4, NULL },   /* too much */
			{ "\5\6\x90\6", 4, NULL },   /* beyond the base */
			{ "\5\1\x91\5\1", 5, NULL }, /* from its end */
			{ "\5\5\x90", 3, NULL },     /* no size */
			{ "\5\2\3ab", 5, NULL },     /* cut literal */
			{ "\5\1\0", 3, NULL },       /* reserved */
			{ "\5\5\x8f\xff\xff\xff\xff", 7, NULL },
			{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\5", 11,
			    NULL },
		};
		struct pack_bytes *base = pack_bytes_new(OBJECT_BLOB, 5);

		memcpy(base->p, "hello", 5);
		for (int i = 0; i < COUNT(rows); i++) {
			/* A block of its own, so that an overrun is seen. */
			unsigned char *copy = arena_alloc(
			    &unit_arena, rows[i].len);
			struct pack_bytes *target;

			memcpy(copy, rows[i].delta, rows[i].len);
			target = pack_apply_delta(
			    base, copy, rows[i].len, PACK_OBJECT_MAX);
			if (!rows[i].want) {
				ck_assert_msg(!target, "row %d", i);
				continue;
			}
			ck_assert_msg(target != NULL, "row %d", i);
			ck_assert_str_eq(target->p, rows[i].want);
			pack_bytes_release(target);
		}
		ck_assert_ptr_null(pack_apply_delta(
		    base, (const unsigned char *)"\5\5\x90\5", 4, 4));
		pack_bytes_release(base);
	}
END_TEST

START_TEST(damaged_pack_is_an_error_not_a_miss)
	{
		struct repo *repo;
		struct oid oid;
		struct err err = { 0 };
		const char *bytes;
		size_t len;

		make("--depth=0");
		oid = scratch_hex(scratch_sh("sed -n 7p src.git/blobs"));
		scratch_sh("chmod u+w r.git/objects/pack/*; perl -e 'open my "
			   "$f, q(+<), $ARGV[0]; my $n = -s $f; seek $f, 12, "
			   "0; print $f \"\\377\" x ($n - 40)' "
			   "r.git/objects/pack/*.pack");
		repo = scratch_open("r.git");
		ck_assert_int_eq(object_read(repo, &unit_arena, &oid,
				     OBJECT_BLOB, 1 << 20, &bytes, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pack");
	TCase *tcase = unit_case_in_dir(suite, "pack");

	tcase_add_loop_test(
	    tcase, every_object_is_what_git_says, 0, COUNT(options));
	tcase_add_test(tcase, many_packs_are_one);
	tcase_add_test(tcase, limits_and_kinds_are_kept);
	tcase_add_loop_test(tcase, damage_is_survived, 0, 2);
	tcase_add_test(tcase, deltas_are_checked);
	tcase_add_test(tcase, damaged_pack_is_an_error_not_a_miss);
	return unit_main(suite);
}
