#include "judge/patch.h"

#include "git/gitview.h"
#include "record/ledger.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

/*
 * Changes in a real repository: of branches that have no commit in common,
 * each a commit of its own files and another that changes them.
 */
struct made {
	struct repo *repo;
	struct gitview *git;
	struct view view;
};

static void open_view(struct made *made)
{
	struct ledger *ledger;
	struct err err = { 0 };

	made->repo = scratch_open("r");
	made->git = gitview_new(&unit_arena, made->repo, &made->view);
	ck_assert_msg(ledger_open(&unit_arena, made->repo, &ledger, &err) == 0,
	    "%s", err.text);
	ck_assert_msg(ledger_view(ledger, &unit_arena, made->repo, &made->view,
			  &err) == 0,
	    "%s", err.text);
}

static void close_view(struct made *made)
{
	gitview_free(made->git);
	repo_close(made->repo);
}

/* Two commits on a new branch: what `before` makes of an empty folder, and
 * what `change` makes of that.  Neither may be empty. */
static void branch(const char *name, const char *before, const char *change)
{
	scratch_sh(
	    "[ -d r ] || git init -q r; cd r; "
	    "git checkout -q --orphan %s; git rm -qrf --ignore-unmatch .; "
	    "(%s) && git add -A && git commit -qm before --allow-empty; "
	    "(%s) && git add -A && git commit -qm change --allow-empty",
	    name, before, change);
}

static const char *digest_of(const struct made *made, const char *name)
{
	struct policy policy = { .limit_commits = 1000 };
	struct push push = { 0 };
	struct ref_verdict ref = { .ref = "refs/heads/x" };
	struct gate_facts facts = { .arena = &unit_arena,
		.policy = &policy,
		.push = &push,
		.view = &made->view,
		.ref = &ref };
	const char *digest;
	struct err err = { 0 };

	facts.candidate = scratch_oid("r", name);
	facts.before = scratch_oid("r", arena_printf(&unit_arena, "%s^", name));
	ref.old = facts.before;
	ref.new = facts.candidate;
	facts_init(&facts);
	ck_assert_msg(patch_digest(&facts, &digest, &err) == 0, "%s", err.text);
	return digest;
}

#define F "seq 20 >f"
#define FIVE "sed -i 's/^5$/five/' f"

static const struct {
	const char *what, *before, *change, *before2, *change2;
	bool same;
} pairs[] = {
	{ "the same", F, FIVE, F, FIVE, true },
	{ "other files about", F, FIVE, F "; echo g >g", FIVE, true },
	{ "further down", F, FIVE, "(seq -9 20) >f", FIVE, true },
	{ "other lines below", F, FIVE, "seq 9 >f; echo z >>f", FIVE, true },
	{ "white space", F, FIVE, F, "sed -i 's/^5$/ five/' f", false },
	{ "white space at the end", F, FIVE, F, "sed -i 's/^5$/five /' f",
	    false },
	{ "a tab", F, "sed -i 's/^5$/a b/' f", F, "sed -i 's/^5$/a\\tb/' f",
	    false },
	{ "a blank line", F, FIVE, F, FIVE "; sed -i '5a\\\\' f", false },
	{ "the line before it", F, FIVE, "seq 20 | sed 's/^5$/V/' >f",
	    "sed -i 's/^V$/five/' f", false },
	{ "the third line of context", F, FIVE, "seq 20 | sed 's/^2$/two/' >f",
	    FIVE, false },
	{ "the fourth", F, FIVE, "seq 20 | sed 's/^1$/one/' >f", FIVE, true },
	{ "context at the end of the file", F, FIVE, "seq 7 >f", FIVE, false },
	{ "another path", F, FIVE, "seq 20 >g", "sed -i 's/^5$/five/' g",
	    false },
	{ "a change elsewhere too", F, FIVE, F, FIVE "; echo g >g", false },
	{ "an empty file elsewhere too", F, FIVE, F, FIVE "; >g", false },
	{ "executable now", F, FIVE, F, FIVE "; chmod +x f", false },
	{ "executable before and after", F, FIVE, F "; chmod +x f", FIVE,
	    false },
	{ "only the mode", F, "chmod +x f", F, "chmod +x f", true },
	{ "the mode back", F, "chmod +x f", F "; chmod +x f", "chmod -x f",
	    false },
	{ "only the mode, of other contents", F, "chmod +x f", "seq 3 >f",
	    "chmod +x f", true },
	{ "a rename is all of it", F, "mv f g", F, "mv f g", true },
	{ "a rename of other contents", F, "mv f g", "seq 21 >f", "mv f g",
	    false },
	{ "gone and gone with other contents", F "; echo g >g", "rm g",
	    F "; echo h >g", "rm g", false },
	{ "new and changed", "echo x >x", "echo a >f", "echo x >x; >f",
	    "echo a >f", false },
	{ "the other way", F, FIVE, F "; sed -i 's/^5$/five/' f",
	    "sed -i 's/^five$/5/' f", false },
	{ "no line end", "printf 'a\\nb\\n' >f", "printf 'a\\nc\\n' >f",
	    "printf 'a\\nb\\n' >f", "printf 'a\\nc' >f", false },
	{ "no line end before", "printf 'a\\nb\\n' >f", "printf 'a\\nc\\n' >f",
	    "printf 'a\\nb' >f", "printf 'a\\nc\\n' >f", false },
	{ "no line end in the context", "printf 'a\\nb\\n' >f",
	    "printf 'c\\nb\\n' >f", "printf 'a\\nb' >f", "printf 'c\\nb' >f",
	    false },
	{ "binary", "printf 'a\\0' >f", "printf 'b\\0' >f", "printf 'a\\0' >f",
	    "printf 'b\\0' >f", true },
	{ "binary, another before", "printf 'a\\0' >f", "printf 'b\\0' >f",
	    "printf 'c\\0' >f", "printf 'b\\0' >f", false },
	{ "binary, its lines alone would be the same",
	    "(printf '\\0'; seq 20) >f", FIVE, "(printf '\\0\\n'; seq 20) >f",
	    FIVE, false },
	{ "a link", "ln -s a l", "ln -sf b l", "ln -s a l", "ln -sf b l",
	    true },
	{ "a link to elsewhere", "ln -s a l", "ln -sf b l", "ln -s a l",
	    "ln -sf c l", false },
	{ "a link and a file with its text", "echo x >x", "ln -s a l",
	    "echo x >x", "printf a >l", false },
	{ "a file becomes a link", "printf a >l", "ln -sf a l", "printf a >l",
	    "ln -sf a l", true },
	{ "a link where there was another file", "printf a >l", "ln -sf a l",
	    "printf b >l", "ln -sf a l", false },
	{ "lines of one file in two", "echo x >x",
	    "printf '1\\n' >a; printf '2\\n' >b", "echo x >x",
	    "printf '1\\n2\\n' >a; >b", false },
	{ "a text that looks like an element", "echo x >x",
	    "printf '+1\\n' >a; printf '2\\n' >b", "echo x >x",
	    "printf '1\\n' >a; printf '2\\n' >b", false },
};

START_TEST(changes_are_compared)
	{
		struct made made = { 0 };
		const char *one, *two;

		branch("one", pairs[_i].before, pairs[_i].change);
		branch("two", pairs[_i].before2, pairs[_i].change2);
		open_view(&made);
		one = digest_of(&made, "one");
		two = digest_of(&made, "two");
		ck_assert_msg(one && two, "%s: empty", pairs[_i].what);
		ck_assert_uint_eq(strlen(one), 40);
		ck_assert_msg((strcmp(one, two) == 0) == pairs[_i].same, "%s",
		    pairs[_i].what);
		close_view(&made);
	}
END_TEST

START_TEST(an_empty_change_has_none)
	{
		struct made made = { 0 };

		branch("one", F, "true");
		open_view(&made);
		ck_assert_ptr_null(digest_of(&made, "one"));
		close_view(&made);
	}
END_TEST

START_TEST(submodules_are_compared_by_id)
	{
		static const char one[] =
		    "1111111111111111111111111111111111111111";
		static const char two[] =
		    "2222222222222222222222222222222222222222";
		struct made made = { 0 };
		const char *same, *other;

		scratch_sh("git init -q r; cd r; "
			   "git commit -q --allow-empty -m before; "
			   "git update-index --add --cacheinfo 160000,%s,s; "
			   "git commit -qm one; git branch one; "
			   "git reset -q --hard HEAD^; "
			   "git update-index --add --cacheinfo 160000,%s,s; "
			   "git commit -qm two; git branch two; "
			   "git reset -q --hard HEAD^; "
			   "git update-index --add --cacheinfo 160000,%s,s; "
			   "git commit -qm again; git branch again",
		    one, two, one);
		open_view(&made);
		same = digest_of(&made, "one");
		other = digest_of(&made, "two");
		ck_assert_str_ne(same, other);
		ck_assert_str_eq(same, digest_of(&made, "again"));
		close_view(&made);
	}
END_TEST

/* The digests lie in ledgers: what is hashed must never be another thing. */
START_TEST(a_digest_stays_what_it_is)
	{
		struct made made = { 0 };

		branch("one", F "; printf 'a\\0' >b; ln -s x l",
		    FIVE "; printf 'b\\0' >b; ln -sf y l; printf z >n");
		open_view(&made);
		ck_assert_str_eq(digest_of(&made, "one"),
		    "2b9fd3adcf124e61ade6ffe758cc4beac36d36c0");
		close_view(&made);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("patch");
	TCase *tcase = unit_case_in_dir(suite, "patch");

	tcase_add_loop_test(tcase, changes_are_compared, 0, COUNT(pairs));
	tcase_add_test(tcase, an_empty_change_has_none);
	tcase_add_test(tcase, submodules_are_compared_by_id);
	tcase_add_test(tcase, a_digest_stays_what_it_is);
	return unit_main(suite);
}
