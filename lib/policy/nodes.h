#ifndef POLICY_NODES_H
#define POLICY_NODES_H

#include "policy/document.h"

/*
 * Making trees out of those of several files.  Nodes are shared, never
 * changed, and keep their places, so that what is said of one names the file
 * and line that it comes from.
 */

/* An empty mapping or sequence with room for n, in the place of `like`. */
struct node *nodes_new(struct arena *arena, enum node_type type, size_t n,
    const struct node *like);
void nodes_put(struct node *mapping, struct node *key, struct node *value);
void nodes_append(struct node *sequence, struct node *item);
/* The key of a mapping with that text, or NULL. */
struct node *nodes_key(const struct node *mapping, const char *key);

/* Do two say the same: scalars of the same text, sequences of the same items in
 * order, mappings of the same keys in any order?  A scalar is a list of one
 * (policy/field.h).  NULL is the same as NULL alone. */
bool nodes_same(
    struct arena *arena, const struct node *a, const struct node *b);

#endif
