#ifndef NOTIFY_MAILTEXT_H
#define NOTIFY_MAILTEXT_H

#include "base/buf.h"
#include "notify/mail.h"

/*
 * What a mail says: its subject and its text, for those who run the flow and
 * for the contacts of a client.  All that comes from people or the repository
 * passes through one function, which neutralises it, shortens it and, for a
 * client, takes the names of the others out.
 */
#define MAIL_COLUMNS ((size_t)72)
#define MAIL_SUBJECT_MAX ((size_t)150) /* bytes */
#define MAIL_TEXT_MAX ((size_t)2000)   /* bytes of one text in the body */
#define MAIL_TEXTS_MAX ((size_t)50)    /* of those that the pusher read */

/* Valid UTF-8, one line. */
const char *mail_subject(
    struct arena *arena, const struct event *event, const struct mail_to *to);
/* Lines of MAIL_COLUMNS, each with its line feed. */
void mail_body(
    const struct event *event, const struct mail_to *to, struct buf *out);

#endif
