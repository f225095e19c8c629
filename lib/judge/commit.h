#ifndef JUDGE_COMMIT_H
#define JUDGE_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/digest.h"
#include "base/oid.h"

/*
 * A commit read from its raw bytes (gitformat: git-cat-file(1), git-fsck(1)),
 * by a parser of our own that stops at the first blank line, because git and
 * libgit2 disagree about repeated headers, NUL bytes and `gpgsig` in a body.
 * What both would not read alike is a complaint, and such a commit is refused
 * (`object.malformed`).
 */
struct signature_line {
	const char *name;  /* raw bytes between header and " <", NUL-ended */
	const char *email; /* between < and > */
	int64_t time;
};

struct commit {
	struct oid id;
	struct oid tree;
	struct oids parents;
	struct signature_line author, committer;
	const char *message; /* NUL-terminated; message_len has no NUL in it */
	size_t message_len;
	/* The headers behind the committer as they are (signatures, mergetag,
	 * those of other tools): nobody sees what is hidden there. "": none */
	const char *extra;
	size_t extra_len;
	const char *gpgsig; /* the armour with continuation blanks removed, or
			     * NULL */
	/* What gpgsig is made about: all bytes but that header.  Only of a
	 * commit that has one. */
	struct digest_part payload[2];
};

struct tag {
	struct oid target;
	const char *type; /* "commit", "tree", "blob", "tag" */
	const char *name;
	bool has_tagger;
	struct signature_line tagger;
	const char *message; /* with a signature at its end, if any */
	size_t message_len;
};

/*
 * NULL when canonical: *ret is filled (id is the caller's).  Otherwise what
 * is wrong, in words that follow "commit 1a2b3c4d: ": order and number of
 * headers, two authors, bad ident or date, NUL, encoding other than UTF-8,
 * invalid UTF-8, the same parent twice, a signature that readers split
 * differently.
 */
const char *commit_parse(
    struct arena *arena, const char *bytes, size_t len, struct commit *ret);
const char *tag_parse(
    struct arena *arena, const char *bytes, size_t len, struct tag *ret);
/* NULL when canonical; names, order (git's, folders as if ending in '/'),
 * duplicates, `.` `..` `.git` and what file systems take for it, modes. */
const char *tree_complaint(struct arena *arena, const char *bytes, size_t len);

/* The first line, and the text after the blank line that follows it. */
const char *commit_subject(struct arena *arena, const struct commit *commit);
const char *commit_body(struct arena *arena, const struct commit *commit);

/* Trailers (git-interpret-trailers(1)): of the last paragraph, if it is made
 * of `Key: value` lines (a continuation begins with a blank) and is not the
 * subject.  Keys compare without case. */
struct trailer {
	const char *key, *value;
};
struct trailers {
	struct trailer *v;
	size_t n, cap;
};
void commit_trailers(
    struct arena *arena, const struct commit *commit, struct trailers *ret);

#endif
