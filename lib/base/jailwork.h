#ifndef BASE_JAILWORK_H
#define BASE_JAILWORK_H

#include "base/jail.h"

/*
 * What the files behind jail.h share: jail.c is the side of the hook,
 * jail_child.c the process between it and the program (the first of its pid
 * namespace), jail_root.c what that sees of the server's files, jail_memory.c
 * what all processes of the namespace hold.
 */
#define JAIL_WHAT_BYTES 64

enum jail_news {
	JAIL_READY,
	JAIL_DENIED,      /* by the system: `what`, value is errno */
	JAIL_NOT_STARTED, /* the program: value is errno */
	JAIL_MEMORY,      /* all its processes together took too much */
	JAIL_ENDED        /* value as of waitpid(2) */
};

struct jail_message { /* one write to the report, never torn apart */
	enum jail_news news;
	int value;
	char what[JAIL_WHAT_BYTES];
};

struct jail_pipes { /* each [0] to read, [1] to write */
	int out[2], report[2], life[2];
};

/* The first byte in `life`: who the program is to be. */
#define JAIL_AS_IT_IS 'i'
#define JAIL_AS_NOBODY 'n'

_Noreturn void jail_child(
    const struct jail *jail, const struct jail_pipes *pipes);
/* Puts the root together and moves into it, to the tree.  NULL, or what could
 * not be done (errno says why). */
const char *jail_root(const struct jail *jail);

/* Bytes of memory that all processes hold but the first, seen from it. */
uint64_t jail_memory_used(void);

#endif
