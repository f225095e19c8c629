#ifndef NOTIFY_DEADLETTER_H
#define NOTIFY_DEADLETTER_H

#include "notify/delivery.h"

/*
 * Events that were given up for one destination: outbox/dead/<seq>-<index>-
 * <id>-<key>, the whole of an event behind what is known of its end.  They stay
 * until they are sent again (`stagegate deliver --retry-dead`), or until
 * somebody removes the file.
 */
struct dead_letter {
	const char *name; /* of the file */
	const char *key, *label, *id, *why;
	uint64_t attempts;
	int64_t at; /* when it was given up */
	const char *bytes;
	size_t len;
};

struct dead_letters {
	struct dead_letter *v;
	size_t n, cap;
};

/* name, of *letter, is made here; writing it twice does no harm. */
int dead_letter_write(const struct spool *spool,
    const struct spool_place *place, struct dead_letter *letter,
    struct err *err);
/* Once more, with what is known of a later attempt. */
int dead_letter_replace(const struct spool *spool,
    const struct dead_letter *letter, struct err *err);
/* In the order in which they were spooled.  Damaged ones are left out. */
int dead_letters_read(
    const struct spool *spool, struct dead_letters *ret, struct err *err);
int dead_letter_remove(const struct spool *spool,
    const struct dead_letter *letter, struct err *err);

#endif
