#ifndef REPORTS_JUNIT_H
#define REPORTS_JUNIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/err.h"

/*
 * A JUnit XML report: bytes in, plain data out.  The format has no standard;
 * read is what gtest, pytest, surefire, jest, ctest, Catch2 and their like
 * write: <testsuites> or a single <testsuite>, suites in suites, and in them
 * <testcase>, each of which is one test:
 *
 *	failed   has a <failure> or an <error>, however many; or says so itself
 *		 (status or result: fail, failed, failure, error)
 *	skipped  has a <skipped>, or says that it did not run (disabled,
 *ignored, notrun, skipped, suppressed, untested), and has not failed passed any
 *other.  What a repeated run left behind (<flakyFailure>, <rerunError> ..)
 *changes nothing.
 *
 * Numbers are counted here, never taken from the attributes of suites: tools
 * count different things there (Catch2: assertions), and anybody can write
 * some.  But where a suite says that it has tests and lists none, or that it
 * has failures (or holds a <failure> of its own) and lists no failed test, it
 * did not run as it should have: those are `unlisted`.
 *
 * A document type is refused, so no entity is ever expanded but those of XML
 * itself; a <testcase> that is not in a suite is, too.
 */
#define JUNIT_BYTES_MAX ((size_t)64 << 20)
#define JUNIT_DEPTH_MAX 64 /* elements in elements */
#define JUNIT_TESTS_MAX ((uint64_t)1000000)
#define JUNIT_NAME_MAX ((size_t)200) /* bytes, beyond them cut */
#define JUNIT_SHOWN_MAX 10

struct junit {
	uint64_t tests; /* all of them */
	uint64_t failed, skipped;
	uint64_t unlisted;      /* suites */
	struct strings failing; /* the first JUNIT_SHOWN_MAX failed tests,
				 * "suite.test", neutralised */
	struct strings gaps;    /* of the first JUNIT_SHOWN_MAX unlisted suites
				 * one sentence each, neutralised */
};

/* On failure err says what is wrong in one sentence, "line 12, column 3: ..":
 * ERR_FORMAT where it is no such report, ERR_LIMIT over one of the ceilings. */
int junit_read(struct arena *arena, const char *bytes, size_t len,
    struct junit *ret, struct err *err);

#endif
