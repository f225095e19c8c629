#ifndef GATES_SECRETS_SCAN_H
#define GATES_SECRETS_SCAN_H

#include "base/array.h"
#include "base/err.h"

/*
 * Credentials in bytes of any kind.  Pure: bytes in, places out; what is new,
 * allowed or shown is the gate's business (secrets.c, secrets_files.c).
 *
 * One pass looks for the keywords of all rules at once; a rule's pattern is
 * compiled when one of its keywords first turns up, and searched for in the
 * line around it alone, of which at most WINDOW_BEFORE and WINDOW_AFTER bytes
 * are looked at.
 */
#define WINDOW_BEFORE ((size_t)256) /* bytes */
#define WINDOW_AFTER ((size_t)4096)
/* From a keyword to the end of what its pattern needs. */
#define SECRET_MAX ((size_t)2048)
#define LINE_PIECE                                                             \
	((size_t)64 << 10) /* of a line, for rules without keywords */
/* In one text.  With as many there may be others: who takes some of them for
 * known or allowed must not pass the text for it. */
#define HITS_MAX 100

#define RULE_LINES 1u    /* its match may go over line ends */
#define RULE_ASSIGNED 2u /* any literal that looks like a password */
#define RULE_URL 4u      /* the password of a URL: may be a short one */

struct secret_rule {
	const char *name; /* begins with the vendor */
	/* NULL-terminated; none: the pattern is searched for in every line */
	const char *const *keywords;
	/* The secret is its first group, or all of it. */
	const char *match;
	unsigned flags;
	unsigned entropy; /* tenths of a bit a byte that the secret has */
};

extern const struct secret_rule secret_rules[]; /* secrets_rules.c */
extern const size_t secret_rules_n;

struct secret_text { /* bytes of any kind, NUL included */
	const char *p;
	size_t len;
};

struct secret_rule_list {
	struct secret_rule *v;
	size_t n, cap;
};

struct secret_hit {
	const struct secret_rule *rule;
	size_t from, to;   /* of the match: [from, to) */
	size_t begin, end; /* of the secret in it */
};

struct secret_hits {
	struct secret_hit *v; /* no two overlap; in no order */
	size_t n, cap;
};

struct secret_scanner;

/* The shipped rules and `own` ones, of which one takes the place of a shipped
 * one of its name.  Memory, that of patterns compiled later too, is arena's. */
struct secret_scanner *secret_scanner_new(
    struct arena *arena, const struct secret_rule_list *own);
/* Adds hits whose keyword lies in [from, to) of a text.  ERR_LIMIT: a pattern
 * gives up, in words that name its rule. */
int secret_scan(struct secret_scanner *scanner, struct arena *arena,
    const struct secret_text *text, size_t from, size_t to,
    struct secret_hits *ret, struct err *err);

/* secrets_filter.c: is that what documentation writes in place of a secret?
 * `...EXAMPLE`, runs of x or *, changeme, ${..}, <..>. */
bool secret_is_placeholder(const char *p, size_t len, unsigned flags);
/* Does it look like a password or a token, and not like a name or a word? */
bool secret_is_random(const char *p, size_t len);
/* Of the bytes' distribution, in tenths of a bit a byte. */
unsigned secret_entropy(const char *p, size_t len);
/* Its first few bytes, neutralised, and asterisks. */
const char *secret_masked(struct arena *arena, const char *p, size_t len);

/* secrets_wide.c: text of two bytes a character (UTF-16, either order, with
 * or without a mark) as one byte a character; lines stay lines, what is no
 * such text becomes \1. */
void secret_narrow(struct arena *arena, const struct secret_text *wide,
    struct secret_text *ret);

#endif
