#ifndef RECORD_YAML_H
#define RECORD_YAML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/oid.h"

/*
 * Writing YAML: block style, so that people can read a note in `git log`, and
 * in one form only, so that record/pieces.h can take big files apart by lines:
 *
 *	key: value
 *	list:
 *	- key: value
 *	  map:
 *	    name: value
 *	  list:
 *	  - value
 *	empty: []
 *
 * What can't be written (text that is not UTF-8, more than max bytes) is
 * remembered and asked for once, by yaml_end.
 */
struct yaml {
	struct buf buf;
	unsigned indent; /* of keys, in blanks */
	bool item;       /* the next line begins an item */
	bool invalid;
};

void yaml_begin(struct yaml *yaml, struct arena *arena, size_t max);
/* what: for messages, "the plan".  The bytes end in a NUL. */
int yaml_end(struct yaml *yaml, const char *what, const char **ret_bytes,
    size_t *ret_len, struct err *err);

void yaml_text(struct yaml *yaml, const char *key, const char *value);
void yaml_oid(struct yaml *yaml, const char *key, const struct oid *oid);
void yaml_number(struct yaml *yaml, const char *key, uint64_t n);
void yaml_time(struct yaml *yaml, const char *key, int64_t t);

/* Opens a list, or a mapping, of n things, to be closed by yaml_close; an
 * empty one is written so. */
void yaml_list(struct yaml *yaml, const char *key, size_t n);
void yaml_map(struct yaml *yaml, const char *key, size_t n);
void yaml_close(struct yaml *yaml);
/* An item of a list: a value, or the keys written until the next item or the
 * list's end. */
void yaml_item(struct yaml *yaml);
/* What is written are items of a list at the top, whose key stands elsewhere.
 */
void yaml_in_list(struct yaml *yaml);
void yaml_value(struct yaml *yaml, const char *value);
void yaml_value_number(struct yaml *yaml, uint64_t n);

/*
 * One scalar: plain where every reader takes it for text (or for the object id
 * that it is), else in double quotes with escapes.  Everything but NUL and
 * invalid UTF-8 survives; *ret_invalid is set for the latter.
 */
void yaml_scalar(struct buf *buf, const char *s, bool *ret_invalid);

#endif
