#ifndef TELL_PHRASE_H
#define TELL_PHRASE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"

/*
 * Small parts of sentences, as every report uses them.
 */

/* A text as it may be shown: neutralised, object ids of 40 digits shortened
 * to 8. */
const char *phrase_shown(struct arena *arena, const char *text);
/* The same without the folders of absolute paths, which are the server's
 * business: "cannot open '/srv/x/policy.yml'" -> "cannot open 'policy.yml'". */
const char *phrase_without_paths(struct arena *arena, const char *text);
/* "1 gate", "3 gates"; `what` is the singular. */
const char *phrase_count(struct arena *arena, size_t n, const char *what);
/* "policy.yml:88", or NULL where the mark has no place. */
const char *phrase_place(struct arena *arena, const struct mark *mark);

#endif
