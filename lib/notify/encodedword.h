#ifndef NOTIFY_ENCODEDWORD_H
#define NOTIFY_ENCODEDWORD_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Text in the header of a mail (RFC 5322, 2.2.3; RFC 2047).  ASCII stays and is
 * folded at blanks; anything else, and what a reader would take for an encoded
 * word or could not fold, becomes encoded words: UTF-8 in B, 75 characters each
 * at most, no character cut in two, one a line.
 */
#define HEADER_COLUMNS ((size_t)78) /* of a line, where it can be folded */
#define ENCODED_WORD_MAX ((size_t)75)
#define ENCODED_LINE_MAX ((size_t)76) /* of a line that has one */

/* Adds the value of a header, without a line feed at its end; `column` is where
 * the line stands.  The text is valid UTF-8 without control characters: others
 * are written as '?'. */
void header_text(struct buf *out, size_t column, const char *text);

#endif
