#ifndef ADMIN_DOCTOR_H
#define ADMIN_DOCTOR_H

#include "admin.h"
#include "doctor/fix.h"

/*
 * What doctor says, repository by repository, so that nothing of one is kept:
 *
 *	doctor_report_server(&report, &problems);
 *	doctor_look_apart(&report, &paths, &how, err)
 *	status = doctor_report_end(&report);
 */
struct doctor_counts {
	size_t repositories, sick, errors, warnings, notes;
	bool unseen;
};

struct doctor_report {
	struct admin *admin;
	struct doctor_server *server;
	bool verbose;
	bool many; /* a line for each, and findings only where there are any */
	struct doctor_counts counts;
	json_t *json_server, *json_repositories; /* with --json */
};

void doctor_counts_add(
    struct doctor_counts *counts, const struct doctor_counts *more);

/* problems: directories that could not be looked into. */
void doctor_report_server(
    struct doctor_report *report, const struct strings *problems);
/* One repository, into out or json_repositories. */
void doctor_report_repository(struct doctor_report *report,
    const struct doctor *d, const struct fixes *fixes);
/* The sum; an exit code. */
int doctor_report_end(struct doctor_report *report);

/* ---- doctor_apart.c -------------------------------------------------------
 */

#define DOCTOR_TIMEOUT_S 60 /* for one repository */
#define DOCTOR_TIMEOUT_MAX_S 86400

struct doctor_apart {
	bool fix;
	uint64_t timeout_s; /* 1 to DOCTOR_TIMEOUT_MAX_S */
};

/* Looks at each of them, puts right what can be with `fix`, and reports it:
 * in a process of its own, so that none of them can keep doctor from the
 * others.  -1 when that can't be started. */
int doctor_look_apart(struct doctor_report *report, const struct strings *paths,
    const struct doctor_apart *how, struct err *err);

#endif
