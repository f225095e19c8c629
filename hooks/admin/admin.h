#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include <jansson.h>

#include "base/exit.h"
#include "options.h"
#include "run/identity.h"
#include "run/session.h"

/*
 * The command.  stagegate.c holds the table of verbs; each verb is one
 * function in a file of its name, which reads its options from a struct of its
 * own, prints data to admin->out (standard output, written when the verb ends)
 * and mistakes to standard error, and answers an exit code (base/exit.h).
 *
 * Text for people is at most ADMIN_COLUMNS wide.  With --json a verb prints
 * one JSON object that begins with "v":1.
 */
#define ADMIN_COLUMNS 80
#define ADMIN_OUTPUT_MAX ((size_t)256 << 20)

struct verb;

struct admin {
	struct arena *arena;
	const struct verb *verb;
	const char *dir; /* -C; "." */
	bool json;
	struct strings args; /* of the verb, without its options */
	const struct environment *environment;
	struct session session;
	bool is_clone; /* the ledger was fetched; refs are the remote's */
	struct buf out;
	bool unwritten; /* some of it could not be written */
};

struct verb {
	const char *name, *arguments, *summary;
	const struct option *options; /* NULL: none of its own */
	size_t options_size;          /* of the struct that they fill */
	size_t args_min, args_max;
	int (*run)(struct admin *admin, const void *options);
	bool json;        /* has data to print */
	bool client;      /* keeps the environment: it runs the user's git */
	const char *help; /* paragraphs, each ended by a line feed */
};

/* ---- verbs ------------------------------------------------------------ */

extern const struct verb verb_adopt, verb_attest, verb_check, verb_deliver,
    verb_diff, verb_doctor, verb_explain, verb_id, verb_incidents, verb_init,
    verb_kept, verb_log, verb_outbox, verb_promote, verb_rollback, verb_rollout,
    verb_status, verb_try, verb_verify;

/* ---- saying ----------------------------------------------------------- */

/* `error: ..` on standard error; EXIT_UNDECIDED. */
int admin_fail(struct admin *admin, const struct err *err);
/* The same with the verb's usage; EXIT_USAGE. */
int admin_usage(struct admin *admin, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A remark on standard error, wrapped: prefix "hint: ", "warning: ". */
void admin_note(struct admin *admin, const char *prefix, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Text as it is on standard error. */
void admin_error_text(const struct buf *text);
/* Adds text to out, wrapped to ADMIN_COLUMNS, continuation lines indented, and
 * a line feed. */
void admin_wrap(
    struct admin *admin, const char *prefix, const char *text, size_t indent);
/* Writes what is in out and empties it; -1 when that can't be done. */
int admin_flush(struct admin *admin);
/* Adds a JSON object and a line feed to out, and frees it. */
void admin_json(struct admin *admin, json_t *json);

/* JSON texts: neutralised; null for NULL.  Times are ISO 8601 in UTC. */
json_t *json_text(struct arena *arena, const char *text);
json_t *json_texts(struct arena *arena, const struct strings *texts);
json_t *json_time(struct arena *arena, int64_t time);
json_t *json_oid(const struct oid *oid); /* null for the zero id */

/* "3 min ago"; "now" within a minute. */
const char *ago(struct arena *arena, int64_t then, int64_t now);

#endif
