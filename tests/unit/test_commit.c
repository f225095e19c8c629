#include "judge/commit.h"

#include <string.h>

#include "support/unit.h"

#define T "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define P1 "parent 1111111111111111111111111111111111111111\n"
#define P2 "parent 2222222222222222222222222222222222222222\n"
#define A "author Ann <ann@example.com> 1700000000 +0100\n"
#define C "committer Carl <carl@example.com> 1700000001 -0230\n"
#define SIG                                                                    \
	"gpgsig -----BEGIN SSH SIGNATURE-----\n U1NI\n \n -----END SSH "       \
	"SIGNATURE-----\n"
#define SIG256 "gpgsig-sha256 -----BEGIN\n x\n"

static const char *parse(const char *text, size_t len, struct commit *ret)
{
	memset(ret, 0, sizeof(*ret));
	return commit_parse(&unit_arena, text, len, ret);
}

START_TEST(commit_is_taken_apart)
	{
		static const char text[] = T P1 P2 A C
		    "encoding utf-8\nmergetag object 1\n type commit\n \n x\n"
		    "HG:extra a\n b\n" SIG "\nsubject\n\nbody\n";
		struct commit c;

		ck_assert_ptr_null(parse(text, sizeof(text) - 1, &c));
		ck_assert_str_eq(oid_hex(&c.tree).s,
		    "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
		ck_assert_uint_eq(c.parents.n, 2);
		ck_assert_str_eq(oid_hex8(&c.parents.v[1]).s, "22222222");
		ck_assert_str_eq(c.author.name, "Ann");
		ck_assert_str_eq(c.author.email, "ann@example.com");
		ck_assert_int_eq(c.author.time, 1700000000);
		ck_assert_str_eq(c.committer.name, "Carl");
		ck_assert_int_eq(c.committer.time, 1700000001);
		ck_assert_str_eq(c.message, "subject\n\nbody\n");
		ck_assert_uint_eq(c.message_len, 14);
		ck_assert_str_eq(c.gpgsig,
		    "-----BEGIN SSH SIGNATURE-----\nU1NI\n\n-----END SSH "
		    "SIGNATURE-----");
	}
END_TEST

static const char *const fine[] = {
	T A C "\n", /* no message */
	T A C "\nno line break at the end",
	T A C "\n\n\nblank lines first\n",
	T A C "\nCRLF\r\n",
	T P1 A C "\nGr\xc3\xbc\xc3\x9f\x65\n",
	T A C "encoding UTF-8\n\nx\n",
	T A C "x-tool: yes\nfoo bar\n\nx\n",
	T A C SIG "\ngpgsig in the body is no more than text\n",
	T A C "\ntext gpgsig text\n",
	T "author  <> 0 +0000\n" C "\nx\n",
	T "author A B <a b> 1099511627776 +9999\n" C "\nx\n",
	T A C SIG256 "\nx\n",
	T A C "mergetag a\n b\nmergetag c\n d\n\nx\n",
};

START_TEST(canonical_commits_are_taken)
	{
		struct commit c;
		const char *complaint = parse(fine[_i], strlen(fine[_i]), &c);

		ck_assert_msg(!complaint, "%s", complaint);
		ck_assert_ptr_nonnull(c.message);
	}
END_TEST

static const struct {
	const char *text, *words;
} bad[] = {
	{ "", "'tree'" },
	{ "tree 4b825dc642cb6eb9a060e54bf8d69288fbee49\n" A C "\nx", "'tree'" },
	{ "tree 4B825DC642CB6EB9A060E54BF8D69288FBEE4904\n" A C "\nx",
	    "'tree'" },
	{ "tree  4b825dc642cb6eb9a060e54bf8d69288fbee4904\n" A C "\nx",
	    "'tree'" },
	{ P1 T A C "\nx", "'tree'" },
	{ T T A C "\nx", "'author'" },
	{ T A A C "\nx", "'committer'" },
	{ T A C C "\nx", "'committer'" },
	{ T C A "\nx", "'author'" },
	{ T A "\nx", "'committer'" },
	{ T C "\nx", "'author'" },
	{ T A P1 C "\nx", "'committer'" },
	{ T A C P1 "\nx", "'parent'" },
	{ T A C "Parent x\n\nx", "'Parent'" },
	{ T A C "AUTHOR x\n\nx", "'AUTHOR'" },
	{ T A C "GPGSIG x\n\nx", "'GPGSIG'" },
	{ T A C "tree x\n\nx", "'tree'" },
	{ T P1 P1 A C "\nx", "twice" },
	{ T "parent 111111111111111111111111111111111111111x\n" A C "\nx",
	    "'parent'" },
	{ T A C "encoding UTF-16\n\nx", "encoding" },
	{ T A C "encoding latin1\n\nx", "encoding" },
	{ T A C "encoding UTF-8\nencoding UTF-8\n\nx", "two 'encoding'" },
	{ T A C "encoding UTF-8\n UTF-16\n\nx", "second line" },
	{ T A C "\nGr\xfc\xdf\x65\n", "UTF-8" },
	{ T A C "\n\xed\xa0\x80\n", "UTF-8" },
	{ T "author \xff <a> 1 +0000\n" C "\nx", "UTF-8" },
	{ T A C SIG SIG "\nx", "two signatures" },
	{ T A C SIG SIG256 "\nx", "two signatures" },
	{ T A C "\ngpgsig -----BEGIN\n", "gpgsig" },
	{ T A C "\nx\ngpgsig -----BEGIN\n", "gpgsig" },
	{ T A C SIG256 "\nx\ngpgsig -----BEGIN\n", "gpgsig" },
	{ T A C, "blank line" },
	{ T A "committer Carl <carl@example.com> 1 +0000", "cut off" },
	{ T A C " continued\n\nx", "second line" },
	{ T A C "noblank\n\nx", "does not belong" },
	{ T A C "a\tb c\n\nx", "does not belong" },
	{ T A C "foo bar", "cut off" },
	{ T "author Ann <ann@example.com>\n" C "\nx", "e-mail" },
	{ T "author Ann ann@example.com 1 +0000\n" C "\nx", "name <email>" },
	{ T "author Ann<ann@example.com> 1 +0000\n" C "\nx", "name <email>" },
	{ T "author <ann@example.com> 1 +0000\n" C "\nx", "name <email>" },
	{ T "author Ann> <a@b> 1 +0000\n" C "\nx", "name <email>" },
	{ T "author Ann <a@b> <boss@x> 1 +0000\n" C "\nx", "date" },
	{ T "author Ann <a<b> 1 +0000\n" C "\nx", "e-mail" },
	{ T "author Ann <a@b>1 +0000\n" C "\nx", "e-mail" },
	{ T "author Ann <a@b> -1 +0000\n" C "\nx", "date" },
	{ T "author Ann <a@b> 01 +0000\n" C "\nx", "date" },
	{ T "author Ann <a@b> 0x10 +0000\n" C "\nx", "date" },
	{ T "author Ann <a@b>  1 +0000\n" C "\nx", "date" },
	{ T "author Ann <a@b> 1099511627777 +0000\n" C "\nx", "date" },
	{ T "author Ann <a@b> 99999999999999999999 +0000\n" C "\nx", "date" },
	{ T "author Ann <a@b> 1 0000\n" C "\nx", "zone" },
	{ T "author Ann <a@b> 1 +000\n" C "\nx", "zone" },
	{ T "author Ann <a@b> 1 +00000\n" C "\nx", "zone" },
	{ T "author Ann <a@b> 1 +0000 \n" C "\nx", "zone" },
	{ T "author Ann <a@b> 1\n" C "\nx", "date" },
};

START_TEST(what_readers_would_not_read_alike_is_refused)
	{
		struct commit c;
		const char *complaint = parse(
		    bad[_i].text, strlen(bad[_i].text), &c);

		ck_assert_ptr_nonnull(complaint);
		ck_assert_msg(
		    strstr(complaint, bad[_i].words) != NULL, "%s", complaint);
	}
END_TEST

START_TEST(nul_is_refused_wherever_it_is)
	{
		static const char text[] = T P1 A C SIG "\nx\n";

		for (size_t i = 0; i < sizeof(text) - 1; i++) {
			char copy[sizeof(text)];
			struct commit c;
			const char *complaint;

			memcpy(copy, text, sizeof(text));
			copy[i] = '\0';
			complaint = parse(copy, sizeof(text) - 1, &c);
			ck_assert_ptr_nonnull(complaint);
			ck_assert_ptr_nonnull(strstr(complaint, "NUL"));
		}
	}
END_TEST

START_TEST(every_truncation_is_survived)
	{
		static const char text[] = T P1 A C SIG "\nx\n";
		size_t headers = sizeof(text) - 1 - strlen("\nx\n");

		for (size_t len = 0; len < sizeof(text) - 1; len++) {
			/* A block of its own: overruns are seen. */
			char *copy = arena_strndup(&unit_arena, text, len);
			struct commit c;
			const char *complaint = parse(copy, len, &c);

			if (len <= headers)
				ck_assert_ptr_nonnull(complaint);
			else
				ck_assert_ptr_null(complaint);
		}
	}
END_TEST

START_TEST(parents_have_a_ceiling)
	{
		for (unsigned n = 1024; n <= 1025; n++) {
			char *text = arena_strdup(&unit_arena, T);
			struct commit c;
			const char *complaint;

			for (unsigned i = 0; i < n; i++)
				text = arena_printf(&unit_arena,
				    "%sparent %040x\n", text, i + 1);
			text = arena_printf(&unit_arena, "%s" A C "\nx", text);
			complaint = parse(text, strlen(text), &c);
			ck_assert_int_eq(complaint != NULL, n > 1024);
		}
	}
END_TEST

#define O "object 1111111111111111111111111111111111111111\n"

static const struct {
	const char *text, *words; /* NULL: fine */
} tags[] = {
	{ O "type commit\ntag v1\ntagger A <a@b> 1 +0000\n\nmessage\n", NULL },
	{ O "type commit\ntag v1\ntagger A <a@b> 1 +0000\n\n", NULL },
	{ O "type tag\ntag v1\n\nof 2005\n", NULL },
	{ O "type blob\ntag a/b\ntagger A <a@b> 1 +0000\n\nx", NULL },
	{ "", "'object'" },
	{ "type commit\n" O "tag v1\n\nx", "'object'" },
	{ O "type commit\ntag v1\n", "blank line" },
	{ O "type commits\ntag v1\n\nx", "'type'" },
	{ O "type commit\n\nx", "'tag'" },
	{ O "type commit\ntag \n\nx", "names nothing" },
	{ O "type commit\ntag a\tb\n\nx", "control" },
	{ O "type commit\ntag v1\ntagger A <a@b>\n\nx", "'tagger'" },
	{ O "type commit\ntag v1\ntagger A <a@b> 1 +0000\ntagger B <a@b> 1 "
	    "+0000\n\nx",
	    "does not belong" },
	{ O O "type commit\ntag v1\n\nx", "'type'" },
	{ O "type commit\ntag v1\nextra x\n\nx", "does not belong" },
	{ O "type commit\ntag v1\n\n\xff", "UTF-8" },
};

START_TEST(tag_is_canonical_or_refused)
	{
		struct tag tag;
		const char *complaint = tag_parse(
		    &unit_arena, tags[_i].text, strlen(tags[_i].text), &tag);

		if (!tags[_i].words) {
			ck_assert_msg(!complaint, "%s", complaint);
			ck_assert_ptr_nonnull(tag.message);
		} else {
			ck_assert_ptr_nonnull(complaint);
			ck_assert_msg(strstr(complaint, tags[_i].words) != NULL,
			    "%s", complaint);
		}
	}
END_TEST

START_TEST(tag_is_taken_apart)
	{
		static const char text[] = O
		    "type commit\ntag a/b\ntagger A B <a@b> 5 +0000\n\nm\nn\n";
		struct tag tag;

		ck_assert_ptr_null(
		    tag_parse(&unit_arena, text, sizeof(text) - 1, &tag));
		ck_assert_str_eq(oid_hex8(&tag.target).s, "11111111");
		ck_assert_str_eq(tag.type, "commit");
		ck_assert_str_eq(tag.name, "a/b");
		ck_assert(tag.has_tagger);
		ck_assert_str_eq(tag.tagger.name, "A B");
		ck_assert_int_eq(tag.tagger.time, 5);
		ck_assert_str_eq(tag.message, "m\nn\n");
		ck_assert_uint_eq(tag.message_len, 4);
	}
END_TEST

static struct commit with(const char *message)
{
	struct commit c = { .message = message,
		.message_len = strlen(message) };

	return c;
}

static const struct {
	const char *message, *subject, *body;
} texts[] = {
	{ "", "", "" },
	{ "\n\n", "", "" },
	{ "one", "one", "" },
	{ "one\n", "one", "" },
	{ "one  \r\n\r\ntwo\r\n", "one", "two\r\n" },
	{ "\n \n one\n\ntwo\n\nthree\n", " one", "two\n\nthree\n" },
	{ "one\ntwo\n\nthree\n", "one", "three\n" },
	{ "one\n\n\ntwo\n", "one", "\ntwo\n" },
};

START_TEST(subject_and_body_are_split_at_a_blank_line)
	{
		struct commit c = with(texts[_i].message);

		ck_assert_str_eq(
		    commit_subject(&unit_arena, &c), texts[_i].subject);
		ck_assert_str_eq(commit_body(&unit_arena, &c), texts[_i].body);
	}
END_TEST

static const struct {
	const char *message, *trailers; /* "key=value|.." */
} trailer_rows[] = {
	{ "", "" },
	{ "Fix: the thing", "" }, /* a subject is none */
	{ "Fix: the thing\nSigned-off-by: A <a@b>\n", "" },
	{ "s\n\nSigned-off-by: A <a@b>\n", "Signed-off-by=A <a@b>" },
	{ "s\n\nbody\n\nA: 1\nB:2\nc-d : 3 \n\n\n", "A=1|B=2|c-d=3" },
	{ "s\n\nA: 1\n\ntext\n", "" },
	{ "s\n\ntext\nA: 1\n", "" },
	{ "s\n\nA: 1\ntext\n", "" },
	{ "s\n\nA: 1\n  and more\n\tstill\nB: 2\n", "A=1 and more still|B=2" },
	{ "s\n\n  A: 1\n", "" },
	{ "s\n\nA:\n", "A=" },
	{ "s\n\nA b: 1\n", "" },
	{ "s\n\n: 1\n", "" },
	{ "s\n\nA: 1\n(cherry picked from commit abc)\nB: 2\n", "A=1|B=2" },
	{ "s\n\nA: 1\r\nB: 2\r\n", "A=1|B=2" },
	{ "\n\ns\n\nA: x: y\n", "A=x: y" },
};

START_TEST(trailers_are_the_last_paragraph)
	{
		struct commit c = with(trailer_rows[_i].message);
		struct trailers trailers;
		char *list = arena_strdup(&unit_arena, "");

		commit_trailers(&unit_arena, &c, &trailers);
		for (size_t i = 0; i < trailers.n; i++)
			list = arena_printf(&unit_arena, "%s%s%s=%s", list,
			    i ? "|" : "", trailers.v[i].key,
			    trailers.v[i].value);
		ck_assert_str_eq(list, trailer_rows[_i].trailers);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("commit");
	TCase *tcase = unit_case(suite, "commit");

	tcase_add_test(tcase, commit_is_taken_apart);
	tcase_add_loop_test(tcase, canonical_commits_are_taken, 0, COUNT(fine));
	tcase_add_loop_test(
	    tcase, what_readers_would_not_read_alike_is_refused, 0, COUNT(bad));
	tcase_add_test(tcase, nul_is_refused_wherever_it_is);
	tcase_add_test(tcase, every_truncation_is_survived);
	tcase_add_test(tcase, parents_have_a_ceiling);
	tcase = unit_case(suite, "tag");
	tcase_add_loop_test(tcase, tag_is_canonical_or_refused, 0, COUNT(tags));
	tcase_add_test(tcase, tag_is_taken_apart);
	tcase = unit_case(suite, "text");
	tcase_add_loop_test(
	    tcase, subject_and_body_are_split_at_a_blank_line, 0, COUNT(texts));
	tcase_add_loop_test(
	    tcase, trailers_are_the_last_paragraph, 0, COUNT(trailer_rows));
	return unit_main(suite);
}
