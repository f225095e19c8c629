#include "judge/refname.h"

#include <string.h>

#include "gates/gate.h"
#include "policy/load.h"
#include "support/unit.h"

static const char head[] = "flow: f\n"
			   "version: 1.0.0\n"
			   "roles: {all: ['*']}\n"
			   "host_refs: [refs/pull/*/head]\n";
static const char stages[] =
    "stages:\n"
    "- {name: dev, refs: ['refs/heads/feature/**', 'refs/heads/JIRA-*'],\n"
    "   push: all}\n"
    "- {name: staging, refs: [refs/heads/staging, 'refs/heads/ring/*'],\n"
    "   push: all}\n"
    "- {name: live, refs: [refs/heads/main, refs/heads/release/main],\n"
    "   push: all, tags: ['refs/tags/v*']}\n";

static struct policy *load(const char *more)
{
	const char *text = arena_printf(
	    &unit_arena, "%s%s%s", head, more, stages);
	struct policy *policy;
	struct diags diags;

	diags_init(&diags, &unit_arena);
	policy = policy_parse(
	    &unit_arena, "policy.yml", text, strlen(text), &gate_forms, &diags);
	ck_assert_msg(policy != NULL, "%s", diags.n ? diags.v[0].text : "?");
	return policy;
}

static bool ask(const struct policy *policy, const char *name,
    struct ref_verdict *ref, enum ref_kind *kind)
{
	*ref = (struct ref_verdict){
		.ref = name, .shown = name, .refused = true, .stage_name = "-"
	};
	return refname_judge(
	    &unit_arena, refname_index(&unit_arena, policy), ref, kind);
}

/* ---- what git says ------------------------------------------------------ */

static const struct {
	const char *name;
	bool valid;
} names[] = {
	{ "refs/heads/main", true },
	{ "refs/heads/a/b.c-d_e", true },
	{ "refs/heads/-x", true },
	{ "refs/heads/@", true },
	{ "refs/heads/a@b", true },
	{ "refs/heads/\xc3\xa9", true },
	{ "refs/heads/lock", true },
	{ "refs/heads/a.lockx", true },
	{ "main", false },
	{ "", false },
	{ "/", false },
	{ "refs/heads/", false },
	{ "/refs/heads/x", false },
	{ "refs//heads", false },
	{ "refs/heads/.x", false },
	{ "refs/heads/x.", false },
	{ "refs/heads/x..y", false },
	{ "refs/../x", false },
	{ "refs/heads/x.lock", false },
	{ "refs/heads/x.lock/y", false },
	{ "refs/heads/a b", false },
	{ "refs/heads/a~1", false },
	{ "refs/heads/a^", false },
	{ "refs/heads/a:b", false },
	{ "refs/heads/a?", false },
	{ "refs/heads/a*", false },
	{ "refs/heads/a[b", false },
	{ "refs/heads/a\\b", false },
	{ "refs/heads/a@{b", false },
	{ "refs/heads/a\x7f", false },
	{ "refs/heads/a\x01", false },
	{ "refs/heads/a\nb", false },
};

START_TEST(refname_is_valid_as_git_has_it)
	{
		ck_assert_msg(
		    refname_is_valid(names[_i].name) == names[_i].valid, "%s",
		    names[_i].name);
	}
END_TEST

/* ---- never -------------------------------------------------------------- */

static const struct {
	const char *name;
	enum code code;
	const char *said;
} refused[] = {
	/* forms */
	{ "refs/heads/feature/a b", CODE_REF_DENIED, "blank" },
	{ "refs/heads/feature/a\tb", CODE_REF_DENIED, "blank" },
	{ "refs/heads/feature/a\xc2\xa0z", CODE_REF_DENIED, "blank" },
	{ "refs/heads/feature/\x1b[31m", CODE_REF_DENIED, "control" },
	{ "refs/heads/feature/\xff", CODE_REF_DENIED, "UTF-8" },
	{ "refs/heads/feature/\xc0\xaf", CODE_REF_DENIED, "UTF-8" },
	{ "refs/heads/feature/\xe2\x80\xaex", CODE_REF_DENIED, "seen" },
	{ "refs/heads/feature/a\xe2\x80\x8b", CODE_REF_DENIED, "seen" },
	{ "refs/heads/feature/a..b", CODE_REF_DENIED, "git" },
	{ "refs/heads/feature/", CODE_REF_DENIED, "git" },
	{ "HEAD", CODE_REF_DENIED, "git" },
	{ "../../etc/passwd", CODE_REF_DENIED, "git" },
	/* places */
	{ "refs/foo", CODE_REF_DENIED, "refs/heads/" },
	{ "refs/bisect/bad", CODE_REF_DENIED, "refs/heads/" },
	{ "refs/worktree/x", CODE_REF_DENIED, "refs/heads/" },
	{ "refs/pull/1/merge", CODE_REF_DENIED, "refs/heads/" },
	{ "refs/Heads/feature/x", CODE_REF_DENIED, "refs/heads/" },
	{ "refs/stagegate/kept/x", CODE_REF_RESERVED, "stagegate" },
	{ "refs/stagegate", CODE_REF_RESERVED, "stagegate" },
	{ "refs/Stagegate/x", CODE_REF_RESERVED, "stagegate" },
	{ "refs/notes/stagegate", CODE_REF_RESERVED, "ledger" },
	{ "refs/notes/StageGate", CODE_REF_RESERVED, "ledger" },
	{ "refs/notes/stagegate/x", CODE_REF_RESERVED, "ledger" },
	{ "refs/replace/" /* 40 digits */
	  "1111111111111111111111111111111111111111",
	    CODE_REF_RESERVED, "refs/replace" },
	{ "refs/namespaces/ns/refs/heads/main", CODE_REF_RESERVED,
	    "refs/namespaces" },
	{ "refs/tags/evidence/tests/x", CODE_REF_RESERVED, "statements" },
	{ "refs/tags/Evidence/tests/x", CODE_REF_RESERVED, "statements" },
	/* what git reads otherwise */
	{ "refs/heads/HEAD", CODE_REF_RESERVED, "HEAD" },
	{ "refs/heads/Head", CODE_REF_RESERVED, "HEAD" },
	{ "refs/heads/1111111111111111111111111111111111111111",
	    CODE_REF_RESERVED, "object id" },
	{ "refs/heads/ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD",
	    CODE_REF_RESERVED, "object id" },
	{ "refs/heads/11111111111111111111111111111111"
	  "11111111111111111111111111111111",
	    CODE_REF_RESERVED, "object id" },
	{ "refs/heads/refs/heads/main", CODE_REF_RESERVED, "full name" },
	/* look-alikes */
	{ "refs/heads/Main", CODE_REF_RESERVED, "refs/heads/main of live" },
	{ "refs/heads/ma\xc4\xb1n", CODE_REF_RESERVED, "taken for" },
	{ "refs/heads/m\xd0\xb0in", CODE_REF_RESERVED, "taken for" },
	{ "refs/heads/RING/x", CODE_REF_RESERVED, "refs/heads/ring/*" },
	{ "refs/heads/Feature/x", CODE_REF_RESERVED, "of dev" },
	{ "refs/heads/jira-12", CODE_REF_RESERVED, "refs/heads/JIRA-*" },
	{ "refs/tags/V1", CODE_REF_RESERVED, "refs/tags/v*" },
	/* a folder and a file */
	{ "refs/heads/main/x", CODE_REF_RESERVED, "both" },
	{ "refs/heads/Main/x", CODE_REF_RESERVED, "both" },
	{ "refs/heads/release", CODE_REF_RESERVED, "both" },
	{ "refs/heads/feature", CODE_REF_RESERVED, "both" },
	{ "refs/heads/ring", CODE_REF_RESERVED, "both" },
	/* ASCII */
	{ "refs/heads/ring/\xc3\xa9", CODE_REF_DENIED, "ASCII" },
	{ "refs/tags/v\xc3\xa9", CODE_REF_DENIED, "ASCII" },
	{ "refs/evidence/tests/\xc3\xa9/1", CODE_REF_DENIED, "ASCII" },
};

START_TEST(refname_is_refused_whatever_the_policy_says)
	{
		const char *const policies[] = { "other_refs: allow\n",
			"status: draft\nother_refs: allow\n", "" };

		for (size_t i = 0; i < 3; i++) {
			struct ref_verdict ref;
			enum ref_kind kind;

			ck_assert(!ask(
			    load(policies[i]), refused[_i].name, &ref, &kind));
			ck_assert_uint_eq(ref.findings.n, 1);
			ck_assert(!ref.findings.v[0].warns);
			ck_assert_str_eq(code_text(ref.findings.v[0].code),
			    code_text(refused[_i].code));
			ck_assert_msg(strstr(ref.findings.v[0].text,
					  refused[_i].said) != NULL,
			    "%s: %s", refused[_i].name, ref.findings.v[0].text);
		}
	}
END_TEST

static const struct {
	const char *name;
	enum ref_kind kind;
	const char *stage;
} allowed[] = {
	{ "refs/heads/main", REF_STAGE, "live" },
	{ "refs/heads/release/main", REF_STAGE, "live" },
	{ "refs/heads/ring/1", REF_STAGE, "staging" },
	{ "refs/heads/feature/Main", REF_STAGE, "dev" },
	{ "refs/heads/feature/\xc3\xa9t\xc3\xa9", REF_STAGE, "dev" },
	{ "refs/heads/feature/head", REF_STAGE, "dev" },
	{ "refs/heads/JIRA-12", REF_STAGE, "dev" },
	{ "refs/tags/v1.0", REF_STAGE_TAG, "-" },
	{ "refs/pull/12/head", REF_HOST, "-" },
	{ "refs/evidence/tests/x/1", REF_EVIDENCE, "evidence" },
	{ "refs/heads/wip", REF_OTHER, "-" },
	{ "refs/heads/deadbeef", REF_OTHER, "-" },
	{ "refs/heads/mainline", REF_OTHER, "-" },
	{ "refs/heads/-x", REF_OTHER, "-" },
	{ "refs/heads/\xd0\x96", REF_OTHER, "-" },
	{ "refs/tags/1111111111111111111111111111111111111111", REF_OTHER,
	    "-" },
	{ "refs/tags/evidence", REF_OTHER, "-" },
	{ "refs/notes/commits", REF_OTHER, "-" },
};

START_TEST(refname_tells_what_kind_of_ref_it_is)
	{
		struct ref_verdict ref;
		enum ref_kind kind;

		ck_assert_msg(ask(load("other_refs: allow\n"), allowed[_i].name,
				  &ref, &kind),
		    "%s: %s", allowed[_i].name,
		    ref.findings.n ? ref.findings.v[0].text : "?");
		ck_assert_int_eq(kind, allowed[_i].kind);
		ck_assert_uint_eq(ref.findings.n, 0);
		ck_assert_str_eq(ref.stage_name, allowed[_i].stage);
		ck_assert((ref.stage != NULL) == (kind == REF_STAGE));
	}
END_TEST

START_TEST(refname_of_no_stage_is_told_which_there_are)
	{
		struct ref_verdict ref;
		enum ref_kind kind;
		const struct finding *finding = NULL;

		ck_assert(!ask(load(""), "refs/heads/wip", &ref, &kind));
		ck_assert_uint_eq(ref.findings.n, 1);
		finding = &ref.findings.v[0];
		ck_assert_int_eq(finding->code, CODE_REF_DENIED);
		ck_assert_str_eq(
		    finding->text, "this flow has no stage for it");
		ck_assert_uint_eq(finding->hints.n, 3);
		ck_assert_str_eq(finding->hints.v[0],
		    "dev takes refs/heads/feature/**, refs/heads/JIRA-*");
		/* A draft only says so. */
		ck_assert(ask(
		    load("status: draft\n"), "refs/heads/wip", &ref, &kind));
		ck_assert_uint_eq(ref.findings.n, 1);
		ck_assert(ref.findings.v[0].warns);
	}
END_TEST

START_TEST(refname_of_a_statement_left_as_a_tag_gets_a_command)
	{
		struct ref_verdict ref;
		enum ref_kind kind;

		ask(load(""), "refs/tags/evidence/tests/12", &ref, &kind);
		ck_assert_uint_eq(ref.findings.v[0].commands.n, 1);
		ck_assert_str_eq(ref.findings.v[0].commands.v[0],
		    "git push origin refs/tags/evidence/tests/12:"
		    "refs/evidence/tests/12/$(date +%s)-$$ && "
		    "git tag -d evidence/tests/12");
		/* Never what a shell would run. */
		ask(load(""), "refs/tags/evidence/$(id)/12", &ref, &kind);
		ck_assert_uint_eq(ref.findings.v[0].commands.n, 0);
	}
END_TEST

/* ---- twice in one push -------------------------------------------------- */

static size_t duplicates(
    const char *const *refs, const char *const *resolved, size_t n)
{
	struct ref_verdict list[4] = { { .ref = NULL } };
	struct verdict verdict = { .refs = list, .nrefs = n };
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		list[i].ref = list[i].shown = refs[i];
		list[i].resolved = resolved ? resolved[i] : NULL;
	}
	refname_duplicates(&unit_arena, &verdict);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_le(list[i].findings.n, 1);
		if (list[i].findings.n == 0)
			continue;
		ck_assert_int_eq(
		    list[i].findings.v[0].code, CODE_REF_DUPLICATE);
		found++;
	}
	return found;
}

START_TEST(refname_twice_in_a_push_is_seen)
	{
		const char *const none[] = { "refs/heads/a", "refs/heads/b" };
		const char *const same[] = { "refs/heads/a", "refs/heads/b",
			"refs/heads/a", "refs/heads/a" };
		const char *const folded[] = { "refs/heads/Main",
			"refs/heads/x", "refs/heads/main" };
		const char *const alias[] = { "refs/heads/alias",
			"refs/heads/main" };
		const char *const target[] = { "refs/heads/main", NULL };

		ck_assert_uint_eq(duplicates(none, NULL, 0), 0);
		ck_assert_uint_eq(duplicates(none, NULL, 1), 0);
		ck_assert_uint_eq(duplicates(none, NULL, 2), 0);
		ck_assert_uint_eq(duplicates(same, NULL, 4), 3);
		ck_assert_uint_eq(duplicates(folded, NULL, 3), 2);
		ck_assert_uint_eq(duplicates(alias, target, 2), 2);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refname");
	TCase *tcase = unit_case(suite, "form");

	tcase_add_loop_test(
	    tcase, refname_is_valid_as_git_has_it, 0, COUNT(names));
	tcase = unit_case(suite, "rules");
	tcase_add_loop_test(tcase, refname_is_refused_whatever_the_policy_says,
	    0, COUNT(refused));
	tcase_add_loop_test(
	    tcase, refname_tells_what_kind_of_ref_it_is, 0, COUNT(allowed));
	tcase_add_test(tcase, refname_of_no_stage_is_told_which_there_are);
	tcase_add_test(
	    tcase, refname_of_a_statement_left_as_a_tag_gets_a_command);
	tcase = unit_case(suite, "duplicates");
	tcase_add_test(tcase, refname_twice_in_a_push_is_seen);
	return unit_main(suite);
}
