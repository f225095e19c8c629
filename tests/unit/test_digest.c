#include "base/digest.h"

#include <string.h>

#include "support/unit.h"

/* FIPS 180-2 and NIST's examples. */
static const struct {
	const char *text, *hex;
} rows[] = {
	{ "",
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ "abc",
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1" },
};

START_TEST(sha256_of_known_texts)
	{
		const char *text = rows[_i].text;
		size_t len = strlen(text);
		const struct digest_part whole = { text, len };

		ck_assert_str_eq(
		    sha256_hex(&unit_arena, &whole, 1), rows[_i].hex);
		ck_assert_uint_eq(
		    strlen(sha256_hex40(&unit_arena, text, len)), 40);
		ck_assert_int_eq(strncmp(sha256_hex40(&unit_arena, text, len),
				     rows[_i].hex, 40),
		    0);
	}
END_TEST

START_TEST(sha256_of_parts_is_that_of_the_whole)
	{
		const struct digest_part parts[] = { { "a", 1 }, { NULL, 0 },
			{ "bc", 2 } };

		ck_assert_str_eq(
		    sha256_hex(&unit_arena, parts, 3), rows[1].hex);
		ck_assert_str_eq(sha256_hex(&unit_arena, NULL, 0), rows[0].hex);
	}
END_TEST

START_TEST(random_is_hex_and_never_the_same)
	{
		const char *a = random_hex(&unit_arena);
		const char *b = random_hex(&unit_arena);

		ck_assert_uint_eq(strlen(a), 32);
		ck_assert_uint_eq(strspn(a, "0123456789abcdef"), 32);
		ck_assert_str_ne(a, b);
	}
END_TEST

START_TEST(pieces_are_one_digest)
	{
		static const char text[] = "piece by piece";
		struct sha256 *sum = sha256_begin(&unit_arena);

		sha256_add(sum, text, 5);
		sha256_add(sum, "", 0);
		sha256_add(sum, text + 5, strlen(text) - 5);
		ck_assert_str_eq(sha256_end40(&unit_arena, sum),
		    sha256_hex40(&unit_arena, text, strlen(text)));
	}
END_TEST

START_TEST(words_are_digested_each_with_its_end)
	{
		const char *const words[] = { "ab", "c" };
		const char *const others[] = { "a", "bc" };

		ck_assert_str_eq(sha256_words40(&unit_arena, words, 2),
		    sha256_hex40(&unit_arena, "ab\0c", sizeof("ab\0c")));
		ck_assert_str_ne(sha256_words40(&unit_arena, words, 2),
		    sha256_words40(&unit_arena, others, 2));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("digest");
	TCase *tcase = unit_case(suite, "digest");

	tcase_add_loop_test(tcase, sha256_of_known_texts, 0, COUNT(rows));
	tcase_add_test(tcase, sha256_of_parts_is_that_of_the_whole);
	tcase_add_test(tcase, random_is_hex_and_never_the_same);
	tcase_add_test(tcase, pieces_are_one_digest);
	tcase_add_test(tcase, words_are_digested_each_with_its_end);
	return unit_main(suite);
}
