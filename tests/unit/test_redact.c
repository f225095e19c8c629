#include "notify/redact.h"

#include "support/eventsamples.h"
#include "support/unit.h"

#define X REDACTED

static const struct {
	const char *client, *text, *shown;
} cases[] = {
	{ "acme", "", "" },
	{ "acme", "nobody", "nobody" },
	{ "acme", "globex", X },
	{ "acme", "for Globex, GLOBEX's and globex.",
	    "for " X ", " X "'s and " X "." },
	{ "acme", "refs/heads/clients/globex", "refs/heads/clients/" X },
	{ "acme", "it@globex.example globex_fix",
	    "it@" X ".example " X "_fix" },
	/* parts of words are no names */
	{ "acme", "globexes xglobex globex2 2globex",
	    "globexes xglobex globex2 2globex" },
	/* its own name stays, and the longest that is there counts */
	{ "acme", "acme and ACME", "acme and ACME" },
	{ "acme", "acme-eu, acme-europe", X ", acme-europe" },
	{ "acme-eu", "acme, acme-eu, acme-x", X ", acme-eu, " X "-x" },
	{ "globex", "acme-acme-eu-globex", X "-" X "-globex" },
	/* what stands before may be a neutralised byte */
	{ "acme", "a\\x0aglobex\\x0aglobex", "a\\x0a" X "\\x0a" X },
	{ "acme", "a\\x0globex \\xzzglobex", "a\\x0globex \\xzzglobex" },
	/* letters of other alphabets are none of a name */
	{ "acme", "\xc3\xa4globex\xc3\xa4", "\xc3\xa4" X "\xc3\xa4" },
};

START_TEST(other_names_are_taken_out)
	{
		const struct policy *policy = event_sample_policy(&unit_arena);
		const char *shown = redact(
		    &unit_arena, policy, cases[_i].client, cases[_i].text);

		ck_assert_str_eq(shown, cases[_i].shown);
		ck_assert_str_eq(
		    redact(&unit_arena, policy, cases[_i].client, shown),
		    shown);
	}
END_TEST

/* A client of that name is not looked for in our own words again. */
START_TEST(client_may_be_called_as_our_words_are)
	{
		struct client clients[] = { { .name = "another" },
			{ .name = "client" }, { .name = "me" } };
		const struct policy policy = { .clients = clients,
			.nclients = 3 };

		ck_assert_str_eq(
		    redact(&unit_arena, &policy, "me", "another client of me"),
		    X " " X " of me");
	}
END_TEST

START_TEST(names_that_differ_in_case_are_both_its_own)
	{
		struct client clients[] = { { .name = "Acme" },
			{ .name = "acme" } };
		const struct policy policy = { .clients = clients,
			.nclients = 2 };

		ck_assert_str_eq(
		    redact(&unit_arena, &policy, "Acme", "acme"), "acme");
		ck_assert_str_eq(
		    redact(&unit_arena, &policy, "acme", "Acme"), "Acme");
	}
END_TEST

START_TEST(last_word_may_be_half_a_name)
	{
		ck_assert_str_eq(
		    without_last_word(&unit_arena, "fixes it at glob"),
		    "fixes it at ...");
		ck_assert_str_eq(without_last_word(&unit_arena, "glob"), "...");
		ck_assert_str_eq(without_last_word(&unit_arena, ""), "...");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redact");
	TCase *tcase = unit_case(suite, "redact");

	tcase_add_loop_test(tcase, other_names_are_taken_out, 0, COUNT(cases));
	tcase_add_test(tcase, client_may_be_called_as_our_words_are);
	tcase_add_test(tcase, names_that_differ_in_case_are_both_its_own);
	tcase_add_test(tcase, last_word_may_be_half_a_name);
	return unit_main(suite);
}
