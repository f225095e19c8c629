#ifndef ADMIN_REJUDGE_H
#define ADMIN_REJUDGE_H

#include "base/oidmap.h"
#include "judge/push.h"
#include "judge/verdict.h"
#include "overlay.h"
#include "policy/model.h"
#include "record/verify.h"

/*
 * Would what was recorded be accepted?  Each recorded push is put together
 * again and judged by the policy that its record names, over the ledger as it
 * was before, with refs where the ledger had them and the statements that it
 * holds, at the time of the record.  Signatures of statements are verified so
 * too, with the keys of that policy.
 *
 * What the server did not see is not judged: tips that were unobserved or
 * adopted.
 *
 * A push is decided some time before it is recorded, and others are recorded
 * in between.  So it is a finding only where the push would have been refused
 * whatever of the last REJUDGE_ON_ITS_WAY_S the judge had seen; where it was
 * recovered, however long ago that was.
 */
#define REJUDGE_ON_ITS_WAY_S 900
#define REJUDGE_ATTEMPTS_MAX 32

struct rejudge;

/* last: only the newest so many; 0: all. */
struct rejudge *rejudge_new(struct arena *arena, struct repo *repo,
    const struct verify_sink *sink, size_t last);
void rejudge_free(struct rejudge *rejudge); /* NULL is allowed */
/* As verify_sink.record wants it, for each record in turn. */
int rejudge_record(struct rejudge *rejudge, struct arena *arena,
    const struct verify_record *record, struct err *err);

/* ---- between the files of rejudging ---- */

/* One line of the push. */
struct rejudge_line {
	const struct log_update *update; /* or, of a statement: */
	const struct log_evidence *evidence;
};

/* A recorded push, put together again. */
struct rejudge_push {
	struct arena *arena;
	struct repo *repo;
	const struct view *git; /* its half for objects */
	const struct policy *policy;
	const struct verify_record *record;
	struct push push;
	struct rejudge_line *lines; /* of the push's updates */
	struct oidmap notes;        /* of its commits, read already */
	struct past past;
};

struct complaint {
	enum verify_kind kind;
	const char *text;
};
struct complaints {
	struct complaint *v;
	size_t n, cap;
};

void complain(const struct rejudge_push *p, struct complaints *list,
    enum verify_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* rejudge_cert.c */
int rejudge_certificate(
    struct rejudge_push *push, struct complaints *ret, struct err *err);
/* rejudge_command.c: puts into a view what takes programs to have ended as was
 * recorded; and says of which gates that was. */
void rejudge_commands(struct rejudge_push *push, struct view *view);
void rejudge_commands_say(const struct rejudge_push *push,
    const struct ref_verdict *ref, struct complaints *ret);
/* rejudge_children.c: likewise for the repositories of submodules, which may be
 * nowhere near, and have moved on. */
void rejudge_children(struct rejudge_push *push, struct view *view);
void rejudge_children_say(const struct rejudge_push *push,
    const struct ref_verdict *ref, struct complaints *ret);
/* Was the gate, or one that it can stand in for, recorded for a ref as not
 * passed: gone around, or only warned of? */
int rejudge_was_refused(struct rejudge_push *push, const char *ref,
    const char *gate, bool *ret, struct err *err);
/* rejudge_incident.c: gives the push the reason of the incident that the update
 * opened; compares what it opens; asks of what was closed whether it could be.
 */
int rejudge_reasons(struct rejudge_push *push, const struct log_update *update,
    struct err *err);
int rejudge_opening(struct rejudge_push *push, const struct ref_verdict *ref,
    struct complaints *ret, struct err *err);
int rejudge_closings(
    struct rejudge_push *push, struct complaints *ret, struct err *err);
/* Those lines that can be judged; the others may be complained of. */
int rejudge_push_make(
    struct rejudge_push *push, struct complaints *ret, struct err *err);
/* Judges it over that ledger at that time. */
int rejudge_push_ask(struct rejudge_push *push, struct ledger *ledger,
    int64_t now, struct complaints *ret, struct err *err);

#endif
