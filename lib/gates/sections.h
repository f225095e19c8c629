#ifndef GATES_SECTIONS_H
#define GATES_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/commit.h"

/*
 * A commit's message in the parts that rules speak of.  The body is all that
 * follows the subject's line, also where no blank line does, so that nothing
 * of a message escapes the rules.
 */
struct message_parts {
	const char *body; /* to the end, trailers included; NUL-ended */
	const char *text; /* the body without the white space around it
			   * and without its trailers */
	size_t text_len;
	const char *trailers; /* where they begin; the end where none are */
};

void message_split(
    const struct commit *commit, bool has_trailers, struct message_parts *ret);

/* Is there a line that begins with the heading, followed by text before the
 * next heading of the list or the trailers?  A heading in the last paragraph
 * is one, though git may take it for a trailer. */
bool section_is_there(const struct message_parts *parts,
    const struct strings *headings, size_t which);

/* Compared without ASCII case. */
bool same_folded(const char *a, const char *b);
bool is_trailer_key(const char *s);

#endif
