#ifndef SUPPORT_FAKEEXPECT_H
#define SUPPORT_FAKEEXPECT_H

#include "judge/judge.h"
#include "support/fakecase.h"

/* The expectations of a table (tests/judge/README). */
struct fakejudged {
	struct arena *arena;
	const char *file;
	struct policy *policy;
	struct fakecase c;
	struct verdict verdict;
	struct strings wrong; /* what was expected and is not so */
};

/* `expect ..` in a line of the file; adds to wrong. */
void fake_expect(struct fakejudged *j, size_t line, const struct words *words);
void fake_complain(struct fakejudged *j, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
