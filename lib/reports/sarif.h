#ifndef REPORTS_SARIF_H
#define REPORTS_SARIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/err.h"

/*
 * A SARIF 2.1.0 report (OASIS, sections 3.13 ff.): what analysers have found.
 * Bytes in, plain data out.
 *
 * A result counts when its kind is `fail` (or absent) and it is not suppressed:
 * it is when it has suppressions, and each is accepted (or says nothing).
 * `baselineState` is not believed.  Its level is its own, else that of its rule
 * (found by index or by id, in the driver or an extension), else `warning`; a
 * `ruleConfigurationOverrides` is not looked at.  Where its rule is asked for
 * and its index leads nowhere, the report is malformed.
 *
 * Results that are kept in other files can't be seen, and are refused.
 */
#define SARIF_RESULTS_MAX ((size_t)50000) /* that count */
#define SARIF_RULE_MAX ((size_t)256)      /* bytes */
#define SARIF_PATH_MAX ((size_t)1024)     /* bytes */
#define SARIF_MESSAGE_MAX ((size_t)256)   /* bytes, beyond them cut */

enum sarif_level { /* the worst first */
	SARIF_ERROR,
	SARIF_WARNING,
	SARIF_NOTE,
	SARIF_NONE
};
#define SARIF_LEVELS 4

extern const char *const sarif_level_names[]; /* NULL-terminated */

struct sarif_result {
	enum sarif_level level;
	const char *rule; /* its id; "": none */
	const char *path; /* URI of the first location, as written; "": none */
	uint64_t line;    /* 0: none */
	const char *message; /* cut */
	/*
	 * What makes it the same finding in another report: the digest of its
	 * rule and its partialFingerprints; where it has none, of its rule and
	 * the snippet of its region (without blanks at the ends), else its
	 * message; then `by_path`: the path belongs to it too.  Lines never do.
	 */
	const char *key;
	bool by_path;
};

struct sarif {
	struct sarif_result *v; /* those that count, as they stand there */
	size_t n, cap;
	size_t suppressed;
	size_t scans; /* runs that have results, if only an empty list */
	/* Runs that did not end well, one sentence each, neutralised: their
	 * results are null, or an invocation says so. */
	struct strings troubles;
};

/* On failure err says what is wrong in one sentence, with line and column
 * ("line 3, column 7: ..") or, where it is JSON but not SARIF, with the place
 * in it ("runs[0].results[12]: .."): ERR_FORMAT, or ERR_LIMIT over a ceiling.
 * Texts are UTF-8 without NUL, but not neutralised. */
int sarif_read(struct arena *arena, const char *bytes, size_t len,
    struct sarif *ret, struct err *err);

#endif
