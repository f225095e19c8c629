#include <string.h>

#include "base/num.h"
#include "gates/gate.h"
#include "judge/pushcert.h"
#include "policy/load.h"
#include "support/fakesign.h"
#include "support/fakeview.h"
#include "support/unit.h"

#define Z "0000000000000000000000000000000000000000"
#define A "1111111111111111111111111111111111111111"
#define B "2222222222222222222222222222222222222222"
#define HEAD "certificate version 0.1\npusher x 1700000000 +0000\n"
#define NONCE "nonce 1700000000-abc\n"
#define COMMAND Z " " A " refs/heads/a\n"

static struct fakeview fake;
static struct view view;
static struct policy *policy;
static int64_t now;

static void begin(void)
{
	const char *text = fakesign_fill(&unit_arena,
	    "flow: f\nversion: 1.0.0\nidentity: {from: [push-cert]}\n"
	    "people:\n"
	    "  alice: {keys: ['%key:alice%', '%key:rsa.alice%']}\n"
	    "  bob: {keys: [{key: '%key:bob%', until: 2026-01-01}]}\n"
	    "  carol: {keys: [{key: '%key:sk.carol%', touch: true}]}\n"
	    "roles: {dev: [alice]}\n"
	    "stages: [{name: dev, refs: refs/heads/*, push: dev}]\n");
	struct diags diags;

	diags_init(&diags, &unit_arena);
	policy = policy_parse(
	    &unit_arena, "policy.yml", text, strlen(text), &gate_forms, &diags);
	ck_assert_ptr_nonnull(policy);
	fakeview_init(&fake, &unit_arena, &view);
	ck_assert(str_to_time("2026-11-18T12:00:00Z", &now, NULL));
}

struct given {
	const char *text, *signer, *tail;
	const char *nonce, *status; /* of the environment */
	const char *option;         /* of the push; NULL: none */
	const char *ref;            /* that the push moves from Z to A */
};

static const struct given good = { HEAD NONCE "\n" COMMAND, "alice", "",
	"1700000000-abc", "OK", NULL, "refs/heads/a" };

/* Who pushes; NULL: *ret_why says why nobody does, or NULL. */
static const char *judge_it(
    const struct given *given, const char **ret_why, struct push *push)
{
	const char *bytes = given->text, *person = "unset";
	struct push_cert cert = { .nonce = given->nonce,
		.status = given->status };
	struct update update = { .ref = given->ref };
	struct err err;

	memset(push, 0, sizeof(*push));
	oid_parse(A, &update.new);
	ARRAY_PUSH(&unit_arena, &push->updates, update);
	if (given->option)
		ARRAY_PUSH(&unit_arena, &push->options, given->option);
	if (given->signer)
		bytes = arena_printf(&unit_arena, "%s%s%s", bytes,
		    fakesign_armour(
			&unit_arena, given->signer, bytes, strlen(bytes)),
		    given->tail);
	cert.blob = arena_strdup(&unit_arena,
	    oid_hex(&fake_blob(&fake, NULL, bytes, strlen(bytes))->oid).s);
	ck_assert_int_eq(push_cert_judge(&unit_arena, policy, &view, now, &cert,
			     push, &person, &err),
	    0);
	*ret_why = push->pusher_problem;
	return person;
}

START_TEST(pushcert_of_this_very_push_names_its_signer)
	{
		const char *const signers[] = { "alice", "rsa.alice",
			"sk.carol" };
		struct given given = good;
		struct push push;
		const char *why;

		begin();
		for (int i = 0; i < COUNT(signers); i++) {
			given.signer = signers[i];
			ck_assert_str_eq(judge_it(&given, &why, &push),
			    strchr(signers[i], '.')
				? strchr(signers[i], '.') + 1
				: signers[i]);
			ck_assert_ptr_null(why);
			ck_assert_uint_eq(strlen(push.cert_key), 40);
			ck_assert(!oid_is_zero(&push.cert));
		}
	}
END_TEST

START_TEST(pushcert_signs_options_too)
	{
		struct given given = good;
		struct push push;
		const char *why;

		begin();
		given.text = HEAD NONCE "push-option a b=c\n\n" COMMAND;
		given.option = "a b=c";
		ck_assert_str_eq(judge_it(&given, &why, &push), "alice");
	}
END_TEST

static const struct {
	struct given given;
	const char *why;
} refused[] = {
	/* what is in it */
	{ { HEAD NONCE "\n" COMMAND, NULL, "", "1700000000-abc", "OK", NULL,
	      "refs/heads/a" },
	    "not signed" },
	{ { "certificate version 0.2\npusher x\n" NONCE "\n" COMMAND, "alice",
	      "", "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "version 0.1" },
	{ { "certificate version 0.1\n" NONCE "\n" COMMAND, "alice", "",
	      "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "no pusher" },
	{ { HEAD NONCE "more\n\n" COMMAND, "alice", "", "1700000000-abc", "OK",
	      NULL, "refs/heads/a" },
	    "does not belong" },
	{ { HEAD NONCE "\nnonsense\n", "alice", "", "1700000000-abc", "OK",
	      NULL, "refs/heads/a" },
	    "can't be read" },
	/* of another push */
	{ { HEAD NONCE "\n" COMMAND, "alice", "", "1700000000-abc", "OK", NULL,
	      "refs/heads/b" },
	    "its commands" },
	{ { HEAD NONCE "\n" COMMAND Z " " B " refs/heads/b\n", "alice", "",
	      "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "its commands" },
	{ { HEAD NONCE "\n" Z " " B " refs/heads/a\n", "alice", "",
	      "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "its commands" },
	{ { HEAD NONCE "\n" B " " A " refs/heads/a\n", "alice", "",
	      "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "its commands" },
	{ { HEAD NONCE "\n" COMMAND, "alice", "", "1700000000-abc", "OK",
	      "rollback=x", "refs/heads/a" },
	    "push options" },
	{ { HEAD NONCE "push-option a\n\n" COMMAND, "alice", "",
	      "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "push options" },
	{ { HEAD NONCE "push-option a\n\n" COMMAND, "alice", "",
	      "1700000000-abc", "OK", "b", "refs/heads/a" },
	    "push options" },
	/* nonces */
	{ { HEAD NONCE "\n" COMMAND, "alice", "", "1700000001-abc", "OK", NULL,
	      "refs/heads/a" },
	    "nonce is not the one" },
	{ { HEAD "\n" COMMAND, "alice", "", "1700000000-abc", "OK", NULL,
	      "refs/heads/a" },
	    "nonce is not the one" },
	{ { HEAD NONCE "\n" COMMAND, "alice", "", NULL, "OK", NULL,
	      "refs/heads/a" },
	    "certNonceSeed" },
	{ { HEAD NONCE "\n" COMMAND, "alice", "", "", "OK", NULL,
	      "refs/heads/a" },
	    "certNonceSeed" },
	{ { HEAD NONCE "\n" COMMAND, "alice", "", "1700000000-abc", "SLOP",
	      NULL, "refs/heads/a" },
	    "too old" },
	{ { HEAD NONCE "\n" COMMAND, "alice", "", "1700000000-abc", NULL, NULL,
	      "refs/heads/a" },
	    "too old" },
	/* signatures */
	{ { HEAD NONCE "\n" COMMAND, "mallory", "", "1700000000-abc", "OK",
	      NULL, "refs/heads/a" },
	    "nobody's" },
	{ { HEAD NONCE "\n" COMMAND, "bob", "", "1700000000-abc", "OK", NULL,
	      "refs/heads/a" },
	    "was valid until" },
	{ { HEAD NONCE "\n" COMMAND, "sk.carol!", "", "1700000000-abc", "OK",
	      NULL, "refs/heads/a" },
	    "without touching" },
	{ { HEAD NONCE "\n" COMMAND, "alice", "more\n", "1700000000-abc", "OK",
	      NULL, "refs/heads/a" },
	    "its signature" },
	{ { HEAD NONCE "\n" COMMAND "-----BEGIN PGP SIGNATURE-----\n", NULL, "",
	      "1700000000-abc", "OK", NULL, "refs/heads/a" },
	    "OpenPGP" },
};

START_TEST(pushcert_that_is_not_good_names_nobody)
	{
		struct push push;
		const char *why;

		begin();
		ck_assert_ptr_null(judge_it(&refused[_i].given, &why, &push));
		ck_assert_ptr_nonnull(why);
		ck_assert_msg(
		    strstr(why, refused[_i].why) != NULL, "%d: %s", _i, why);
		ck_assert(strncmp(why, "the push is signed, but ", 24) == 0);
	}
END_TEST

START_TEST(pushcert_counts_once)
	{
		struct push push;
		const char *why;

		begin();
		ck_assert_str_eq(judge_it(&good, &why, &push), "alice");
		strings_add(&unit_arena, &fake.seen, push.cert_key);
		ck_assert_ptr_null(judge_it(&good, &why, &push));
		ck_assert_str_eq(why,
		    "the push is signed, but its certificate was used before");
	}
END_TEST

START_TEST(pushcert_that_is_not_there_is_no_error)
	{
		const char *const blobs[] = { A, "", NULL, "xyz",
			"11111111111111111111111111111111111111111" };
		struct push push;
		struct err err;

		begin();
		for (int i = 0; i < COUNT(blobs); i++) {
			struct push_cert cert = { blobs[i], "x", "OK" };
			const char *person = "unset";

			memset(&push, 0, sizeof(push));
			ck_assert_int_eq(
			    push_cert_judge(&unit_arena, policy, &view, now,
				&cert, &push, &person, &err),
			    0);
			ck_assert_ptr_null(person);
			/* Without any the push is not signed. */
			ck_assert_int_eq(push.pusher_problem != NULL,
			    blobs[i] != NULL && *blobs[i]);
		}
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pushcert");
	TCase *tcase = unit_case(suite, "pushcert");

	tcase_add_test(tcase, pushcert_of_this_very_push_names_its_signer);
	tcase_add_test(tcase, pushcert_signs_options_too);
	tcase_add_loop_test(
	    tcase, pushcert_that_is_not_good_names_nobody, 0, COUNT(refused));
	tcase_add_test(tcase, pushcert_counts_once);
	tcase_add_test(tcase, pushcert_that_is_not_there_is_no_error);
	return unit_main(suite);
}
