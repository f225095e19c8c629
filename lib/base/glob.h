#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

#include "base/array.h"
#include "base/err.h"

/*
 * Globs for refs and paths.  `*` and `?` stop at '/', `**` does not,
 * `[a-z]` `[!a-z]` is a class (never matches '/'), `{a,b}` is either (may
 * nest), `\` takes the next character literally.  A double star with a slash
 * behind it matches no folder too, where a component begins: "**" "/x" matches
 * "x", and "a" "**" "/x" does not match "ax".  Characters, not bytes: `?` and a
 * negated class take one UTF-8 character, or one byte of text that is not
 * UTF-8.  The whole text must match.
 *
 * What other languages of globs read differently is an error here: `***`,
 * `[^a]`, `[]a]`, `[[:alpha:]]`, '/' or non-ASCII in a class, a range upside
 * down, `{}`, an unpaired bracket or brace, `\` at the end.  Braces nest 32
 * deep.
 *
 * Matching is linear in text x pattern (a set of states, no backtracking), and
 * most patterns are decided by their literal start or end alone.
 */
#define GLOB_MAX 4096 /* bytes of a pattern */

/* Says what is wrong with a pattern, and at which byte: ERR_FORMAT. */
int glob_check(const char *pattern, struct err *err);
/* The pattern must have passed glob_check; so for all that follow. */
bool glob_match(const char *pattern, const char *text);
bool globs_match(const struct strings *patterns, const char *text);
/* Is there any text that both match?  Exact, not a guess; takes time and memory
 * in proportion to one length times the other. */
bool glob_overlap(const char *a, const char *b);
/* Does it hold no wildcard at all, so that it names just one text?  That text
 * is glob_prefix(), without the pattern's `\`. */
bool glob_is_literal(const char *pattern);
/* The longest literal start of every match: "refs/heads/feature/".  Empty for
 * a pattern that is wrong. */
const char *glob_prefix(struct arena *arena, const char *pattern);

#endif
