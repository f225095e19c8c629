#ifndef ADMIN_ATTEST_REPORT_H
#define ADMIN_ATTEST_REPORT_H

#include "admin.h"

/*
 * A report that goes with a statement (`attest --report FILE`).  Its format is
 * what --format says, else what the file's name and first bytes show: lcov,
 * cobertura, junit, sarif, hyperfine, google-benchmark.  Nothing is checked:
 * the server reads it.
 */
#define ATTEST_REPORT_MAX ((size_t)64 << 20) /* bytes */

struct attest_report {
	const char *format;
	const char *bytes; /* NUL-terminated, no NUL in it */
};

int attest_report_read(struct admin *admin, const char *file,
    const char *format, struct attest_report *ret, struct err *err);

#endif
