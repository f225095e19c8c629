#ifndef SETUP_PUT_H
#define SETUP_PUT_H

#include "setup/hooksdir.h"

/*
 * Hooks are put and taken by a rename over their place, never written there:
 * git meets the old file or the new one, whole and on disk, and where there
 * was one there is never none.
 *
 * Of several repositories of one account on one file system the second gets a
 * hard link to the first one's file, unless copies are wanted: thousands of
 * repositories then hold one file, on disk and in memory.  Whoever may change
 * it there could change the others too, being the same account; the installed
 * programs are never linked.
 */
struct put_source {
	const char *path; /* a good copy; NULL: none yet */
	struct stat st;
};

struct putter {
	struct arena *arena;
	const struct programs *programs;
	bool copies; /* never link */
	struct put_source source[HOOKS];
};

struct put_target {
	const char *dir;   /* where temporary files may lie */
	const char *place; /* path of the hook, in dir or a folder of it */
	enum hook hook;
};

/* Remembers a file that was found to be as it should. */
void put_know(
    struct putter *putter, enum hook hook, const struct hook_look *look);
/* Puts the installed program in place. */
int put_hook(
    struct putter *putter, const struct put_target *target, struct err *err);
/* Gives a file of another name to what is there, as `<place>.chained`; the
 * file itself stays.  ERR_FORMAT where something else is called so already. */
int put_aside(
    struct putter *putter, const struct put_target *target, struct err *err);
/* Takes ours away: what was put aside comes back, or there is none. */
int take_hook(
    struct putter *putter, const struct put_target *target, struct err *err);

#endif
