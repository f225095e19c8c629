#ifndef NOTIFY_REDACT_H
#define NOTIFY_REDACT_H

#include "policy/model.h"

/*
 * A text for a client without the names of the others: each is replaced by
 * "(another client)" where it stands as a whole word, ASCII letters without
 * regard to case.  A word goes on over ASCII letters and digits only; the \xNN
 * of a neutralised text is none.  Where the names of several clients begin at
 * the same place the longest counts, and `client`'s own stays.
 *
 * The text is neutralised already (base/text.h).
 */
#define REDACTED "(another client)"

const char *redact(struct arena *arena, const struct policy *policy,
    const char *client, const char *text);

/* The text without its last word, for one that may have been cut within it. */
const char *without_last_word(struct arena *arena, const char *text);

#endif
