#ifndef POLICY_FORM_H
#define POLICY_FORM_H

#include <stddef.h>

#include "policy/field.h"

/*
 * The form of a gate kind: which keys it takes.  The kinds themselves live in
 * lib/gates; the loader is handed their forms, so that the policy layer
 * depends on none of them.
 */
struct policy;
struct gate;

struct gate_form {
	const char *kind;
	size_t params_size;         /* of the struct that `fields` fill */
	const struct field *fields; /* beside the common keys of a gate */
	bool takes_evidence;        /* params begin with struct evidence_keys */
	/* Formats of reports that statements for it carry, NULL-terminated, and
	 * the choices of its key `report`; NULL: it looks at none. */
	const char *const *reports;
	/* Puts defaults into params (zeroed before); may be NULL. */
	void (*defaults)(void *params);
	/* Checks that keys agree with each other and with the policy; may be
	 * NULL.  Called when people, roles, modules, clients and stages are
	 * known, also where some key was wrong (its place then holds the
	 * default): nodes that are `bad` have been reported.  FIELD_ROLES are
	 * checked by the loader; for names in keys read by hand there are the
	 * functions of policy/names.h. */
	void (*check)(struct arena *arena, const struct policy *policy,
	    const struct gate *gate, const struct node *node,
	    struct diags *diags);
};

struct gate_forms {
	const struct gate_form *const *v;
	size_t n;
};

#endif
