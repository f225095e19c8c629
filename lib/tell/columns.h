#ifndef TELL_COLUMNS_H
#define TELL_COLUMNS_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Text in columns of a terminal: how wide it is, where it may be broken.
 * Texts are neutralised (base/text.h) before they come here.
 */

/* How many columns a text takes: East Asian wide characters two, combining
 * marks none, everything else one.  The locale is not asked. */
size_t text_columns(const char *p, size_t len);
size_t text_columns_s(const char *s);

/* Blanks up to a column, at least one; `column` is where the line stands. */
void pad_to(struct buf *out, size_t column, size_t to);

struct wrap {
	size_t width;  /* columns of a line */
	size_t indent; /* blanks before each line but the first */
	size_t column; /* where the first line stands already; afterwards where
			* the last one ends */
};

/*
 * Adds text broken at blanks, without a final line feed.  A word that is
 * longer than a line is broken after slashes, and only where that does not
 * help either between any two characters.  Words in [brackets] are codes and
 * are never broken.
 */
void wrap_text(struct buf *out, struct wrap *wrap, const char *text);

#endif
