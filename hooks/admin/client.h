#ifndef ADMIN_CLIENT_H
#define ADMIN_CLIENT_H

#include "admin.h"

/*
 * Verbs on the client's side run the user's own git, found in PATH, with the
 * user's own settings.  (Hooks never do.)
 */
#define CLIENT_TIMEOUT_MS 60000u
#define CLIENT_OUTPUT_MAX 65536 /* bytes */

/* Runs `git -C DIR ARG..` (args ends in NULL) and takes the first line of what
 * it prints. `input` may be NULL.  ERR_FORMAT: git said no, err says what. */
int client_git(struct admin *admin, const char *const *args, const char *input,
    const char **ret_line, struct err *err);
/* The same with the user's terminal: the exit code of git. */
int client_git_on_terminal(struct admin *admin, const char *const *args,
    int *ret_status, struct err *err);
/* A commit that the user's git makes, and signs where commit.gpgSign says so:
 * nothing names it yet. */
struct client_commit {
	struct oid tree;
	struct oids parents;
	const char *message;
	bool sign;
};
int client_commit(struct admin *admin, const struct client_commit *commit,
    struct oid *ret, struct err *err);
/* A `git push` on the terminal: the exit code that goes with it. */
int client_push(struct admin *admin, const char *const *args);

#endif
