#include "git/checkout.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratchrepo.h"
#include "support/unit.h"

/* ---- links ------------------------------------------------------------ */

/* All of a tree, and those of them that stay inside. */
static const struct {
	const char *links; /* PATH>TARGET, with blanks between */
	const char *stay;
} trees[] = {
	{ "a>b", "a" },
	{ "a>.", "a" },
	{ "a>b/../c/./d//e/", "a" },
	{ "a>..", "" },
	{ "a>../", "" },
	{ "a>/", "" },
	{ "a>/etc/passwd", "" },
	{ "a>b/../..", "" },
	{ "a>./.././b", "" },
	{ "d/a>..", "d/a" },
	{ "d/a>../..", "" },
	{ "d/e/a>../../x", "d/e/a" },
	{ "d/e/a>../../../x", "" },
	{ "d/e/a>../../../x/y", "" },
	/* by way of others */
	{ "a>b/.. b>d/e", "a b" },
	{ "a>b/../.. b>d/e", "a b" },
	{ "a>b/../../.. b>d/e", "b" },
	{ "d/top>.. a>d/top/..", "d/top" },
	{ "d/top>.. a>d/top/../x", "d/top" },
	{ "d/top>.. a>d/top/x", "a d/top" },
	{ "d/top>.. e/f>../d/top/../secret", "d/top" },
	{ "a>b b>c c>/etc", "" },
	{ "a>b b>c c>d", "a b c" },
	{ "a>b/x b>..", "" },
	/* what is not there may come */
	{ "a>nothing/..", "a" },
	{ "a>nothing/../..", "" },
	{ "b>nothing/.. a>b/..", "b" },
	/* loops */
	{ "a>a", "" },
	{ "a>b b>a", "" },
	{ "a>b/x b>a/x", "" },
	{ "a>x/a", "a" },
	/* names that are like others */
	{ "a>ab/.. ab>x/y", "a ab" },
	{ "a>... ..b>c a/b>..b", "..b a/b a" },
};

static void read_links(const char *text, struct checkout_links *ret)
{
	while (*text) {
		size_t len = strcspn(text, " ");
		const char *to = memchr(text, '>', len);

		ck_assert_ptr_nonnull(to);
		ARRAY_PUSH(&unit_arena, ret,
		    (struct checkout_link){
			arena_strndup(&unit_arena, text, (size_t)(to - text)),
			arena_strndup(&unit_arena, to + 1,
			    (size_t)(text + len - to - 1)) });
		text += len + (text[len] == ' ');
	}
	checkout_links_sort(ret);
}

START_TEST(links_stay_or_lead_out)
	{
		struct checkout_links links = { NULL, 0, 0 };
		struct checkout_links want = { NULL, 0, 0 };
		const char *stay = "", *wanted = "";
		const char *text = "";

		read_links(trees[_i].links, &links);
		for (const char *p = trees[_i].stay; *p;) {
			size_t len = strcspn(p, " ");

			text = arena_printf(&unit_arena, "%s%s%.*s>x", text,
			    *text ? " " : "", (int)len, p);
			p += len + (p[len] == ' ');
		}
		read_links(text, &want);
		for (size_t i = 0; i < want.n; i++)
			wanted = arena_printf(
			    &unit_arena, "%s %s", wanted, want.v[i].path);
		for (size_t i = 0; i < links.n; i++)
			if (checkout_link_stays(&links, &links.v[i]))
				stay = arena_printf(&unit_arena, "%s %s", stay,
				    links.v[i].path);
		ck_assert_msg(strcmp(stay, wanted) == 0,
		    "of '%s' stay%s, not%s", trees[_i].links, stay, wanted);
	}
END_TEST

/* The same question to the kernel, for links made at random among folders that
 * are all there. */
#define ROUNDS 100
#define LINKS 8

static const char *random_target(unsigned *seed)
{
	static const char *const parts[] = { "..", "..", "d", "d/e", ".", "l0",
		"l1", "l2", "d/l3", "d/l4", "d/e/l5", "d/e/l6" };
	const char *text = "";
	unsigned n = 1 + scratch_dice(seed, 4);

	for (unsigned i = 0; i < n; i++)
		text = arena_printf(&unit_arena, "%s%s%s", text, i ? "/" : "",
		    parts[scratch_dice(seed, COUNT(parts))]);
	return text;
}

START_TEST(links_that_stay_resolve_inside)
	{
		static const char *const names[LINKS] = { "l0", "l1", "l2",
			"d/l3", "d/l4", "d/e/l5", "d/e/l6", "d/e/l7" };
		unsigned seed = 7;
		size_t stayed = 0, led = 0;

		for (int round = 0; round < ROUNDS; round++) {
			struct checkout_links links = { NULL, 0, 0 };
			const char *script = "rm -rf top && mkdir -p top/d/e";
			const char *found;

			for (int i = 0; i < LINKS; i++)
				ARRAY_PUSH(&unit_arena, &links,
				    (struct checkout_link){
					names[i], random_target(&seed) });
			checkout_links_sort(&links);
			for (size_t i = 0; i < links.n; i++)
				if (checkout_link_stays(&links, &links.v[i])) {
					stayed++;
					script = arena_printf(&unit_arena,
					    "%s && ln -s '%s' top/%s", script,
					    links.v[i].target, links.v[i].path);
				} else {
					led++;
				}
			/* readlink -m: what is missing counts as there. */
			found = scratch_sh("%s; top=$(cd top && pwd -P); "
					   "find top -type l | xargs -r "
					   "readlink -m | grep -v -e \"^$top$\""
					   " -e \"^$top/\" | wc -l",
			    script);
			ck_assert_str_eq(found, "0");
		}
		/* Neither all nor nothing. */
		ck_assert_uint_gt(stayed, ROUNDS);
		ck_assert_uint_gt(led, ROUNDS);
	}
END_TEST

START_TEST(links_that_grow_come_to_an_end)
	{
		struct checkout_links links = { NULL, 0, 0 };
		char target[4096];

		/* Each step would make the way twice as long. */
		memset(target, 0, sizeof(target));
		for (size_t i = 0; i + 3 < sizeof(target); i += 2)
			memcpy(target + i, "b/", 2);
		ARRAY_PUSH(
		    &unit_arena, &links, (struct checkout_link){ "a", target });
		ARRAY_PUSH(&unit_arena, &links,
		    (struct checkout_link){ "b", "c/../c/../c/.." });
		ARRAY_PUSH(&unit_arena, &links,
		    (struct checkout_link){ "c", "b/b/b/b" });
		checkout_links_sort(&links);
		for (size_t i = 0; i < links.n; i++)
			ck_assert(!checkout_link_stays(&links, &links.v[i]));
	}
END_TEST

/* ---- trees ------------------------------------------------------------ */

static int write_tree(const char *revision, const struct view_files *only,
    struct checkout_left *left, struct err *err)
{
	struct repo *repo = scratch_open("r.git");
	struct oid tree = scratch_oid(
	    "r.git", arena_printf(&unit_arena, "%s^{tree}", revision));
	struct checkout checkout = { .tree = &tree, .only = only };
	int fd, status;

	ck_assert_int_eq(mkdir("out", 0755), 0);
	fd = open("out", O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	umask(077);
	status = checkout_write(repo, &unit_arena, &checkout, fd, left, err);
	umask(022);
	close(fd);
	repo_close(repo);
	return status;
}

static void make_repository(const char *script)
{
	scratch_sh("git init -q --bare r.git && git init -q w && cd w && "
		   "git config core.autocrlf true && { %s; } && "
		   "git add -A && git commit -q -m c && "
		   "git push -q ../r.git HEAD:refs/heads/m",
	    script);
}

START_TEST(checkout_writes_what_was_committed)
	{
		struct checkout_left left;
		struct err err;

		make_repository(
		    "mkdir -p a/b 'c d' && printf 'x\\n' >a/b/f && "
		    "printf 'y\\000z' >a/bin && printf '#!\\n' >run && "
		    "chmod 755 run && ln -s b/f a/link && : >'c d/e f' && "
		    "echo '* text eol=crlf ident' >.gitattributes");
		ck_assert_msg(
		    write_tree("m", NULL, &left, &err) == 0, "%s", err.text);
		ck_assert_uint_eq(left.n, 0);
		ck_assert_str_eq(
		    scratch_sh("cd out && find . ! -type d -printf "
			       "'%%P %%y %%m %%s %%l\\n' | LC_ALL=C sort"),
		    ".gitattributes f 644 22 \n"
		    "a/b/f f 644 2 \n"
		    "a/bin f 644 3 \n"
		    "a/link l 777 3 b/f\n"
		    "c d/e f f 644 0 \n"
		    "run f 755 3 ");
		ck_assert_str_eq(scratch_sh("stat -c %%a out/a/b"), "755");
	}
END_TEST

START_TEST(checkout_writes_a_tree_as_git_does)
	{
		struct checkout_left left;
		struct err err;

		scratch_random("r.git", 30, 11, DATES_HONEST);
		ck_assert_int_eq(write_tree("c29", NULL, &left, &err), 0);
		ck_assert_str_eq(
		    scratch_sh("mkdir want && git -C r.git archive c29 | "
			       "tar -C want -xf - && diff -r --no-dereference "
			       "want out && "
			       "find out -type f | wc -l | grep -v '^0$' "
			       ">/dev/null && echo same"),
		    "same");
	}
END_TEST

START_TEST(checkout_leaves_out_links_that_lead_out)
	{
		struct checkout_left left;
		struct err err;

		make_repository("mkdir d && ln -s /etc/passwd abs && "
				"ln -s .. d/top && ln -s d/top/../x chain && "
				"ln -s d good && : >d/f");
		ck_assert_int_eq(write_tree("m", NULL, &left, &err), 0);
		ck_assert_uint_eq(left.n, 2);
		ck_assert_str_eq(left.first, "abs");
		ck_assert_str_eq(
		    scratch_sh("cd out && find . -type l | LC_ALL=C sort"),
		    "./d/top\n./good");
	}
END_TEST

START_TEST(checkout_makes_a_submodule_an_empty_folder)
	{
		struct checkout_left left;
		struct err err;

		make_repository(
		    "mkdir -p d/sub && git update-index --add --cacheinfo "
		    "160000,1111111111111111111111111111111111111111"
		    ",d/sub");
		ck_assert_msg(
		    write_tree("m", NULL, &left, &err) == 0, "%s", err.text);
		ck_assert_str_eq(
		    scratch_sh("find out -mindepth 1 -printf '%%P %%y\\n' | "
			       "sort"),
		    "d d\nd/sub d");
	}
END_TEST

START_TEST(checkout_writes_only_what_it_is_told)
	{
		struct view_files only = { NULL, 0, 0 };
		struct view_file file = { "a/f", { 0100755, { { 0 } } } };
		struct checkout_left left;
		struct err err;

		make_repository("mkdir a && echo 1 >a/f && echo 2 >a/g");
		file.entry.oid = scratch_oid("r.git", "m:a/f");
		ARRAY_PUSH(&unit_arena, &only, file);
		ck_assert_int_eq(write_tree("m", &only, &left, &err), 0);
		ck_assert_str_eq(
		    scratch_sh("find out ! -type d -printf '%%P %%m\\n'"),
		    "a/f 755");
	}
END_TEST

/* Trees that git itself would not make. */
static const struct {
	const char *name;
	const char *says;
} unsafe[] = {
	{ "..", "no path that is written" },
	{ ".", "no path that is written" },
	{ ".git", "no path that is written" },
	{ ".GiT", "no path that is written" },
	{ "a/../../x", "no path that is written" },
	{ "a//b", "no path that is written" },
	{ "/x", "no path that is written" },
	{ "x/.git/config", "no path that is written" },
	{ "", "no path that is written" },
};

START_TEST(checkout_refuses_names_that_are_none)
	{
		struct view_files only = { NULL, 0, 0 };
		struct view_file file = { unsafe[_i].name,
			{ 0100644, { { 0 } } } };
		struct checkout_left left;
		struct err err;

		make_repository("echo 1 >f");
		file.entry.oid = scratch_oid("r.git", "m:f");
		ARRAY_PUSH(&unit_arena, &only, file);
		ck_assert_int_eq(write_tree("m", &only, &left, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, unsafe[_i].says));
		ck_assert_str_eq(
		    scratch_sh("find . -name x -o -path './out/*'"), "");
	}
END_TEST

START_TEST(checkout_never_writes_through_what_is_there)
	{
		struct view_files only = { NULL, 0, 0 };
		struct view_file file = { "a/f", { 0100644, { { 0 } } } };
		struct repo *repo;
		struct checkout checkout = { .only = &only };
		struct checkout_left left;
		struct err err;
		int fd;

		make_repository("mkdir a && echo 1 >a/f");
		file.entry.oid = scratch_oid("r.git", "m:a/f");
		ARRAY_PUSH(&unit_arena, &only, file);
		repo = scratch_open("r.git");
		scratch_sh("mkdir out elsewhere && ln -s ../elsewhere out/a");
		fd = open("out", O_RDONLY | O_DIRECTORY);
		ck_assert_int_eq(checkout_write(repo, &unit_arena, &checkout,
				     fd, &left, &err),
		    -1);
		scratch_sh("rm out/a && mkdir out/a && "
			   "ln -s ../../elsewhere/f out/a/f");
		ck_assert_int_eq(checkout_write(repo, &unit_arena, &checkout,
				     fd, &left, &err),
		    -1);
		ck_assert_str_eq(scratch_sh("ls elsewhere"), "");
		close(fd);
		repo_close(repo);
	}
END_TEST

START_TEST(checkout_wants_every_object)
	{
		struct checkout_left left;
		struct err err;

		make_repository("echo gone >f && echo there >g");
		scratch_sh("cd r.git && o=$(git rev-parse m:f) && "
			   "rm -f objects/$(echo $o | cut -c1-2)/"
			   "$(echo $o | cut -c3-)");
		ck_assert_int_eq(write_tree("m", NULL, &left, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, "f"));
	}
END_TEST

static bool at_once(void *ctx)
{
	(void)ctx;
	return true;
}

START_TEST(checkout_ends_when_time_is_over)
	{
		struct repo *repo;
		struct oid tree;
		struct checkout checkout = { .tree = &tree,
			.expired = at_once };
		struct checkout_left left;
		struct err err;
		int fd;

		make_repository("echo 1 >f");
		repo = scratch_open("r.git");
		tree = scratch_oid("r.git", "m^{tree}");
		ck_assert_int_eq(mkdir("out", 0755), 0);
		fd = open("out", O_RDONLY | O_DIRECTORY);
		ck_assert_int_eq(checkout_write(repo, &unit_arena, &checkout,
				     fd, &left, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		close(fd);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("checkout");
	TCase *links = unit_case_in_dir(suite, "links");
	TCase *trees_case = unit_case_in_dir(suite, "trees");

	tcase_set_timeout(links, 120);
	tcase_add_loop_test(links, links_stay_or_lead_out, 0, COUNT(trees));
	tcase_add_test(links, links_that_stay_resolve_inside);
	tcase_add_test(links, links_that_grow_come_to_an_end);
	tcase_set_timeout(trees_case, 120);
	tcase_add_test(trees_case, checkout_writes_what_was_committed);
	tcase_add_test(trees_case, checkout_writes_a_tree_as_git_does);
	tcase_add_test(trees_case, checkout_leaves_out_links_that_lead_out);
	tcase_add_test(trees_case, checkout_makes_a_submodule_an_empty_folder);
	tcase_add_test(trees_case, checkout_writes_only_what_it_is_told);
	tcase_add_loop_test(
	    trees_case, checkout_refuses_names_that_are_none, 0, COUNT(unsafe));
	tcase_add_test(trees_case, checkout_never_writes_through_what_is_there);
	tcase_add_test(trees_case, checkout_wants_every_object);
	tcase_add_test(trees_case, checkout_ends_when_time_is_over);
	return unit_main(suite);
}
