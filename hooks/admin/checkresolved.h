#ifndef ADMIN_CHECKRESOLVED_H
#define ADMIN_CHECKRESOLVED_H

#include "admin.h"

/*
 * The policy that is in force, in one piece: what policy.yml, the files that it
 * includes and those that it extends say together.  Behind each line stands, as
 * a comment, from where it comes.  What is printed is a policy itself, which
 * names no other file and means the same.
 */
void resolved_print(struct admin *admin, const struct policy *policy);

#endif
