#ifndef POLICY_DOCUMENT_SCAN_H
#define POLICY_DOCUMENT_SCAN_H

#include <stdbool.h>

#include "base/diag.h"

/*
 * The bytes of a document before libyaml sees them.  libyaml takes UTF-16 and
 * a BOM silently, and ends a line (so a comment too) at NEL, LS and PS, where
 * no editor shows one: two readers of one file would see different keys.
 *
 * False when something is wrong; each reason is reported once, at its first
 * place.  *ret_ascii: there is no byte above 0x7f.
 */
bool document_scan(
    const struct source *source, bool *ret_ascii, struct diags *diags);

/*
 * Turns libyaml's places (lines and columns counted from 0, columns in
 * characters) into ours (from 1, columns in bytes).  Places are asked for in
 * order, nearly always, so that the cost is linear in the text.
 */
struct places {
	const struct source *source;
	bool ascii;
	size_t line;       /* 0-based line of the cursor */
	size_t line_start; /* offset of that line */
	size_t column;     /* characters from there to the cursor */
	size_t offset;     /* the cursor */
};

void places_init(
    struct places *places, const struct source *source, bool ascii);
struct mark places_mark(struct places *places, size_t line, size_t column);

#endif
