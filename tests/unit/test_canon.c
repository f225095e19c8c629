/*
 * What a push brings, looked at: tree_complaint() on raw bytes, and
 * newobjects_check() on real repositories with objects that git can be made to
 * write (--literally).
 */
#include <string.h>

#include "git/newobjects.h"
#include "git/objects.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

#define ID "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
#define F(name) "100644 " name "\0" ID
#define D(name) "40000 " name "\0" ID
#define M(mode, name) mode " " name "\0" ID
#define ROW(text, words)                                                       \
	{                                                                      \
		text, sizeof(text) - 1, words                                  \
	}

static const struct {
	const char *bytes;
	size_t len;
	const char *words; /* NULL: fine */
} trees[] = {
	ROW("", NULL),
	ROW(F("a"), NULL),
	ROW(F("a") F("b"), NULL),
	ROW(F("a") F("a-") F("a.b") F("a0"), NULL),
	ROW(F("a-b") F("a.b") D("a") F("a0"), NULL),
	ROW(F("a") M("100755", "b") M("120000", "c") M("160000", "d") D("e"),
	    NULL),
	ROW(F(".gitignore") F(".gitmodules"), NULL),
	ROW(F(".git-x"), NULL),
	ROW(F("git"), NULL),
	ROW(F("git~2"), NULL),
	ROW(F("...") F("a b") F("a\\b"), NULL),
	ROW(F("\xff\xfe"), NULL),
	ROW(F("\xe2\x80\x8cx"), NULL), /* zero-width, but not .git */
	ROW(F("b") F("a"), "order"),
	ROW(D("a") F("a.b"), "order"),
	ROW(F("a") F("a"), "two entries"),
	ROW(D("a") D("a"), "two entries"),
	ROW(F("a") D("a"), "two entries"),
	ROW(F("a") F("a-") D("a"), "two entries"),
	ROW(F("a") D("a-") F("a-b") D("a"), "two entries"),
	ROW(F("x") F("x-") F("x.y") D("x"), "two entries"),
	ROW(F(""), "no name"),
	ROW(F("a/b"), "slash"),
	ROW(F("."), "'.'"),
	ROW(D(".."), "'..'"),
	ROW(D(".git"), "'.git'"),
	ROW(D(".GIT"), "'.git'"),
	ROW(D(".GiT"), "'.git'"),
	ROW(F(".git "), "'.git'"),
	ROW(F(".git."), "'.git'"),
	ROW(F(".git. . "), "'.git'"),
	ROW(F("git~1"), "'.git'"),
	ROW(F("GIT~1"), "'.git'"),
	ROW(F("git~1 ."), "'.git'"),
	ROW(F(".git::$INDEX_ALLOCATION"), "'.git'"),
	ROW(F("git~1:x"), "'.git'"),
	ROW(F("a\\.git"), "'.git'"),
	ROW(F("a\\git~1\\b"), "'.git'"),
	ROW(F(".git\\x"), "'.git'"),
	ROW(F(".g\xe2\x80\x8cit"), "'.git'"),
	ROW(F("\xef\xbb\xbf.git"), "'.git'"),
	ROW(F(".git\xe2\x81\xaf"), "'.git'"),
	ROW(F(".G\xe2\x80\xaeI\xe2\x80\x8fT"), "'.git'"),
	ROW(M("100664", "a"), "mode '100664'"),
	ROW(M("0100644", "a"), "mode '0100644'"),
	ROW(M("100777", "a"), "mode '100777'"),
	ROW(M("0", "a"), "mode '0'"),
	ROW(M("040000", "a"), "mode '040000'"),
	ROW(M("", "a"), "mode ''"),
	ROW(M("100644x", "a"), "mode '100644x'"),
	ROW("100644 a\0"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    "names no object"),
	ROW("100644 a\0"
	    "123",
	    "cut off"),
	ROW("100644 a", "cut off"),
	ROW("100644", "cut off"),
	ROW(F("a") "1", "cut off"),
};

START_TEST(tree_is_canonical_or_refused)
	{
		/* A block of its own, so that an overrun is seen. */
		char *copy = arena_alloc(&unit_arena, trees[_i].len);
		const char *complaint;

		memcpy(copy, trees[_i].bytes, trees[_i].len);
		complaint = tree_complaint(&unit_arena, copy, trees[_i].len);
		if (!trees[_i].words) {
			ck_assert_msg(!complaint, "%s", complaint);
		} else {
			ck_assert_ptr_nonnull(complaint);
			ck_assert_msg(
			    strstr(complaint, trees[_i].words) != NULL, "%s",
			    complaint);
		}
	}
END_TEST

START_TEST(what_fsck_calls_an_error_is_refused)
	{
		/* Differential: on every row of the table. */
		scratch_sh("git init -q --bare r.git");
		for (int i = 0; i < COUNT(trees); i++) {
			int status;
			const char *id = scratch_feed(trees[i].bytes,
			    trees[i].len,
			    "git -C r.git hash-object -t tree -w --stdin "
			    "--literally");

			status = scratch_status(
			    "cd r.git; git fsck --strict %s 2>&1 | grep ' in "
			    "tree ' | grep -v -e gitmodules -e broken >out || "
			    "true; test ! "
			    "-s out",
			    id);
			if (status != 0)
				ck_assert_msg(trees[i].words != NULL,
				    "row %d: git says: %s", i,
				    scratch_sh("cat r.git/out"));
		}
	}
END_TEST

struct scratch {
	struct repo *repo;
	struct history *history;
	struct treediff *diff;
	struct newobjects *seen;
};

static struct scratch scratch_start(void)
{
	struct scratch s;

	s.repo = scratch_open("r.git");
	s.history = history_new(&unit_arena, s.repo);
	s.diff = treediff_new(&unit_arena, s.repo);
	s.seen = newobjects_new(&unit_arena, s.repo, s.history, s.diff);
	return s;
}

static void scratch_end(struct scratch *s)
{
	newobjects_free(s->seen);
	treediff_free(s->diff);
	history_free(s->history);
	repo_close(s->repo);
}

static struct view_faults faults_of(struct scratch *s, const char *revs)
{
	struct oids commits = { 0 };
	struct view_faults faults;
	struct err err = { 0 };
	const char *list = scratch_sh(
	    "git -C r.git rev-list --reverse %s", revs);

	for (; *list; list += OID_HEX + (list[OID_HEX] ? 1 : 0))
		ARRAY_PUSH(&unit_arena, &commits,
		    scratch_hex(arena_strndup(&unit_arena, list, OID_HEX)));
	ck_assert_msg(newobjects_check(
			  s->seen, &unit_arena, &commits, &faults, &err) == 0,
	    "%s", err.text);
	return faults;
}

START_TEST(ordinary_history_has_no_faults)
	{
		struct scratch s;
		struct view_faults faults;

		scratch_random("r.git", 150, 5u + (unsigned)_i,
		    _i ? DATES_RANDOM : DATES_HONEST);
		s = scratch_start();
		faults = faults_of(&s, "--all");
		ck_assert_uint_eq(faults.n, 0);
		scratch_end(&s);
		s = scratch_start();
		faults = faults_of(&s, "c149 ^c100 ^c90");
		ck_assert_uint_eq(faults.n, 0);
		scratch_end(&s);
	}
END_TEST

#define TREE(bytes)                                                            \
	"t=$(perl -e 'my $b = pack(q(H*), $ARGV[0]); my $t = pack(q(H*), "     \
	"$ARGV[1]); print " bytes                                              \
	"' $b $good | git hash-object -t tree -w --stdin --literally); "

/* Makes commit `new` on `old` out of $b (a blob), $good (a tree). */
static const struct {
	const char *script;
	enum object_kind kind;
	bool missing;
	const char *words;
} faulty[] = {
	{ TREE("qq(100644 b\\0${b}100644 a\\0$b)"), OBJECT_TREE, false,
	    "order" },
	{ TREE("qq(100644 a\\0${b}100644 a\\0$b)"), OBJECT_TREE, false, "two" },
	{ TREE("qq(100664 a\\0$b)"), OBJECT_TREE, false, "mode" },
	{ TREE("qq(40000 .git\\0$t)"), OBJECT_TREE, false, ".git" },
	/* deep down */
	{ TREE("qq(100644 .git\\0$b)") "good=$t; " TREE(
	      "qq(40000 d\\0$t)") "good=$t; " TREE("qq(40000 e\\0$t)"),
	    OBJECT_TREE, false, ".git" },
	/* a file that is a folder, a folder that is a file */
	{ TREE("qq(100644 a\\0$t)"), OBJECT_TREE, false, "says that" },
	{ TREE("qq(120000 a\\0$t)"), OBJECT_TREE, false, "says that" },
	{ TREE("qq(40000 a\\0$b)"), OBJECT_TREE, false, "not a tree" },
	/* gone */
	{ "b=$(printf '%s' $b | tr 0-9a-f 1-9a-f0); " TREE("qq(100644 a\\0$b)"),
	    OBJECT_BLOB, true, "missing" },
	{ "good=$(printf '%s' $b | tr 0-9a-f 1-9a-f0); " TREE(
	      "qq(40000 a\\0$t)"),
	    OBJECT_TREE, true, "missing" },
};

static void make_old(void)
{
	scratch_sh("git init -q --bare r.git; cd r.git; "
		   "b=$(echo x | git hash-object -w --stdin); "
		   "good=$(printf '100644 blob %%s\\tx\\n' $b | git mktree); "
		   "git update-ref refs/heads/old $(echo o | git commit-tree "
		   "$good); echo $b >b; echo $good >good");
}

START_TEST(faults_are_found_and_named)
	{
		struct scratch s;
		struct view_faults faults;
		struct oid bad;

		make_old();
		scratch_sh("cd r.git; b=$(cat b); good=$(cat good); %s "
			   "git update-ref refs/heads/new $(printf 'tree "
			   "%%s\\nparent %%s\\nauthor A <a@b> 1 +0000\\n"
			   "committer A <a@b> 1 +0000\\n\\nx\\n' $t $(git "
			   "rev-parse old) | git hash-object -t commit -w "
			   "--stdin --literally)",
		    faulty[_i].script);
		s = scratch_start();
		faults = faults_of(&s, "new ^old");
		ck_assert_uint_eq(faults.n, 1);
		ck_assert_int_eq(faults.v[0].kind, faulty[_i].kind);
		ck_assert_int_eq(faults.v[0].missing, faulty[_i].missing);
		ck_assert_msg(
		    strstr(faults.v[0].text, faulty[_i].words) != NULL, "%s",
		    faults.v[0].text);
		bad = faults.v[0].oid;
		scratch_end(&s);
		/* The same on top, unchanged: old by now. */
		s = scratch_start();
		scratch_sh("cd r.git; git update-ref refs/heads/newer $(git "
			   "cat-file commit new | sed \"s/^parent .*/parent "
			   "$(git rev-parse new)/\" | git hash-object -t "
			   "commit -w --stdin --literally)");
		faults = faults_of(&s, "newer ^new");
		ck_assert_uint_eq(faults.n, 0);
		scratch_end(&s);
		ck_assert(!oid_is_zero(&bad));
	}
END_TEST

START_TEST(malformed_commits_are_faults)
	{
		struct scratch s;
		struct view_faults faults;

		make_old();
		scratch_sh("cd r.git; p=$(git rev-parse old); for i in $(seq "
			   "25); do p=$(printf 'tree %%s\\nparent %%s\\n"
			   "author A <a@b> 1 +0000\\nauthor B <a@b> 1 +0000\\n"
			   "committer A <a@b> 1 +0000\\n\\n%%s\\n' $(cat good) "
			   "$p $i | git hash-object -t commit -w --stdin "
			   "--literally); done; git update-ref "
			   "refs/heads/new $p");
		s = scratch_start();
		faults = faults_of(&s, "new ^old");
		ck_assert_uint_eq(faults.n, FAULTS_MAX);
		ck_assert_uint_eq(faults.more, 25 - FAULTS_MAX);
		ck_assert_int_eq(faults.v[0].kind, OBJECT_COMMIT);
		ck_assert_ptr_nonnull(strstr(faults.v[0].text, "'committer'"));
		/* Looked at once a run. */
		faults = faults_of(&s, "new ^old");
		ck_assert_uint_eq(faults.n, 0);
		scratch_end(&s);
	}
END_TEST

START_TEST(merges_are_looked_at_too)
	{
		struct scratch s;
		struct view_faults faults;

		/* The bad tree is in the merge alone, below a folder that both
		 * parents have. */
		make_old();
		scratch_sh(
		    "cd r.git; b=$(cat b); good=$(cat good); "
		    "d=$(printf '040000 tree %%s\\td\\n' $good | git mktree); "
		    "p=$(echo p | git commit-tree -p old $d); "
		    "q=$(echo q | git commit-tree -p old $d); " TREE(
			"qq(100644 .git\\0$b)") "good=$t; " TREE("qq(40000 "
								 "d\\0$t)") "gi"
									    "t "
									    "up"
									    "da"
									    "te"
									    "-r"
									    "ef"
									    " r"
									    "ef"
									    "s/"
									    "he"
									    "ad"
									    "s/"
									    "ne"
									    "w "
									    "$("
									    "ec"
									    "ho"
									    " m"
									    " |"
									    " g"
									    "it"
									    " c"
									    "om"
									    "mi"
									    "t-"
									    "tr"
									    "ee"
									    " -"
									    "p "
									    "$p"
									    " "
									    "-p"
									    " $"
									    "q "
									    "$t"
									    ")");
		s = scratch_start();
		faults = faults_of(&s, "new ^old");
		ck_assert_uint_eq(faults.n, 1);
		ck_assert_ptr_nonnull(strstr(faults.v[0].text, "'.git'"));
		scratch_end(&s);
	}
END_TEST

START_TEST(old_oddities_are_let_be)
	{
		struct scratch s;
		struct view_faults faults;

		/* 100664 in a folder of old, which new does not touch; an old
		 * tree out of order beside it, which a merge has to read. */
		make_old();
		scratch_sh("cd r.git; b=$(cat b); good=$(cat good); " TREE(
		    "qq(100664 a\\0$b)") "o=$t; good=$o; " TREE("qq(40000 "
								"o\\0${t}"
								"100644 "
								"z\\0$b)") "git"
									   " up"
									   "dat"
									   "e-"
									   "ref"
									   " "
									   "ref"
									   "s/"
									   "hea"
									   "ds/"
									   "odd"
									   " "
									   "$("
									   "ech"
									   "o "
									   "m "
									   "| "
									   "git"
									   " "
									   "com"
									   "mit"
									   "-tr"
									   "ee "
									   "-p "
									   "old"
									   " "
									   "$t)"
									   "; "
									   "t=$"
									   "(pr"
									   "int"
									   "f "
									   "'04"
									   "000"
									   "0 "
									   "tre"
									   "e "
									   "%%"
									   "s\\"
									   "to"
									   "\\n"
									   "100"
									   "755"
									   " bl"
									   "ob "
									   "%%"
									   "s\\"
									   "tz"
									   "\\n"
									   "' "
									   "$o "
									   "$b "
									   "| "
									   "git"
									   " mk"
									   "tre"
									   "e);"
									   " gi"
									   "t "
									   "upd"
									   "ate"
									   "-re"
									   "f "
									   "ref"
									   "s/"
									   "hea"
									   "ds/"
									   "new"
									   " "
									   "$("
									   "ech"
									   "o "
									   "m "
									   "| "
									   "git"
									   " co"
									   "mmi"
									   "t-"
									   "tre"
									   "e "
									   "-p "
									   "odd"
									   " $"
									   "t"
									   ")");
		s = scratch_start();
		faults = faults_of(&s, "new ^odd");
		ck_assert_uint_eq(faults.n, 0);
		scratch_end(&s);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("canon");
	TCase *tcase = unit_case(suite, "tree");

	tcase_add_loop_test(
	    tcase, tree_is_canonical_or_refused, 0, COUNT(trees));
	tcase = unit_case_in_dir(suite, "repository");
	tcase_add_test(tcase, what_fsck_calls_an_error_is_refused);
	tcase_add_loop_test(tcase, ordinary_history_has_no_faults, 0, 2);
	tcase_add_loop_test(
	    tcase, faults_are_found_and_named, 0, COUNT(faulty));
	tcase_add_test(tcase, malformed_commits_are_faults);
	tcase_add_test(tcase, merges_are_looked_at_too);
	tcase_add_test(tcase, old_oddities_are_let_be);
	return unit_main(suite);
}
