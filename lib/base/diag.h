#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/buf.h"

/*
 * Diagnostics: what is wrong with a file that a person wrote, all of it, each
 * with its place.  Printed as
 *
 *	policy.yml:12:7: error: unknown key 'form', did you mean 'from'?
 *	      form: [development]
 *	      ^
 *	policy.yml:4:3: note: first defined here
 */
#define DIAGS_MAX 50 /* further ones are counted, not kept */

struct source {           /* one file's text, kept for quoting its lines */
	const char *name; /* as shown: a base name or a path as given */
	const char *text;
	size_t len;
};

struct mark {
	const struct source *source; /* NULL: no place */
	size_t line, column;         /* 1-based; column in bytes */
};

enum severity {
	DIAG_ERROR,
	DIAG_WARNING
};

struct diag {
	enum severity severity;
	struct mark mark;
	const char *text;
	struct mark related; /* source NULL: none */
	const char *related_text;
};

struct diags {
	struct arena *arena;
	struct diag *v;
	size_t n, cap;
	size_t errors, warnings; /* counted beyond DIAGS_MAX too */
};

void diags_init(struct diags *diags, struct arena *arena);
void diag_error(struct diags *diags, struct mark mark, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void diag_warning(struct diags *diags, struct mark mark, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a second place to the diagnostic made last. */
void diag_related(struct diags *diags, struct mark mark, const char *text);
/* The n diagnostics in order of place: sources as they came up first, then
 * line, then column, then as added. */
void diags_order(const struct diags *diags, size_t order[DIAGS_MAX]);
/* Prints all in that order: text, source line, caret, note, and at the end how
 * many are not shown.  Foreign bytes are neutralised, tabs become one space,
 * source lines are cut to 72 columns around the caret.  Line 0 is the file as
 * a whole, column 0 the line as a whole; without source the text stands alone.
 */
void diags_print(const struct diags *diags, struct buf *out);

#endif
