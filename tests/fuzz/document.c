/*
 * YAML: there is a tree or an error, never both or none; a scalar is free of
 * NUL; a place lies within the text; no key comes twice; nesting has an end.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "policy/document.h"

#define BYTES_MAX ((size_t)1 << 20)

struct level {
	const struct node *node;
	size_t at; /* of the item that is next */
};

static void check_place(const struct source *source, const struct mark *mark)
{
	const char *line = source->text;

	MUST(mark->source == source && mark->line > 0 && mark->column > 0);
	for (size_t i = 1; i < mark->line; i++) {
		line = strchr(line, '\n');
		MUST(line);
		line++;
	}
	MUST(mark->column <= strcspn(line, "\n") + 1);
}

static void check_node(const struct source *source, const struct node *node)
{
	check_place(source, &node->mark);
	if (node->type == NODE_SCALAR)
		MUST(strlen(node->text) == node->len);
	if (node->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < node->n; i++) {
		MUST(node->keys[i]->type == NODE_SCALAR);
		MUST(node_get(node, node->keys[i]->text) == node->items[i]);
	}
}

static void check_tree(const struct source *source, const struct node *root)
{
	struct level levels[DOCUMENT_DEPTH_MAX + 1] = { { root, 0 } };
	size_t depth = 1;

	check_node(source, root);
	while (depth > 0) {
		struct level *level = &levels[depth - 1];
		const struct node *child;

		if (level->node->type == NODE_SCALAR ||
		    level->at == level->node->n) {
			depth--;
			continue;
		}
		child = level->node->items[level->at++];
		check_node(source, child);
		MUST(depth <= DOCUMENT_DEPTH_MAX);
		levels[depth++] = (struct level){ child, 0 };
	}
}

static void check_said(const struct diags *diags)
{
	struct buf out;

	buf_init(&out, diags->arena, BYTES_MAX);
	diags_print(diags, &out);
	for (size_t i = 0; i < out.len; i++)
		MUST(out.p[i] == '\n' || (unsigned char)out.p[i] >= ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source = { .name = "fuzz", .len = size };
	const struct node *root;
	struct diags diags;
	struct arena arena;

	arena_init(&arena, ARENA_RUN_MAX);
	source.text = fuzz_text(&arena, data, size);
	diags_init(&diags, &arena);
	root = document_parse(&arena, &source, BYTES_MAX, &diags);
	MUST((root != NULL) == (diags.errors == 0));
	if (root)
		check_tree(&source, root);
	check_said(&diags);
	arena_release(&arena);
	return 0;
}
