#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Regular expressions of a policy: PCRE2 (pcre2pattern(3)), UTF, with match
 * and depth limits, so that no pattern makes a push hang.  `\d` and `\w` are
 * ASCII, `\C` is refused, a pattern has at most 4096 bytes.  Compiled when the
 * policy is loaded, into the arena; regex_free is not needed, and comes before
 * arena_release if at all.
 */
#define REGEX_MATCH_LIMIT 1000000u /* pcre2_set_match_limit: steps */
#define REGEX_DEPTH_LIMIT 1000u    /* pcre2_set_depth_limit */
#define REGEX_HEAP_LIMIT 20000u    /* KiB */

struct regex;

enum regex_result {
	REGEX_MATCH,
	REGEX_NOMATCH,
	REGEX_LIMIT
};

/* On failure (ERR_FORMAT) err says what is wrong, *ret_offset (may be NULL)
 * where: bytes from the start of the pattern. */
int regex_compile(struct arena *arena, const char *pattern,
    struct regex **ret_regex, size_t *ret_offset, struct err *err);
void regex_free(struct regex *regex); /* NULL is allowed */
const char *regex_source(const struct regex *regex);
/* Searches anywhere in the text.  REGEX_LIMIT: could not find out, refuse. Text
 * that is not valid UTF-8 is matched byte-wise safe (PCRE2_MATCH_INVALID_UTF),
 * never refused here. */
enum regex_result regex_search(
    const struct regex *regex, const char *p, size_t len);

/* Where a pattern was found: the match, and what its first group holds (the
 * match itself where there is none, or it took no part). */
struct regex_span {
	size_t from, to;   /* of the match: [from, to) */
	size_t begin, end; /* of the group */
};

/* Makes this pattern fast, for one that is searched for often: it is compiled
 * to machine code where the system allows that.  That memory is freed by
 * regex_free alone. */
void regex_speed_up(struct regex *regex);
/* The first match that begins at or after `start`; what comes before is seen
 * by assertions such as \b alone. */
enum regex_result regex_find(const struct regex *regex, const char *p,
    size_t len, size_t start, struct regex_span *ret);

#endif
