#ifndef ADMIN_EXPLAIN_H
#define ADMIN_EXPLAIN_H

#include "admin.h"

/* The flow in other forms than words; `only` NULL: all stages. */
void explain_dot(struct admin *admin, const struct policy *policy);
void explain_mermaid(struct admin *admin, const struct policy *policy);
void explain_json(
    struct admin *admin, const struct policy *policy, const struct stage *only);

#endif
