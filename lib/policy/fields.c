#include <assert.h>
#include <string.h>

#include "policy/field_value.h"

struct mark field_mark(const struct node *mapping, const char *key)
{
	for (size_t i = 0; mapping->keys && i < mapping->n; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->keys[i]->mark;
	return mapping->mark;
}

size_t field_items(const struct node *node)
{
	if (!node)
		return 0;
	return node->type == NODE_SEQUENCE ? node->n : 1;
}

const struct node *field_item(const struct node *node, size_t i)
{
	return node->type == NODE_SEQUENCE ? node->items[i] : node;
}

/* A mapping that waits to be read: nested ones are queued, not called. */
struct task {
	const struct node *node;
	struct field_part parts[FIELD_PARTS_MAX];
	size_t nparts;
	const char *what;
};

struct tasks {
	struct task *v;
	size_t n, cap;
};

struct reader {
	struct arena *arena;
	struct diags *diags;
	struct tasks tasks;
	bool ok;
};

/* The row for a key and the part that it belongs to. */
static const struct field *find_row(const struct task *task, const char *key,
    const struct field_part **ret_part)
{
	for (size_t i = 0; i < task->nparts; i++) {
		const struct field *row = task->parts[i].fields;

		for (; row && row->name; row++) {
			if (strcmp(row->name, key) == 0) {
				*ret_part = &task->parts[i];
				return row;
			}
		}
	}
	return NULL;
}

static void unknown_key(
    struct reader *reader, const struct task *task, const struct node *key)
{
	struct strings known = { .n = 0 };

	for (size_t i = 0; i < task->nparts; i++)
		for (const struct field *row = task->parts[i].fields;
		     row && row->name; row++)
			strings_add(reader->arena, &known, row->name);
	diag_error(reader->diags, key->mark, "unknown key '%s' in %s%s",
	    key->text, task->what,
	    words_near(reader->arena, key->text, &known));
	reader->ok = false;
}

static void queue_nested(struct reader *reader, const struct task *task,
    const struct field *row, const struct node *node, void *place)
{
	struct task nested = { .node = node,
		.parts = { { .fields = row->fields, .into = place } },
		.nparts = 1 };

	nested.what = arena_printf(
	    reader->arena, "'%s' of %s", row->name, task->what);
	ARRAY_PUSH(reader->arena, &reader->tasks, nested);
}

static void read_keys(struct reader *reader, const struct task *task)
{
	const struct node *node = task->node;

	for (size_t i = 0; i < node->n; i++) {
		const struct field_part *part = NULL;
		const struct field *row = find_row(
		    task, node->keys[i]->text, &part);
		struct field_value value = { .arena = reader->arena,
			.diags = reader->diags,
			.field = row,
			.node = node->items[i] };

		if (!row) {
			unknown_key(reader, task, node->keys[i]);
			continue;
		}
		if (row->type == FIELD_LATER) {
			diag_error(reader->diags, node->keys[i]->mark,
			    "'%s' is not in this version", row->name);
			reader->ok = false;
			continue;
		}
		value.place = (char *)part->into + row->offset;
		if (row->type == FIELD_MAPPING)
			queue_nested(
			    reader, task, row, value.node, value.place);
		else if (!field_value_read(&value))
			reader->ok = false;
	}
}

static void require_keys(struct reader *reader, const struct task *task)
{
	for (size_t i = 0; i < task->nparts; i++) {
		const struct field *row = task->parts[i].fields;

		for (; row && row->name; row++) {
			if (!(row->flags & FIELD_REQUIRED) ||
			    node_get(task->node, row->name))
				continue;
			diag_error(reader->diags, task->node->mark,
			    "%s lacks '%s'", task->what, row->name);
			reader->ok = false;
		}
	}
}

static void read_task(struct reader *reader, const struct task *task)
{
	if (task->node->bad) {
		reader->ok = false;
		return;
	}
	if (task->node->type != NODE_MAPPING) {
		diag_error(reader->diags, task->node->mark,
		    "%s must be a mapping, not %s", task->what,
		    node_words(reader->arena, task->node));
		reader->ok = false;
		return;
	}
	read_keys(reader, task);
	require_keys(reader, task);
}

bool fields_read_parts(struct arena *arena, const struct node *node,
    const struct field_part *parts, size_t nparts, const char *what,
    struct diags *diags)
{
	struct reader reader = { .arena = arena, .diags = diags, .ok = true };
	struct task first = { .node = node, .nparts = nparts, .what = what };

	assert(nparts <= FIELD_PARTS_MAX);
	memcpy(first.parts, parts, nparts * sizeof(*parts));
	ARRAY_PUSH(arena, &reader.tasks, first);
	for (size_t i = 0; i < reader.tasks.n; i++) {
		struct task task = reader.tasks.v[i]; /* the array may move */

		read_task(&reader, &task);
	}
	return reader.ok;
}

bool fields_read(struct arena *arena, const struct node *node,
    const struct field *fields, const char *what, void *into,
    struct diags *diags)
{
	const struct field_part part = { .fields = fields, .into = into };

	return fields_read_parts(arena, node, &part, 1, what, diags);
}
