#include "base/text.h"

#include <string.h>

#include "support/unit.h"

/* One character, or none: length 0 says that the bytes are not UTF-8. */
static const struct {
	const char *bytes;
	size_t length;
	uint32_t c;
} characters[] = {
	{ "a", 1, 'a' },
	{ "\x7f", 1, 0x7f },
	{ "\xc2\x80", 2, 0x80 },
	{ "\xc3\xa9", 2, 0xe9 },
	{ "\xdf\xbf", 2, 0x7ff },
	{ "\xe0\xa0\x80", 3, 0x800 },
	{ "\xe2\x82\xac", 3, 0x20ac },
	{ "\xed\x9f\xbf", 3, 0xd7ff },
	{ "\xee\x80\x80", 3, 0xe000 },
	{ "\xef\xbf\xbf", 3, 0xffff },
	{ "\xf0\x90\x80\x80", 4, 0x10000 },
	{ "\xf0\x9f\x98\x80", 4, 0x1f600 },
	{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	/* overlong */
	{ "\xc0\x80", 0, 0 },
	{ "\xc0\xaf", 0, 0 },
	{ "\xc1\xbf", 0, 0 },
	{ "\xe0\x80\x80", 0, 0 },
	{ "\xe0\x80\xaf", 0, 0 },
	{ "\xe0\x9f\xbf", 0, 0 },
	{ "\xf0\x80\x80\xaf", 0, 0 },
	{ "\xf0\x8f\xbf\xbf", 0, 0 },
	/* surrogates */
	{ "\xed\xa0\x80", 0, 0 },
	{ "\xed\xad\xbf", 0, 0 },
	{ "\xed\xb0\x80", 0, 0 },
	{ "\xed\xbf\xbf", 0, 0 },
	/* too big */
	{ "\xf4\x90\x80\x80", 0, 0 },
	{ "\xf5\x80\x80\x80", 0, 0 },
	{ "\xf8\x88\x80\x80\x80", 0, 0 },
	{ "\xfc\x84\x80\x80\x80\x80", 0, 0 },
	{ "\xfe", 0, 0 },
	{ "\xff", 0, 0 },
	/* continuation missing, alone or wrong */
	{ "\x80", 0, 0 },
	{ "\xbf", 0, 0 },
	{ "\xc3", 0, 0 },
	{ "\xc3(", 0, 0 },
	{ "\xc3\xc3", 0, 0 },
	{ "\xe2\x82", 0, 0 },
	{ "\xe2(\xac", 0, 0 },
	{ "\xe2\x82(", 0, 0 },
	{ "\xf0\x9f\x98", 0, 0 },
	{ "\xf0\x9f\x98(", 0, 0 },
};

START_TEST(utf8_decodes_as_rfc_3629_says)
	{
		const char *bytes = characters[_i].bytes;
		size_t length = characters[_i].length;
		uint32_t c = 0;
		char back[4];

		ck_assert_uint_eq(
		    utf8_decode(bytes, strlen(bytes), &c), length);
		ck_assert_uint_eq(c, characters[_i].c);
		ck_assert(utf8_valid(bytes, strlen(bytes)) == (length > 0));
		if (length > 0) {
			ck_assert_uint_eq(utf8_put(c, back), length);
			ck_assert_int_eq(memcmp(back, bytes, length), 0);
		}
	}
END_TEST

START_TEST(utf8_decode_does_not_look_behind_the_end)
	{
		static const char euro[] = "\xe2\x82\xac";
		uint32_t c;

		ck_assert_uint_eq(utf8_decode(euro, 3, &c), 3);
		ck_assert_uint_eq(utf8_decode(euro, 2, &c), 0);
		ck_assert_uint_eq(utf8_decode(euro, 1, &c), 0);
	}
END_TEST

START_TEST(utf8_every_character_survives)
	{
		for (uint32_t c = 0; c <= 0x10ffff; c++) {
			char bytes[4];
			uint32_t back = 0;
			size_t n = utf8_put(c, bytes);
			bool surrogate = c >= 0xd800 && c <= 0xdfff;

			ck_assert_uint_eq(
			    utf8_decode(bytes, n, &back), surrogate ? 0 : n);
			ck_assert_uint_eq(back, surrogate ? 0 : c);
		}
	}
END_TEST

static const struct {
	const char *text;
	size_t length;
} lengths[] = {
	{ "", 0 },
	{ "abc", 3 },
	{ "\xc3\xa9t\xc3\xa9", 3 },
	{ "\xf0\x9f\x98\x80!", 2 },
	{ "\xff\xfe", 2 },
	{ "\xe2\x82", 2 },
	{ "a\xe2\x82z", 4 },
};

START_TEST(utf8_length_counts_characters)
	{
		const char *text = lengths[_i].text;

		ck_assert_uint_eq(
		    utf8_length(text, strlen(text)), lengths[_i].length);
	}
END_TEST

static const struct {
	uint32_t c;
	bool hidden;
} hidden[] = {
	{ 'a', false },
	{ '\n', false },
	{ 0x7f, false },
	{ 0x80, true },
	{ 0x85, true },
	{ 0x9b, true }, /* CSI */
	{ 0x9f, true },
	{ 0xa0, false },
	{ 0xad, true },
	{ 0xe9, false },
	{ 0x301, false },
	{ 0x34f, true },
	{ 0x61c, true },
	{ 0x115f, true },
	{ 0x180e, true },
	{ 0x200a, false },
	{ 0x200b, true },
	{ 0x200d, true },
	{ 0x200e, true },
	{ 0x200f, true },
	{ 0x2010, false },
	{ 0x2028, true },
	{ 0x2029, true },
	{ 0x202a, true },
	{ 0x202e, true },
	{ 0x202f, false },
	{ 0x2060, true },
	{ 0x2066, true },
	{ 0x2069, true },
	{ 0x206f, true },
	{ 0x2070, false },
	{ 0x3164, true },
	{ 0x4e2d, false },
	{ 0xfe00, true },
	{ 0xfe0f, true },
	{ 0xfe10, false },
	{ 0xfeff, true },
	{ 0xffa0, true },
	{ 0x1f600, false },
	{ 0xe0001, true },
	{ 0xe0041, true },
	{ 0xe0100, true },
	{ 0xe1000, false },
	{ 0x10ffff, false },
};

START_TEST(hidden_characters_are_known)
	{
		char text[8] = "a";
		size_t n = utf8_put(hidden[_i].c, text + 1);

		text[1 + n] = 'z';
		ck_assert(char_is_hidden(hidden[_i].c) == hidden[_i].hidden);
		ck_assert(text_has_hidden(text, n + 2) == hidden[_i].hidden);
	}
END_TEST

START_TEST(hidden_is_not_what_is_invalid)
	{
		ck_assert(!text_has_hidden("", 0));
		ck_assert(!text_has_hidden("a\x80\xff", 3));
		ck_assert(text_has_hidden("\xff\xe2\x80\xae", 4));
	}
END_TEST

#define CLEAN(dirty, clean)                                                    \
	{                                                                      \
		dirty, sizeof(dirty) - 1, clean                                \
	}

static const struct {
	const char *dirty;
	size_t len;
	const char *clean;
} cleans[] = {
	CLEAN("", ""),
	CLEAN("refs/heads/main", "refs/heads/main"),
	CLEAN("caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80",
	    "caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80"),
	CLEAN("a\\x41b", "a\\x41b"),
	CLEAN("a\nb", "a\\x0ab"),
	CLEAN("a\tb\r", "a\\x09b\\x0d"),
	CLEAN("a\0b", "a\\x00b"),
	CLEAN("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
	CLEAN("bell\a\b\x7f", "bell\\x07\\x08\\x7f"),
	CLEAN("\xc2\x9b"
	      "2J",
	    "\\xc2\\x9b2J"),
	CLEAN("\xff\xfe", "\\xff\\xfe"),
	CLEAN("\xc0\xaf", "\\xc0\\xaf"),
	CLEAN("\xe2\x82", "\\xe2\\x82"),
	CLEAN("\xed\xa0\x80", "\\xed\\xa0\\x80"),
	CLEAN("x\xe2\x80\xaetxt.exe", "x\\xe2\\x80\\xaetxt.exe"),
	CLEAN("ma\xe2\x80\x8bin", "ma\\xe2\\x80\\x8bin"),
	CLEAN("\xef\xbb\xbf#!", "\\xef\\xbb\\xbf#!"),
	CLEAN("a\xe2\x80\xa8"
	      "b",
	    "a\\xe2\\x80\\xa8"
	    "b"),
	CLEAN("\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"),
};

START_TEST(clean_text_is_safe_on_a_terminal)
	{
		const char *clean = text_clean(
		    &unit_arena, cleans[_i].dirty, cleans[_i].len);

		ck_assert_str_eq(clean, cleans[_i].clean);
		/* What is clean stays as it is. */
		ck_assert_str_eq(text_clean_s(&unit_arena, clean), clean);
	}
END_TEST

START_TEST(str_prefix_and_suffix)
	{
		ck_assert(str_prefix("refs/heads/x", "refs/"));
		ck_assert(str_prefix("refs/", "refs/"));
		ck_assert(str_prefix("refs/", ""));
		ck_assert(!str_prefix("refs", "refs/"));
		ck_assert(!str_prefix("", "r"));
		ck_assert(str_suffix("main.c", ".c"));
		ck_assert(str_suffix(".c", ".c"));
		ck_assert(str_suffix("x", ""));
		ck_assert(!str_suffix("c", ".c"));
		ck_assert(!str_suffix("main.cc", ".c"));
	}
END_TEST

START_TEST(str_below_by_parts)
	{
		ck_assert(str_below("a/b", "a"));
		ck_assert(str_below("a/b/c", "a/b"));
		ck_assert(!str_below("a", "a"));
		ck_assert(!str_below("ab", "a"));
		ck_assert(!str_below("ab/c", "a"));
		ck_assert(!str_below("", "a"));
	}
END_TEST

START_TEST(str_is_hex_of_that_length)
	{
		ck_assert(str_is_hex("00ff", 4));
		ck_assert(str_is_hex("", 0));
		ck_assert(!str_is_hex("00ff", 3));
		ck_assert(!str_is_hex("00ff", 5));
		ck_assert(!str_is_hex("00fF", 4));
		ck_assert(!str_is_hex("00fg", 4));
		ck_assert(!str_is_hex("00ff\n", 4));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = unit_case(suite, "utf-8");

	tcase_add_loop_test(
	    tcase, utf8_decodes_as_rfc_3629_says, 0, COUNT(characters));
	tcase_add_test(tcase, utf8_decode_does_not_look_behind_the_end);
	tcase_add_test(tcase, utf8_every_character_survives);
	tcase_add_loop_test(
	    tcase, utf8_length_counts_characters, 0, COUNT(lengths));
	tcase = unit_case(suite, "shown");
	tcase_add_loop_test(
	    tcase, hidden_characters_are_known, 0, COUNT(hidden));
	tcase_add_test(tcase, hidden_is_not_what_is_invalid);
	tcase_add_loop_test(
	    tcase, clean_text_is_safe_on_a_terminal, 0, COUNT(cleans));
	tcase_add_test(tcase, str_prefix_and_suffix);
	tcase_add_test(tcase, str_below_by_parts);
	tcase_add_test(tcase, str_is_hex_of_that_length);
	return unit_main(suite);
}
