#ifndef POLICY_TABLES_H
#define POLICY_TABLES_H

#include "policy/field.h"

/*
 * The field tables of every mapping with fixed keys, by name: what the editor
 * schema and policy/reference.yml are checked against.
 */
struct field_table {
	const char *what; /* "policy", "stage", "gate", "when", .. */
	const struct field *fields;
};

extern const struct field_table policy_tables[]; /* what == NULL ends it */

/* The evidence keys: part of each gate kind whose form takes_evidence. */
extern const struct field evidence_keys_fields[];

#endif
