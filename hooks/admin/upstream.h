#ifndef ADMIN_UPSTREAM_H
#define ADMIN_UPSTREAM_H

#include "admin.h"
#include "judge/push.h"
#include "judge/verdict.h"

/*
 * A client verb that moves refs of the server, and the server as far as the
 * clone knows it: the ledger and the branches of a remote.  In the server's
 * own repository, where `git push .` runs the hooks, it knows itself.
 */
struct upstream {
	const char *push;       /* --push REMOTE; NULL: print the command */
	const char *as;         /* --as USER */
	bool dry_run, offline;  /* --dry-run, --offline */
	bool run;               /* --run: programs of gates */
	struct strings options; /* git push -o */
};

/* The rows of a table of options that each such verb has; `at` is where its
 * struct upstream stands. */
/* clang-format off */
#define UPSTREAM_OPTIONS(at)                                                   \
	{ "dry-run", 'n', OPTION_FLAG,                                         \
	    (at) + offsetof(struct upstream, dry_run), NULL,                   \
	    "fetch and judge, push nothing" },                                 \
	{ "offline", 0, OPTION_FLAG,                                           \
	    (at) + offsetof(struct upstream, offline), NULL,                   \
	    "do with what was fetched before" },                               \
	{ "as", 0, OPTION_TEXT, (at) + offsetof(struct upstream, as), "USER",  \
	    "judge for this person; else for yourself" }
/* clang-format on */

/* Fetches ledger and branches where something is to be pushed or tried, unless
 * offline; opens repository, ledger and policy.  0, or an exit code after
 * saying why. */
int upstream_open(struct admin *admin, const struct upstream *upstream);

/* What the ref is there.  Says so where that is not what the ledger recorded
 * last; a branch that the ledger says is deleted is an error. */
int upstream_ref(struct admin *admin, const struct upstream *upstream,
    const char *ref, struct view_ref *ret, struct err *err);

struct upstream_move {
	const char *ref;
	struct oid old, new;
	bool forced; /* where the ref is still at `old` */
};
/* What is pushed at once. */
struct upstream_moves {
	struct upstream_move *v;
	size_t n, cap;
	bool atomic;                 /* all of them or none */
	const struct strings *roles; /* who may make them */
};

struct upstream_answer {
	struct push push;
	bool guessed; /* for whom is not known */
	struct verdict verdict;
};
/* What the hooks would answer; then says it: the exit code. */
int upstream_ask(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves, struct upstream_answer *ret,
    struct err *err);
int upstream_tell(struct admin *admin, const struct upstream *upstream,
    const struct upstream_answer *answer);
/* Both. */
int upstream_judge(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves);
/* Is it to push at all, or to print the command that does? */
bool upstream_pushes(const struct upstream *upstream);
const char *upstream_command(struct admin *admin,
    const struct upstream *upstream, const struct upstream_moves *moves);
/* Pushes on the user's terminal, or adds the command to the output: the exit
 * code. */
int upstream_push(struct admin *admin, const struct upstream *upstream,
    const struct upstream_moves *moves);

#endif
