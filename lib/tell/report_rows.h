#ifndef TELL_REPORT_ROWS_H
#define TELL_REPORT_ROWS_H

#include "base/buf.h"
#include "judge/verdict.h"

/*
 * The parts of a report that stand below its heading, for reports and for the
 * command, which shows them on their own.
 *
 *	  passed   client-tests   ci-bot, 2 h ago
 *	  MISSING  acceptance     0 of 1 from @clients         policy.yml:88
 */

/* The sentence of a row, as it may be shown. */
const char *report_row_text(struct arena *arena, const struct gate_row *row);
/* All rows with their details.  `brief`: those that refuse or warn, and how
 * many there are beside them. */
void report_rows(struct arena *arena, const struct gate_rows *rows, bool brief,
    struct buf *out);
/* Sentence, details and place of each finding; those whose code is not `shown`
 * name it. */
void report_findings(struct arena *arena, const struct findings *findings,
    enum code shown, struct buf *out);
/* The `hint:` lines of findings and rows, each once. */
void report_hints(struct arena *arena, const struct findings *findings,
    const struct gate_rows *rows, struct buf *out);

#endif
