#ifndef SETUP_PROGRAMS_H
#define SETUP_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * The installed hook programs (LIBEXECDIR), of which every repository gets a
 * copy, and what stands in the bytes of one about itself
 * (record/hookmark.h).
 */
#define HOOKS 3                              /* that git runs for a push */
#define PROGRAM_BYTES_MAX ((size_t)64 << 20) /* of a file that may be ours */

enum hook {
	HOOK_UPDATE,
	HOOK_POST_RECEIVE,
	HOOK_PRE_RECEIVE
};

/* "update", .. */
const char *hook_name(enum hook hook);

struct hook_mark {
	bool is_ours;
	/* "": from before hooks said so */
	const char *hook, *version, *ledger, *plan;
};

struct hook_mark hook_mark_read(
    struct arena *arena, const char *bytes, size_t len);

struct program {
	const char *path, *bytes;
	size_t len;
	struct hook_mark mark;
};

struct programs {
	struct program v[HOOKS]; /* by enum hook */
};

/* Reads the three.  ERR_NOTFOUND or ERR_FORMAT, with what to do, where one is
 * missing or no hook of ours. */
int programs_load(struct arena *arena, const char *dir, struct programs *ret,
    struct err *err);

#endif
