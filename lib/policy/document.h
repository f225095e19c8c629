#ifndef POLICY_DOCUMENT_H
#define POLICY_DOCUMENT_H

#include "base/arena.h"
#include "base/diag.h"

/*
 * The restricted YAML 1.1 of policy files and statements, read with libyaml's
 * event parser into a tree with marks.  Refused, each with its place and
 * reason: anything but one document, anchors, aliases, explicit tags, merge
 * keys, duplicate keys, keys that are not scalars, nulls (`~`, nothing), BOM,
 * UTF-16, invalid UTF-8, NUL (also by escape), CR, tabs as indentation, NEL,
 * LS, PS, bidirectional and zero-width characters, nesting deeper than
 * DOCUMENT_DEPTH_MAX, %-directives, more than max bytes.
 *
 * Depth is counted on events as they come, never on the text: brackets in
 * quotes and comments are nobody's business.  libyaml's flow scanner is
 * quadratic in the number of open brackets, but it runs at most 1024
 * characters ahead of its events, so that a hundred thousand brackets are
 * refused after the first thousand.
 *
 * Types are not guessed: every scalar is text; the reader of a field decides.
 */
#define DOCUMENT_DEPTH_MAX 16
#define DOCUMENT_NODES_MAX 100000

enum document_fault {           /* bits: statements have a code for each */
	DOCUMENT_BROKEN = 1,    /* anything that is not below */
	DOCUMENT_SECOND = 2,    /* a second document: an error */
	DOCUMENT_DUPLICATE = 4, /* a duplicate key: an error */
	DOCUMENT_MARKED = 8     /* `---` or `...` stands in the text: no error
				 * in a policy */
};

enum node_type {
	NODE_SCALAR,
	NODE_SEQUENCE,
	NODE_MAPPING
};

struct node {
	enum node_type type;
	struct mark mark;
	const char *text; /* NODE_SCALAR: NUL-terminated, holds no NUL */
	size_t len;
	bool quoted;         /* NODE_SCALAR in quotes, or a block scalar */
	struct node **items; /* NODE_SEQUENCE; values of a NODE_MAPPING */
	struct node **keys;  /* NODE_MAPPING: scalars, in file order */
	size_t n;            /* items */
	bool bad;            /* reported already: readers pass over it */
};

/*
 * Parses source->text.  Returns the root, or NULL with at least one error
 * added.  An empty file is an error.  source must outlive the tree.
 */
struct node *document_parse(struct arena *arena, const struct source *source,
    size_t max, struct diags *diags);

/*
 * The same for callers that go on after mistakes, to report all of them: NULL
 * only where no tree could be made at all.  *ret_faults is a mask of enum
 * document_fault; but for DOCUMENT_MARKED each bit comes with an error.
 */
struct node *document_read(struct arena *arena, const struct source *source,
    size_t max, unsigned *ret_faults, struct diags *diags);

/* The value of a key of a mapping, or NULL. */
struct node *node_get(const struct node *mapping, const char *key);

#endif
