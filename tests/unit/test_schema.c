#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "gates/gate.h"
#include "policy/load.h"
#include "policy/tables.h"
#include "support/unit.h"

/*
 * policy/policy.schema.json and policy/reference.yml against the loader's own
 * tables: each key of each table is in both, the schema knows no other, and
 * agrees about what is required and what may be chosen.
 */
static json_t *schema;
static const char *reference;
static const struct node *reference_root;

/* Tests run at the top of the tree; __FILE__ is relative to it. */
static const char *beside(const char *path)
{
	const char *here = __FILE__;
	size_t len = strlen(here) - strlen("tests/unit/test_schema.c");

	return arena_printf(&unit_arena, "%.*s%s", (int)len, here, path);
}

static void read_both(void)
{
	struct source *source = ARENA_NEW(&unit_arena, struct source);
	struct diags diags;
	struct err err;
	char *text;
	size_t len;

	schema = json_load_file(beside("policy/policy.schema.json"), 0, NULL);
	ck_assert_ptr_nonnull(schema);
	ck_assert_int_eq(file_read(&unit_arena, beside("policy/reference.yml"),
			     POLICY_BYTES_MAX, &text, &len, &err),
	    0);
	source->name = "reference.yml";
	source->text = reference = text;
	source->len = len;
	diags_init(&diags, &unit_arena);
	reference_root = document_parse(
	    &unit_arena, source, POLICY_BYTES_MAX, &diags);
	ck_assert_ptr_nonnull(reference_root);
}

static void drop_both(void)
{
	json_decref(schema);
}

/* --- the schema ---------------------------------------------------------- */

static json_t *definition(const char *what)
{
	if (strcmp(what, "policy") == 0)
		return schema;
	return json_object_get(json_object_get(schema, "definitions"), what);
}

/* Follows "$ref", also as the only one of an allOf. */
static json_t *resolve(json_t *node)
{
	static const char start[] = "#/definitions/";
	json_t *all = json_object_get(node, "allOf");
	const char *ref;

	if (json_array_size(all) == 1)
		node = json_array_get(all, 0);
	ref = json_string_value(json_object_get(node, "$ref"));
	if (!ref)
		return node;
	ck_assert_msg(strncmp(ref, start, strlen(start)) == 0, "%s", ref);
	node = definition(ref + strlen(start));
	ck_assert_msg(node != NULL, "nothing at %s", ref);
	return node;
}

static bool has_string(json_t *array, const char *text)
{
	json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
	{
		if (json_is_string(item) &&
		    strcmp(json_string_value(item), text) == 0)
			return true;
	}
	return false;
}

static void same_choices(
    const char *what, const struct field *row, json_t *choices)
{
	size_t n = 0;

	for (; row->choices[n]; n++)
		ck_assert_msg(has_string(choices, row->choices[n]),
		    "%s.%s: '%s' is not in the schema", what, row->name,
		    row->choices[n]);
	ck_assert_msg(json_array_size(choices) == n,
	    "%s.%s: the schema has other choices", what, row->name);
}

static void same_type(
    const char *what, const struct field *row, json_t *property)
{
	const char *type = json_string_value(json_object_get(property, "type"));
	bool later = json_object_get(property, "not") != NULL;

	ck_assert_msg(later == (row->type == FIELD_LATER),
	    "%s.%s: is it in this version?", what, row->name);
	ck_assert_msg(
	    (row->type == FIELD_BOOL) == (type && strcmp(type, "boolean") == 0),
	    "%s.%s: is it a boolean?", what, row->name);
	if (row->type == FIELD_COUNT)
		ck_assert_msg(type && strcmp(type, "integer") == 0,
		    "%s.%s is no number", what, row->name);
	if (row->type == FIELD_CHOICE)
		same_choices(what, row, json_object_get(property, "enum"));
	if (row->type == FIELD_CHOICES)
		same_choices(what, row,
		    json_object_get(
			json_array_get(json_object_get(property, "oneOf"), 0),
			"enum"));
}

/* Keys that only a policy which extends none must have. */
static bool is_required_alone(const char *what, const char *name)
{
	json_t *alone = json_object_get(schema, "else");

	if (strcmp(what, "stage") == 0)
		alone = json_object_get(
		    json_object_get(
			json_object_get(alone, "properties"), "stages"),
		    "items");
	else if (strcmp(what, "policy") != 0)
		return false;
	return has_string(json_object_get(alone, "required"), name);
}

struct level { /* a table and where the schema has it */
	const char *what;
	const struct field *tables[3]; /* NULL: no more */
	json_t *node;
};

struct levels {
	struct level *v;
	size_t n, cap;
};

static const struct field *find_row(const struct level *level, const char *name)
{
	for (size_t i = 0; i < 3; i++)
		for (const struct field *row = level->tables[i];
		     row && row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static void same_row(
    struct levels *levels, const struct level *level, const struct field *row)
{
	json_t *properties = json_object_get(level->node, "properties");
	json_t *required = json_object_get(level->node, "required");
	json_t *property = json_object_get(properties, row->name);
	struct level nested = { .tables = { row->fields } };

	ck_assert_msg(property != NULL, "%s.%s is not in the schema",
	    level->what, row->name);
	ck_assert_msg((has_string(required, row->name) ||
			  is_required_alone(level->what, row->name)) ==
		!!(row->flags & FIELD_REQUIRED),
	    "%s.%s: is it required?", level->what, row->name);
	if (row->type != FIELD_MAPPING) {
		same_type(level->what, row, property);
		return;
	}
	nested.what = arena_printf(
	    &unit_arena, "%s.%s", level->what, row->name);
	nested.node = resolve(property);
	ARRAY_PUSH(&unit_arena, levels, nested);
}

static void same_level(struct levels *levels, const struct level *level)
{
	json_t *properties = json_object_get(level->node, "properties");
	json_t *property;
	const char *name;

	ck_assert_msg(
	    properties != NULL, "%s is not in the schema", level->what);
	ck_assert_msg(
	    json_is_false(json_object_get(level->node, "additionalProperties")),
	    "%s takes other keys", level->what);
	for (size_t i = 0; i < 3; i++)
		for (const struct field *row = level->tables[i];
		     row && row->name; row++)
			same_row(levels, level, row);
	json_object_foreach(properties, name, property)
	    ck_assert_msg(find_row(level, name) != NULL,
		"%s.%s is in the schema alone", level->what, name);
}

static void same(struct level first)
{
	struct levels levels = { .n = 0 };

	ARRAY_PUSH(&unit_arena, &levels, first);
	for (size_t i = 0; i < levels.n; i++) {
		struct level level = levels.v[i];

		same_level(&levels, &level);
	}
}

static const struct field *table(const char *what)
{
	for (const struct field_table *t = policy_tables; t->what; t++)
		if (strcmp(t->what, what) == 0)
			return t->fields;
	ck_abort_msg("no table '%s'", what);
	return NULL;
}

/* These two stand in the definition of each gate kind. */
static bool is_of_gates(const char *what)
{
	return strcmp(what, "gate") == 0 || strcmp(what, "evidence") == 0;
}

START_TEST(schema_has_the_keys_of_every_table)
	{
		for (const struct field_table *t = policy_tables; t->what;
		     t++) {
			if (is_of_gates(t->what))
				continue;
			same((struct level){ .what = t->what,
			    .tables = { t->fields },
			    .node = definition(t->what) });
		}
	}
END_TEST

START_TEST(schema_has_the_keys_of_every_gate_kind)
	{
		json_t *kinds = json_object_get(
		    json_object_get(
			json_object_get(definition("gate"), "properties"),
			"kind"),
		    "enum");

		ck_assert_uint_eq(json_array_size(kinds), gate_forms.n);
		for (size_t i = 0; i < gate_forms.n; i++) {
			const struct gate_form *form = gate_forms.v[i];
			struct level level = { .tables = { table("gate"),
						   form->fields } };

			level.what = arena_printf(
			    &unit_arena, "gate-%s", form->kind);
			level.node = definition(level.what);
			if (form->takes_evidence)
				level.tables[2] = table("evidence");
			ck_assert_msg(has_string(kinds, form->kind),
			    "kind '%s' is not in the schema", form->kind);
			same(level);
		}
	}
END_TEST

/* --- the reference ------------------------------------------------------- */

struct nodes {
	const struct node **v;
	size_t n, cap;
};

/* All values of a key in a list of mappings, lists taken apart. */
static struct nodes values_of(const struct nodes *mappings, const char *key)
{
	struct nodes values = { .n = 0 };

	for (size_t i = 0; i < mappings->n; i++) {
		const struct node *value = NULL;

		if (mappings->v[i]->type == NODE_MAPPING)
			value = node_get(mappings->v[i], key);
		for (size_t j = 0; j < field_items(value); j++)
			ARRAY_PUSH(&unit_arena, &values, field_item(value, j));
	}
	return values;
}

/* The values of a mapping whose keys are names. */
static struct nodes named(const char *section)
{
	const struct node *mapping = node_get(reference_root, section);
	struct nodes values = { .n = 0 };

	ck_assert_ptr_nonnull(mapping);
	for (size_t i = 0; i < mapping->n; i++)
		ARRAY_PUSH(&unit_arena, &values, mapping->items[i]);
	return values;
}

struct example { /* a table and the mappings of the reference for it */
	const char *what;
	const struct field *fields;
	struct nodes nodes;
};

struct examples {
	struct example *v;
	size_t n, cap;
};

static void add(struct examples *examples, const char *what,
    const struct field *fields, struct nodes nodes)
{
	const struct example example = { what, fields, nodes };

	ARRAY_PUSH(&unit_arena, examples, example);
}

/* A key that can't be used yet stands in a comment: "# key: .." or "#   key: ".
 */
static bool is_commented(const char *name)
{
	const char *forms[] = { "# %s: not in this version",
		"#   %s: not in this version" };

	for (size_t i = 0; i < 2; i++) {
		struct buf buf;
		const char *at = strstr(forms[i], "%s");

		buf_init(&buf, &unit_arena, 256);
		buf_add(&buf, forms[i], (size_t)(at - forms[i]));
		buf_adds(&buf, name);
		buf_adds(&buf, at + 2);
		if (strstr(reference, buf.p))
			return true;
	}
	return false;
}

static void has_row(struct examples *examples, const struct example *example,
    const struct field *row)
{
	struct nodes values;

	if (row->type == FIELD_LATER) {
		ck_assert_msg(is_commented(row->name),
		    "%s: '# %s: not in this version' is missing", example->what,
		    row->name);
		return;
	}
	for (size_t i = 0; i < example->nodes.n; i++)
		if (node_get(example->nodes.v[i], row->name))
			break;
		else if (i + 1 == example->nodes.n)
			ck_abort_msg("the reference lacks '%s' of %s",
			    row->name, example->what);
	ck_assert_msg(
	    example->nodes.n > 0, "the reference has no %s", example->what);
	if (row->type != FIELD_MAPPING)
		return;
	values = values_of(&example->nodes, row->name);
	add(examples,
	    arena_printf(&unit_arena, "'%s' of %s", row->name, example->what),
	    row->fields, values);
}

static void has_all(struct examples *examples)
{
	for (size_t i = 0; i < examples->n; i++) {
		struct example example = examples->v[i];

		for (const struct field *row = example.fields; row && row->name;
		     row++)
			has_row(examples, &example, row);
	}
}

static struct nodes mappings_of(const struct nodes *nodes)
{
	struct nodes mappings = { .n = 0 };

	for (size_t i = 0; i < nodes->n; i++)
		if (nodes->v[i]->type == NODE_MAPPING)
			ARRAY_PUSH(&unit_arena, &mappings, nodes->v[i]);
	return mappings;
}

START_TEST(reference_has_every_key)
	{
		struct nodes people = named("people"), keys, stages, freezes;
		struct nodes rules;
		struct nodes root = { .n = 0 };
		struct examples examples = { .n = 0 };

		ARRAY_PUSH(&unit_arena, &root, reference_root);
		keys = values_of(&people, "keys");
		stages = values_of(&root, "stages");
		freezes = values_of(&stages, "freeze");
		rules = values_of(&root, "notify");
		add(&examples, "the policy", table("policy"), root);
		add(&examples, "person", table("person"), people);
		add(&examples, "key", table("key"), mappings_of(&keys));
		add(&examples, "client", table("client"), named("clients"));
		add(&examples, "gate", table("gate"), named("gates"));
		add(&examples, "evidence", table("evidence"), named("gates"));
		add(&examples, "stage", table("stage"), stages);
		add(&examples, "freeze", table("freeze"), freezes);
		add(&examples, "notify", table("notify"), rules);
		has_all(&examples);
	}
END_TEST

START_TEST(reference_has_every_key_of_every_kind)
	{
		struct nodes gates = named("gates");

		for (size_t i = 0; i < gate_forms.n; i++) {
			const struct gate_form *form = gate_forms.v[i];
			struct examples examples = { .n = 0 };
			struct nodes nodes = { .n = 0 };

			for (size_t j = 0; j < gates.n; j++)
				if (strcmp(node_get(gates.v[j], "kind")->text,
					form->kind) == 0)
					ARRAY_PUSH(
					    &unit_arena, &nodes, gates.v[j]);
			ck_assert_msg(nodes.n > 0,
			    "the reference has no gate of "
			    "kind '%s'",
			    form->kind);
			add(&examples, form->kind, form->fields, nodes);
			has_all(&examples);
		}
	}
END_TEST

/* The kinds to come are named where `kind` is explained. */
START_TEST(reference_names_the_kinds_to_come)
	{
		for (size_t i = 0; gate_forms.later && gate_forms.later[i]; i++)
			ck_assert_msg(
			    strstr(reference, gate_forms.later[i]) != NULL,
			    "the reference does not name '%s'",
			    gate_forms.later[i]);
	}
END_TEST

/* --- shipped policies ---------------------------------------------------- */

static const char *const shipped[] = { "policy/policy.yml",
	"policy/reference.yml", "policy/examples/trunk.yml",
	"policy/examples/git-flow.yml", "policy/examples/regulated.yml",
	"policy/examples/many-clients.yml", "policy/examples/company.yml",
	"policy/examples/process.yml" };

START_TEST(shipped_policies_load_without_a_word)
	{
		struct diags diags;
		struct buf text;

		diags_init(&diags, &unit_arena);
		policy_load(&unit_arena, beside(shipped[_i]), &gate_forms, NULL,
		    POLICY_ANY, &diags);
		buf_init(&text, &unit_arena, (size_t)1 << 16);
		diags_print(&diags, &text);
		ck_assert_str_eq(text.p, "");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("schema");
	TCase *tcase = unit_case(suite, "schema");

	tcase_add_checked_fixture(tcase, read_both, drop_both);
	tcase_add_test(tcase, schema_has_the_keys_of_every_table);
	tcase_add_test(tcase, schema_has_the_keys_of_every_gate_kind);
	tcase_add_test(tcase, reference_has_every_key);
	tcase_add_test(tcase, reference_has_every_key_of_every_kind);
	tcase_add_test(tcase, reference_names_the_kinds_to_come);
	tcase = unit_case(suite, "shipped");
	tcase_add_loop_test(
	    tcase, shipped_policies_load_without_a_word, 0, COUNT(shipped));
	return unit_main(suite);
}
