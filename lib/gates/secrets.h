#ifndef GATES_SECRETS_H
#define GATES_SECRETS_H

#include "gates/gate.h"
#include "gates/secrets_scan.h"

/* A `secrets` gate at work on one update: private to secrets*.c. */
struct secrets_keys {
	struct strings allow;     /* globs of paths that are not searched */
	const struct node *rules; /* read by check() */
	bool inline_allow;
	struct secret_rule_list own;
};

struct secrets_search {
	const struct secrets_keys *keys;
	const struct view *view;
	struct secret_scanner *scanner;
	struct offenders offenders;
	bool found; /* a credential, that is: not only what can't be searched */
};

/* A bigger file is refused, unless `allow` has its path: then nobody has
 * looked, and somebody has said that nobody need. */
#define SECRETS_FILE_MAX ((size_t)32 << 20) /* bytes */

/* Of `rules`; together with the shipped ones they have room in one table. */
#define SECRETS_RULES_MAX 500
#define SECRETS_KEYWORDS_MAX ((size_t)16 << 10) /* bytes */

/* Where a credential was found, in words: a finding is
 * "<id8> WHERE:LINE rule masked". */
struct secret_place {
	const struct oid *id; /* of a commit or tag */
	const char *where;    /* a path, or "(message)"; neutralised */
	size_t line;          /* 0: the name of the path itself */
};

void secrets_report(struct secrets_search *search, struct arena *scratch,
    const struct secret_place *place, const struct secret_text *text,
    const struct secret_hit *hit);
/* Reports whatever a text holds that is new as a whole. */
int secrets_text(struct secrets_search *search, struct arena *scratch,
    const struct oid *id, const char *where, const char *p, size_t len,
    struct err *err);
/* The number of the line in which a byte is, from 1. */
size_t secrets_line(const struct secret_text *text, size_t at);

/* secrets_files.c: the paths and files that a commit brings. */
int secrets_files(struct secrets_search *search, struct arena *scratch,
    const struct commit *commit, struct err *err);

/* secrets_lines.c: does an older text have every line that the hit is in?
 * Then it is not new. */
bool secrets_had_lines(const struct secret_text *old,
    const struct secret_text *text, const struct secret_hit *hit);
/* Does its first line end in a comment that allows just that rule? */
bool secrets_allowed_inline(
    const struct secret_text *text, const struct secret_hit *hit);
/* The part of a text that an older one has not at its begin or end: whole
 * lines, and as many before them as a key file's head may be away. */
void secrets_trim(const struct secret_text *old, const struct secret_text *text,
    size_t *ret_from, size_t *ret_to);

#endif
