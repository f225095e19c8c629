#ifndef BASE_GLOB_COMPILE_H
#define BASE_GLOB_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/glob.h"

/*
 * A glob as a nondeterministic automaton, for the files glob*.c alone: one
 * node for each token of the pattern and GLOB_END at the end.  A node either
 * takes a character and passes to the node behind it (the stars may also
 * stay), or is passed without taking anything (braces).  Every move leads to
 * the same or a later node.
 *
 *	GLOB_LOCAL struct glob glob;	50 KiB, on the stack
 *	glob_compile(&glob, pattern, &err);
 *	glob_start(..); while (..) glob_step(..);
 */
#define GLOB_DEPTH 32 /* nesting of braces */

/* For these large locals: a build that clears all locals (-ftrivial-auto-var-
 * init=zero) would spend more time on that than on the matching.  What is read
 * of them was written. */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define GLOB_LOCAL __attribute__((uninitialized))
#endif
#endif
#ifndef GLOB_LOCAL
#define GLOB_LOCAL
#endif

enum glob_op {
	GLOB_END,     /* the pattern is used up */
	GLOB_CHAR,    /* takes `c` */
	GLOB_ANY,     /* `?` */
	GLOB_CLASS,   /* `[a-z]`, at pattern + c */
	GLOB_STAR,    /* `*`: takes any but '/' and stays, or is passed */
	GLOB_DSTAR,   /* double star: takes anything and stays, or is passed */
	GLOB_FOLDERS, /* the same with a '/' node behind it, which is passed
		       * too where a component begins */
	GLOB_OPEN,    /* `{`: passed to the node behind it and `next` .. */
	GLOB_COMMA,   /* `,`: end of an alternative; passed to `close` */
	GLOB_CLOSE    /* `}`: passed */
};

struct glob_node {
	uint32_t c;
	uint16_t next;  /* GLOB_OPEN, _COMMA: the `,` or `}` that follows */
	uint16_t close; /* GLOB_COMMA: the `}` */
	uint8_t op;     /* enum glob_op */
};

struct glob {
	const char *pattern;
	size_t n; /* nodes, GLOB_END included */
	struct glob_node node[GLOB_MAX + 1];
};

/* Characters that a node takes: ASCII as bits, the others as all, none or
 * one. */
struct glob_set {
	uint64_t ascii[2];
	bool others;
	uint32_t other; /* when not others; 0: none */
};

/* Fails with ERR_FORMAT; the glob is then of no use. */
int glob_compile(struct glob *glob, const char *pattern, struct err *err);

/* Does the node, which must be one that takes characters, take this one?
 * Bytes that are not UTF-8 are characters of their own, GLOB_BYTE + byte. */
#define GLOB_BYTE 0x110000u
bool glob_takes(
    const struct glob *glob, const struct glob_node *node, uint32_t c);
/* The characters that it takes; none for braces and GLOB_END. */
void glob_node_set(const struct glob *glob, const struct glob_node *node,
    struct glob_set *ret_set);
/* Is the node one that may take a character and stay? */
bool glob_node_stays(const struct glob_node *node);

/* A set of nodes, in the order in which they were added. */
struct glob_states {
	size_t n;
	uint16_t v[GLOB_MAX + 1];
	uint64_t has[(GLOB_MAX + 1 + 63) / 64];
};

/* The nodes at which a match may stand before the first character; `fresh`
 * says that a path component begins there. */
void glob_start(
    const struct glob *glob, struct glob_states *states, bool fresh);
/* The nodes after one more character. */
void glob_step(const struct glob *glob, const struct glob_states *from,
    uint32_t c, struct glob_states *to);
bool glob_states_have(const struct glob_states *states, size_t node);

#endif
