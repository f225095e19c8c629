#ifndef NOTIFY_DELIVER_H
#define NOTIFY_DELIVER_H

#include "base/process.h"
#include "git/repo.h"
#include "notify/destination.h"

/*
 * One attempt to bring one event to one destination.  There is no network code
 * here: mail goes through sendmail(8) with -t, web hooks through curl(1).
 * Their paths are `git config stagegate.sendmail` and `stagegate.curl` of the
 * repository or the system, else SENDMAIL_PATH and CURL_PATH; PATH is never
 * looked at.
 *
 *	mail	exit status 0 is success; DELIVER_MAIL_S
 *	webhook	any status 2xx; DELIVER_WEBHOOK_S; no redirects, http and https
 *		alone, no ~/.curlrc.  The address, which may hold a secret, and
 *		the signature are handed over in a file without a name, never in
 *		argv; the body comes by standard input
 *	exec	exit status 0; the event is its standard input
 */
#define SENDMAIL_PATH "/usr/sbin/sendmail"
#define CURL_PATH "/usr/bin/curl"
#define DELIVER_MAIL_S 60
#define DELIVER_WEBHOOK_S 10
#define SECRET_BYTES_MAX ((size_t)4096)

struct parcel {
	struct arena *arena; /* of this attempt */
	struct repo *repo;
	const struct policy *policy;
	const struct destination *destination;
	const struct event *event; /* as read from bytes */
	const char *bytes;         /* as it is sent */
	size_t len;
	uint64_t attempt; /* 1 for the first */
};

/* 0: it is there.  -1 with err: why not, in one sentence that may be shown to
 * an administrator. */
int deliver(const struct parcel *parcel, struct err *err);

/* For deliver.c alone. */
int deliver_mail(const struct parcel *parcel, struct err *err);
int deliver_webhook(const struct parcel *parcel, struct err *err);
int deliver_exec(const struct parcel *parcel, struct err *err);

/* The program that the configuration names under that key, else usual. */
int deliver_program(const struct parcel *parcel, const char *key,
    const char *usual, const char **ret, struct err *err);
/* Sets err to what became of a program: "NAME exited 1: its last words". */
int deliver_failed(const struct parcel *parcel, const char *name,
    const struct process_result *result, struct err *err);
/* "HOME=..", for programs that keep their configuration there; NULL: none. */
const char *deliver_home(struct arena *arena);

#endif
