#ifndef SUPPORT_SCRATCHREPO_H
#define SUPPORT_SCRATCHREPO_H

#include "base/buf.h"
#include "base/oid.h"
#include "git/repo.h"

/*
 * Real repositories for unit tests, made with git(1) in the working directory
 * (unit_case_in_dir): no configuration but the repository's, fixed identities
 * and dates, so that object ids are the same on every run.
 */

/* Runs `sh -c` of the formatted script; its output without the last line
 * break.  The test fails when it does not exit 0. */
const char *scratch_sh(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));
/* The same with standard input. */
const char *scratch_feed(const void *input, size_t len, const char *script);
/* What it exits with. */
int scratch_status(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The id of a revision of the repository `dir`. */
struct oid scratch_oid(const char *dir, const char *revision);
struct oid scratch_hex(const char *hex);
/* Opens a repository, which has to be fine. */
struct repo *scratch_open(const char *dir);

/* A history made at random: commit i has parents among 0 .. i-1. */
#define SCRATCH_COMMITS_MAX 400
struct scratch_history {
	size_t n;
	struct oid ids[SCRATCH_COMMITS_MAX];
	/* reaches[i][j]: j is i or an ancestor of it */
	bool reaches[SCRATCH_COMMITS_MAX][SCRATCH_COMMITS_MAX];
	size_t parents[SCRATCH_COMMITS_MAX][4];
	size_t nparents[SCRATCH_COMMITS_MAX];
};
enum scratch_dates {
	DATES_HONEST,
	DATES_EQUAL,
	DATES_RANDOM,
	DATES_REVERSED
};
/* In a new bare repository `dir`; each commit i is refs/heads/c<i>.  Files and
 * folders change at random too. */
struct scratch_history *scratch_random(
    const char *dir, size_t n, unsigned seed, enum scratch_dates dates);
/* The next of a fixed sequence, 0 .. below-1. */
unsigned scratch_dice(unsigned *seed, unsigned below);

#endif
