#ifndef RECORD_KEPTEXPIRE_H
#define RECORD_KEPTEXPIRE_H

#include "record/append.h"
#include "record/kept.h"

/* Which tips may go, decided while nobody else records or keeps anything. */
typedef int kept_choose_fn(void *ctx, struct kept_tips *ret, struct err *err);

/*
 * Lets kept tips go: recorded in the ledger first (append says by whom and
 * under which policy), then their refs are removed.
 *
 * Whoever is killed in between leaves refs that are kept still; the next one
 * who lets them go records that again.  The same when a ref can't be removed.
 */
int kept_let_go(struct arena *arena, struct repo *repo, struct append *append,
    int64_t now, kept_choose_fn *choose, void *ctx, struct err *err);

#endif
