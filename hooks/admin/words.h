#ifndef ADMIN_WORDS_H
#define ADMIN_WORDS_H

#include "base/array.h"
#include "policy/model.h"

/*
 * Parts of a policy in words.
 */

/* "a", "a or b", "a, b or c"; "" for none. */
const char *words_list(
    struct arena *arena, const struct strings *list, const char *last);
/* "@release, @ci" as policies refer to roles. */
const char *words_roles(struct arena *arena, const struct strings *roles);
/* "fast-forward or merge" */
const char *words_accept(struct arena *arena, const struct stage *stage);
/* Globs of the stage's refs, or its clients. */
const char *words_refs(struct arena *arena, const struct stage *stage);
/* Names of the stages that one may come from; none for an entry stage. */
void words_from(struct arena *arena, const struct policy *policy,
    const struct stage *stage, struct strings *ret);
/* "from Fri 16:00 to Mon 08:00" */
const char *words_freeze(struct arena *arena, const struct freeze *freeze);
const char *status_word(enum policy_status status);

/* What the gate asks for, with every bound that the policy sets. */
const char *words_gate(struct arena *arena, const struct gate *gate);

#endif
