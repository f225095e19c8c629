#ifndef POLICY_FIELD_VALUE_H
#define POLICY_FIELD_VALUE_H

#include "policy/field.h"

/* One value of a table's row: what fields.c hands to field_value.c. */
struct field_value {
	struct arena *arena;
	struct diags *diags;
	const struct field *field;
	const struct node *node;
	void *place; /* in the struct that is filled */
};

/* Reads a value of any type but FIELD_MAPPING.  False when it was wrong. */
bool field_value_read(const struct field_value *value);

/* "a list", "a mapping" or "'text'", for "must be X, not Y". */
const char *node_words(struct arena *arena, const struct node *node);
/* "a, b or c" */
const char *words_join(
    struct arena *arena, const char *const *words, const char *last);
/* ", did you mean 'x'?", or "" where nothing known is near. */
const char *words_near(
    struct arena *arena, const char *text, const struct strings *known);
/* A scalar in which some reader of YAML sees true or false, so that
 * FIELD_BOOL_ROLES can't mean a role by it. */
bool field_is_truth(const struct node *node);
/* Is it a scalar whose text may stand in messages and records: not empty, no
 * control or invisible character (escapes can bring those in)? */
bool node_is_line(
    const struct node *node, const char *name, struct diags *diags);

#endif
