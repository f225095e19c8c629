#ifndef RECORD_LEFTOVER_H
#define RECORD_LEFTOVER_H

#include <stdint.h>

#include "git/repo.h"

/* Removes half-written files that somebody who was killed left in a folder of
 * stagegate/, once they are older than LEFTOVER_AGE_S.  They harm nobody, so
 * that nothing is said when it does not work. */
#define LEFTOVER_AGE_S 86400

void leftovers_remove(struct arena *arena, const struct repo *repo,
    const char *folder, int64_t now);

#endif
