#include "policy/document.h"

#include <string.h>
#include <yaml.h>

#include "policy/document_keys.h"
#include "policy/document_scan.h"

/* An open collection.  Depth is bounded, so the stack is an array. */
struct frame {
	struct node *node;
	struct node *key; /* NODE_MAPPING: its value comes next */
	size_t cap;       /* of node->items and node->keys */
};

struct builder {
	struct arena *arena;
	struct diags *diags;
	struct places places;
	struct frame frames[DOCUMENT_DEPTH_MAX];
	size_t depth; /* open frames */
	size_t nodes;
	unsigned faults;
	struct node *root;
	bool had_document, done;
};

static struct mark mark_of(struct builder *b, yaml_mark_t mark)
{
	return places_mark(&b->places, mark.line, mark.column);
}

/* Adds an error at a place of libyaml's. */
static void fault(struct builder *b, enum document_fault kind, yaml_mark_t mark,
    const char *text)
{
	b->faults |= (unsigned)kind;
	diag_error(b->diags, mark_of(b, mark), "%s", text);
}

static void append(struct builder *b, struct frame *frame, struct node *key,
    struct node *value)
{
	struct node *node = frame->node;

	if (node->n == frame->cap) {
		size_t cap = frame->cap ? 2 * frame->cap : 4;

		node->items = arena_grow(
		    b->arena, node->items, node->n, cap, sizeof(struct node *));
		if (node->type == NODE_MAPPING)
			node->keys = arena_grow(b->arena, node->keys, node->n,
			    cap, sizeof(struct node *));
		frame->cap = cap;
	}
	if (key)
		node->keys[node->n] = key;
	node->items[node->n++] = value;
}

/* Puts a finished scalar or an opened collection where it belongs. */
static bool attach(struct builder *b, struct node *node, yaml_mark_t mark)
{
	struct frame *frame;

	if (++b->nodes > DOCUMENT_NODES_MAX) {
		fault(b, DOCUMENT_BROKEN, mark,
		    arena_printf(
			b->arena, "more than %d values", DOCUMENT_NODES_MAX));
		return false;
	}
	if (b->depth == 0) {
		b->root = node;
		return true;
	}
	frame = &b->frames[b->depth - 1];
	if (frame->node->type == NODE_SEQUENCE) {
		append(b, frame, NULL, node);
	} else if (frame->key) {
		append(b, frame, frame->key, node);
		frame->key = NULL;
	} else if (node->type == NODE_SCALAR) {
		frame->key = node;
	} else {
		fault(b, DOCUMENT_BROKEN, mark,
		    "a key must be a word, not a list or a mapping");
		return false;
	}
	return true;
}

static bool is_key(const struct builder *b)
{
	const struct frame *frame;

	if (b->depth == 0)
		return false;
	frame = &b->frames[b->depth - 1];
	return frame->node->type == NODE_MAPPING && !frame->key;
}

static void refuse_marks(struct builder *b, yaml_mark_t mark,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		fault(b, DOCUMENT_BROKEN, mark,
		    "anchors are not allowed; text that begins with '&' needs "
		    "quotes");
	if (tag)
		fault(b, DOCUMENT_BROKEN, mark,
		    "tags are not allowed; text that begins with '!' needs "
		    "quotes");
}

static bool is_null(const char *text)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < sizeof(nulls) / sizeof(*nulls); i++)
		if (strcmp(text, nulls[i]) == 0)
			return true;
	return false;
}

/* What is wrong with a scalar, or NULL. */
static const char *scalar_fault(
    const struct builder *b, const struct node *node)
{
	if (strlen(node->text) != node->len)
		return "a NUL character in a text";
	if (node->quoted)
		return NULL;
	if (is_null(node->text))
		return is_key(b) ? "no key here" : "no value here";
	if (is_key(b) && strcmp(node->text, "<<") == 0)
		return "merge keys are not allowed";
	return NULL;
}

static bool on_scalar(struct builder *b, const yaml_event_t *event)
{
	struct node *node = ARENA_NEW(b->arena, struct node);
	const char *what;

	node->type = NODE_SCALAR;
	node->mark = mark_of(b, event->start_mark);
	node->len = event->data.scalar.length;
	node->text = arena_strndup(
	    b->arena, (const char *)event->data.scalar.value, node->len);
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	refuse_marks(b, event->start_mark, event->data.scalar.anchor,
	    event->data.scalar.tag);
	what = scalar_fault(b, node);
	if (what) {
		fault(b, DOCUMENT_BROKEN, event->start_mark, what);
		node->bad = true;
	}
	return attach(b, node, event->start_mark);
}

static bool on_alias(struct builder *b, const yaml_event_t *event)
{
	struct node *node = ARENA_NEW(b->arena, struct node);

	fault(b, DOCUMENT_BROKEN, event->start_mark,
	    "aliases are not allowed; text that begins with '*' needs quotes");
	node->type = NODE_SCALAR;
	node->mark = mark_of(b, event->start_mark);
	node->text = "";
	node->bad = true;
	return attach(b, node, event->start_mark);
}

static bool on_open(
    struct builder *b, const yaml_event_t *event, enum node_type type)
{
	struct node *node = ARENA_NEW(b->arena, struct node);

	if (b->depth == DOCUMENT_DEPTH_MAX) {
		fault(b, DOCUMENT_BROKEN, event->start_mark,
		    arena_printf(
			b->arena, "nested deeper than %d", DOCUMENT_DEPTH_MAX));
		return false;
	}
	node->type = type;
	node->mark = mark_of(b, event->start_mark);
	node->text = "";
	if (!attach(b, node, event->start_mark))
		return false;
	b->frames[b->depth++] = (struct frame){ .node = node };
	return true;
}

static void on_close(struct builder *b)
{
	struct node *node = b->frames[--b->depth].node;

	if (node->type != NODE_MAPPING)
		return;
	if (keys_refuse_duplicates(b->arena, node, b->diags))
		b->faults |= DOCUMENT_DUPLICATE;
	keys_drop_bad(node);
}

static bool on_document(struct builder *b, const yaml_event_t *event)
{
	if (b->had_document) {
		fault(b, DOCUMENT_SECOND, event->start_mark,
		    "a second document: there may be one only");
		return false;
	}
	b->had_document = true;
	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
		event->data.document_start.tag_directives.end) {
		fault(b, DOCUMENT_BROKEN, event->start_mark,
		    "directives (%YAML, %TAG) are not allowed");
		return false;
	}
	if (!event->data.document_start.implicit)
		b->faults |= DOCUMENT_MARKED;
	return true;
}

/* Takes in one event; false when there is no going on. */
static bool on_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
		return true;
	case YAML_STREAM_END_EVENT:
		b->done = true;
		return true;
	case YAML_DOCUMENT_START_EVENT:
		return on_document(b, event);
	case YAML_DOCUMENT_END_EVENT:
		if (!event->data.document_end.implicit)
			b->faults |= DOCUMENT_MARKED;
		return true;
	case YAML_ALIAS_EVENT:
		return on_alias(b, event);
	case YAML_SCALAR_EVENT:
		return on_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		refuse_marks(b, event->start_mark,
		    event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
		return on_open(b, event, NODE_SEQUENCE);
	case YAML_MAPPING_START_EVENT:
		refuse_marks(b, event->start_mark,
		    event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
		return on_open(b, event, NODE_MAPPING);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		on_close(b);
		return true;
	}
	return false;
}

/* libyaml's own words for the usual mistakes say little to administrators. */
static const char *plain_words(const yaml_parser_t *parser, char at)
{
	if (parser->context &&
	    strcmp(parser->context, "while scanning an alias") == 0)
		return "text that begins with '*' needs quotes";
	if (strcmp(parser->problem,
		"found character that cannot start any token") == 0) {
		if (at == '\t')
			return "a tab cannot indent, use spaces";
		if (at == '@')
			return "text that begins with '@' needs quotes";
		if (at == '%')
			return "text that begins with '%' needs quotes";
		if (at == '`')
			return "text that begins with '`' needs quotes";
	}
	return NULL;
}

/* An alias is reported behind its star. */
static yaml_mark_t place_of(const yaml_parser_t *parser)
{
	if (parser->context &&
	    strcmp(parser->context, "while scanning an alias") == 0)
		return parser->context_mark;
	return parser->problem_mark;
}

static void syntax_error(struct builder *b, const yaml_parser_t *parser)
{
	struct mark mark = mark_of(b, place_of(parser));
	size_t offset = b->places.offset;
	const char *words;

	b->faults |= DOCUMENT_BROKEN;
	if (parser->error == YAML_MEMORY_ERROR || !parser->problem) {
		diag_error(b->diags, mark, "out of memory");
		return;
	}
	if (parser->error == YAML_READER_ERROR) {
		/* No mark, and hardly possible after document_scan. */
		mark.line = mark.column = 1;
		diag_error(b->diags, mark, "cannot read this text: %s",
		    parser->problem);
		return;
	}
	words = plain_words(parser,
	    offset < b->places.source->len ? b->places.source->text[offset]
					   : '\0');
	if (words) {
		diag_error(b->diags, mark, "%s", words);
		return;
	}
	diag_error(b->diags, mark, "not valid YAML: %s", parser->problem);
	if (parser->context)
		diag_related(b->diags, mark_of(b, parser->context_mark),
		    parser->context);
}

static bool build(struct builder *b, const struct source *source)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool ok = true;

	if (!yaml_parser_initialize(&parser)) {
		diag_error(
		    b->diags, (struct mark){ .source = NULL }, "out of memory");
		b->faults |= DOCUMENT_BROKEN;
		return false;
	}
	yaml_parser_set_input_string(
	    &parser, (const unsigned char *)source->text, source->len);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	while (ok && !b->done) {
		if (!yaml_parser_parse(&parser, &event)) {
			syntax_error(b, &parser);
			ok = false;
			break;
		}
		ok = on_event(b, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ok;
}

struct node *document_read(struct arena *arena, const struct source *source,
    size_t max, unsigned *ret_faults, struct diags *diags)
{
	struct builder b = { .arena = arena, .diags = diags };
	struct mark top = { .source = source, .line = 1, .column = 1 };
	bool ascii;

	*ret_faults = DOCUMENT_BROKEN;
	if (source->len > max) {
		diag_error(
		    diags, top, "%zu bytes, more than %zu", source->len, max);
		return NULL;
	}
	if (!document_scan(source, &ascii, diags))
		return NULL;
	places_init(&b.places, source, ascii);
	if (!build(&b, source)) {
		*ret_faults = b.faults;
		return NULL;
	}
	if (!b.root) {
		diag_error(diags, top, "there is nothing in this file");
		return NULL;
	}
	*ret_faults = b.faults;
	return b.root;
}

struct node *document_parse(struct arena *arena, const struct source *source,
    size_t max, struct diags *diags)
{
	unsigned faults;
	struct node *root = document_read(arena, source, max, &faults, diags);

	return faults & ~(unsigned)DOCUMENT_MARKED ? NULL : root;
}
