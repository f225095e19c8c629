#ifndef ADMIN_EXPLAIN_H
#define ADMIN_EXPLAIN_H

#include "admin.h"
#include "policy/model.h"

/* A heading and one line for each of the gates; nothing for none. */
void explain_gates(
    struct admin *admin, const char *heading, const struct gate_uses *uses);
/* Who may roll back and who may go around what, and what is asked for then;
 * `only` NULL: in all stages. */
void explain_back(
    struct admin *admin, const struct policy *policy, const struct stage *only);
/* Who is told of what; `only` NULL: in all stages. */
void explain_notify(
    struct admin *admin, const struct policy *policy, const struct stage *only);
json_t *explain_notify_json(struct arena *arena, const struct policy *policy);
/* What a bypass may go around, gates and waits, in the policy's words. */
void words_around(
    struct arena *arena, const struct bypass_rules *rules, struct strings *ret);

/* The flow in other forms than words; `only` NULL: all stages. */
void explain_dot(struct admin *admin, const struct policy *policy);
void explain_mermaid(struct admin *admin, const struct policy *policy);
void explain_json(
    struct admin *admin, const struct policy *policy, const struct stage *only);

#endif
