#include "record/incident.h"

#include <string.h>

#include "support/scratchrepo.h"
#include "support/unit.h"

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEX_C "cccccccccccccccccccccccccccccccccccccccc"
#define T0 ((int64_t)1795407007) /* 2026-11-23T04:10:07Z */

#define ROLLBACK                                                               \
	"number: 7\n"                                                          \
	"kind: rollback\n"                                                     \
	"style: revert\n"                                                      \
	"ref: refs/heads/main\n"                                               \
	"stage: deployment\n"                                                  \
	"by: dana\n"                                                           \
	"commit: " HEX_A "\n"                                                  \
	"from: " HEX_B "\n"                                                    \
	"restored: " HEX_C "\n"                                                \
	"reason: \"INC-42 \\\"latency\\\"\"\n"                                 \
	"timeline: \"fixed by Friday\"\n"                                      \
	"opened: 2026-11-23T04:10:07Z\n"
#define BYPASS                                                                 \
	"number: 8\n"                                                          \
	"kind: bypass\n"                                                       \
	"ref: refs/heads/main\n"                                               \
	"stage: deployment\n"                                                  \
	"by: dana\n"                                                           \
	"commit: " HEX_A "\n"                                                  \
	"reason: x\n"                                                          \
	"opened: 2026-11-23T04:10:07Z\n"
#define CLOSED "closed: 2026-11-23T04:10:08Z\n"

static const char *const whole[] = {
	ROLLBACK "then:\n- root-cause\n- \"no\"\nclients:\n- acme\nearlier:\n"
		 "- " HEX_A "\n",
	ROLLBACK "then:\n- root-cause\n" CLOSED,
	ROLLBACK "then: []\n" CLOSED,
	BYPASS "then:\n- root-cause\noverridden:\n- soak\n- performance\n",
	BYPASS "then: []\noverridden:\n- soak\n" CLOSED,
};

static int parse(const char *text, struct view_incident *ret, struct err *err)
{
	return incident_parse(
	    &unit_arena, "the file", text, strlen(text), ret, err);
}

START_TEST(incident_is_written_as_it_was_read)
	{
		struct view_incident incident;
		struct err err = { 0 };
		const char *bytes;
		size_t len;

		ck_assert_msg(
		    parse(whole[_i], &incident, &err) == 0, "%s", err.text);
		ck_assert_int_eq(
		    incident_format(&unit_arena, &incident, &bytes, &len, &err),
		    0);
		ck_assert_str_eq(bytes, whole[_i]);
		ck_assert_uint_eq(len, strlen(bytes));
	}
END_TEST

START_TEST(rollback_says_all_that_it_is)
	{
		struct oid a = scratch_hex(HEX_A), b = scratch_hex(HEX_B),
			   c = scratch_hex(HEX_C);
		struct view_incident incident;
		struct err err;

		ck_assert_int_eq(parse(whole[0], &incident, &err), 0);
		ck_assert_uint_eq(incident.number, 7);
		ck_assert_int_eq(incident.kind, INCIDENT_ROLLBACK);
		ck_assert(!incident.rewind);
		ck_assert_str_eq(incident.ref, "refs/heads/main");
		ck_assert_str_eq(incident.stage, "deployment");
		ck_assert_str_eq(incident.by, "dana");
		ck_assert(oid_eq(&incident.commit, &a));
		ck_assert(oid_eq(&incident.subject, &b));
		ck_assert(oid_eq(&incident.restored, &c));
		ck_assert_str_eq(incident.reason, "INC-42 \"latency\"");
		ck_assert_str_eq(incident.timeline, "fixed by Friday");
		ck_assert_int_eq(incident.opened, T0);
		ck_assert(!incident.closed);
		ck_assert_uint_eq(incident.then.n, 2);
		ck_assert_str_eq(incident.then.v[1], "no");
		ck_assert_str_eq(incident.clients.v[0], "acme");
		ck_assert_str_eq(incident.earlier.v[0], HEX_A);
	}
END_TEST

START_TEST(bypass_is_about_its_commit)
	{
		struct view_incident incident;
		struct err err;

		ck_assert_int_eq(parse(whole[4], &incident, &err), 0);
		ck_assert_int_eq(incident.kind, INCIDENT_BYPASS);
		ck_assert(oid_eq(&incident.subject, &incident.commit));
		ck_assert(oid_is_zero(&incident.restored));
		ck_assert_ptr_null(incident.timeline);
		ck_assert_str_eq(incident.overridden.v[0], "soak");
		ck_assert(incident.closed);
		ck_assert_int_eq(incident.closed_at, T0 + 1);
	}
END_TEST

/* Lists of any length: people may hand in as much as they like. */
START_TEST(list_of_earlier_statements_may_be_long)
	{
		struct view_incident incident, again;
		struct err err = { 0 };
		const char *bytes;
		size_t len;

		ck_assert_int_eq(parse(whole[0], &incident, &err), 0);
		while (incident.earlier.n < 200000)
			ARRAY_PUSH(&unit_arena, &incident.earlier, HEX_B);
		ck_assert_int_eq(
		    incident_format(&unit_arena, &incident, &bytes, &len, &err),
		    0);
		ck_assert_msg(parse(bytes, &again, &err) == 0, "%s", err.text);
		ck_assert_uint_eq(again.earlier.n, 200000);
	}
END_TEST

START_TEST(closing_adds_a_line)
	{
		static const char later[] = BYPASS
		    "mood: bad\nthen:\n- a\noverridden:\n- soak\nparts:\n- x\n";
		struct view_incident incident;
		struct err err = { 0 };
		const char *bytes;
		size_t len;

		ck_assert_int_eq(parse(later, &incident, &err), 0);
		ck_assert(!incident.closed);
		ck_assert_int_eq(incident_close(&unit_arena, later,
				     strlen(later), T0 + 1, &bytes, &len, &err),
		    0);
		/* What a later version wrote is still there. */
		ck_assert_str_eq(
		    bytes, arena_printf(&unit_arena, "%s" CLOSED, later));
		ck_assert_msg(
		    parse(bytes, &incident, &err) == 0, "%s", err.text);
		ck_assert(incident.closed);
		ck_assert_int_eq(incident.closed_at, T0 + 1);
	}
END_TEST

static const char *const damaged[] = {
	"",
	"number: 7",
	"x\n",
	"- x\n",
	"then:\n- a\n" ROLLBACK,
	ROLLBACK,                     /* no `then` */
	ROLLBACK "then:\n- a",        /* cut off */
	ROLLBACK "then:\n- a: b\n",   /* no word */
	ROLLBACK "then:\n- \"\"\n",   /* likewise */
	ROLLBACK "then: a\n",         /* no list */
	ROLLBACK "then: [a]\n",       /* not in our form */
	ROLLBACK ROLLBACK "then: []", /* twice */
	ROLLBACK "then:\n- a\nreason: y\n",
	ROLLBACK "then:\n- a\n" CLOSED "earlier:\n- " HEX_A "\n" CLOSED,
	ROLLBACK "then:\n- a\nclosed: 2026-11-23T04:10:06Z\n",
	ROLLBACK "then:\n- a\nclosed: soon\n",
	ROLLBACK "then:\n- a\nearlier:\n- abc\n",
	ROLLBACK "then:\n- a\nearlier:\n- " HEX_A "a\n",
	ROLLBACK "then:\n- a\noverridden:\n- soak\n",
	ROLLBACK "then: []\noverridden: []\n",
	BYPASS "then:\n- a\n",
	BYPASS "from: " HEX_A "\nthen: []\noverridden: []\n",
	BYPASS "style: revert\nthen: []\noverridden: []\n",
};

START_TEST(damaged_incident_is_an_error)
	{
		struct view_incident incident;
		struct err err = { 0 };

		ck_assert_int_eq(parse(damaged[_i], &incident, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "the file"));
	}
END_TEST

/* A line of a good one replaced; NULL: left out. */
static const struct {
	const char *key, *line;
} changes[] = {
	{ "number", NULL },
	{ "number", "number: 0\n" },
	{ "number", "number: 07\n" },
	{ "number", "number: -7\n" },
	{ "number", "number: 1000000001\n" },
	{ "kind", NULL },
	{ "kind", "kind: party\n" },
	{ "kind", "kind: bypass\n" },
	{ "style", NULL },
	{ "style", "style: back\n" },
	{ "ref", NULL },
	{ "ref", "ref: \"a b\"\n" },
	{ "ref", "ref: \"a\\nb\"\n" },
	{ "stage", NULL },
	{ "by", NULL },
	{ "commit", NULL },
	{ "commit", "commit: abc\n" },
	{ "commit", "commit: \"0000000000000000000000000000000000000000\"\n" },
	{ "from", NULL },
	{ "from", "from: \"0000000000000000000000000000000000000000\"\n" },
	{ "restored", NULL },
	{ "restored",
	    "restored: \"0000000000000000000000000000000000000000\"\n" },
	{ "reason", NULL },
	{ "reason", "reason: []\n" },
	{ "timeline", "timeline: {}\n" },
	{ "opened", NULL },
	{ "opened", "opened: now\n" },
	{ "opened",
	    "opened: 2026-11-23T04:10:07Z\nopened: 2026-11-23T04:10:07Z\n" },
};

START_TEST(every_line_is_read_strictly)
	{
		static const char good[] = ROLLBACK "then: []\n" CLOSED;
		const char *key = arena_printf(
		    &unit_arena, "%s: ", changes[_i].key);
		const char *at = _i == 0 ? good : strstr(good, key);
		const char *text, *line = changes[_i].line;
		struct view_incident incident;
		struct err err = { 0 };

		ck_assert_int_eq(parse(good, &incident, &err), 0);
		ck_assert_ptr_nonnull(at);
		text = arena_printf(&unit_arena, "%.*s%s%s", (int)(at - good),
		    good, line ? line : "", strchr(at, '\n') + 1);
		ck_assert_msg(parse(text, &incident, &err) == -1, "%s", text);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
	}
END_TEST

/* ---- locks ------------------------------------------------------------ */

START_TEST(lock_is_written_as_it_was_read)
	{
		static uint64_t v[] = { 1, 9, 10, 1000000000 };
		const struct numbers open = { v, 4, 4 };
		struct numbers read;
		struct err err = { 0 };
		const char *bytes, *ref;
		size_t len;

		ck_assert_int_eq(lock_format(&unit_arena, "refs/heads/\xc3\xa4",
				     &open, &bytes, &len, &err),
		    0);
		ck_assert_str_eq(bytes,
		    "ref: \"refs/heads/\xc3\xa4\"\nopen:\n- 1\n- 9\n- 10\n"
		    "- 1000000000\n");
		ck_assert_int_eq(
		    lock_parse(&unit_arena, "x", bytes, len, &ref, &read, &err),
		    0);
		ck_assert_str_eq(ref, "refs/heads/\xc3\xa4");
		ck_assert_uint_eq(read.n, 4);
		ck_assert_int_eq(memcmp(read.v, v, sizeof(v)), 0);
	}
END_TEST

static const char *const bad_locks[] = {
	"",
	"ref: r\n",
	"ref: r\nopen: []\n",
	"open:\n- 1\n",
	"ref: []\nopen:\n- 1\n",
	"ref: r\nopen:\n- 2\n- 1\n",
	"ref: r\nopen:\n- 1\n- 1\n",
	"ref: r\nopen:\n- 0\n",
	"ref: r\nopen:\n- 01\n",
	"ref: r\nopen:\n- x\n",
	"ref: r\nopen:\n- a: 1\n",
	"ref: r\nopen:\n- 1\nref: s\n",
};

START_TEST(damaged_lock_is_an_error)
	{
		struct numbers read;
		struct err err = { 0 };
		const char *ref;

		ck_assert_int_eq(
		    lock_parse(&unit_arena, "the file", bad_locks[_i],
			strlen(bad_locks[_i]), &ref, &read, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "the file"));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("incident");
	TCase *tcase = unit_case(suite, "files");

	tcase_add_loop_test(
	    tcase, incident_is_written_as_it_was_read, 0, COUNT(whole));
	tcase_add_test(tcase, rollback_says_all_that_it_is);
	tcase_add_test(tcase, bypass_is_about_its_commit);
	tcase_add_test(tcase, list_of_earlier_statements_may_be_long);
	tcase_add_test(tcase, closing_adds_a_line);
	tcase_add_loop_test(
	    tcase, damaged_incident_is_an_error, 0, COUNT(damaged));
	tcase_add_loop_test(
	    tcase, every_line_is_read_strictly, 0, COUNT(changes));
	tcase = unit_case(suite, "locks");
	tcase_add_test(tcase, lock_is_written_as_it_was_read);
	tcase_add_loop_test(
	    tcase, damaged_lock_is_an_error, 0, COUNT(bad_locks));
	return unit_main(suite);
}
