#ifndef RUN_IDENTITY_H
#define RUN_IDENTITY_H

#include "judge/push.h"
#include "run/session.h"

/*
 * Who pushes.  The variables that a server sets are read before the
 * environment is reduced; those that are set (empty is not set) must agree,
 * else it is nobody.  `push-cert` is the signer of a signed push
 * (judge/pushcert.h), and one of them.  `os-user` counts where none of the
 * others is set.
 */
struct environment; /* the values of upper-case variables, copied */

/* Copies what identity may need and the push options, then empties the
 * environment (base/process_env.h). */
struct environment *environment_take(struct arena *arena);
/* Copies it and leaves it as it is. */
struct environment *environment_copy(struct arena *arena);

/* Is a variable set, and not empty? */
bool environment_has(const struct environment *environment, const char *name);

/* As it was, for a program that is run in our stead: NULL-terminated. */
const char *const *environment_list(
    struct arena *arena, const struct environment *environment);

/* Fills push->pusher or push->pusher_problem; for `push-cert` the rest of push
 * must be there, and the session's ledger open. */
int identity_find(struct session *session,
    const struct environment *environment, struct push *push, struct err *err);
/* GIT_PUSH_OPTION_*: pre-receive and post-receive only. */
int push_options_take(struct arena *arena,
    const struct environment *environment, struct push *push, struct err *err);
/* The account's name from /etc/passwd, else /usr/bin/id -un, else uid:N. */
const char *os_user(struct arena *arena);

#endif
