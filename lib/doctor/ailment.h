#ifndef DOCTOR_AILMENT_H
#define DOCTOR_AILMENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/array.h"
#include "setup/programs.h"

/*
 * What doctor found.  Each has a stable code, for programs; level and remedy
 * belong to the code (codes.c), the text says what it is about this time.
 *
 * An error lets a push go around the policy, or keeps pushes out.  A warning
 * does neither yet.  A note is for somebody to know; unseen is what could
 * not be looked at, of which nobody can say.  Errors and warnings are
 * what "wrong" means.
 */
enum ailment_level {
	AILMENT_ERROR,
	AILMENT_UNSEEN,
	AILMENT_WARNING,
	AILMENT_NOTE,
	AILMENT_OK,
	AILMENT_LEVELS
};

extern const char *const ailment_words[]; /* "error", .. */

struct doctor_code {
	const char *name;
	enum ailment_level level;
	const char *remedy; /* what to do, one sentence */
};

/* Sorted by name; name NULL ends them. */
extern const struct doctor_code doctor_codes[];
const struct doctor_code *doctor_code(const char *name);

/* What --fix does about it (fix.h). */
enum fix_kind {
	FIX_NONE,
	FIX_HOOK,        /* the installed hook is put at path */
	FIX_MODE,        /* of path's mode only `keep` is kept */
	FIX_CONFIG_SET,  /* key of the repository's own file to value */
	FIX_CONFIG_ADD,  /* one more value */
	FIX_REMOVE,      /* a file */
	FIX_REMOVE_TREE, /* a directory and what is in it */
};

struct fix {
	enum fix_kind kind;
	const char *path; /* in the repository, or the repository */
	const char *key, *value;
	enum hook hook;
	unsigned keep;
	ino_t ino; /* what is to be removed, and nothing newer of its name */
};

struct ailment {
	const char *code;
	enum ailment_level level;
	const char *text, *remedy; /* remedy NULL: none */
	struct fix fix;
};

#define AILMENTS_MAX 200 /* of a repository; the rest is counted */

struct ailments {
	struct ailment *v;
	size_t n, cap;
	size_t left_out;
};

/* The most serious of the levels; AILMENT_OK for none. */
enum ailment_level ailments_level(const struct ailments *findings);
size_t ailments_count(
    const struct ailments *findings, enum ailment_level level);
/* Is there anything worse than a note whose code begins with that? */
bool ailments_wrong(const struct ailments *findings, const char *prefix);

#endif
