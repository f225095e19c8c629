#ifndef SETUP_HOOKSDIR_H
#define SETUP_HOOKSDIR_H

#include <sys/stat.h>

#include "setup/programs.h"

/*
 * What lies where git looks for a hook.  git runs what access(2) calls
 * executable and takes everything else for "no hook", without a word; a file
 * that is empty or all NUL bytes, as a crash leaves it, it hands to sh, which
 * succeeds.  So every state but the first two lets pushes in unjudged.
 * Nothing is changed here.
 */
enum hook_state {
	HOOK_IDENTICAL, /* byte for byte the installed program */
	HOOK_OTHER,     /* a hook of ours, of another build or name (mark) */
	HOOK_MISSING,
	HOOK_DANGLING, /* a symbolic link to nothing */
	HOOK_EMPTY,
	HOOK_NULS,      /* nothing but NUL bytes */
	HOOK_FOREIGN,   /* somebody else's file */
	HOOK_NO_FILE,   /* a directory, a device */
	HOOK_UNREADABLE /* why: in `why` */
};

struct hook_look {
	const char *path;
	enum hook_state state;
	bool is_link;    /* what is said of the file is of its target */
	bool executable; /* somebody may run it */
	struct stat st;  /* of the file; unset where there is none */
	struct hook_mark mark;
	const char *why; /* HOOK_UNREADABLE */
	bool chained;    /* `<path>.chained` is there, in whatever state */
};

/* True where git runs the installed program: identical, executable, a file of
 * its own and no link. */
bool hook_is_good(const struct hook_look *look);
/* "is missing", "is empty, which git takes for success", ..: of a hook that
 * is not good, for after its path. */
const char *hook_state_text(struct arena *arena, const struct hook_look *look);

/* Looks at one path.  The bytes of a hook of ours are not read again under
 * another name (hard links), as long as `seen` is the same: zeroed at first. */
struct hooks_seen {
	struct {
		struct stat st; /* st_ino 0: none yet */
		enum hook_state state;
		struct hook_mark mark;
	} v[HOOKS];
};

void hook_look(struct arena *arena, const char *path,
    const struct programs *programs, enum hook hook, struct hooks_seen *seen,
    struct hook_look *ret);

/* All three in a hooks directory, and what a host's own hook there runs:
 * ours among the files of `<dir>/<hook>.d/`, called HOOK_DROP_NAME. */
#define HOOK_DROP_NAME "stagegate"

struct hooks_look {
	const char *dir;
	bool is_there; /* the directory */
	struct hook_look hook[HOOKS];
	bool has_drop[HOOKS]; /* `<hook>.d/` is there */
	struct hook_look drop[HOOKS];
};

void hooks_look(struct arena *arena, const char *dir,
    const struct programs *programs, struct hooks_seen *seen,
    struct hooks_look *ret);

#endif
