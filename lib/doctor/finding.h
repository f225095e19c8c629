#ifndef DOCTOR_FINDING_H
#define DOCTOR_FINDING_H

#include <stdbool.h>

#include "base/array.h"

/*
 * What doctor found.  Each has a stable code, for programs; level and remedy
 * belong to the code (codes.c), the text says what it is about this time.
 *
 * An error lets a push go around the policy, or keeps pushes out.  A warning
 * does neither yet.  A note is for somebody to know.  Errors and warnings are
 * what "wrong" means.
 */
enum finding_level {
	FINDING_ERROR,
	FINDING_WARNING,
	FINDING_NOTE,
	FINDING_OK,
	FINDING_LEVELS
};

extern const char *const finding_words[]; /* "error", .. */

struct doctor_code {
	const char *name;
	enum finding_level level;
	const char *remedy; /* what to do, one sentence */
};

/* Sorted by name; name NULL ends them. */
extern const struct doctor_code doctor_codes[];
const struct doctor_code *doctor_code(const char *name);

/* What --fix does about it (fix.h). */
enum fix_kind {
	FIX_NONE,
	FIX_HOOKS,       /* our hooks are put again */
	FIX_MODE,        /* chmod path to mode */
	FIX_CONFIG_SET,  /* key of the repository's own file to value */
	FIX_CONFIG_ADD,  /* one more value */
	FIX_REMOVE,      /* a file */
	FIX_REMOVE_TREE, /* a directory and what is in it */
};

struct fix {
	enum fix_kind kind;
	const char *path;
	const char *key, *value;
	unsigned mode;
};

struct finding {
	const char *code;
	enum finding_level level;
	const char *text, *remedy; /* remedy NULL: none */
	struct fix fix;
};

#define FINDINGS_MAX 200 /* of a repository; the rest is counted */

struct findings {
	struct finding *v;
	size_t n, cap;
	size_t left_out;
};

/* The most serious of the levels; FINDING_OK for none. */
enum finding_level findings_level(const struct findings *findings);
size_t findings_count(
    const struct findings *findings, enum finding_level level);
/* Is there an error or a warning whose code begins with that? */
bool findings_wrong(const struct findings *findings, const char *prefix);

#endif
