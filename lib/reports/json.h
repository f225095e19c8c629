#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Reports in JSON, read by jansson under ceilings.  An object that has a key
 * twice is refused, since readers differ in which they take; a byte order mark
 * in front, as Microsoft's tools write it, is passed over.  jansson itself
 * ends at 2048 levels, and refuses what is not UTF-8 and NUL in texts.
 *
 * The tree needs many times the bytes of the text, an empty list the most: so
 * its values are bounded by commas and opening brackets, wherever they stand.
 */
#define JSON_REPORT_BYTES_MAX ((size_t)32 << 20)
#define JSON_REPORT_VALUES_MAX ((size_t)1500000)

/* The root, a list or a mapping, which the caller gives to json_decref; NULL
 * with err: ERR_FORMAT "line 12, column 3: .." or ERR_LIMIT. */
json_t *json_report_read(
    struct arena *arena, const char *bytes, size_t len, struct err *err);

#endif
