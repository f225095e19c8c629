#ifndef POLICY_FIELD_H
#define POLICY_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/diag.h"
#include "policy/document.h"

/*
 * Mappings with fixed keys are tables: one row a key, with its type and the
 * place of its value in a struct.  One reader walks any table, so that
 * unknown keys, wrong types and missing keys are reported the same way
 * everywhere, and the editor schema and the reference are checked against the
 * very same rows.
 *
 * A list of strings takes a single string too.
 */
enum field_type {
	FIELD_STRING,     /* const char * */
	FIELD_STRINGS,    /* struct strings */
	FIELD_GLOBS,      /* struct strings, each checked as a glob */
	FIELD_ROLES,      /* struct strings: names of roles, checked later */
	FIELD_GATES,      /* struct strings: gates that can stand in for the one
			   * whose key it is; checked later */
	FIELD_BOOL,       /* bool */
	FIELD_BOOL_ROLES, /* struct bool_roles: true, false or roles */
	FIELD_COUNT,      /* uint64_t: `[1-9][0-9]*` or 0 */
	FIELD_DURATION,   /* uint64_t, seconds */
	FIELD_SIZE,       /* uint64_t, bytes */
	FIELD_SHARE,      /* unsigned, hundredths of a per cent */
	FIELD_REGEX,      /* struct regex * */
	FIELD_CHOICE,     /* int: index in `choices` */
	FIELD_CHOICES,    /* unsigned: bit mask over `choices` */
	FIELD_MAPPING,    /* a nested struct read by `fields` */
	FIELD_NODE,       /* struct node *: read by hand afterwards */
	FIELD_LATER       /* known, but not in this version: an error */
};

#define FIELD_REQUIRED 1u
#define FIELD_POSITIVE 2u /* numbers: 0 is an error */
#define FIELD_NONEMPTY 4u /* lists: [] is an error */
#define FIELD_MODULE 8u   /* FIELD_GLOBS: `{module}` has a meaning */

struct bool_roles {
	bool on; /* there are roles, or it is true */
	struct strings roles;
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_type type;
	size_t offset;
	unsigned flags;
	const char *const *choices; /* NULL-terminated */
	const struct field *fields; /* FIELD_MAPPING */
};

/* Where a key of a mapping stands, or the mapping itself where the key is
 * absent; for diagnostics and `policy.yml:N`. */
struct mark field_mark(const struct node *mapping, const char *key);

/* The items of a list in which a single item may stand for the list: n of
 * them; node may be NULL (0 items). */
size_t field_items(const struct node *node);
const struct node *field_item(const struct node *node, size_t i);

/*
 * Reads a mapping into the struct at `into`.  Keys that are absent leave their
 * place as it was (so defaults are put there first).  False when anything was
 * wrong; the diagnostics say what, all of it.  `what` names the mapping in
 * messages: "stage 'testing'".
 */
bool fields_read(struct arena *arena, const struct node *node,
    const struct field *fields, const char *what, void *into,
    struct diags *diags);

/* The same for a mapping whose keys stand in several tables, each of which
 * fills a struct of its own. */
struct field_part {
	const struct field *fields;
	void *into;
};

#define FIELD_PARTS_MAX 3

bool fields_read_parts(struct arena *arena, const struct node *node,
    const struct field_part *parts, size_t nparts, const char *what,
    struct diags *diags);

#endif
