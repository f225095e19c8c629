#ifndef SUPPORT_EVENTSAMPLES_H
#define SUPPORT_EVENTSAMPLES_H

#include "notify/mail.h"

/*
 * Events of each kind, as tests of what is told of them want them: complete,
 * always the same, and some with all that somebody could put into them.
 */
struct event_sample {
	const char *name;
	struct event event;
	const char *client; /* whose contact hears of it too; NULL: nobody's */
};

struct event_samples {
	struct event_sample *v;
	size_t n, cap;
};

void event_samples(struct arena *arena, struct event_samples *ret);
/* The one with that name. */
const struct event_sample *event_sample(
    const struct event_samples *samples, const char *name);

/* What people could try: line breaks, NUL's neighbours, invalid bytes, hidden
 * characters, look-alikes of encoded words. */
#define HOSTILE                                                                \
	"a\r\nBcc: x@example.com\n\nFrom b \x01\x7f\xff\xc3( =?utf-8?B?QQ==?=" \
	" \xe2\x80\xae \xf0\x9f\x98\x80\n.\n"

/* A policy with the clients acme, acme-eu and globex, who have a ref each. */
const struct policy *event_sample_policy(struct arena *arena);

#endif
