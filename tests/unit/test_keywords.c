#include "base/keywords.h"

#include <string.h>

#include "support/unit.h"

/* What is found in a text, against a search of every word at every place. */

#define WORDS_MAX 40

struct places {
	struct {
		unsigned id;
		size_t end;
	} v[100000];
	size_t n, stop; /* stop: after so many */
};

static int note(void *ctx, unsigned id, size_t end, struct err *err)
{
	struct places *places = ctx;

	ck_assert_uint_lt(places->n, 100000);
	places->v[places->n].id = id;
	places->v[places->n++].end = end;
	return places->stop == places->n
	    ? err_set(err, ERR_LIMIT, "that is enough")
	    : 0;
}

static bool has(const struct places *places, unsigned id, size_t end)
{
	for (size_t i = 0; i < places->n; i++)
		if (places->v[i].id == id && places->v[i].end == end)
			return true;
	return false;
}

static void compare(
    const char *const *words, unsigned n, const char *text, size_t len)
{
	struct places *places = ARENA_NEW(&unit_arena, struct places);
	struct keywords *kw;
	size_t bytes = 0, wanted = 0;
	struct err err = { 0 };

	for (unsigned i = 0; i < n; i++)
		bytes += strlen(words[i]);
	kw = keywords_new(&unit_arena, bytes);
	for (unsigned i = 0; i < n; i++)
		keywords_add(kw, words[i], i);
	keywords_build(kw);
	ck_assert_int_eq(keywords_search(kw, text, len, note, places, &err), 0);
	for (unsigned i = 0; i < n; i++)
		for (size_t end = strlen(words[i]); end <= len; end++) {
			if (strncasecmp(text + end - strlen(words[i]), words[i],
				strlen(words[i])) != 0)
				continue;
			wanted++;
			ck_assert_msg(
			    has(places, i, end), "'%s' at %zu", words[i], end);
		}
	ck_assert_uint_eq(places->n, wanted);
}

static uint64_t state;

static unsigned draw(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static const char *word(unsigned max, const char *letters)
{
	char text[KEYWORD_MAX + 1] = { 0 };
	unsigned n = KEYWORD_MIN + draw(max - KEYWORD_MIN + 1);

	for (unsigned i = 0; i < n; i++)
		text[i] = letters[draw((unsigned)strlen(letters))];
	return arena_strdup(&unit_arena, text);
}

/* Few letters: words are parts and tails of each other all the time. */
START_TEST(words_are_found_where_they_are)
	{
		const char *words[WORDS_MAX], *letters = _i % 2 ? "ab" : "aB-c";
		char text[500];
		unsigned n = 1 + draw(WORDS_MAX);

		state = (uint64_t)_i;
		for (unsigned i = 0; i < n; i++)
			words[i] = word(_i % 3 ? 4 : 9, letters);
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = letters[draw((unsigned)strlen(letters))];
		compare(words, n, text, sizeof(text));
	}
END_TEST

START_TEST(any_byte_may_be_in_a_word)
	{
		const char *words[256];
		char text[3 * 256];

		for (unsigned i = 0; i < 120; i++)
			words[i] = arena_printf(
			    &unit_arena, "%c%c", (char)(i + 1), (char)(i + 1));
		for (unsigned i = 0; i < sizeof(text); i++)
			text[i] = (char)(i / 3);
		/* Signs beyond the 63rd may be taken for each other, so that
		 * more is found: never less. */
		struct places *places = ARENA_NEW(&unit_arena, struct places);
		struct keywords *kw = keywords_new(&unit_arena, 510);
		struct err err = { 0 };

		for (unsigned i = 0; i < 120; i++)
			keywords_add(kw, words[i], i);
		keywords_build(kw);
		ck_assert_int_eq(
		    keywords_search(kw, text, sizeof(text), note, places, &err),
		    0);
		for (unsigned i = 0; i < 120; i++)
			ck_assert(has(places, i, 3 * (i + 1) + 2));
	}
END_TEST

START_TEST(search_ends_when_it_is_told_to)
	{
		struct places *places = ARENA_NEW(&unit_arena, struct places);
		struct keywords *kw = keywords_new(&unit_arena, 2);
		struct err err = { 0 };

		places->stop = 3;
		keywords_add(kw, "ab", 7);
		keywords_build(kw);
		ck_assert_int_eq(
		    keywords_search(kw, "ababababab", 10, note, places, &err),
		    -1);
		ck_assert_str_eq(err.text, "that is enough");
		ck_assert_uint_eq(places->n, 3);
		ck_assert_uint_eq(places->v[2].id, 7);
		ck_assert_uint_eq(places->v[2].end, 6);
	}
END_TEST

START_TEST(no_words_are_nowhere)
	{
		compare(NULL, 0, "text", 4);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keywords");
	TCase *tcase = unit_case(suite, "search");

	tcase_add_loop_test(tcase, words_are_found_where_they_are, 0, 200);
	tcase_add_test(tcase, any_byte_may_be_in_a_word);
	tcase_add_test(tcase, search_ends_when_it_is_told_to);
	tcase_add_test(tcase, no_words_are_nowhere);
	return unit_main(suite);
}
