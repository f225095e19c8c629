#ifndef POLICY_DOCUMENT_KEYS_H
#define POLICY_DOCUMENT_KEYS_H

#include <stdbool.h>

#include "policy/document.h"

/* The keys of a mapping once all are there: document.c calls both. */

/* Reports each key that is there twice and marks it bad; were there any? */
bool keys_refuse_duplicates(
    struct arena *arena, const struct node *mapping, struct diags *diags);
/* Takes bad keys out, with their values. */
void keys_drop_bad(struct node *mapping);

#endif
