#ifndef JUDGE_CODEOWNERS_H
#define JUDGE_CODEOWNERS_H

#include <stddef.h>

#include "base/array.h"

/*
 * A CODEOWNERS file, as GitHub reads it: bytes in, plain data out.
 *
 *	# who answers for what
 *	*		@alice
 *	/docs/		@writers bob@example.com
 *	*.sql		@dba		# at any depth
 *	/docs/drafts/
 *
 * The last line whose pattern matches a path says who owns it; a line without
 * owners frees the path.  Patterns: `*` and `?` stop at '/', `**` between
 * slashes does not; a slash at the beginning or in the middle ties a pattern to
 * the root, one without matches at any depth; a slash at the end means a
 * folder; what names a folder means all that is in it, but for a star that
 * stands alone at the end (`docs/` and a star: direct children).  `\` takes the
 * next character literally, a blank or `#` too.  `#` begins a comment at the
 * start of a line and after a blank.  A GitLab section, `[Name]`, `^[Name]` or
 * `[Name][2]`, is passed over.
 *
 * GitHub passes over lines that it does not understand, which frees their paths
 * without a word.  Here each is a complaint, and the caller refuses: negation
 * (`!`), ranges (`[a-z]`), sections with owners of their own, words that are
 * neither @name nor an e-mail, and patterns that can match nothing.
 */
#define CODEOWNERS_BYTES_MAX ((size_t)1 << 20)
#define CODEOWNERS_LINES_MAX ((size_t)10000)
#define CODEOWNERS_LINE_MAX ((size_t)4096) /* bytes */

struct codeowners_rule {
	size_t line;           /* from 1 */
	const char *glob;      /* as base/glob.h has them */
	const char *below;     /* what is in a folder of that name; or NULL */
	struct strings owners; /* as written; none: the path is free */
};

struct codeowners {
	struct codeowners_rule *v;
	size_t n, cap;
	struct strings complaints; /* "line 3: .."; one for each such line */
};

/* Never fails: what can't be understood is in ret->complaints.  The caller sees
 * to CODEOWNERS_BYTES_MAX. */
void codeowners_parse(
    struct arena *arena, const char *bytes, size_t len, struct codeowners *ret);
/* The rule that says who owns a path; NULL: none does. */
const struct codeowners_rule *codeowners_find(
    const struct codeowners *owners, const char *path);

#endif
