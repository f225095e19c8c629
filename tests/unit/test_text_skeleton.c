#include <string.h>

#include "base/text.h"
#include "support/unit.h"

static const struct {
	const char *name, *skeleton;
} rows[] = {
	{ "", "" },
	{ "main", "main" },
	{ "refs/heads/main", "refs/heads/main" },
	{ "Main", "main" },
	{ "MAIN", "main" },
	{ "ma\xc4\xb1n", "main" },        /* dotless i */
	{ "MA\xc4\xb0N", "main" },        /* I with a dot */
	{ "m\xd0\xb0in", "main" },        /* Cyrillic a */
	{ "\xd0\x9c\xd0\xb0in", "main" }, /* Cyrillic Em, a */
	{ "\xd0\xbc"
	  "ain",
	    "main" },              /* its small letter */
	{ "ma\xd1\x96n", "main" }, /* Ukrainian i */
	{ "m\xce\xb1in", "main" }, /* Greek alpha */
	{ "ma\xce\xb9n", "main" }, /* Greek iota */
	{ "MAI\xce\x9d", "main" }, /* Greek capital Nu */
	{ "\xce\xbd"
	  "1.0",
	    "v1.0" }, /* Greek small nu */
	{ "\xef\xbd\x8d\xef\xbd\x81\xef\xbd\x89\xef\xbd\x8e", "main" },
	{ "\xef\xbc\xad"
	  "ain",
	    "main" }, /* full-width M */
	{ "r1\xef\xbc\x8e"
	  "0",
	    "r1.0" }, /* full-width full stop */
	{ "a\xef\xbc\x8f"
	  "b",
	    "a/b" }, /* full-width slash */
	{ "a\xe2\x88\x95"
	  "b",
	    "a/b" }, /* division slash */
	{ "\xe2\x84\xaa"
	  "ey",
	    "key" },                /* Kelvin sign */
	{ "te\xc5\xbft", "test" },  /* long s */
	{ "m\xc3\xa4in", "main" },  /* a with diaeresis .. */
	{ "ma\xcc\x88in", "main" }, /* .. and in two characters */
	{ "\xc3\xa9t\xc3\xa9", "ete" },
	{ "e\xcc\x81te\xcc\x81", "ete" },
	{ "Stra\xc3\x9f"
	  "e",
	    "strasse" },
	{ "\xef\xac\x81x", "fix" }, /* fi ligature */
	{ "\xf0\x9d\x90\xa6"
	  "ain",
	    "main" }, /* mathematical bold m */
	{ "\xf0\x9d\x99\xbc"
	  "ain",
	    "main" },                  /* monospace M */
	{ "v\xf0\x9d\x9f\x8f", "v1" }, /* bold one */
	{ "\xe2\x93\x9c"
	  "ain",
	    "main" }, /* circled m */
	{ "\xe1\xb4\x8d"
	  "ain",
	    "main" },                  /* small capital m */
	{ "ma\xe2\x85\xb0n", "main" }, /* Roman numeral one */
	{ "\xc9\xa1it", "git" },       /* script g */
	{ "\xd1\x95\xd1\x82\xd0\xb0\xd0\xb3\xd0\xb5",
	    "sta\xd0\xb3"
	    "e" },
	{ "main\xe2\x80\x8b", "main" }, /* zero width space */
	{ "ma\xe2\x80\x8din", "main" }, /* zero width joiner */
	{ "\xe2\x80\xaemain", "main" }, /* right-to-left override */
	{ "ma\xc2\xadin", "main" },     /* soft hyphen */
	{ "\xef\xbb\xbfmain", "main" }, /* byte order mark */
	{ "main\xef\xb8\x8f", "main" }, /* variation selector */
	{ ".g\xe2\x80\x8cit", ".git" }, /* HFS+ forgets U+200C */
	{ ".G\xc4\xb1t", ".git" },
	{ "main.", "main" },
	{ "main...", "main" },
	{ "main ", "main" },
	{ "main. .", "main" },
	{ "main.\xe2\x80\x8b", "main" }, /* the dot is the last one seen */
	{ "main\xc2\xa0", "main" },      /* no-break space */
	{ "main\xe2\x80\xa4", "main" },  /* one dot leader */
	{ "a./b. /c", "a/b/c" },
	{ ".git./config", ".git/config" },
	{ ".hidden", ".hidden" },
	{ "a.b", "a.b" },
	{ "a b", "a b" },
	{ "fix\xe2\x80\x90"
	  "1",
	    "fix-1" }, /* hyphen */
	{ "fix\xe2\x80\x93"
	  "1",
	    "fix-1" }, /* en dash */
	{ "fix_1", "fix_1" },
	/* Letters that look like no ASCII letter keep apart, but for case. */
	{ "\xd0\x96", "\xd0\xb6" },
	{ "\xd0\xb9", "\xd0\xb8" },         /* short i, in one character .. */
	{ "\xd0\xb8\xcc\x86", "\xd0\xb8" }, /* .. and in two */
	{ "\xce\xa9", "\xcf\x89" },
	{ "\xe4\xb8\xad\xe6\x96\x87", "\xe4\xb8\xad\xe6\x96\x87" },
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	/* Bytes that are not UTF-8 stay. */
	{ "m\xe4in", "m\xe4in" },
	{ "\xff\xfe", "\xff\xfe" },
	{ "main\xc3", "main\xc3" },
};

START_TEST(skeleton_of_names)
	{
		const char *name = rows[_i].name;
		const char *skeleton = text_skeleton(
		    &unit_arena, name, strlen(name));

		ck_assert_str_eq(skeleton, rows[_i].skeleton);
		ck_assert_str_eq(
		    text_skeleton(&unit_arena, skeleton, strlen(skeleton)),
		    skeleton);
	}
END_TEST

static const char *const different[][2] = {
	{ "main", "maim" },
	{ "main", "mains" },
	{ "a/b", "ab" },
	{ "v1.0", "v10" },
	{ "fix-1", "fix_1" },
	{ "o", "0" },
	{ "l", "1" },
	{ "\xd0\xb6", "\xd1\x88" },
	{ "\xe4\xb8\xad", "\xe6\x96\x87" },
};

START_TEST(skeleton_keeps_different_names_apart)
	{
		const char *a = different[_i][0], *b = different[_i][1];

		ck_assert_str_ne(text_skeleton(&unit_arena, a, strlen(a)),
		    text_skeleton(&unit_arena, b, strlen(b)));
	}
END_TEST

START_TEST(skeleton_of_every_character_is_no_longer_and_stable)
	{
		for (uint32_t c = 1; c <= 0x10ffff; c++) {
			char text[5];
			const char *once, *twice;
			size_t n = utf8_put(c, text);

			once = text_skeleton(&unit_arena, text, n);
			twice = text_skeleton(&unit_arena, once, strlen(once));
			ck_assert_uint_le(strlen(once), n);
			ck_assert_msg(strcmp(once, twice) == 0,
			    "U+%04X becomes '%s', then '%s'", c, once, twice);
			arena_reset(&unit_arena);
		}
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text_skeleton");
	TCase *tcase = unit_case(suite, "skeleton");

	tcase_add_loop_test(tcase, skeleton_of_names, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, skeleton_keeps_different_names_apart, 0, COUNT(different));
	tcase_add_test(
	    tcase, skeleton_of_every_character_is_no_longer_and_stable);
	return unit_main(suite);
}
