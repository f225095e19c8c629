#ifndef JUDGE_PUSH_H
#define JUDGE_PUSH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/err.h"
#include "base/oid.h"

/*
 * A push as pre-receive is handed it: `old SP new SP ref LF` lines
 * (githooks(5)) written by the pusher, hence lies until checked.
 */
#define PUSH_UPDATES_MAX 100000
#define PUSH_BYTES_MAX ((size_t)32 << 20)
#define REF_NAME_MAX 1024 /* bytes */

struct update {
	struct oid old; /* as claimed */
	struct oid new;
	const char *ref; /* raw bytes, NUL-terminated */
};

struct updates {
	struct update *v;
	size_t n, cap;
};

struct push {
	struct updates updates;
	const char *pusher;         /* NULL: nobody could be identified */
	const char *pusher_problem; /* why not, for the pusher */
	bool options_known;         /* GIT_PUSH_OPTION_COUNT was set */
	struct strings options;     /* `git push -o`, raw bytes */
	bool report_json;           /* -o report=json */
	/* What stands behind `-o rollback=`, `-o timeline=`, `-o bypass=`, raw
	 * bytes, the first of each; NULL: not given. */
	const char *rollback, *timeline, *bypass;
	struct oid cert;      /* blob of its certificate; zero: not signed, or
			       * nobody asks who signs pushes */
	const char *cert_key; /* replay key; NULL likewise */
	/* Judged again by `update`, after pre-receive accepted it and its
	 * ground moved: evidence refs of the same push may exist already (at
	 * new). */
	bool again;
};

/* Reads the options that are ours, report_json to bypass.  What is wrong with
 * them is push_options_judge's (judge/judging.h) business. */
void push_options_read(struct push *push);

/* Reads the whole list.  ERR_FORMAT: truncated, malformed, empty, NUL;
 * ERR_LIMIT: too many or too long. */
int updates_parse(struct arena *arena, const char *bytes, size_t len,
    struct updates *ret, struct err *err);

#endif
