#ifndef REPORTS_MEASURES_H
#define REPORTS_MEASURES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * What a benchmark report says: a number for each name.
 *
 *	hyperfine         <command>.mean median stddev user system min max, in s
 *	google-benchmark  <name>.real_time cpu_time, in the unit of each entry
 *
 * A benchmark that failed has measured nothing: hyperfine's report with a
 * command that did not exit 0 is refused, an entry of Google Benchmark with an
 * error is left out.
 *
 * Of repetitions that Google Benchmark reports one by one, all under one name,
 * it is the median that counts; its aggregates have names of their own
 * (`BM_Sort_mean`), and those that are no times (`_cv`, `_BigO`) are left out.
 * Any other name that is there twice is refused: which one is meant?
 */
struct measure {
	const char *name;
	double value;      /* finite */
	double per_second; /* of its unit: 1000 for ms; 0: it is no time */
	bool repetition;   /* one of several under that name */
	size_t line_up;    /* in which order they were added */
};

struct measures {
	struct measure *v; /* after measures_settle by name, each once */
	size_t n, cap;
};

#define MEASURES_MAX 100000   /* in a report */
#define MEASURE_NAME_MAX 1000 /* bytes */

/* Both fill ret; bytes need no NUL.  ERR_FORMAT or ERR_LIMIT with a sentence
 * about the report, with line and column where it is no JSON. */
int hyperfine_read(struct arena *arena, const char *bytes, size_t len,
    struct measures *ret, struct err *err);
int googlebench_read(struct arena *arena, const char *bytes, size_t len,
    struct measures *ret, struct err *err);

/* For readers: adds one.  name is copied. */
int measures_add(struct arena *arena, struct measures *measures,
    const struct measure *measure, struct err *err);
/* Once all are there: sorts, and makes one of each name's repetitions. */
int measures_settle(
    struct arena *arena, struct measures *measures, struct err *err);

/* The one with that name, or NULL. */
const struct measure *measures_find(
    const struct measures *measures, const char *name);
/* In seconds, where it is a time; else as it is. */
double measure_amount(const struct measure *measure);

/* 1000 for "ms"; also s, us and ns.  0: no such unit. */
double time_unit_per_second(const char *unit);

#endif
