#ifndef NOTIFY_MAILWORDS_H
#define NOTIFY_MAILWORDS_H

#include "notify/mail.h"

/*
 * The words of a mail: what happened, for its subject and for its first lines.
 */
struct mail_words {
	struct arena *arena;
	const struct event *event;
	const struct mail_to *to;
};

/* A text from outside as this reader may see it: neutralised, at most `max`
 * bytes, and for a client without the names of others. */
const char *mail_shown(
    const struct mail_words *words, const char *text, size_t max);
/* The same of names, which are short. */
const char *mail_name(const struct mail_words *words, const char *name);
/* And of a commit's subject: of one that may have been cut within the name of a
 * client, the last word is left out for others. */
const char *mail_change(const struct mail_words *words, const char *subject);
/* At most `max` bytes of neutralised text, whole characters. */
const char *mail_cut(struct arena *arena, const char *text, size_t max);

/* "refs/heads/main is now 1a2b3c4d", behind the name of the repository. */
const char *mail_headline(const struct mail_words *words);
/* Sentences that say what has happened. */
const char *mail_opening(const struct mail_words *words);

#endif
