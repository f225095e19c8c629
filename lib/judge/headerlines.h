#ifndef JUDGE_HEADERLINES_H
#define JUDGE_HEADERLINES_H

#include "judge/commit.h"

/*
 * The header of a commit or a tag, line by line: private to commit_parse.c
 * and tag_parse.c.  A cursor only moves over what it took.  Functions answer
 * NULL, or what is wrong.
 */
struct cursor {
	struct arena *arena;
	const char *p, *end;
};

/* Is the next line "<key> .."? */
bool line_is(const struct cursor *c, const char *key);
/* Takes "<key> <value>\n"; the value is copied, without continuation lines,
 * of which there must be none. */
const char *take_value(
    struct cursor *c, const char *key, const char **ret_value);
/* Takes "<key> <40 hex digits>\n". */
const char *take_oid(struct cursor *c, const char *key, struct oid *ret);
/* Takes "<key> <name> <<email>> <seconds> <zone>\n", as git-fsck(1) wants. */
const char *take_person(
    struct cursor *c, const char *key, struct signature_line *ret);
/* Takes the blank line and all that follows it. */
const char *take_message(
    struct cursor *c, const char **ret_message, size_t *ret_len);
/* What holds for the whole object: no NUL byte, UTF-8. */
const char *check_bytes(const char *bytes, size_t len);

#endif
