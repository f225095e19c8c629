#include "notify/spool.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "gates/gate.h"
#include "notify/deadletter.h"
#include "notify/delivery.h"
#include "notify/destination.h"
#include "policy/load.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

/* Where events wait, how far each destination is, and which those are. */
static struct repo *repo;
static struct spool spool;

static void open_it(void)
{
	struct err err = { 0 };

	if (!repo) {
		scratch_sh("git init -q --bare box.git");
		repo = scratch_open("box.git");
	}
	ck_assert_msg(
	    spool_open(&unit_arena, repo, &spool, &err) == 0, "%s", err.text);
}

static void begin(void)
{
	repo = NULL;
	open_it();
}

static void end(void)
{
	spool_close(&spool);
	repo_close(repo);
}

static const char *key_of(char digit)
{
	char *key = arena_alloc(&unit_arena, DESTINATION_KEY + 1);

	memset(key, digit, DESTINATION_KEY);
	key[DESTINATION_KEY] = '\0';
	return key;
}

static struct oid ledger_at(char digit)
{
	return scratch_hex(key_of(digit));
}

/* One event for destinations a and b. */
static void add(const char *bytes, const struct oid *ledger)
{
	struct spool_batch batch = { .seq = 0 };
	struct spooled spooled = {
		.id = "id", .bytes = bytes, .len = strlen(bytes)
	};
	struct err err = { 0 };

	for (char c = 'a'; c <= 'b'; c++)
		ARRAY_PUSH(&unit_arena, &spooled.to,
		    (struct destination){ .key = key_of(c), .label = "exec" });
	ARRAY_PUSH(&unit_arena, &batch.events, spooled);
	ck_assert_msg(
	    spool_add(&spool, &batch, ledger, &err) == 0, "%s", err.text);
}

static struct spool_batches read_all(size_t damaged)
{
	struct spool_batches batches = { NULL, 0, 0 };
	struct strings bad = { NULL, 0, 0 };
	struct err err;

	ck_assert_int_eq(spool_read(&spool, &batches, &bad, &err), 0);
	ck_assert_uint_eq(bad.n, damaged);
	return batches;
}

START_TEST(spool_gives_back_what_was_put_in)
	{
		const struct oid first = ledger_at('1');
		struct spool_batches batches;

		begin();
		ck_assert(!spool.began && !spool.written);
		ck_assert_uint_eq(spool_count(&spool, 9), 0);
		add("{\"a\": 1}", &first);
		add("{}", NULL);
		ck_assert_uint_eq(spool_count(&spool, 9), 2);
		ck_assert_uint_eq(spool_count(&spool, 1), 1);
		spool_close(&spool);
		open_it();
		ck_assert(spool.began && spool.written);
		ck_assert(oid_eq(&spool.ledger, &first));
		ck_assert_uint_eq(spool.seq, 2);
		batches = read_all(0);
		ck_assert_uint_eq(batches.n, 2);
		ck_assert(!batches.v[0].placed);
		ck_assert(batches.v[1].placed);
		ck_assert(oid_eq(&batches.v[1].since, &first));
		ck_assert_uint_eq(batches.v[0].events.n, 1);
		ck_assert_uint_eq(batches.v[0].events.v[0].len, 8);
		ck_assert_mem_eq(
		    batches.v[0].events.v[0].bytes, "{\"a\": 1}", 8);
		ck_assert_uint_eq(batches.v[0].events.v[0].to.n, 2);
		ck_assert_str_eq(
		    batches.v[0].events.v[0].to.v[1].key, key_of('b'));
		end();
	}
END_TEST

START_TEST(spool_is_looked_at_without_making_it_or_its_lock)
	{
		struct spool look;
		struct err err;

		begin();
		ck_assert_int_eq(spool_look(&unit_arena, repo, &look, &err), 0);
		ck_assert(!look.written && !look.generation);
		add("{}", NULL);
		/* `spool` holds the lock meanwhile. */
		ck_assert_int_eq(spool_look(&unit_arena, repo, &look, &err), 0);
		ck_assert(look.written && look.lock < 0);
		ck_assert_uint_eq(look.seq, 1);
		end();
		scratch_sh("rm -r box.git/stagegate");
		repo = scratch_open("box.git");
		ck_assert_int_eq(spool_look(&unit_arena, repo, &look, &err), 0);
		ck_assert_uint_eq(spool_count(&look, 9), 0);
		scratch_sh("! test -e box.git/stagegate");
		repo_close(repo);
	}
END_TEST

/* A cursor that names no place must not become "before the first record". */
START_TEST(spool_of_refusals_alone_is_nowhere_in_the_ledger)
	{
		struct spool look;
		struct err err;

		begin();
		add("{}", NULL);
		ck_assert_int_eq(spool_look(&unit_arena, repo, &look, &err), 0);
		ck_assert(look.written && !look.began);
		spool_close(&spool);
		open_it();
		ck_assert(spool.written && !spool.began);
		end();
	}
END_TEST

START_TEST(spool_that_is_lost_numbers_on_and_has_another_generation)
	{
		const struct oid first = ledger_at('1');
		const char *generation;

		begin();
		add("{}", &first);
		generation = spool.generation;
		spool_close(&spool);
		scratch_sh("rm box.git/stagegate/outbox/cursor");
		open_it();
		ck_assert(!spool.began && !spool.written);
		ck_assert_uint_eq(spool.seq, 1);
		ck_assert_str_ne(spool.generation, generation);
		end();
	}
END_TEST

static const struct {
	const char *name, *bytes;
	size_t damaged;
} bad_files[] = {
	{ "0000000000000007", "", 1 },
	{ "0000000000000007", "{}\n", 1 },
	{ "0000000000000007", "not json\n", 1 },
	{ "0000000000000007",
	    "{\"v\":1,\"since\":\"0000000000000000000000000000000000000000\","
	    "\"events\":1}\n",
	    1 },
	{ "0000000000000007",
	    "{\"v\":1,\"since\":\"0000000000000000000000000000000000000000\","
	    "\"events\":0}\nmore",
	    1 },
	{ "0000000000000007",
	    "{\"v\":1,\"since\":\"0000000000000000000000000000000000000000\","
	    "\"events\":1}\n{\"id\":\"i\",\"to\":[{\"key\":\"../../../../../../"
	    "../../../../../../../../\",\"label\":"
	    "\"l\"}]}\n{}\n",
	    1 },
	{ "7", "{}\n", 0 }, /* not ours */
	{ "000000000000000x", "{}\n", 0 },
};

START_TEST(spool_leaves_out_what_is_damaged)
	{
		begin();
		add("{}", NULL);
		scratch_feed(bad_files[_i].bytes, strlen(bad_files[_i].bytes),
		    arena_printf(&unit_arena,
			"cat >box.git/stagegate/outbox/events/%s",
			bad_files[_i].name));
		ck_assert_uint_eq(read_all(bad_files[_i].damaged).n, 1);
		end();
	}
END_TEST

START_TEST(spool_that_ends_is_gone)
	{
		const struct oid first = ledger_at('1');
		struct err err;

		begin();
		add("{}", &first);
		ck_assert_int_eq(spool_end(&spool, &err), 0);
		ck_assert_uint_eq(spool_count(&spool, 9), 0);
		spool_close(&spool);
		open_it();
		ck_assert(!spool.began && !spool.written);
		end();
	}
END_TEST

/* ---- how far destinations are ------------------------------------------- */

START_TEST(delivery_begins_at_the_beginning)
	{
		struct delivery delivery;

		begin();
		delivery_read(&spool, key_of('a'), &delivery);
		ck_assert(!delivery_is_done(&delivery, 1, 0));
		ck_assert(!delivery_is_done(&delivery, 0, 0));
		end();
	}
END_TEST

START_TEST(delivery_is_kept_for_its_generation)
	{
		struct delivery delivery = { .key = key_of('a'),
			.label = "exec deploy" };
		struct err err;

		begin();
		delivery_pass(&delivery, 3, 1);
		delivery_fail(&delivery, "no", 1000);
		ck_assert_int_eq(delivery_write(&spool, &delivery, &err), 0);
		delivery = (struct delivery){ .key = NULL };
		delivery_read(&spool, key_of('a'), &delivery);
		ck_assert(delivery_is_done(&delivery, 2, 99));
		ck_assert(delivery_is_done(&delivery, 3, 1));
		ck_assert(!delivery_is_done(&delivery, 3, 2));
		ck_assert(!delivery_is_done(&delivery, 4, 0));
		ck_assert_uint_eq(delivery.attempts, 1);
		ck_assert_int_eq(delivery.next, 1030);
		ck_assert_str_eq(delivery.why, "no");
		spool.generation = "00000000000000000000000000000000";
		delivery_read(&spool, key_of('a'), &delivery);
		ck_assert(!delivery_is_done(&delivery, 1, 0));
		ck_assert_uint_eq(delivery.failures, 0);
		end();
	}
END_TEST

START_TEST(delivery_pauses_twice_as_long_each_time)
	{
		static const int64_t pauses[] = { 30, 60, 120, 240, 480, 960,
			1920, 3840, 7680, 15360, 30720, 43200, 43200 };
		struct delivery delivery = { .label = "" };

		for (size_t i = 0; i < sizeof(pauses) / sizeof(*pauses); i++) {
			delivery_fail(&delivery, "no", 5);
			ck_assert_int_eq(delivery.next, 5 + pauses[i]);
		}
		/* The next event begins with the pause of the destination. */
		delivery_pass(&delivery, 1, 0);
		ck_assert_uint_eq(delivery.attempts, 0);
		delivery_fail(&delivery, "no", 5);
		ck_assert_uint_eq(delivery.attempts, 1);
		ck_assert_int_eq(delivery.next, 5 + DELIVERY_PAUSE_MAX_S);
	}
END_TEST

START_TEST(dead_letters_come_back_in_order_and_whole)
	{
		const struct spool_place places[] = { { 10, 0 }, { 2, 1 },
			{ 2, 0 } };
		struct dead_letters letters = { NULL, 0, 0 };
		struct err err;

		begin();
		for (size_t i = 0; i < 3; i++) {
			struct dead_letter letter = { .key = key_of('a'),
				.label = "exec deploy",
				.id = arena_printf(&unit_arena, "%zu", i),
				.why = "it exited 1",
				.attempts = 12,
				.at = 77,
				.bytes = "{\"x\":1}",
				.len = 7 };

			ck_assert_int_eq(dead_letter_write(
					     &spool, &places[i], &letter, &err),
			    0);
		}
		scratch_sh("echo x >box.git/stagegate/outbox/dead/damaged");
		ck_assert_int_eq(dead_letters_read(&spool, &letters, &err), 0);
		ck_assert_uint_eq(letters.n, 3);
		ck_assert_str_eq(letters.v[0].id, "2");
		ck_assert_str_eq(letters.v[1].id, "1");
		ck_assert_str_eq(letters.v[2].id, "0");
		ck_assert_uint_eq(letters.v[0].len, 7);
		ck_assert_mem_eq(letters.v[0].bytes, "{\"x\":1}", 7);
		ck_assert_int_eq(letters.v[0].at, 77);
		ck_assert_int_eq(
		    dead_letter_remove(&spool, &letters.v[0], &err), 0);
		letters.n = 0;
		ck_assert_int_eq(dead_letters_read(&spool, &letters, &err), 0);
		ck_assert_uint_eq(letters.n, 2);
		end();
	}
END_TEST

/* ---- destinations ------------------------------------------------------- */

static const char policy_text[] =
    "flow: f\nversion: 1.0.0\nroles: {dev: [alice]}\n"
    "gates: {tests: {kind: evidence, by: [dev]}}\n"
    "clients:\n"
    "  acme: {contact: [ops@acme.example, both@agency.example]}\n"
    "  globex: {contact: [both@agency.example, phone 555]}\n"
    "notify:\n"
    "  - {on: [entered, evidence], stages: [main], mail: [a@example.com]}\n"
    "  - {on: [entered, rolled-back], mail: [a@example.com, '@clients'],"
    " exec: [deploy, now]}\n"
    "  - {on: [refused], webhook: 'https://u:p@ci.example:8080/x?token=1'}\n"
    "  - {on: [bypassed], exec: [deploy, now]}\n"
    "stages:\n"
    "  - {name: dev, refs: 'refs/heads/f/*', push: dev}\n"
    "  - {name: main, refs: refs/heads/main, push: dev, gates: [tests]}\n"
    "  - {name: ring, clients: [acme, globex], push: dev}\n";

static struct policy *load(void)
{
	struct diags diags;
	struct policy *policy;

	diags_init(&diags, &unit_arena);
	policy = policy_parse(&unit_arena, "policy.yml", policy_text,
	    sizeof(policy_text) - 1, &gate_forms, &diags);
	ck_assert_ptr_nonnull(policy);
	return policy;
}

static const struct {
	struct event event;
	const char *labels; /* "," after each */
} told[] = {
	{ { .kind = NOTIFY_ENTERED, .stage = "dev", .ref = "refs/heads/f/x" },
	    "mail a@example.com,exec deploy," },
	{ { .kind = NOTIFY_ENTERED, .stage = "main", .ref = "refs/heads/main" },
	    "mail a@example.com,exec deploy," },
	{ { .kind = NOTIFY_ENTERED,
	      .stage = "ring",
	      .ref = "refs/heads/clients/globex",
	      .client = "globex" },
	    "mail a@example.com,mail both@agency.example,exec deploy," },
	{ { .kind = NOTIFY_BYPASSED,
	      .stage = "main",
	      .ref = "refs/heads/main" },
	    "mail a@example.com,exec deploy," },
	{ { .kind = NOTIFY_REFUSED, .ref = "refs/heads/x" },
	    "webhook https://ci.example:8080," },
	{ { .kind = NOTIFY_HELD, .stage = "ring", .ref = "refs/heads/x" },
	    "webhook https://ci.example:8080," },
	{ { .kind = NOTIFY_EVIDENCE, .gate = "tests" }, "mail a@example.com," },
	{ { .kind = NOTIFY_EVIDENCE, .gate = "others" }, "" },
	{ { .kind = NOTIFY_UNOBSERVED, .stage = "main" }, "" },
};

static int label_cmp(const void *a, const void *b)
{
	const struct destination *x = a, *y = b;

	return strcmp(y->label, x->label);
}

static const char *labels_of(struct destinations *list)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, 4096);
	if (list->n > 1)
		qsort(list->v, list->n, sizeof(*list->v), label_cmp);
	for (size_t i = list->n; i > 0; i--)
		if (strncmp(list->v[i - 1].label, "mail", 4) == 0)
			buf_addf(&buf, "%s,", list->v[i - 1].label);
	for (size_t i = list->n; i > 0; i--)
		if (strncmp(list->v[i - 1].label, "mail", 4) != 0)
			buf_addf(&buf, "%s,", list->v[i - 1].label);
	return buf.p;
}

START_TEST(destinations_are_those_of_the_rules)
	{
		struct destinations list = { NULL, 0, 0 };

		destinations_of(&unit_arena, load(), &told[_i].event, &list);
		ck_assert_str_eq(labels_of(&list), told[_i].labels);
	}
END_TEST

/* Whose ref it is nobody's concerns those that run it, one mail for each. */
START_TEST(clients_that_run_it_hear_of_a_rollback)
	{
		struct event event = { .kind = NOTIFY_ROLLED_BACK,
			.stage = "main",
			.ref = "refs/heads/main" };
		struct destinations list = { NULL, 0, 0 }, all = list;
		const struct policy *policy = load();
		const struct destination *mine, *theirs;

		strings_add(&unit_arena, &event.clients, "acme");
		strings_add(&unit_arena, &event.clients, "globex");
		destinations_of(&unit_arena, policy, &event, &list);
		ck_assert_str_eq(labels_of(&list),
		    "mail a@example.com,mail both@agency.example,"
		    "mail both@agency.example,mail ops@acme.example,"
		    "exec deploy,");
		destinations_all(&unit_arena, policy, &all);
		ck_assert_uint_eq(all.n, 6);
		for (size_t i = 0; i < list.n; i++)
			ck_assert_ptr_nonnull(
			    destination_find(&all, list.v[i].key));
		mine = theirs = NULL;
		for (size_t i = 0; i < all.n; i++) {
			if (all.v[i].client &&
			    strcmp(all.v[i].client, "acme") == 0)
				mine = &all.v[i];
			if (all.v[i].client &&
			    strcmp(all.v[i].client, "globex") == 0)
				theirs = &all.v[i];
		}
		ck_assert(mine && theirs);
		ck_assert_str_ne(mine->key, theirs->key);
		ck_assert_ptr_null(destination_find(&all, key_of('0')));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spool");
	TCase *files = unit_case_in_dir(suite, "files");
	TCase *who = unit_case(suite, "destinations");

	tcase_add_test(files, spool_gives_back_what_was_put_in);
	tcase_add_test(files, spool_is_looked_at_without_making_it_or_its_lock);
	tcase_add_test(files, spool_of_refusals_alone_is_nowhere_in_the_ledger);
	tcase_add_test(
	    files, spool_that_is_lost_numbers_on_and_has_another_generation);
	tcase_add_loop_test(
	    files, spool_leaves_out_what_is_damaged, 0, COUNT(bad_files));
	tcase_add_test(files, spool_that_ends_is_gone);
	tcase_add_test(files, delivery_begins_at_the_beginning);
	tcase_add_test(files, delivery_is_kept_for_its_generation);
	tcase_add_test(files, delivery_pauses_twice_as_long_each_time);
	tcase_add_test(files, dead_letters_come_back_in_order_and_whole);
	tcase_add_loop_test(
	    who, destinations_are_those_of_the_rules, 0, COUNT(told));
	tcase_add_test(who, clients_that_run_it_hear_of_a_rollback);
	return unit_main(suite);
}
