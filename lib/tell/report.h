#ifndef TELL_REPORT_H
#define TELL_REPORT_H

#include "base/buf.h"
#include "judge/push.h"
#include "judge/verdict.h"

/*
 * What a pusher reads.  At most REPORT_COLUMNS columns of our text (git puts
 * `remote: ` before it); lines begin with `error:`, `warning:`, `hint:` so that
 * git colours them; rows of gates are indented and aligned; the verdict comes
 * last.  Commands in hints are never wrapped.  Everything foreign has been
 * neutralised by the judge and is again here.
 *
 *	error: refs/heads/main (deployment): refused [stage.gates]
 *	  passed   client-tests   ci-bot, 2 h ago
 *	  MISSING  acceptance     0 of 1 from @clients         policy.yml:88
 *	hint: acceptance: stagegate attest acceptance --pass 1a2b3c4d
 *	stagegate: update-flow 1.0.0 refused 1 of 2 refs (2 gates)
 *
 * A ref that is refused or warned of has a part of its own: heading, sentences
 * and details of its findings, all its rows, hints.  A finding whose code is
 * not the one in the heading names its own.  Refs that are fine in a push that
 * is refused get one line each.  `warning:` instead of `error:` heads a ref
 * that was let pass although something warns, or although the rules say
 * otherwise (a draft).
 */
#define REPORT_COLUMNS 72
#define REPORT_BYTES_MAX ((size_t)32 << 10)

/* The whole report, at most REPORT_BYTES_MAX and what out has room for.  When
 * it would be longer, rows that let pass are counted instead of shown; when
 * that is not enough, the middle is left out in words; the verdict still comes
 * last.  An accepted push says nothing unless something warns. */
void report_verdict(
    struct arena *arena, const struct verdict *verdict, struct buf *out);
/* The part of one ref, whatever was decided about it. */
void report_ref(struct arena *arena, const struct verdict *verdict,
    const struct ref_verdict *ref, struct buf *out);

/*
 * One JSON line, as -o report=json and `try --json` give it:
 *
 *	{"v":1,"flow","version","verdict":"refused|accepted","codes":[..],
 *	 "refs":[{"ref","stage","old","new","code","codes":[..],"gates":[
 *	 {"name","kind","state","by":[..],"have","want","line","hint"}],
 *	 "messages":[..]}],"messages":[..]}
 *
 * codes and messages at the top are about the push as a whole; messages are
 * sentences, details and hints.  Texts that are not there are null.  When it
 *would be longer than REPORT_BYTES_MAX, it has "cut":true and leaves out, in
 *this order: messages, rows that let pass, refs.  It is valid JSON always.
 */
void report_json(
    struct arena *arena, const struct verdict *verdict, struct buf *out);

/* Refusals made before there is a verdict: a broken policy, an error.  `why`
 * may quote paths; their folders are left out. */
void report_policy_broken(
    struct arena *arena, const char *why, struct buf *out);
void report_undecided(struct arena *arena, const char *why, struct buf *out);
/* The same as a JSON line of that shape. */
void report_json_refusal(
    struct arena *arena, enum code code, const char *why, struct buf *out);

/* Wraps `text` after `prefix` to the width, continuation lines indented, with
 * a line feed at the end. */
void report_wrap(struct arena *arena, const char *prefix, const char *text,
    size_t indent, struct buf *out);

#endif
