#ifndef POLICY_GLOBFORM_H
#define POLICY_GLOBFORM_H

#include "policy/document.h"

/*
 * Patterns that a glob matcher takes without a word and that still never mean
 * what their author meant: "/src" and "src/" match no path at all, so a `deny`
 * of them would let everything pass; "{client}" is an alternation of one word,
 * not a place-holder.
 *
 * With diags NULL it only answers, for those who go on with the sound ones of
 * a list: none but these may be given to glob_match.
 */
bool globform_check(const struct node *node, bool module, struct diags *diags);

/* Does the pattern hold "{module}"? */
bool globform_has_module(const char *glob);
/* A copy with each "{module}" replaced by the name. */
const char *globform_expand(
    struct arena *arena, const char *glob, const char *module);

#endif
