#ifndef ADMIN_KEPT_H
#define ADMIN_KEPT_H

#include "admin.h"
#include "record/kept.h"

/*
 * Tips that are kept, with what the ledger says about how each was left.
 */
enum left_how {
	LEFT_UNKNOWN,  /* nothing is recorded about it */
	LEFT_NOT,      /* it is its ref's present tip, on disk or as recorded */
	LEFT_BY_MOVE,  /* the ref went to another commit, or was deleted */
	LEFT_BY_SQUASH /* never a tip: a squash brought it in */
};

struct left {
	struct kept_tip tip;
	const char *subject; /* NULL: it can't be read */
	enum left_how how;
	/* LEFT_BY_MOVE and LEFT_BY_SQUASH alone: */
	int64_t at;
	const char *by;
	enum transition kind; /* of the entry that left it */
};
struct lefts {
	struct left *v;
	size_t n, cap;
};

/* All of a ref or (NULL) of every ref: by ref, those left last first.  Warns
 * of what lies among them and is none. */
int lefts_find(
    struct admin *admin, const char *ref, struct lefts *ret, struct err *err);
/* "rollback", "squash", .. */
const char *left_word(const struct left *left);
json_t *left_json(struct arena *arena, const struct left *left);

/* A clone has its own refs: EXIT_UNDECIDED after saying so. */
int kept_on_server(struct admin *admin);

/* `kept --restore COMMIT [--as BRANCH]` */
int kept_restore(struct admin *admin, const char *commit, const char *as);
/* `kept [REF] --expire DURATION [--dry-run]` */
int kept_expire(
    struct admin *admin, const char *ref, const char *duration, bool dry_run);

#endif
