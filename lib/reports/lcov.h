#ifndef REPORTS_LCOV_H
#define REPORTS_LCOV_H

#include "reports/coverage.h"

/*
 * Reads a tracefile as geninfo(1) describes it and lcov, llvm-cov, coverage.py
 * and istanbul write it:
 *
 *	TN:test
 *	SF:/build/src/a.c
 *	DA:14,3
 *	DA:15,0,<checksum>
 *	end_of_record
 *
 * Of the records only SF, DA and end_of_record matter; others that the format
 * knows are passed over (TN VER FN FNDA FNL FNA FNF FNH BRDA BRF BRH MCDC MCF
 * MCH LF LH), so are empty lines and comments (`#`).  Any other is an error,
 * and so is a file without its end_of_record: such a report is cut off.  A
 * negative number of executions is 0.  Lines may end in CR LF.
 *
 * On failure err says where: "line 12, column 4: ..".
 */
int lcov_read(struct arena *arena, const char *bytes, size_t len,
    struct coverage *ret, struct err *err);

#endif
