#ifndef RUN_SUCCESSION_H
#define RUN_SUCCESSION_H

#include "run/session.h"

/*
 * May this text of policy.yml follow those that the ledger knows?  A draft
 * always may, and binds nobody afterwards.  Otherwise another text needs a
 * higher version than any that was in force, and a lower version is refused,
 * also with a text that was in force before: what a record says it was judged
 * by must stay one text for ever.
 *
 * A base (extends) is held to the same, among the bases of its flow, so that a
 * tag that was moved, or a base that was edited in place, is found out.
 *
 * The ledger must be open.  *ret_why is NULL when it may, else a sentence.
 */
int policy_succession(
    struct session *session, const char **ret_why, struct err *err);

#endif
