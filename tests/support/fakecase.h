#ifndef SUPPORT_FAKECASE_H
#define SUPPORT_FAKECASE_H

#include "judge/push.h"
#include "support/fakeview.h"

/*
 * The directives of a table (tests/judge/README) that make a history, a ledger
 * and a push.
 */
struct fakecase {
	struct arena *arena;
	struct fakeview fake;
	struct view view;
	const struct policy *policy;
	struct push push;
	bool has_push;
	bool expired;
	int64_t now;
	int64_t clock;   /* of the next commit */
	int64_t entered; /* when the next entry is made */
};

struct word {
	const char *text;
	size_t len;
	bool quoted; /* wholly in quotes */
};
struct words {
	struct word *v;
	size_t n, cap;
};

void fakecase_init(
    struct fakecase *c, struct arena *arena, const struct policy *policy);

/* Splits a line and puts in %NAME%; ERR_FORMAT: what is wrong with it. */
int fakecase_words(
    struct fakecase *c, const char *line, struct words *ret, struct err *err);
/* Runs one directive.  *ret_known false: it is none of these. */
int fakecase_run(struct fakecase *c, const struct words *words, bool *ret_known,
    struct err *err);

/* What a word says. */
const char *fakecase_ref(struct fakecase *c, const struct word *word);
int fakecase_object(
    struct fakecase *c, const char *name, struct oid *ret, struct err *err);
bool fakecase_transition(const char *word, enum transition *ret);
const char *fakecase_transition_text(enum transition kind);

#endif
