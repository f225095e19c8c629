#include "record/yaml.h"

#include <string.h>

#include "record/fields.h"
#include "record/pieces.h"
#include "support/unit.h"

#define MAX ((size_t)1 << 20)

static const struct node *parse(const char *text)
{
	struct source *source = ARENA_NEW(&unit_arena, struct source);
	struct diags diags;
	struct node *node;

	*source = (struct source){ "test", text, strlen(text) };
	diags_init(&diags, &unit_arena);
	node = document_parse(&unit_arena, source, MAX, &diags);
	ck_assert_msg(
	    node != NULL, "%s: %s", diags.n ? diags.v[0].text : "", text);
	return node;
}

static const char *end(struct yaml *yaml)
{
	struct err err = { 0 };
	const char *bytes = NULL;
	size_t len;

	ck_assert_msg(
	    yaml_end(yaml, "it", &bytes, &len, &err) == 0, "%s", err.text);
	return bytes;
}

static const char *scalar(const char *s)
{
	bool invalid = false;
	struct buf buf;

	buf_init(&buf, &unit_arena, MAX);
	yaml_scalar(&buf, s, &invalid);
	ck_assert(!invalid && !buf.overflow);
	return buf.p;
}

static void check_survives(const char *s)
{
	const struct node *node;
	struct yaml yaml;

	yaml_begin(&yaml, &unit_arena, MAX);
	yaml_text(&yaml, "key", s);
	yaml_text(&yaml, s, "value");
	yaml_list(&yaml, "list", 1);
	yaml_value(&yaml, s);
	yaml_close(&yaml);
	node = parse(end(&yaml));
	ck_assert_str_eq(node_get(node, "key")->text, s);
	ck_assert_str_eq(node->keys[1]->text, s);
	ck_assert_str_eq(node_get(node, "list")->items[0]->text, s);
}

static const char *const texts[] = { "", " ", "a", "a b", " a", "a ", "a: b",
	"a #b", "#a", "- a", "-", "?", ":", "{a}", "[a]", "*a", "&a", "!a", "|",
	">", "%a", "@a", "`a", "'", "\"", "\\", "a\\x41", "a\"b", "a\nb", "\n",
	"a\tb", "\x01\x02\x1f\x7f", "true", "No", "null", "~", "12", "1.0.0",
	"1e5", "0x1f", "2026-11-23", "2026-11-23T04:10:07Z", "<<", "---", "...",
	"--- a", "refs/heads/\xc3\xa4", "\xc2\x85\xc2\xa0",
	"\xe2\x80\xa8\xe2\x80\xa9", "\xe2\x80\xae evil", "\xef\xbb\xbf bom",
	"\xf0\x9f\x98\x80", "\xf3\xa0\x80\xa1", "alice@example.com", "=",
	"0000000000000000000000000000000000000000",
	"1234567890123456789012345678901234567890",
	"12345678901234567890123456789012345e6789" };

START_TEST(scalar_survives_any_text)
	{
		check_survives(texts[_i]);
	}
END_TEST

START_TEST(scalar_survives_every_byte)
	{
		for (int c = 1; c < 0x80; c++) {
			const char s[] = { (char)c, '\0' };
			const char in[] = { 'a', (char)c, 'b', '\0' };

			check_survives(s);
			check_survives(in);
		}
	}
END_TEST

START_TEST(scalar_survives_every_character)
	{
		char s[8];

		for (uint32_t c = 0x80; c < 0x110000;
		     c += c < 0x3000 ? 1 : 251) {
			struct buf buf;

			if (c >= 0xd800 && c < 0xe000)
				continue;
			buf_init(&buf, &unit_arena, 8);
			if (c < 0x800)
				buf_addf(&buf, "%c%c", (int)(0xc0 | c >> 6),
				    (int)(0x80 | (c & 0x3f)));
			else if (c < 0x10000)
				buf_addf(&buf, "%c%c%c", (int)(0xe0 | c >> 12),
				    (int)(0x80 | (c >> 6 & 0x3f)),
				    (int)(0x80 | (c & 0x3f)));
			else
				buf_addf(&buf, "%c%c%c%c",
				    (int)(0xf0 | c >> 18),
				    (int)(0x80 | (c >> 12 & 0x3f)),
				    (int)(0x80 | (c >> 6 & 0x3f)),
				    (int)(0x80 | (c & 0x3f)));
			memcpy(s, buf.p, buf.len + 1);
			check_survives(s);
			arena_reset(&unit_arena);
		}
	}
END_TEST

/* People read notes: what is harmless is not quoted. */
START_TEST(scalar_is_plain_where_it_can_be)
	{
		ck_assert_str_eq(scalar("refs/heads/main"), "refs/heads/main");
		ck_assert_str_eq(
		    scalar("alice@example.com"), "alice@example.com");
		ck_assert_str_eq(
		    scalar("01234567890123456789012345678901234567ab"),
		    "01234567890123456789012345678901234567ab");
		ck_assert_str_eq(scalar("client-tests"), "client-tests");
		ck_assert_str_eq(scalar("1.0.0"), "\"1.0.0\"");
		ck_assert_str_eq(scalar("on"), "\"on\"");
		ck_assert_str_eq(scalar("a: b"), "\"a: b\"");
		ck_assert_str_eq(scalar("\x1b[1m\n"), "\"\\x1b[1m\\n\"");
		ck_assert_str_eq(scalar("\xe2\x80\xae"), "\"\\u202e\"");
	}
END_TEST

START_TEST(invalid_utf8_is_an_error)
	{
		const char *bytes;
		struct yaml yaml;
		struct err err;
		size_t len;

		yaml_begin(&yaml, &unit_arena, MAX);
		yaml_text(&yaml, "a", "\xff");
		ck_assert_int_eq(yaml_end(&yaml, "it", &bytes, &len, &err), -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		yaml_begin(&yaml, &unit_arena, 10);
		yaml_text(&yaml, "a", "more than ten bytes");
		ck_assert_int_eq(yaml_end(&yaml, "it", &bytes, &len, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
	}
END_TEST

START_TEST(form_is_block_style)
	{
		struct yaml yaml;

		yaml_begin(&yaml, &unit_arena, MAX);
		yaml_list(&yaml, "list", 2);
		yaml_item(&yaml);
		yaml_text(&yaml, "a", "b");
		yaml_map(&yaml, "map", 1);
		yaml_text(&yaml, "c", "d");
		yaml_close(&yaml);
		yaml_map(&yaml, "none", 0);
		yaml_close(&yaml);
		yaml_list(&yaml, "inner", 1);
		yaml_value(&yaml, "e");
		yaml_close(&yaml);
		yaml_item(&yaml);
		yaml_number(&yaml, "number", 18446744073709551615u);
		yaml_time(&yaml, "t", 1795407007);
		yaml_close(&yaml);
		yaml_list(&yaml, "empty", 0);
		yaml_close(&yaml);
		ck_assert_str_eq(end(&yaml),
		    "list:\n"
		    "- a: b\n"
		    "  map:\n"
		    "    c: d\n"
		    "  none: {}\n"
		    "  inner:\n"
		    "  - e\n"
		    "- number: 18446744073709551615\n"
		    "  t: 2026-11-23T04:10:07Z\n"
		    "empty: []\n");
	}
END_TEST

/* ---- pieces ---------------------------------------------------------- */

static void open_text(struct pieces *pieces, const char *text)
{
	pieces_open(pieces, &unit_arena, "it", text, strlen(text));
}

static struct piece next(struct pieces *pieces)
{
	struct piece piece = { NULL, NULL };
	struct err err = { 0 };
	int more = pieces_next(pieces, &piece, &err);

	ck_assert_msg(more >= 0, "%s", err.text);
	if (more == 0)
		piece.node = NULL;
	return piece;
}

START_TEST(pieces_come_in_order)
	{
		struct pieces pieces;
		struct piece piece;

		open_text(&pieces,
		    "a: 1\nb: two\nlist:\n- x: 1\n  y: 2\n- x: 3\nempty: []\n"
		    "last:\n- v\n");
		piece = next(&pieces);
		ck_assert_ptr_null(piece.key);
		ck_assert_uint_eq(piece.node->n, 2);
		ck_assert_str_eq(node_get(piece.node, "b")->text, "two");
		piece = next(&pieces);
		ck_assert_str_eq(piece.key, "list");
		ck_assert_str_eq(node_get(piece.node, "y")->text, "2");
		piece = next(&pieces);
		ck_assert_str_eq(node_get(piece.node, "x")->text, "3");
		piece = next(&pieces);
		ck_assert_ptr_null(piece.key);
		ck_assert_uint_eq(node_get(piece.node, "empty")->n, 0);
		piece = next(&pieces);
		ck_assert_str_eq(piece.key, "last");
		ck_assert_str_eq(piece.node->text, "v");
		ck_assert_ptr_null(next(&pieces).node);
	}
END_TEST

START_TEST(pieces_of_one_kind_only)
	{
		struct pieces pieces;

		open_text(&pieces,
		    "refs:\n- ref: a\n  n: 1\n- ref: ab\n  n: 2\n- ref: a\n"
		    "  n: 3\nother:\n- ref: b\n");
		pieces.only_key = "refs";
		pieces.only_text = "ref: a\n";
		ck_assert_str_eq(node_get(next(&pieces).node, "n")->text, "1");
		ck_assert_str_eq(node_get(next(&pieces).node, "n")->text, "3");
		ck_assert_str_eq(next(&pieces).key, "other");
		ck_assert_ptr_null(next(&pieces).node);
	}
END_TEST

START_TEST(pieces_are_as_many_as_there_are)
	{
		struct pieces pieces;
		struct yaml yaml;
		const char *text;
		size_t n = 0;

		yaml_begin(&yaml, &unit_arena, (size_t)64 << 20);
		yaml_list(&yaml, "list", 150000);
		for (unsigned i = 0; i < 150000; i++) {
			yaml_item(&yaml);
			yaml_number(&yaml, "n", i);
		}
		yaml_close(&yaml);
		text = end(&yaml);
		open_text(&pieces, text);
		for (;;) {
			struct piece piece = next(&pieces);
			struct fields f;

			if (!piece.node)
				break;
			fields_open(&f, &unit_arena, "it", piece.node);
			ck_assert_uint_eq(fields_number(&f, "n"), n);
			n++;
		}
		ck_assert_uint_eq(n, 150000);
	}
END_TEST

static const char *const not_ours[] = { " a: 1\n", "- a\n", "a: &x 1\n",
	"list:\n- [\n", "a\n", "list:\n- a: 1\n   b: 2\n", "a: 1\n b: 2\n",
	"{a: 1}\nb: 2\n", "a: 1\na: 2\n", "--- \na: 1\n--- \nb: 1\n",
	"list:\n- a: \"\n", "a: \xff\n", "list:\n-  - a: ]\n" };

START_TEST(pieces_refuse_what_is_damaged)
	{
		struct pieces pieces;
		struct piece piece;
		struct err err = { 0 };
		int more;

		open_text(&pieces, not_ours[_i]);
		do
			more = pieces_next(&pieces, &piece, &err);
		while (more > 0);
		ck_assert_int_eq(more, -1);
		ck_assert_int_eq(err.kind, ERR_FORMAT);
		ck_assert_ptr_nonnull(strstr(err.text, "it is damaged"));
	}
END_TEST

/* ---- fields ---------------------------------------------------------- */

static struct fields fields(const char *text)
{
	struct fields f;

	fields_open(&f, &unit_arena, "the plan", parse(text));
	return f;
}

START_TEST(fields_are_read)
	{
		struct err err;
		struct fields f = fields(
		    "t: text\no: 0123456789abcdef0123456789abcdef01234567\n"
		    "n: 12\nw: 2026-11-23T04:10:07Z\nk: merge\ns: warned\n"
		    "r: fail\nl: [a, b]\nunknown: 1\n");

		ck_assert_str_eq(fields_text(&f, "t"), "text");
		ck_assert_int_eq(fields_oid(&f, "o").b[1], 0x23);
		ck_assert_uint_eq(fields_number(&f, "n"), 12);
		ck_assert_int_eq(fields_time(&f, "w"), 1795407007);
		ck_assert_int_eq(fields_transition(&f, "k"), TRANSITION_MERGE);
		ck_assert_int_eq(fields_passage_state(&f, "s"), PASSAGE_WARNED);
		ck_assert_int_eq(fields_result(&f, "r"), EVIDENCE_FAIL);
		ck_assert_uint_eq(fields_texts(&f, "l").n, 2);
		ck_assert_uint_eq(fields_texts(&f, "none").n, 0);
		ck_assert(!fields_have(&f, "none"));
		ck_assert_int_eq(fields_close(&f, &err), 0);
	}
END_TEST

START_TEST(fields_name_the_first_bad_key)
	{
		struct err err;
		struct fields f = fields("a: x\nb: [1]\n");

		fields_oid(&f, "a");
		fields_text(&f, "b");
		ck_assert_int_eq(fields_close(&f, &err), -1);
		ck_assert_str_eq(
		    err.text, "the plan is damaged: its 'a' can't be read");
		f = fields("a: x\n");
		ck_assert_str_eq(fields_text(&f, "missing"), "");
		ck_assert_int_eq(fields_close(&f, &err), -1);
		f = fields("[a]\n");
		ck_assert_str_eq(fields_text(&f, "a"), "");
		ck_assert_int_eq(fields_close(&f, &err), -1);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yaml");
	TCase *tcase = unit_case(suite, "writing");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, scalar_survives_any_text, 0, COUNT(texts));
	tcase_add_test(tcase, scalar_survives_every_byte);
	tcase_add_test(tcase, scalar_survives_every_character);
	tcase_add_test(tcase, scalar_is_plain_where_it_can_be);
	tcase_add_test(tcase, invalid_utf8_is_an_error);
	tcase_add_test(tcase, form_is_block_style);
	tcase = unit_case(suite, "pieces");
	tcase_add_test(tcase, pieces_come_in_order);
	tcase_add_test(tcase, pieces_of_one_kind_only);
	tcase_add_test(tcase, pieces_are_as_many_as_there_are);
	tcase_add_loop_test(
	    tcase, pieces_refuse_what_is_damaged, 0, COUNT(not_ours));
	tcase = unit_case(suite, "fields");
	tcase_add_test(tcase, fields_are_read);
	tcase_add_test(tcase, fields_name_the_first_bad_key);
	return unit_main(suite);
}
