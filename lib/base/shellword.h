#ifndef BASE_SHELLWORD_H
#define BASE_SHELLWORD_H

#include "base/arena.h"

/* A word for sh(1), as commands that people paste have it: as it is where a
 * shell takes it so, else in single quotes. */
const char *shell_word(struct arena *arena, const char *s);

#endif
