#include "notify/mail.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "notify/eventjson.h"
#include "notify/mailtext.h"
#include "support/eventsamples.h"
#include "support/mailcheck.h"
#include "support/unit.h"
#include "tell/columns.h"

#define GOLDEN_MAX ((size_t)1 << 20)

static struct event_samples samples;
static const struct policy *policy;

static void make_samples(void)
{
	event_samples(&unit_arena, &samples);
	policy = event_sample_policy(&unit_arena);
}

static int compose(const struct event *event, const char *address,
    const char *client, const char **ret, struct err *err)
{
	const struct mail_to to = { .address = address,
		.client = client,
		.policy = policy,
		.from = "stagegate@git.example.com" };
	size_t len;

	if (mail_compose(&unit_arena, event, &to, ret, &len, err) < 0)
		return -1;
	ck_assert_uint_eq(strlen(*ret), len);
	return 0;
}

/* A mail that is as it has to be. */
static const char *mail_of(const struct event *event, const char *client)
{
	struct err err = { 0 };
	const char *mail, *fault;

	ck_assert_msg(
	    compose(event, "team@example.com", client, &mail, &err) == 0, "%s",
	    err.text);
	fault = mail_fault(&unit_arena, mail, strlen(mail), event->ref != NULL);
	ck_assert_msg(!fault, "%s:\n%s", fault, mail);
	return mail;
}

static const struct event *sample(const char *name)
{
	return &event_sample(&samples, name)->event;
}

static const char *body_of(const char *mail)
{
	return strstr(mail, "\n\n") + 2;
}

static const char *subject_of(const char *mail)
{
	return mail_decoded(
	    &unit_arena, mail_field(&unit_arena, mail, "Subject"));
}

/* ---- golden text -------------------------------------------------------- */

/* Tests run at the top of the tree; __FILE__ is relative to it. */
static const char *golden(const char *name)
{
	const char *here = __FILE__;
	size_t len = strlen(here) - strlen("test_mail.c");
	struct err err;
	char *text;
	size_t text_len;

	ck_assert_msg(file_read(&unit_arena,
			  arena_printf(&unit_arena, "%.*smail/%s.eml", (int)len,
			      here, name),
			  GOLDEN_MAX, &text, &text_len, &err) == 0,
	    "%s", err.text);
	return text;
}

/* mail/NAME.eml is what `event_samples mail NAME` prints, and
 * mail/NAME-CLIENT.eml what `event_samples mail NAME CLIENT` does. */
START_TEST(mail_is_as_expected)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const struct event_sample *one = &samples.v[i];

			if (strcmp(one->name, "long") == 0)
				continue;
			ck_assert_str_eq(
			    mail_of(&one->event, NULL), golden(one->name));
			if (one->client)
				ck_assert_str_eq(
				    mail_of(&one->event, one->client),
				    golden(arena_printf(&unit_arena, "%s-%s",
					one->name, one->client)));
		}
	}
END_TEST

/* What has been spooled gives the same mail as what has just happened. */
START_TEST(mail_of_an_event_that_was_read_is_the_same)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const struct event_sample *one = &samples.v[i];
			struct event event;
			const char *bytes;
			struct err err;
			size_t len;

			if (strcmp(one->name, "hostile") == 0)
				continue; /* its thread is of the bytes */
			ck_assert_int_eq(event_json(&unit_arena, &one->event,
					     &bytes, &len, &err),
			    0);
			ck_assert_int_eq(
			    event_read(&unit_arena, bytes, len, &event, &err),
			    0);
			ck_assert_str_eq(mail_of(&event, one->client),
			    mail_of(&one->event, one->client));
		}
	}
END_TEST

/* ---- what people put into it -------------------------------------------- */

static const char *const attempts[] = { HOSTILE, "x\r\nBcc: a@b.example",
	"x\nBcc: a@b.example\n\nDear you,", "x\r\n\r\n.\r\nMAIL FROM:<a@b>",
	"\nFrom a@b Mon Nov 23 04:10:07 2026", ".", "..", "From ",
	"=?utf-8?Q?=0ABcc:_a@b.example?=", "=?utf-8?B?w6Q=?= \xc3\xa4",
	"\xff\xfe\x80", "\xe2\x80\xae\xe2\x80\x8b", " ", "  x  ", "\t\v\f",
	"\xc3", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "%s%n%1000000d", "\x1b[2J",
	"x\xc2\x85y\xe2\x80\xa8z" };

/* Each into each place; then all that does not come from a name of ours is
 * read again: nothing has become a field, a line or a message. */
START_TEST(nothing_adds_to_a_mail)
	{
		const char *text = attempts[_i];

		for (size_t i = 0; i < samples.n; i++) {
			struct event event = samples.v[i].event;
			const char **const places[] = { &event.by, &event.flow,
				&event.version, &event.repository, &event.ref,
				&event.stage, &event.transition, &event.reason,
				&event.timeline, &event.code, &event.gate,
				&event.person, &event.result,
				&event.destination, &event.why };

			for (int k = 0; k < COUNT(places); k++) {
				if (!*places[k])
					continue;
				*places[k] = text;
				(void)mail_of(&event, NULL);
			}
			ARRAY_PUSH(&unit_arena, &event.gates,
			    (struct event_gate){ text, text });
			ARRAY_PUSH(&unit_arena, &event.changes,
			    (struct event_change){
				.subject = text, .author = text });
			strings_add(&unit_arena, &event.then, text);
			strings_add(&unit_arena, &event.overridden, text);
			strings_add(&unit_arena, &event.clients, text);
			strings_add(&unit_arena, &event.texts, text);
			(void)mail_of(&event, NULL);
			if (samples.v[i].client)
				(void)mail_of(&event, samples.v[i].client);
		}
	}
END_TEST

static const char *of_length(const char *piece, size_t bytes)
{
	size_t len = strlen(piece), n = bytes / len;
	char *text = arena_alloc(&unit_arena, n * len + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(text + i * len, piece, len);
	return text;
}

static const char *const long_pieces[] = { "x", "x ", "\xc3\xa4",
	"\xf0\x9f\x98\x80", "\xcc\x81", "e\xcc\x81", "From ", ". ", "/", "\n",
	"[a]", "\xe4\xb8\xad" };

/* At every length where a line or a word could be broken in the wrong place,
 * and far beyond. */
START_TEST(mail_of_long_texts_is_fine)
	{
		struct event event = *sample("rolled-back");

		for (size_t bytes = 8; bytes < 400; bytes += 3) {
			event.reason = of_length(long_pieces[_i], bytes);
			event.changes.v[0].subject = event.reason;
			(void)mail_of(&event, NULL);
		}
		event.reason = of_length(long_pieces[_i], 10000);
		(void)mail_of(&event, NULL);
		(void)mail_of(&event, "acme");
	}
END_TEST

START_TEST(body_is_narrow)
	{
		for (size_t i = 0; i < samples.n; i++) {
			const char *p = body_of(
			    mail_of(&samples.v[i].event, samples.v[i].client));

			for (; *p; p += strcspn(p, "\n") + 1)
				ck_assert_uint_le(
				    text_columns(p, strcspn(p, "\n")),
				    MAIL_COLUMNS);
		}
	}
END_TEST

START_TEST(texts_beyond_a_limit_are_counted)
	{
		struct event event = *sample("refused");
		const char *mail;

		for (size_t i = 0; i < MAIL_TEXTS_MAX; i++)
			strings_add(&unit_arena, &event.texts,
			    arena_printf(&unit_arena, "reason %zu", i));
		mail = mail_of(&event, NULL);
		ck_assert_ptr_nonnull(strstr(mail, "\n  reason 47\n"));
		ck_assert_ptr_null(strstr(mail, "\n  reason 48\n"));
		ck_assert_ptr_nonnull(strstr(mail, "\n  and 2 more\n"));
	}
END_TEST

/* ---- threads ------------------------------------------------------------ */

static const char *id_of(const char *name, const char *client)
{
	return mail_field(
	    &unit_arena, mail_of(sample(name), client), "Message-ID");
}

static const char *thread_of(const char *name)
{
	const char *mail = mail_of(sample(name), NULL);
	const char *thread = mail_field(&unit_arena, mail, "References");

	ck_assert_str_eq(thread, mail_field(&unit_arena, mail, "In-Reply-To"));
	return thread;
}

START_TEST(all_about_a_ref_is_one_thread)
	{
		ck_assert_str_eq(thread_of("entered"), thread_of("refused"));
		ck_assert_str_eq(
		    thread_of("entered"), thread_of("rolled-back"));
		ck_assert_str_ne(thread_of("entered"), thread_of("held"));
	}
END_TEST

START_TEST(refs_of_other_repositories_are_other_threads)
	{
		struct event event = *sample("entered");

		event.repository_id = "1123456789abcdef0123456789abcdef";
		ck_assert_str_ne(mail_field(&unit_arena, mail_of(&event, NULL),
				     "References"),
		    thread_of("entered"));
	}
END_TEST

/* Who looks after two clients gets two mails of one event. */
START_TEST(message_id_is_of_the_event_and_who_reads_it)
	{
		ck_assert_str_eq(
		    id_of("rolled-back", NULL), id_of("rolled-back", NULL));
		ck_assert_str_ne(
		    id_of("rolled-back", NULL), id_of("rolled-back", "acme"));
		ck_assert_str_ne(id_of("rolled-back", "globex"),
		    id_of("rolled-back", "acme"));
		ck_assert_str_ne(
		    id_of("rolled-back", NULL), id_of("entered", NULL));
	}
END_TEST

/* ---- clients ------------------------------------------------------------ */

static const char *const not_for_acme[] = { "globex", "Globex", "GLOBEX",
	"acme-eu", "ACME-EU", "dana", "Alice" };

START_TEST(client_reads_no_other_name)
	{
		for (size_t i = 0; i < samples.n; i++) {
			struct event event = samples.v[i].event;
			const char *mail;

			if (!samples.v[i].client)
				continue;
			ARRAY_PUSH(&unit_arena, &event.changes,
			    (struct event_change){
				.subject = "fix\nGLOBEX\nand acme-eu",
				.author = "dana" });
			event.stage = "globex";
			event.repository = "globex.git";
			event.flow = "acme-eu";
			event.timeline = "Globex first";
			ARRAY_PUSH(&unit_arena, &event.gates,
			    (struct event_gate){ "globex-tests", "passed" });
			strings_add(&unit_arena, &event.then, "for_globex");
			strings_add(
			    &unit_arena, &event.overridden, "acme-eu_tests");
			mail = mail_of(&event, "acme");
			mail = arena_printf(&unit_arena, "%s\n%s",
			    subject_of(mail), body_of(mail));
			for (int k = 0; k < COUNT(not_for_acme); k++)
				ck_assert_msg(!strstr(mail, not_for_acme[k]),
				    "%s:\n%s", not_for_acme[k], mail);
		}
	}
END_TEST

/* A commit's subject may have been cut within another's name. */
START_TEST(client_reads_no_part_of_another_name)
	{
		struct event event = *sample("entered-client");
		char *subject = arena_strdup(
		    &unit_arena, of_length("x ", EVENT_SUBJECT_MAX));

		memcpy(subject + EVENT_SUBJECT_MAX - 4, "glob", 4);
		event.changes.v[0].subject = subject;
		ck_assert_ptr_nonnull(strstr(mail_of(&event, NULL), "glob"));
		ck_assert_ptr_null(strstr(mail_of(&event, "acme"), "glob"));
	}
END_TEST

static void is_not_sent(
    const struct event *event, const char *address, const char *client)
{
	struct err err = { 0 };
	const char *mail;

	ck_assert_int_eq(compose(event, address, client, &mail, &err), -1);
	ck_assert_int_eq(err.kind, ERR_FORMAT);
	ck_assert(err.text[0] != '\0');
}

START_TEST(client_hears_of_its_own_only)
	{
		struct event event = *sample("entered-client");

		is_not_sent(&event, "it@globex.example", "globex");
		/* whoever the event says it is about */
		event.client = NULL;
		is_not_sent(&event, "it@globex.example", "globex");
		event.client = "globex";
		is_not_sent(&event, "it@globex.example", "globex");
		is_not_sent(&event, "ops@acme.example", "acme");
		/* a ref that is nobody's: only those that have it */
		event = *sample("rolled-back");
		is_not_sent(&event, "it@acme-eu.example", "acme-eu");
	}
END_TEST

START_TEST(client_hears_of_some_kinds_only)
	{
		for (size_t i = 0; i < samples.n; i++) {
			struct event event = samples.v[i].event;

			if (NOTIFY_CLIENTS & NOTIFY_BIT(event.kind))
				continue;
			event.client = NULL;
			strings_add(&unit_arena, &event.clients, "acme");
			if (event.ref)
				event.ref = "refs/heads/main";
			is_not_sent(&event, "ops@acme.example", "acme");
		}
	}
END_TEST

/* ---- addresses ---------------------------------------------------------- */

static const char *const no_addresses[] = { "", "a", "a@b@c", "-bm@b",
	"a@b\nBcc: c@d", "a@b, c@d", "<a@b>", "\xc3\xa4@b" };

START_TEST(mail_goes_to_addresses_only)
	{
		const struct event *event = sample("entered");
		struct mail_to to = { .address = "a@b",
			.policy = policy,
			.from = no_addresses[_i] };
		const char *mail;
		struct err err;
		size_t len;

		is_not_sent(event, no_addresses[_i], NULL);
		ck_assert_int_eq(
		    mail_compose(&unit_arena, event, &to, &mail, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

START_TEST(event_that_is_not_whole_is_not_sent)
	{
		struct event event = *sample("entered");

		event.stage = NULL;
		is_not_sent(&event, "a@b", NULL);
	}
END_TEST

static void add_clients(Suite *suite)
{
	TCase *tcase = unit_case(suite, "clients");

	tcase_add_checked_fixture(tcase, make_samples, NULL);
	tcase_add_test(tcase, client_reads_no_other_name);
	tcase_add_test(tcase, client_reads_no_part_of_another_name);
	tcase_add_test(tcase, client_hears_of_its_own_only);
	tcase_add_test(tcase, client_hears_of_some_kinds_only);
	tcase_add_loop_test(
	    tcase, mail_goes_to_addresses_only, 0, COUNT(no_addresses));
	tcase_add_test(tcase, event_that_is_not_whole_is_not_sent);
}

int main(void)
{
	Suite *suite = suite_create("mail");
	TCase *tcase = unit_case(suite, "mail");

	tcase_add_checked_fixture(tcase, make_samples, NULL);
	tcase_add_test(tcase, mail_is_as_expected);
	tcase_add_test(tcase, mail_of_an_event_that_was_read_is_the_same);
	tcase_add_loop_test(tcase, nothing_adds_to_a_mail, 0, COUNT(attempts));
	tcase_add_loop_test(
	    tcase, mail_of_long_texts_is_fine, 0, COUNT(long_pieces));
	tcase_add_test(tcase, body_is_narrow);
	tcase_add_test(tcase, texts_beyond_a_limit_are_counted);
	tcase_add_test(tcase, all_about_a_ref_is_one_thread);
	tcase_add_test(tcase, refs_of_other_repositories_are_other_threads);
	tcase_add_test(tcase, message_id_is_of_the_event_and_who_reads_it);
	add_clients(suite);
	return unit_main(suite);
}
