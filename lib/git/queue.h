#ifndef GIT_QUEUE_H
#define GIT_QUEUE_H

#include "git/objects.h"

/*
 * Loose objects on their way to the store.  An object is written to a
 * temporary file at once and gets its name when the queue is flushed, after
 * all files of the queue were fsynced: so an object never stands there half
 * written after a crash, and a batch of twenty costs little more than one
 * (the first fsync commits the file system's journal for all of them).
 *
 * Every reader of the store and every writer of a ref flushes first.
 */
struct object_queue;

int object_queue_add(struct repo *repo, enum object_kind kind, const void *p,
    size_t len, struct oid *ret_oid, struct err *err);
/* Durable and readable from here on. */
int object_queue_flush(struct repo *repo, struct err *err);
/* Removes what was not flushed. */
void object_queue_drop(struct repo *repo);

#endif
