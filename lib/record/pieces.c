#include "record/pieces.h"

#include <string.h>

#include "base/text.h"

/* Bytes that are parsed at once: a parser of libyaml's costs as much to set up
 * as some kilobytes to parse. */
#define BATCH_BYTES ((size_t)16 << 10)
#define PIECE_BYTES_MAX ((size_t)16 << 20)

void pieces_open(struct pieces *pieces, struct arena *arena, const char *what,
    const char *bytes, size_t len)
{
	*pieces = (struct pieces){
		.arena = arena, .what = what, .at = bytes, .end = bytes + len
	};
}

static int damaged(
    const struct pieces *pieces, const char *why, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s is damaged: %s", pieces->what, why);
}

static int parse(struct pieces *pieces, const char *text, size_t len,
    enum node_type type, const struct node **ret, struct err *err)
{
	struct source *source = ARENA_NEW(pieces->arena, struct source);
	struct diags diags;
	struct node *node;

	source->name = pieces->what;
	source->text = arena_strndup(pieces->arena, text, len);
	source->len = len;
	diags_init(&diags, pieces->arena);
	node = document_parse(pieces->arena, source, PIECE_BYTES_MAX, &diags);
	if (!node)
		return damaged(
		    pieces, diags.n ? diags.v[0].text : "it is not YAML", err);
	if (node->type != type)
		return damaged(
		    pieces, "it is not in the form of this version", err);
	*ret = node;
	return 0;
}

static const char *line_after(const struct pieces *pieces, const char *line)
{
	const char *lf = memchr(line, '\n', (size_t)(pieces->end - line));

	return lf ? lf + 1 : pieces->end;
}

static bool is_item(const char *line)
{
	return line[0] == '-' && line[1] == ' ';
}

static const char *item_after(const struct pieces *pieces, const char *item)
{
	const char *line = line_after(pieces, item);

	while (line < pieces->end && *line == ' ')
		line = line_after(pieces, line);
	return line;
}

/* `key:` alone on its line begins a list. */
static bool begins_list(const struct pieces *pieces, const char *line)
{
	const char *next = line_after(pieces, line);

	return next - line >= 2 && next[-1] == '\n' && next[-2] == ':' &&
	    next < pieces->end && is_item(next);
}

static bool is_wanted(const struct pieces *pieces, const char *item)
{
	return !pieces->only_key ||
	    strcmp(pieces->only_key, pieces->key) != 0 ||
	    str_prefix(item + 2, pieces->only_text);
}

/* A run of items that are wanted, as one document. */
static int read_items(struct pieces *pieces, struct err *err)
{
	const char *from, *to;

	while (pieces->at < pieces->end && is_item(pieces->at) &&
	    !is_wanted(pieces, pieces->at))
		pieces->at = item_after(pieces, pieces->at);
	from = to = pieces->at;
	while (to < pieces->end && is_item(to) && is_wanted(pieces, to) &&
	    (size_t)(to - from) < BATCH_BYTES)
		to = item_after(pieces, to);
	pieces->at = to;
	pieces->i = 0;
	pieces->list = NULL;
	return from == to ? 0
			  : parse(pieces, from, (size_t)(to - from),
				NODE_SEQUENCE, &pieces->list, err);
}

/* The plain lines at the top. */
static int read_head(struct pieces *pieces, struct piece *ret, struct err *err)
{
	const char *from = pieces->at;

	while (pieces->at < pieces->end && *pieces->at != ' ' &&
	    !is_item(pieces->at) && !begins_list(pieces, pieces->at))
		pieces->at = line_after(pieces, pieces->at);
	if (pieces->at == from)
		return damaged(
		    pieces, "it is not in the form of this version", err);
	ret->key = NULL;
	return parse(pieces, from, (size_t)(pieces->at - from), NODE_MAPPING,
		   &ret->node, err)
	    ? -1
	    : 1;
}

int pieces_next(struct pieces *pieces, struct piece *ret, struct err *err)
{
	for (;;) {
		if (pieces->list && pieces->i < pieces->list->n) {
			ret->key = pieces->key;
			ret->node = pieces->list->items[pieces->i++];
			return 1;
		}
		if (pieces->at == pieces->end)
			return 0;
		if (pieces->key && is_item(pieces->at)) {
			if (read_items(pieces, err))
				return -1;
			continue;
		}
		pieces->list = NULL;
		pieces->key = NULL;
		if (!begins_list(pieces, pieces->at))
			return read_head(pieces, ret, err);
		pieces->key = arena_strndup(pieces->arena, pieces->at,
		    (size_t)(line_after(pieces, pieces->at) - pieces->at - 2));
		pieces->at = line_after(pieces, pieces->at);
	}
}
