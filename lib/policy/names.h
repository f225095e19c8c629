#ifndef POLICY_NAMES_H
#define POLICY_NAMES_H

#include <stdbool.h>

#include "policy/model.h"

/*
 * What things may be called, and whether a name that a policy mentions is
 * defined.  Names end up in ref names, file names, the ledger's trailers and
 * reports, so all are short plain ASCII without blanks.
 */
#define NAME_MAX_LEN 64 /* bytes */

enum name_kind {
	NAME_STAGE,   /* [a-z][a-z0-9-]* */
	NAME_GATE,    /* letters, digits, - and _, a letter first */
	NAME_REFPART, /* clients, modules: letters, digits, . _ -, as git has
		       * them in a ref */
	NAME_ROLE,    /* letters, digits, . _ - */
	NAME_PERSON   /* as hosts name their users: also @ + : and \ */
};

/* NULL when it is fine, else "a stage name is ..". */
const char *name_fault(enum name_kind kind, const char *name);

/*
 * Checks of references: true, or false with an error at the node that
 * suggests the nearest known name.  Gate kinds call these too, from their
 * form's check, for names in keys that they read by hand.
 */
bool check_role(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags);
bool check_stage(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags);
bool check_gate(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags);
bool check_client(const struct policy *policy, struct arena *arena,
    const struct node *node, struct diags *diags);

/* Checks every FIELD_ROLES and FIELD_BOOL_ROLES value of a mapping read by that
 * table, nested ones too. */
void check_roles_of(const struct policy *policy, struct arena *arena,
    const struct node *mapping, const struct field *fields,
    struct diags *diags);

#endif
