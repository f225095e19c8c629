#include "notify/encodedword.h"

#include <string.h>

#include "base/text.h"
#include "support/mailcheck.h"
#include "support/unit.h"

#define MAX ((size_t)1 << 20)
#define SUBJECT ((size_t)9) /* columns of "Subject: " */
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define GRIN "\xf0\x9f\x98\x80"

static const char *header(const char *text, size_t column)
{
	struct buf out;

	buf_init(&out, &unit_arena, MAX);
	header_text(&out, column, text);
	ck_assert(!out.overflow);
	return out.p;
}

static const struct {
	const char *text, *header;
} golden[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "[billing] a: b is now 1a2b3c4d", "[billing] a: b is now 1a2b3c4d" },
	{ "a = b? ?= yes", "a = b? ?= yes" },
	{ FIFTY " " TEN " 45678901", FIFTY " " TEN "\n 45678901" },
	{ FIFTY " " TEN " 34567890", FIFTY " " TEN "\n 34567890" },
	{ FIFTY " " TEN " 3456789", FIFTY " " TEN " 3456789" },
	/* not plain, or a reader could take it for something else */
	{ "\xc3\xa4", "=?utf-8?B?w6Q=?=" },
	{ "a\xc3\xa4 b", "=?utf-8?B?YcOkIGI=?=" },
	{ "=?utf-8?B?QQ==?=", "=?utf-8?B?PT91dGYtOD9CP1FRPT0/PQ==?=" },
	{ "a=?b", "=?utf-8?B?YT0/Yg==?=" },
	{ " a", "=?utf-8?B?IGE=?=" },
	{ "a ", "=?utf-8?B?YSA=?=" },
	{ "a  b", "=?utf-8?B?YSAgYg==?=" },
	/* what should have been neutralised */
	{ "a\nBcc: b", "a?Bcc: b" },
	{ "a\r\n\tb\x7f", "a???b?" },
};

START_TEST(header_is_as_expected)
	{
		ck_assert_str_eq(
		    header(golden[_i].text, SUBJECT), golden[_i].header);
	}
END_TEST

static const char *const pieces[] = { "x", "\xc3\xa4", "\xe4\xb8\xad", GRIN,
	"a" GRIN, "ab\xc3\xa4", "e\xcc\x81", "a \xc3\xa4 ", "=?" };

/* Of any length, from any column: no character is cut, no word or line is too
 * long, and it says what was put in. */
START_TEST(header_says_what_was_put_in)
	{
		for (size_t times = 0; times < 120; times++) {
			for (size_t column = 0; column < 90; column += 3) {
				const char *value, *text;
				struct buf buf;

				buf_init(&buf, &unit_arena, MAX);
				for (size_t i = 0; i < times; i++)
					buf_adds(&buf, pieces[_i]);
				value = header(buf.p, column);
				/* A first line that had no room is empty. */
				if (*value == '\n')
					value += 2;
				else if (*value == '=')
					ck_assert_uint_le(
					    column + strcspn(value, "\n"),
					    ENCODED_LINE_MAX);
				text = mail_decoded(&unit_arena, value);
				ck_assert_msg(text != NULL, "%s", value);
				ck_assert_str_eq(text, buf.p);
			}
			arena_reset(&unit_arena);
		}
	}
END_TEST

/* Bytes that are no UTF-8 are never here; nothing bad happens if they are. */
START_TEST(invalid_bytes_end_no_line)
	{
		const char *value = header(
		    "\xff\xfe\x80" FIFTY FIFTY "\xf0\x9f", SUBJECT);

		for (const char *p = value; *p; p++)
			ck_assert(*p == '\n' || (*p >= ' ' && *p <= '~'));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("encodedword");
	TCase *tcase = unit_case(suite, "header");

	tcase_add_loop_test(tcase, header_is_as_expected, 0, COUNT(golden));
	tcase_add_loop_test(
	    tcase, header_says_what_was_put_in, 0, COUNT(pieces));
	tcase_add_test(tcase, invalid_bytes_end_no_line);
	return unit_main(suite);
}
