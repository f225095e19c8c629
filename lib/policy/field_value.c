#include "policy/field_value.h"

#include <string.h>
#include <strings.h>

#include "base/glob.h"
#include "base/nearest.h"
#include "base/num.h"
#include "base/regex.h"
#include "base/text.h"
#include "policy/globform.h"

const char *node_words(struct arena *arena, const struct node *node)
{
	switch (node->type) {
	case NODE_SCALAR:
		return arena_printf(arena, "'%s'", node->text);
	case NODE_SEQUENCE:
		return "a list";
	case NODE_MAPPING:
		return "a mapping";
	}
	return "?";
}

const char *words_join(
    struct arena *arena, const char *const *words, const char *last)
{
	const char *joined = words[0] ? words[0] : "";

	for (size_t i = 1; words[0] && words[i]; i++)
		joined = words[i + 1]
		    ? arena_printf(arena, "%s, %s", joined, words[i])
		    : arena_printf(arena, "%s %s %s", joined, last, words[i]);
	return joined;
}

const char *words_near(
    struct arena *arena, const char *text, const struct strings *known)
{
	const char *near = nearest_name(text, known);

	return near ? arena_printf(arena, ", did you mean '%s'?", near) : "";
}

bool node_is_line(
    const struct node *node, const char *name, struct diags *diags)
{
	if (node->bad)
		return false;
	if (node->len == 0) {
		diag_error(diags, node->mark, "'%s' is empty", name);
		return false;
	}
	for (size_t i = 0; i < node->len; i++) {
		unsigned char c = (unsigned char)node->text[i];

		if (c < 0x20 || c == 0x7f) {
			diag_error(diags, node->mark,
			    "'%s' holds a line break or control character",
			    name);
			return false;
		}
	}
	if (text_has_hidden(node->text, node->len)) {
		diag_error(diags, node->mark,
		    "'%s' holds an invisible character", name);
		return false;
	}
	return true;
}

/* "'KEY' must be WANTED, not what it is"; false. */
static bool must_be(const struct field_value *value, const char *wanted)
{
	if (!value->node->bad)
		diag_error(value->diags, value->node->mark,
		    "'%s' must be %s, not %s", value->field->name, wanted,
		    node_words(value->arena, value->node));
	return false;
}

static bool is_scalar(const struct field_value *value)
{
	return value->node->type == NODE_SCALAR && !value->node->bad;
}

static bool read_string(const struct field_value *value)
{
	if (!is_scalar(value))
		return must_be(value, "a text");
	if (!node_is_line(value->node, value->field->name, value->diags))
		return false;
	*(const char **)value->place = value->node->text;
	return true;
}

/* Is the list as it should be: scalars of one line each? */
static bool check_strings(const struct field_value *value)
{
	const char *name = value->field->name;
	bool ok = true;

	if (value->node->type == NODE_MAPPING || value->node->bad)
		return must_be(value, "a list");
	for (size_t i = 0; i < field_items(value->node); i++) {
		const struct node *item = field_item(value->node, i);

		if (item->type != NODE_SCALAR) {
			diag_error(value->diags, item->mark,
			    "'%s' must hold texts, not %s", name,
			    node_words(value->arena, item));
			ok = false;
		} else if (!node_is_line(item, name, value->diags)) {
			ok = false;
		}
	}
	if (field_items(value->node) == 0 &&
	    (value->field->flags & FIELD_NONEMPTY)) {
		diag_error(value->diags, value->node->mark,
		    "'%s' is an empty list", name);
		ok = false;
	}
	return ok;
}

static bool read_strings(const struct field_value *value)
{
	struct strings *list = value->place;

	if (!check_strings(value))
		return false;
	*list = (struct strings){ .n = 0 };
	for (size_t i = 0; i < field_items(value->node); i++)
		ARRAY_PUSH(
		    value->arena, list, field_item(value->node, i)->text);
	return true;
}

/* A list with a faulty pattern is not stored: glob_match relies on it. */
static bool read_globs(const struct field_value *value)
{
	bool module = value->field->flags & FIELD_MODULE;
	bool ok = true;

	if (!check_strings(value))
		return false;
	for (size_t i = 0; i < field_items(value->node); i++) {
		const struct node *item = field_item(value->node, i);

		if (!globform_check(item, module, value->diags))
			ok = false;
	}
	return ok && read_strings(value);
}

static bool read_bool(const struct field_value *value)
{
	const struct node *node = value->node;
	const char *name = value->field->name;
	bool yes;

	if (!is_scalar(value))
		return must_be(value, "true or false");
	yes = strcmp(node->text, "true") == 0;
	if (!yes && strcmp(node->text, "false") != 0) {
		diag_error(value->diags, node->mark,
		    "'%s' must be true or false, '%s' is neither", name,
		    node->text);
		return false;
	}
	if (node->quoted) {
		diag_error(value->diags, node->mark,
		    "'%s' must be %s without quotes", name, node->text);
		return false;
	}
	*(bool *)value->place = yes;
	return true;
}

bool field_is_truth(const struct node *node)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on",
		"off", "y", "n" };

	if (node->type != NODE_SCALAR)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(words[i], node->text) == 0)
			return true;
	return false;
}

static bool read_bool_roles(const struct field_value *value)
{
	struct bool_roles *place = value->place;
	struct field_value part = *value;

	if (field_is_truth(value->node)) {
		part.place = &place->on;
		return read_bool(&part);
	}
	part.place = &place->roles;
	if (!read_strings(&part))
		return false;
	place->on = place->roles.n > 0;
	return true;
}

/* The readers of numbers in all their forms. */
static bool read_number(const struct field_value *value, const char *wanted,
    bool parsed, uint64_t number)
{
	if (!parsed)
		return must_be(value, wanted);
	if (number == 0 && (value->field->flags & FIELD_POSITIVE)) {
		diag_error(value->diags, value->node->mark,
		    "'%s' must be more than 0", value->field->name);
		return false;
	}
	*(uint64_t *)value->place = number;
	return true;
}

static bool read_count(const struct field_value *value)
{
	uint64_t number = 0;
	bool parsed;

	if (is_scalar(value) && value->node->quoted) {
		diag_error(value->diags, value->node->mark,
		    "'%s' must be a number without quotes", value->field->name);
		return false;
	}
	parsed = is_scalar(value) &&
	    str_to_u64(value->node->text, INT64_MAX, &number);
	return read_number(value, "a number such as 1 or 72", parsed, number);
}

static bool read_duration(const struct field_value *value)
{
	uint64_t seconds = 0;
	bool parsed = is_scalar(value) &&
	    str_to_duration(value->node->text, &seconds);

	return read_number(value, "a duration such as 90s, 30m, 24h, 7d or 2w",
	    parsed, seconds);
}

static bool read_size(const struct field_value *value)
{
	uint64_t bytes = 0;
	bool parsed = is_scalar(value) &&
	    str_to_size(value->node->text, &bytes);

	return read_number(
	    value, "a size such as 4096, 512KiB, 10MiB or 1GiB", parsed, bytes);
}

static bool read_share(const struct field_value *value)
{
	unsigned share = 0;

	if (!is_scalar(value) || !str_to_share(value->node->text, &share))
		return must_be(value, "a share such as 80% or 99.5%");
	*(unsigned *)value->place = share;
	return true;
}

static bool read_regex(const struct field_value *value)
{
	struct regex *regex;
	struct err err;

	if (!is_scalar(value))
		return must_be(value, "a regular expression");
	if (value->node->len == 0) {
		diag_error(value->diags, value->node->mark, "'%s' is empty",
		    value->field->name);
		return false;
	}
	if (regex_compile(value->arena, value->node->text, &regex, NULL, &err) <
	    0) {
		diag_error(value->diags, value->node->mark,
		    "'%s' is not a regular expression: %s", value->field->name,
		    err.text);
		return false;
	}
	*(struct regex **)value->place = regex;
	return true;
}

/* The index of one word in the row's choices, or -1 with an error added. */
static int find_choice(const struct field_value *value, const struct node *node)
{
	const struct field *field = value->field;
	struct strings known = { .n = 0 };

	for (int i = 0; field->choices[i]; i++) {
		if (strcmp(field->choices[i], node->text) == 0)
			return i;
		strings_add(value->arena, &known, field->choices[i]);
	}
	diag_error(value->diags, node->mark, "'%s' must be %s, not '%s'%s",
	    field->name, words_join(value->arena, field->choices, "or"),
	    node->text, words_near(value->arena, node->text, &known));
	return -1;
}

static bool read_choice(const struct field_value *value)
{
	int choice;

	if (!is_scalar(value))
		return must_be(value,
		    words_join(value->arena, value->field->choices, "or"));
	choice = find_choice(value, value->node);
	if (choice < 0)
		return false;
	memcpy(value->place, &choice, sizeof(choice)); /* int, or an enum */
	return true;
}

static bool read_choices(const struct field_value *value)
{
	unsigned mask = 0;
	bool ok = true;

	if (!check_strings(value))
		return false;
	for (size_t i = 0; i < field_items(value->node); i++) {
		int choice = find_choice(value, field_item(value->node, i));

		if (choice < 0)
			ok = false;
		else
			mask |= 1u << choice;
	}
	if (ok)
		*(unsigned *)value->place = mask;
	return ok;
}

static bool read_node(const struct field_value *value)
{
	if (value->node->bad)
		return false;
	*(const struct node **)value->place = value->node;
	return true;
}

typedef bool value_fn(const struct field_value *value);

static value_fn *const readers[] = {
	[FIELD_STRING] = read_string,
	[FIELD_STRINGS] = read_strings,
	[FIELD_GLOBS] = read_globs,
	[FIELD_ROLES] = read_strings,
	[FIELD_GATES] = read_strings,
	[FIELD_BOOL] = read_bool,
	[FIELD_BOOL_ROLES] = read_bool_roles,
	[FIELD_COUNT] = read_count,
	[FIELD_DURATION] = read_duration,
	[FIELD_SIZE] = read_size,
	[FIELD_SHARE] = read_share,
	[FIELD_REGEX] = read_regex,
	[FIELD_CHOICE] = read_choice,
	[FIELD_CHOICES] = read_choices,
	[FIELD_NODE] = read_node,
};

bool field_value_read(const struct field_value *value)
{
	return readers[value->field->type](value);
}
