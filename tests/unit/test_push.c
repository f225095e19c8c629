#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "judge/push.h"
#include "judge/reason.h"
#include "support/unit.h"

#define A "1111111111111111111111111111111111111111"
#define B "abcdefabcdefabcdefabcdefabcdefabcdefabcd"
#define Z "0000000000000000000000000000000000000000"

static int parse_n(
    const char *text, size_t len, struct updates *updates, struct err *err)
{
	*err = (struct err){ .kind = ERR_NONE };
	return updates_parse(&unit_arena, text, len, updates, err);
}

START_TEST(push_reads_every_line_in_order)
	{
		const char *text = A " " B " refs/heads/main\n" Z " " A
				     " refs/tags/v1\n" B " " Z
				     " refs/heads/old\n";
		struct updates updates;
		struct err err;

		ck_assert_int_eq(
		    parse_n(text, strlen(text), &updates, &err), 0);
		ck_assert_uint_eq(updates.n, 3);
		ck_assert_str_eq(updates.v[0].ref, "refs/heads/main");
		ck_assert_str_eq(oid_hex(&updates.v[0].old).s, A);
		ck_assert_str_eq(oid_hex(&updates.v[0].new).s, B);
		ck_assert(oid_is_zero(&updates.v[1].old));
		ck_assert_str_eq(updates.v[1].ref, "refs/tags/v1");
		ck_assert(oid_is_zero(&updates.v[2].new));
	}
END_TEST

START_TEST(push_keeps_the_bytes_of_a_name)
	{
		/* What is wrong with a name is said about that ref, not here.
		 */
		const char *text = A " " B " refs/heads/a b\x1b[31m\xff\n";
		struct updates updates;
		struct err err;

		ck_assert_int_eq(
		    parse_n(text, strlen(text), &updates, &err), 0);
		ck_assert_str_eq(
		    updates.v[0].ref, "refs/heads/a b\x1b[31m\xff");
	}
END_TEST

START_TEST(push_leaves_a_line_of_two_zero_ids_to_the_judge)
	{
		const char *text = Z " " Z " refs/heads/x\n";
		struct updates updates;
		struct err err;

		ck_assert_int_eq(
		    parse_n(text, strlen(text), &updates, &err), 0);
	}
END_TEST

#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *text;
	size_t len;
	const char *said; /* in the error */
} malformed[] = {
	{ TEXT(""), "empty" },
	{ TEXT("\n"), "line 1" },
	{ TEXT(A " " B " refs/heads/main"), "middle of a line" },
	{ TEXT(A " " B " refs/heads/main\n" A " " B), "middle of a line" },
	{ TEXT(A " " B " refs/heads/main\n\n"), "line 2" },
	{ TEXT("\n" A " " B " refs/heads/main\n"), "line 1" },
	{ TEXT(A " " B "\n"), "line 1" },
	{ TEXT(A " " B " \n"), "line 1" },
	{ TEXT(A "  " B " refs/heads/main\n"), "line 1" },
	{ TEXT(A " " B "  refs/heads/main\n"), "line 1" },
	{ TEXT(" " A " " B " refs/heads/main\n"), "line 1" },
	{ TEXT(A "\t" B " refs/heads/main\n"), "line 1" },
	{ TEXT("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD " B " refs/heads/x\n"),
	    "40 lower-case digits" },
	{ TEXT("g111111111111111111111111111111111111111 " B " refs/heads/x\n"),
	    "40 lower-case digits" },
	{ TEXT(A " abc refs/heads/main\n"), "line 1" },
	{ TEXT(A "1 " B " refs/heads/main\n"), "line 1" },
	{ TEXT(A " " B " refs/heads/ma\0in\n"), "NUL" },
	{ TEXT(A " " B " refs/heads/x\n\0"), "NUL" },
};

START_TEST(push_refuses_a_list_that_git_never_writes)
	{
		struct updates updates = { .n = 77 };
		struct err err;

		ck_assert_int_eq(parse_n(malformed[_i].text, malformed[_i].len,
				     &updates, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_msg(strstr(err.text, malformed[_i].said) != NULL,
		    "%s", err.text);
		ck_assert_uint_eq(updates.n, 77);
	}
END_TEST

START_TEST(push_refuses_each_of_its_prefixes)
	{
		/* A feeder that is killed looks like the end of the list. */
		const char *text = A " " B " refs/heads/main\n";
		struct updates updates;
		struct err err;

		for (size_t len = 0; len < strlen(text); len++)
			ck_assert_int_eq(
			    parse_n(text, len, &updates, &err), -1);
		ck_assert_int_eq(
		    parse_n(text, strlen(text), &updates, &err), 0);
	}
END_TEST

START_TEST(push_has_a_ceiling_for_names)
	{
		size_t len = 82 + REF_NAME_MAX + 2;
		char *text = malloc(len);
		struct updates updates;
		struct err err;

		ck_assert_ptr_nonnull(text);
		memset(text, 'x', len);
		memcpy(text, A " " B " ", 82);
		text[len - 2] = '\n';
		ck_assert_int_eq(parse_n(text, len - 1, &updates, &err), 0);
		text[len - 2] = 'x';
		text[len - 1] = '\n';
		ck_assert_int_eq(parse_n(text, len, &updates, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		free(text);
	}
END_TEST

START_TEST(push_has_a_ceiling_for_lines)
	{
		static const char line[] = A " " B " refs/heads/x\n";
		size_t len = sizeof(line) - 1;
		char *text = malloc(len * (PUSH_UPDATES_MAX + 1));
		struct updates updates;
		struct err err;

		ck_assert_ptr_nonnull(text);
		for (size_t i = 0; i <= PUSH_UPDATES_MAX; i++)
			memcpy(text + i * len, line, len);
		ck_assert_int_eq(
		    parse_n(text, len * PUSH_UPDATES_MAX, &updates, &err), 0);
		ck_assert_uint_eq(updates.n, PUSH_UPDATES_MAX);
		ck_assert_int_eq(
		    parse_n(text, len * (PUSH_UPDATES_MAX + 1), &updates, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		free(text);
	}
END_TEST

START_TEST(push_option_report_json_is_read)
	{
		struct push push = { .report_json = true, .rollback = "x" };

		push_options_read(&push);
		ck_assert(!push.report_json);
		ck_assert_ptr_null(push.rollback);
		strings_add(&unit_arena, &push.options, "report=xml");
		strings_add(&unit_arena, &push.options, "REPORT=json");
		push_options_read(&push);
		ck_assert(!push.report_json);
		strings_add(&unit_arena, &push.options, "report=json");
		push_options_read(&push);
		ck_assert(push.report_json);
	}
END_TEST

START_TEST(push_options_say_why)
	{
		struct push push = { 0 };

		strings_add(&unit_arena, &push.options, "rollback=a=b");
		strings_add(&unit_arena, &push.options, "rollback=second");
		strings_add(&unit_arena, &push.options, "bypass");
		strings_add(&unit_arena, &push.options, "rollbacks=x");
		push_options_read(&push);
		ck_assert_str_eq(push.rollback, "a=b");
		ck_assert_str_eq(push.bypass, "");
		ck_assert_ptr_null(push.timeline);
	}
END_TEST

static const struct {
	const char *reason, *fault;
} reasons[] = {
	{ "x", NULL },
	{ "INC-42 latency \xc3\xa4", NULL },
	{ "", "missing" },
	{ "   ", "missing" },
	{ "a\tb", "control" },
	{ "a\nb", "control" },
	{ "a\x7f", "control" },
	{ "a\xc2\x85", "control" },
	{ "a\xe2\x80\xae" "b", "control" },
	{ "a\xff", "not UTF-8" },
};

START_TEST(reason_is_one_readable_line)
	{
		const char *fault = reason_fault(reasons[_i].reason);

		if (reasons[_i].fault)
			ck_assert_ptr_nonnull(
			    strstr(fault ? fault : "", reasons[_i].fault));
		else
			ck_assert_ptr_null(fault);
	}
END_TEST

START_TEST(reason_has_a_ceiling_of_characters)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, 10000);
		for (int i = 0; i < REASON_MAX; i++)
			buf_adds(&buf, "\xc3\xa4");
		ck_assert_ptr_null(reason_fault(buf.p));
		buf_addc(&buf, 'x');
		ck_assert_ptr_nonnull(strstr(reason_fault(buf.p), "longer"));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("push");
	TCase *tcase = unit_case(suite, "updates");

	tcase_add_test(tcase, push_reads_every_line_in_order);
	tcase_add_test(tcase, push_keeps_the_bytes_of_a_name);
	tcase_add_test(tcase, push_leaves_a_line_of_two_zero_ids_to_the_judge);
	tcase_add_loop_test(tcase, push_refuses_a_list_that_git_never_writes, 0,
	    COUNT(malformed));
	tcase_add_test(tcase, push_refuses_each_of_its_prefixes);
	tcase_add_test(tcase, push_has_a_ceiling_for_names);
	tcase_add_test(tcase, push_has_a_ceiling_for_lines);
	tcase = unit_case(suite, "options");
	tcase_add_test(tcase, push_option_report_json_is_read);
	tcase_add_test(tcase, push_options_say_why);
	tcase_add_loop_test(
	    tcase, reason_is_one_readable_line, 0, COUNT(reasons));
	tcase_add_test(tcase, reason_has_a_ceiling_of_characters);
	return unit_main(suite);
}
