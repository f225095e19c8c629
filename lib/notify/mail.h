#ifndef NOTIFY_MAIL_H
#define NOTIFY_MAIL_H

#include <stddef.h>

#include "base/err.h"
#include "notify/event.h"

/*
 * Events as mail: one message to one address, as `sendmail -t` reads it, with
 * lines that end in a line feed alone (RFC 5322, 2045 to 2047, 3834).
 *
 * The header block is always these, in this order and none twice:
 *
 *	From, To, Subject, Date, Message-ID, In-Reply-To, References,
 *	MIME-Version, Content-Type, Content-Transfer-Encoding,
 *	Auto-Submitted, X-Stagegate-Event
 *
 * In-Reply-To and References are left out where an event has no ref.
 *
 * A message has the id of its event, so that one which is delivered twice is
 * seen to be the same.  All that is told of one ref of a repository refers to
 * one message that never was, and so makes a thread.
 *
 * Nothing that comes from a push can add a header or a line to the block:
 * everything is neutralised (base/text.h), and what is not plain ASCII goes
 * into encoded words.
 *
 * A contact of a client is told what concerns that client, and nothing of the
 * others: no lists of clients, no people, and where the name of another client
 * stands in a text, "(another client)" instead (notify/redact.h).
 */
struct mail_to {
	const char *address;
	const char *client;          /* whose contact that is; NULL: nobody's */
	const struct policy *policy; /* that knows the clients */
	const char *from;            /* "stagegate@host" */
};

/* ERR_FORMAT: an address is none (policy/address.h), the event is not complete,
 * or it is not about the client whose contact would read it: neither about its
 * ref nor about something that it runs. */
int mail_compose(struct arena *arena, const struct event *event,
    const struct mail_to *to, const char **ret_bytes, size_t *ret_len,
    struct err *err);

#endif
