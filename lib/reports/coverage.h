#ifndef REPORTS_COVERAGE_H
#define REPORTS_COVERAGE_H

#include <stdint.h>

#include "base/array.h"
#include "base/err.h"

/*
 * What a coverage report says, whatever its format: for each file the lines
 * that can be executed and how often each was.  Summaries that a report brings
 * along are not believed; branches and functions are passed over.
 *
 *	struct coverage c;
 *	if (lcov_read(arena, bytes, len, &c, err) < 0)
 *		...			"line 12, column 4: .."
 *	file = coverage_file(&c, "src/a.c");
 *
 * A file that occurs twice (several tests, several classes in one file) is one
 * file, a line that occurs twice one line: their hits are added.  So both are
 * sorted and distinct.  Paths are as reported: relative to nobody knows what,
 * or absolute in a place where something was built (treepaths.h).
 *
 * Everything belongs to the arena.  Readers are given bytes from anybody; what
 * is beyond a ceiling is refused as ERR_LIMIT, what is no report of that format
 * as ERR_FORMAT.
 */
#define COVERAGE_BYTES_MAX ((size_t)64 << 20) /* of a report */
#define COVERAGE_FILES_MAX ((size_t)200000)   /* before they are joined */
#define COVERAGE_LINES_MAX ((size_t)2000000)  /* of all files, likewise */
#define COVERAGE_PATH_MAX ((size_t)4096)      /* bytes of a path */
#define COVERAGE_SOURCES_MAX ((size_t)64)
#define COVERAGE_NUMBER_MAX ((uint64_t)1000000000) /* of a line */

struct coverage_line {
	uint32_t number; /* from 1 */
	uint64_t hits;
};

struct coverage_file {
	const char *path;        /* never empty, no control characters */
	struct coverage_line *v; /* sorted by number */
	size_t n, cap;
};

struct coverage {
	struct coverage_file *v; /* sorted by path */
	size_t n, cap;
	/* Folders that paths may be relative to (Cobertura's <source>). */
	struct strings sources;
	size_t lines; /* of all files as they were added */
};

/* NULL: the report says nothing about a file of that path. */
const struct coverage_file *coverage_file(
    const struct coverage *coverage, const char *path);
/* NULL: the line can't be executed. */
const struct coverage_line *coverage_line(
    const struct coverage_file *file, uint64_t number);

/* ---- for readers --------------------------------------------------------- */

/* The errors are without a place in the report; readers put it before them. */
int coverage_add_file(struct arena *arena, struct coverage *coverage,
    const char *path, size_t len, struct err *err);
/* To the file that was added last. */
int coverage_add_line(struct arena *arena, struct coverage *coverage,
    uint64_t number, uint64_t hits, struct err *err);
int coverage_add_source(struct arena *arena, struct coverage *coverage,
    const char *path, size_t len, struct err *err);
/* Joins and sorts.  A report without any file is ERR_FORMAT. */
int coverage_finish(
    struct arena *arena, struct coverage *coverage, struct err *err);
/* A number of executions: digits, as many as there are (what does not fit in
 * 64 bits is the greatest that does).  With a minus sign it is 0: counters
 * overflow, and what is not surely covered is not.  False: no number. */
bool coverage_hits(const char *p, size_t len, uint64_t *ret);
/* Digits, at least 1, at most COVERAGE_NUMBER_MAX. */
bool coverage_number(const char *p, size_t len, uint64_t *ret);

#endif
