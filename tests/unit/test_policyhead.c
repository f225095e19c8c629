#include "policy/head.h"

#include <string.h>

#include "policy/load.h"
#include "support/unit.h"

/*
 * What a text says of itself, and copies of included files beside a policy.
 */
static const struct {
	const char *text;
	bool ok, draft;
	const char *version;
} heads[] = {
	{ "flow: a\nversion: 1.2.3\n", true, false, "1.2.3" },
	{ "flow: a\nversion: 1.2.3\nstatus: draft\n", true, true, "1.2.3" },
	{ "version: 10.0.0\nstatus: locked\n", true, false, "10.0.0" },
	/* keys of a later version, or of one that took less */
	{ "version: 1.0.0\nunheard: of\nstages: []\n", true, false, "1.0.0" },
	{ "people: {alice: {}}\n", false, false, NULL },
	{ "version: 1.0\n", false, false, NULL },
	{ "version: 1.0.0.0\n", false, false, NULL },
	{ "version: 1.0.x\n", false, false, NULL },
	{ "version: 99999999999999999999.0.0\n", false, false, NULL },
	{ "version: [1.0.0]\n", false, false, NULL },
	{ "version: 1.0.0\nversion: 2.0.0\n", false, false, NULL },
	{ "- version: 1.0.0\n", false, false, NULL },
	{ "version: 1.0.0\nstages: [\n", false, false, NULL },
	{ "", false, false, NULL },
};

START_TEST(head_is_read_from_any_text)
	{
		const char *text = heads[_i].text;
		struct policy_head head;

		ck_assert_int_eq(
		    policy_head_read(&unit_arena, text, strlen(text), &head),
		    heads[_i].ok);
		if (!heads[_i].ok)
			return;
		ck_assert_str_eq(head.version.text, heads[_i].version);
		ck_assert_int_eq(head.draft, heads[_i].draft);
	}
END_TEST

static struct version version(const char *text)
{
	struct version ret;

	ck_assert(version_parse(&unit_arena, text, &ret));
	return ret;
}

START_TEST(versions_are_numbers_and_no_texts)
	{
		static const char *const rising[] = { "0.0.0", "0.0.9",
			"0.0.10", "0.1.0", "0.9.9", "0.10.0", "1.0.0", "1.0.1",
			"9.0.0", "10.0.0" };
		const size_t n = sizeof(rising) / sizeof(*rising);

		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n; k++) {
				struct version a = version(rising[i]);
				struct version b = version(rising[k]);
				int order = version_cmp(&a, &b);

				ck_assert_int_eq(order < 0, i < k);
				ck_assert_int_eq(order > 0, i > k);
			}
	}
END_TEST

#define REST                                                                   \
	"flow: f\nversion: 1.0.0\n"                                            \
	"include: [people.yml]\n"                                              \
	"stages: [{name: a, refs: [refs/heads/a], push: [dev]}]\n"

static struct policy *parse(const struct policy_files *included)
{
	const struct policy_file file = { "policy.yml", REST, strlen(REST) };
	const struct gate_forms forms = { .v = NULL, .n = 0 };
	struct diags *diags = ARENA_NEW(&unit_arena, struct diags);

	diags_init(diags, &unit_arena);
	return policy_parse_files(&unit_arena, &file, included, &forms, diags);
}

START_TEST(copies_stand_for_included_files)
	{
		static const char people[] = "roles: {dev: [alice]}\n";
		struct policy_file copy = { "people.yml", people,
			sizeof(people) - 1 };
		struct policy_files included = { &copy, 1, 1 };
		const struct policy *policy = parse(&included);
		const struct strings dev = { (const char *[]){ "dev" }, 1, 1 };

		ck_assert_ptr_nonnull(policy);
		ck_assert(policy_in_roles(policy, &dev, "alice"));
		ck_assert_str_eq(policy->sources[1].source->name, "people.yml");
		copy.name = "other.yml";
		ck_assert_ptr_null(parse(&included));
		included.n = 0;
		ck_assert_ptr_null(parse(&included));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policyhead");
	TCase *tcase = unit_case(suite, "head");

	tcase_add_loop_test(tcase, head_is_read_from_any_text, 0,
	    sizeof(heads) / sizeof(*heads));
	tcase_add_test(tcase, versions_are_numbers_and_no_texts);
	tcase_add_test(tcase, copies_stand_for_included_files);
	return unit_main(suite);
}
