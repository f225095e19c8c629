#ifndef GATES_FINDINGS_H
#define GATES_FINDINGS_H

#include "judge/facts.h"
#include "reports/sarif.h"

/*
 * The findings of a SARIF report about a commit, for `scan`.  Tools write where
 * a file was on the machine that ran them (file:///build/7/src/a.c); a path
 * here is the longest end of that which the commit has as a file.  What is
 * relative already, or nowhere in the tree, stays as it is.
 */
#define FINDINGS_PARTS_MAX 32 /* of a path, from its end, are looked for */

struct scan_finding {
	const struct sarif_result *result;
	const char *path;
	bool known; /* findings_mark_known */
};
struct scan_findings {
	struct scan_finding *v; /* the worst first, then by path and line */
	size_t n;
};

int findings_of(struct arena *arena, const struct gate_facts *facts,
    const struct sarif *sarif, const struct oid *commit,
    struct scan_findings *ret, struct err *err);

/* Marks those that `before` has: each of its findings answers for one. */
void findings_mark_known(struct arena *arena,
    const struct scan_findings *findings, const struct scan_findings *before);

#endif
