#ifndef NOTIFY_JSONFILE_H
#define NOTIFY_JSONFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/err.h"
#include "base/oid.h"

/*
 * Small files of JSON, one object a line: how the spool keeps them.
 */

/* The object as one line without its line feed, and frees it. */
int json_line(struct arena *arena, json_t *object, const char **ret_bytes,
    size_t *ret_len, struct err *err);
/* Reads an object; NULL with ERR_FORMAT.  To be given to json_decref. */
json_t *json_line_read(const char *bytes, size_t len, struct err *err);

/* Members: NULL, false and 0 where they are missing or of another type. */
const char *json_text_of(
    struct arena *arena, const json_t *object, const char *key);
bool json_number_of(const json_t *object, const char *key, uint64_t *ret);
bool json_oid_of(const json_t *object, const char *key, struct oid *ret);

/* Without memory for it the program ends, as with an arena. */
void json_set_text(json_t *object, const char *key, const char *text);
void json_set_number(json_t *object, const char *key, uint64_t number);
void json_set_oid(json_t *object, const char *key, const struct oid *oid);

#endif
