#ifndef ADMIN_PASTREFS_H
#define ADMIN_PASTREFS_H

#include "judge/view.h"

/*
 * Where refs were at some time in the ledger's history: a sorted list, moved
 * on by what each record says.
 */
struct past_refs {
	struct arena *arena;
	struct view_named_ref *v; /* by name */
	size_t n, cap;
};

/* Zero: the ref goes. */
void past_refs_put(
    struct past_refs *refs, const char *name, const struct oid *oid);
/* False: there is none of that name; *ret is zero then. */
bool past_refs_get(
    const struct past_refs *refs, const char *name, struct oid *ret);
void past_refs_below(const struct past_refs *refs, struct arena *arena,
    const char *prefix, struct view_refs *ret);

#endif
