#include "policy/document.h"

#include <string.h>

#include "base/clock.h"
#include "support/unit.h"

static struct diags diags;
static unsigned faults;

static struct node *parse_bytes(const char *text, size_t len)
{
	struct source *source = ARENA_NEW(&unit_arena, struct source);

	source->name = "x.yml";
	source->text = text;
	source->len = len;
	diags_init(&diags, &unit_arena);
	return document_read(
	    &unit_arena, source, (size_t)1 << 20, &faults, &diags);
}

static struct node *parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void is_at(const struct mark *mark, size_t line, size_t column)
{
	ck_assert_uint_eq(mark->line, line);
	ck_assert_uint_eq(mark->column, column);
}

START_TEST(tree_keeps_order_text_and_quoting)
	{
		struct node *root = parse("b: [x, 'y', \"z\\n\"]\n"
					  "a:\n"
					  "  k: |\n"
					  "    two\n"
					  "    lines\n"
					  "  m: {}\n"
					  "\"c d\": plain text \n");
		const struct node *list;

		ck_assert_ptr_nonnull(root);
		ck_assert_uint_eq(faults, 0);
		ck_assert_int_eq(root->type, NODE_MAPPING);
		ck_assert_uint_eq(root->n, 3);
		ck_assert_str_eq(root->keys[0]->text, "b");
		ck_assert_str_eq(root->keys[2]->text, "c d");
		ck_assert(root->keys[2]->quoted);
		list = node_get(root, "b");
		ck_assert_int_eq(list->type, NODE_SEQUENCE);
		ck_assert_uint_eq(list->n, 3);
		ck_assert_str_eq(list->items[0]->text, "x");
		ck_assert(!list->items[0]->quoted);
		ck_assert(list->items[1]->quoted);
		ck_assert_str_eq(list->items[2]->text, "z\n");
		ck_assert_uint_eq(list->items[2]->len, 2);
		list = node_get(root, "a");
		ck_assert_str_eq(node_get(list, "k")->text, "two\nlines\n");
		ck_assert(node_get(list, "k")->quoted);
		ck_assert_uint_eq(node_get(list, "m")->n, 0);
		ck_assert_str_eq(node_get(root, "c d")->text, "plain text");
		ck_assert_ptr_null(node_get(root, "z"));
		ck_assert_ptr_null(node_get(node_get(root, "b"), "b"));
	}
END_TEST

START_TEST(marks_count_lines_and_bytes_from_one)
	{
		struct node *root = parse(
		    "a: b\n"
		    "# \xc3\xa9\xc3\xa9\n"
		    "\xc3\xa9\xe6\xa4\x9c: [\xc3\xa9, x,\n"
		    "   y]\n"
		    "z: {\xc3\xa9: 1, k: 2}\n");
		const struct node *list;

		ck_assert_ptr_nonnull(root);
		is_at(&root->mark, 1, 1);
		is_at(&root->keys[0]->mark, 1, 1);
		is_at(&root->items[0]->mark, 1, 4);
		is_at(&root->keys[1]->mark, 3, 1);
		list = root->items[1];
		is_at(&list->mark, 3, 8);
		is_at(&list->items[0]->mark, 3, 9);
		is_at(&list->items[1]->mark, 3, 13);
		is_at(&list->items[2]->mark, 4, 4);
		is_at(&root->items[2]->keys[1]->mark, 5, 12);
		is_at(&root->items[2]->items[1]->mark, 5, 15);
	}
END_TEST

/* What callers that go on after mistakes can tell apart. */
static const struct {
	const char *text;
	unsigned faults;
	bool root; /* is there a tree all the same? */
} rows[] = {
	{ "a: 1\n", 0, true },
	{ "- 1\n- 2\n", 0, true },
	{ "a", 0, true },
	{ "a: \"\"\n", 0, true },
	{ "a: '~'\n", 0, true },
	{ "a: \"null\"\n", 0, true },
	{ "a: nullable\n", 0, true },
	{ "\"<<\": x\n", 0, true },
	{ "a: '*x'\n", 0, true },
	{ "a: x&y !z *w @v\n", 0, true },
	{ "a:\tx\n", 0, true },
	{ "a: [x,\t y]\n", 0, true },
	{ "a: x\n\t\nb: y\n", DOCUMENT_BROKEN, false },
	{ "a: x\n\t# comment\n", DOCUMENT_BROKEN, false },
	{ "---\na: 1\n", DOCUMENT_MARKED, true },
	{ "a: 1\n...\n", DOCUMENT_MARKED, true },
	{ "--- {a: 1}\n", DOCUMENT_MARKED, true },
	{ "a: 1\n---\n", DOCUMENT_SECOND, false },
	{ "a: 1\n---\nb: 1\n", DOCUMENT_SECOND, false },
	{ "a: 1\n--- b\n", DOCUMENT_SECOND, false },
	{ "a: 1\n...\n---\nb: 2\n", DOCUMENT_SECOND | DOCUMENT_MARKED, false },
	{ "a: 1\n...\nb: 2\n", DOCUMENT_BROKEN | DOCUMENT_MARKED, false },
	{ "a: 1\na: 2\n", DOCUMENT_DUPLICATE, true },
	{ "a: 1\n\"a\": 2\n", DOCUMENT_DUPLICATE, true },
	{ "a: {b: 1, c: 2, b: 3}\n", DOCUMENT_DUPLICATE, true },
	{ "a:\n", DOCUMENT_BROKEN, true },
	{ "a: ~\n", DOCUMENT_BROKEN, true },
	{ "a: null\n", DOCUMENT_BROKEN, true },
	{ "a: Null\n", DOCUMENT_BROKEN, true },
	{ "a: NULL\n", DOCUMENT_BROKEN, true },
	{ "{a, b}\n", DOCUMENT_BROKEN, true },
	{ "- \n- a\n", DOCUMENT_BROKEN, true },
	{ "~: a\n", DOCUMENT_BROKEN, true },
	{ ": a\n", DOCUMENT_BROKEN, false },
	{ "? a\n", DOCUMENT_BROKEN, true },
	{ "a: &x 1\n", DOCUMENT_BROKEN, true },
	{ "a: &x 1\nb: *x\n", DOCUMENT_BROKEN, true },
	{ "a: *x\n", DOCUMENT_BROKEN, true },
	{ "&x a: 1\n", DOCUMENT_BROKEN, true },
	{ "&x {a: 1}\n", DOCUMENT_BROKEN, true },
	{ "a: &x [*x]\n", DOCUMENT_BROKEN, true },
	{ "a: !!str 1\n", DOCUMENT_BROKEN, true },
	{ "a: ! 1\n", DOCUMENT_BROKEN, true },
	{ "a: !<x> 1\n", DOCUMENT_BROKEN, true },
	{ "a: !!seq []\n", DOCUMENT_BROKEN, true },
	{ "a: !!map {}\n", DOCUMENT_BROKEN, true },
	{ "a: !!python/object {}\n", DOCUMENT_BROKEN, true },
	{ "<<: {a: 1}\n", DOCUMENT_BROKEN, true },
	{ "a: \"x\\0y\"\n", DOCUMENT_BROKEN, true },
	{ "\"x\\0y\": a\n", DOCUMENT_BROKEN, true },
	{ "*x : a\n", DOCUMENT_BROKEN, true },
	{ "[a]: b\n", DOCUMENT_BROKEN, false },
	{ "{a: b}: c\n", DOCUMENT_BROKEN, false },
	{ "? [a]\n: b\n", DOCUMENT_BROKEN, false },
	{ "", DOCUMENT_BROKEN, false },
	{ "\n\n", DOCUMENT_BROKEN, false },
	{ "# c\n", DOCUMENT_BROKEN, false },
	{ "---\n", DOCUMENT_BROKEN | DOCUMENT_MARKED, true },
	{ "%YAML 1.1\n---\na: 1\n", DOCUMENT_BROKEN, false },
	{ "%TAG ! x\n---\na: 1\n", DOCUMENT_BROKEN, false },
	{ "%YAML 1.3\n---\na: 1\n", DOCUMENT_BROKEN, false },
	{ "%FOO\n---\na: 1\n", DOCUMENT_BROKEN, false },
	{ "a: [1, 2\n", DOCUMENT_BROKEN, false },
	{ "a: 'x\n", DOCUMENT_BROKEN, false },
	{ "a: b: c\n", DOCUMENT_BROKEN, false },
	{ "a: @x\n", DOCUMENT_BROKEN, false },
	{ "a: *.x\n", DOCUMENT_BROKEN, false },
	{ "a: \"\\q\"\n", DOCUMENT_BROKEN, false },
	{ "a:\n\tb: c\n", DOCUMENT_BROKEN, false },
	{ "a:\n  \tb: c\n", DOCUMENT_BROKEN, false },
	{ "a: x\r\n", DOCUMENT_BROKEN, false },
	{ "\xef\xbb\xbf"
	  "a: x\n",
	    DOCUMENT_BROKEN, false },
	{ "\xff\xfe"
	  "a",
	    DOCUMENT_BROKEN, false },
	{ "a: \xff\n", DOCUMENT_BROKEN, false },
	{ "a: \xc0\xaf\n", DOCUMENT_BROKEN, false },
	{ "a: x # \xc2\x85"
	  "b: y\n",
	    DOCUMENT_BROKEN, false },
	{ "a: x # \xe2\x80\xa8"
	  "b: y\n",
	    DOCUMENT_BROKEN, false },
	{ "a: x # \xe2\x80\xa9"
	  "b: y\n",
	    DOCUMENT_BROKEN, false },
	{ "a: x \xe2\x80\xae\n", DOCUMENT_BROKEN, false },
	{ "a: x \xe2\x80\x8b\n", DOCUMENT_BROKEN, false },
	{ "a: x \xef\xbb\xbf\n", DOCUMENT_BROKEN, false },
	{ "a: \x1b\n", DOCUMENT_BROKEN, false },
	{ "a: \x7f\n", DOCUMENT_BROKEN, false },
	{ "a: \xef\xbf\xbf\n", DOCUMENT_BROKEN, false },
};

START_TEST(document_tells_faults_apart)
	{
		const struct node *root = parse(rows[_i].text);
		unsigned errors = faults & ~(unsigned)DOCUMENT_MARKED;

		ck_assert_msg(faults == rows[_i].faults,
		    "'%s': faults %u, want %u", rows[_i].text, faults,
		    rows[_i].faults);
		ck_assert_msg((root != NULL) == rows[_i].root, "'%s': a tree?",
		    rows[_i].text);
		ck_assert_msg((errors != 0) == (diags.errors > 0),
		    "'%s': %zu errors", rows[_i].text, diags.errors);
	}
END_TEST

START_TEST(document_parse_gives_nothing_that_is_faulty)
	{
		struct source source = { .name = "x",
			.text = rows[_i].text,
			.len = strlen(rows[_i].text) };
		unsigned errors = rows[_i].faults & ~(unsigned)DOCUMENT_MARKED;
		const struct node *root;

		diags_init(&diags, &unit_arena);
		root = document_parse(&unit_arena, &source, 1000, &diags);
		ck_assert_msg(
		    (root == NULL) == (errors != 0), "'%s'", rows[_i].text);
		ck_assert((root == NULL) == (diags.errors > 0));
	}
END_TEST

START_TEST(nul_bytes_are_refused)
	{
		ck_assert_ptr_null(parse_bytes("a: x\0y\n", 7));
		ck_assert_ptr_null(parse_bytes("\0", 1));
		ck_assert_ptr_null(parse_bytes("a\0: \0x\0", 8));
		ck_assert_ptr_null(parse_bytes("a: x\n\0", 6));
	}
END_TEST

START_TEST(bytes_beyond_the_length_are_not_read)
	{
		struct node *root = parse_bytes("a: b\nc: [", 5);

		ck_assert_ptr_nonnull(root);
		ck_assert_uint_eq(root->n, 1);
	}
END_TEST

START_TEST(more_than_max_bytes_are_refused)
	{
		struct source source = {
			.name = "x", .text = "a: b\n", .len = 5
		};

		diags_init(&diags, &unit_arena);
		ck_assert_ptr_nonnull(
		    document_parse(&unit_arena, &source, 5, &diags));
		ck_assert_ptr_null(
		    document_parse(&unit_arena, &source, 4, &diags));
		ck_assert_uint_eq(diags.errors, 1);
	}
END_TEST

/* "{a: {a: .. 1 .. }}", or with brackets, or with dashes. */
static const char *nested(const char *open, const char *close, int depth)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, 4096);
	for (int i = 0; i < depth; i++)
		buf_adds(&buf, open);
	buf_adds(&buf, "x");
	for (int i = 0; i < depth; i++)
		buf_adds(&buf, close);
	buf_adds(&buf, "\n");
	return buf.p;
}

START_TEST(sixteen_levels_are_read_and_no_more)
	{
		ck_assert_ptr_nonnull(parse(nested("[", "]", 16)));
		ck_assert_ptr_nonnull(parse(nested("{a: ", "}", 16)));
		ck_assert_ptr_nonnull(parse(nested("- ", "", 16)));
		ck_assert_ptr_null(parse(nested("[", "]", 17)));
		ck_assert_ptr_null(parse(nested("{a: ", "}", 17)));
		ck_assert_ptr_null(parse(nested("- ", "", 17)));
		ck_assert_ptr_null(parse(nested("[{a: ", "}]", 9)));
	}
END_TEST

START_TEST(brackets_in_texts_and_comments_are_no_levels)
	{
		ck_assert_ptr_nonnull(parse(
		    "a: 'x [[[[[[[[[[[[[[[[[[[[[[[[[[[ y'\n"
		    "b: \"x {{{{{{{{{{{{{{{{{{{{{{{{{{{ \\\" [[[[[ y\"\n"
		    "c: x[[[[[[[[[[[[[[[[[[[[[[[[[[[ y # [[[[[[[[[[[[[[[[[[\n"
		    "d: |\n"
		    "  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"
		    "e: >\n"
		    "  {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\n"
		    "f: 'it''s [[[[[[[[[[[[[[[[[[[[[[[['\n"));
	}
END_TEST

/* Inputs for which a naive reader takes seconds. */
static const struct {
	const char *head, *again;
	size_t times;
} slow[] = {
	{ "", "[", 1000000 },
	{ "", "{a: ", 250000 },
	{ "", "[\n", 500000 },
	{ "", "- ", 500000 },
	{ "", "? ", 500000 },
	{ "", "[{", 500000 },
	{ "[[[[[[[[[[[[[[[", "[],", 300000 },
	{ "a: {", "x, ", 300000 },
	{ "a: [", "\xc3\xa9, ", 200000 },
	{ "a: [", "\n", 1000000 },
	{ "a: ", "x ", 500000 },
	{ "a: \"", "x\n\n", 300000 },
	{ "", "a: x\n", 200000 },
	{ "", "!a ", 300000 },
	{ "", "&a ", 300000 },
	{ "a: ", "*b ", 300000 },
	{ "", "\t", 1000000 },
	{ "", "\xc2\x85", 500000 },
	{ "", "\xff", 1000000 },
	{ "", "\r", 1000000 },
};

START_TEST(hostile_texts_take_no_time)
	{
		uint64_t start = clock_monotonic_ms();
		struct buf buf;

		buf_init(&buf, &unit_arena, (size_t)1 << 20);
		buf_adds(&buf, slow[_i].head);
		for (size_t i = 0; i < slow[_i].times && !buf.overflow; i++)
			buf_adds(&buf, slow[_i].again);
		parse_bytes(buf.p, buf.len);
		ck_assert_uint_lt(clock_monotonic_ms() - start, 2000);
	}
END_TEST

START_TEST(duplicates_of_a_big_mapping_are_all_found)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, (size_t)1 << 20);
		for (int i = 0; i < 20000; i++)
			buf_addf(&buf, "k%d: x\n", i);
		buf_adds(&buf, "k0: x\nk19999: x\nk777: x\nk0: x\n");
		ck_assert_ptr_nonnull(parse_bytes(buf.p, buf.len));
		ck_assert_uint_eq(faults, DOCUMENT_DUPLICATE);
		ck_assert_uint_eq(diags.errors, 4);
		ck_assert_str_eq(diags.v[0].text, "duplicate key 'k0'");
		is_at(&diags.v[0].mark, 20001, 1);
		is_at(&diags.v[0].related, 1, 1);
	}
END_TEST

START_TEST(first_of_two_equal_keys_stays)
	{
		struct node *root = parse("a: 1\nb: 2\na: 3\nc: 4\n");

		ck_assert_uint_eq(root->n, 3);
		ck_assert_str_eq(node_get(root, "a")->text, "1");
		ck_assert_str_eq(root->keys[2]->text, "c");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("document");
	TCase *tcase = unit_case(suite, "document");

	tcase_add_test(tcase, tree_keeps_order_text_and_quoting);
	tcase_add_test(tcase, marks_count_lines_and_bytes_from_one);
	tcase_add_loop_test(tcase, document_tells_faults_apart, 0, COUNT(rows));
	tcase_add_loop_test(
	    tcase, document_parse_gives_nothing_that_is_faulty, 0, COUNT(rows));
	tcase_add_test(tcase, nul_bytes_are_refused);
	tcase_add_test(tcase, bytes_beyond_the_length_are_not_read);
	tcase_add_test(tcase, more_than_max_bytes_are_refused);
	tcase_add_test(tcase, sixteen_levels_are_read_and_no_more);
	tcase_add_test(tcase, brackets_in_texts_and_comments_are_no_levels);
	tcase_add_loop_test(tcase, hostile_texts_take_no_time, 0, COUNT(slow));
	tcase_add_test(tcase, duplicates_of_a_big_mapping_are_all_found);
	tcase_add_test(tcase, first_of_two_equal_keys_stays);
	return unit_main(suite);
}
