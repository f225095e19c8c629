#ifndef TELL_REPORT_JSON_H
#define TELL_REPORT_JSON_H

#include <jansson.h>

#include "tell/report.h"

/* One element of "refs" in what report_json writes, with nothing left out; the
 * caller's to free. */
json_t *report_ref_json(struct arena *arena, const struct verdict *verdict,
    const struct ref_verdict *ref);
/* "gates" of such an element, likewise. */
json_t *report_rows_json(struct arena *arena, const struct gate_rows *rows);

#endif
