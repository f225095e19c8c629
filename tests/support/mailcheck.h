#ifndef SUPPORT_MAILCHECK_H
#define SUPPORT_MAILCHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Is it a mail as notify/mail.h promises: exactly its header fields, in their
 * order; printable ASCII in them and lines of at most 998 bytes, a subject of
 * lines of at most 78; a body in UTF-8 without control characters, of which no
 * line is longer, is a lone full stop or begins as a new message in a mailbox
 * does.  Says what is wrong, or NULL.  `threads`: with In-Reply-To and
 * References.
 */
const char *mail_fault(
    struct arena *arena, const char *bytes, size_t len, bool threads);

/* The value of a field, unfolded; of the first with that name, or NULL. */
const char *mail_field(struct arena *arena, const char *mail, const char *name);

/* The text of a field's value with its encoded words put back; NULL: one of
 * them is not as RFC 2047 has it. */
const char *mail_decoded(struct arena *arena, const char *value);

#endif
