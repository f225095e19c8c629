#ifndef NOTIFY_SPOOLFILES_H
#define NOTIFY_SPOOLFILES_H

#include "base/buf.h"
#include "notify/jsonfile.h"
#include "notify/spool.h"

/*
 * Where things lie in the spool: for the files of it alone.
 */
#define SPOOL_DIR "outbox"
#define SPOOL_CURSOR "cursor"
#define SPOOL_LOCK "lock"
#define SPOOL_SENDING "sending"
#define SPOOL_EVENTS "events"
#define SPOOL_TO "to"
#define SPOOL_DEAD "dead"

/* Absolute path of something in it. */
const char *spool_path(const struct spool *spool, const char *name);
/* "events/0000000000000007", and the number in the last part of such a name. */
const char *spool_batch_name(struct arena *arena, uint64_t seq);
bool spool_batch_number(const char *name, uint64_t *ret_seq);

/* Writes a file: an object in its first line, then what rest holds (may be
 * NULL).  The object is freed. */
int spool_write(const struct spool *spool, const char *name, json_t *object,
    const struct buf *rest, struct err *err);

#endif
