#ifndef GATES_COMPLAINTS_H
#define GATES_COMPLAINTS_H

#include "judge/reported.h"

/*
 * What the reports of a gate leave to be desired.  The first complaint makes
 * the row GATE_FAILED and is its text, the others are details; where there are
 * several reports, each says whose it is about: the matrix value, else the
 * person.
 */
struct complaints {
	struct arena *arena;
	struct gate_row *row;
	bool several;
};

/* The text about one of the reports: "linux: 3 of 120 tests failed". */
const char *complaint_about(const struct complaints *complaints,
    const struct reported *of, const char *text);
void complaint_add(const struct complaints *complaints,
    const struct reported *of, const char *text);
/* The same with numbers, for `have` and `want`. */
void complaint_number(const struct complaints *complaints,
    const struct reported *of, const char *text, uint64_t have, uint64_t want);

#endif
