#include "checkresolved.h"

#include <string.h>

#include "base/text.h"
#include "record/yaml.h"
#include "tell/phrase.h"

#define ORIGIN_COLUMN 56
#define INDENT 2

/* A mapping or sequence that is being printed. */
struct frame {
	const struct node *node;
	size_t next;
	size_t indent;
	bool begun; /* its first line is begun already, by a dash */
};

struct printing {
	struct admin *admin;
	struct frame stack[DOCUMENT_DEPTH_MAX + 1];
	size_t depth;
	size_t column;
};

static void put(struct printing *p, const char *text)
{
	buf_adds(&p->admin->out, text);
	p->column += utf8_length(text, strlen(text));
}

static void put_indent(struct printing *p, size_t indent)
{
	put(p, arena_printf(p->admin->arena, "%*s", (int)indent, ""));
}

static void end_line(struct printing *p, const struct mark *mark)
{
	size_t pad = p->column < ORIGIN_COLUMN ? ORIGIN_COLUMN - p->column : 1;

	buf_addf(&p->admin->out, "%*s# %s\n", (int)pad, "",
	    phrase_place(p->admin->arena, mark));
	p->column = 0;
}

/* A plain scalar stays one, since a type may depend on it; what was quoted gets
 * the quotes that it needs. */
static void put_scalar(struct printing *p, const struct node *node)
{
	struct buf text;
	bool invalid = false; /* policies are UTF-8 */

	if (!node->quoted) {
		put(p, node->text);
		return;
	}
	buf_init(&text, p->admin->arena, POLICY_BYTES_MAX);
	yaml_scalar(&text, node->text, &invalid);
	put(p, text.p);
}

/* What is in a mapping or sequence goes on the lines below. */
static void open_below(
    struct printing *p, const struct node *node, size_t indent, bool begun)
{
	p->stack[p->depth++] = (struct frame){
		.node = node, .indent = indent, .begun = begun
	};
}

/* The value of a key, or an item, behind what stands on its line. */
static void put_value(struct printing *p, const struct node *node,
    const struct mark *mark, size_t indent)
{
	if (node->type != NODE_SCALAR && node->n > 0) {
		end_line(p, mark);
		open_below(p, node, indent + INDENT, false);
		return;
	}
	put(p, " ");
	if (node->type == NODE_SCALAR)
		put_scalar(p, node);
	else
		put(p, node->type == NODE_SEQUENCE ? "[]" : "{}");
	end_line(p, &node->mark);
}

static void put_next(struct printing *p)
{
	struct frame *frame = &p->stack[p->depth - 1];
	const struct node *node = frame->node;
	size_t i = frame->next++, indent = frame->indent;
	const struct node *item;

	if (i == node->n) {
		p->depth--;
		return;
	}
	item = node->items[i];
	if (!frame->begun)
		put_indent(p, indent);
	frame->begun = false;
	if (node->type == NODE_MAPPING) {
		put_scalar(p, node->keys[i]);
		put(p, ":");
		put_value(p, item, &node->keys[i]->mark, indent);
		return;
	}
	put(p, "-");
	if (item->type == NODE_MAPPING && item->n > 0) {
		put(p, " ");
		open_below(p, item, indent + INDENT, true);
		return;
	}
	put_value(p, item, &item->mark, indent);
}

void resolved_print(struct admin *admin, const struct policy *policy)
{
	struct printing p = { .admin = admin };

	open_below(&p, policy->tree, 0, false);
	while (p.depth > 0)
		put_next(&p);
}
