#ifndef ADMIN_OPTIONS_H
#define ADMIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/err.h"

/*
 * The options of a verb are a table: one row an option, with its kind and the
 * place of its value in a struct.  The same rows make `--help`.
 *
 * `--name VALUE`, `--name=VALUE`, `-x VALUE` and `-xVALUE` are read, in any
 * place; `--` ends them; `-` alone is an argument.
 */
enum option_kind {
	OPTION_FLAG,  /* bool */
	OPTION_TEXT,  /* const char *; given twice is an error */
	OPTION_TEXTS, /* struct strings */
	OPTION_COUNT  /* uint64_t, at least 1 */
};

struct option {
	const char *name; /* without `--`; NULL ends a table */
	char letter;      /* of `-x`; 0: none */
	enum option_kind kind;
	size_t offset;
	const char *value; /* how --help calls the value; NULL: a flag */
	const char *help;
};

struct options {
	const struct option *table; /* NULL: none */
	void *into;
};

/* Reads argv (argc strings) with the rows of these tables, of which one that
 * is NULL is the last; what is no option goes to *ret_rest.  ERR_FORMAT: what
 * is wrong, for a message. */
int options_parse(struct arena *arena, const struct options *options, int argc,
    char **argv, struct strings *ret_rest, struct err *err);

#endif
