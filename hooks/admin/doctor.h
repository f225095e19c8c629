#ifndef ADMIN_DOCTOR_H
#define ADMIN_DOCTOR_H

#include "admin.h"
#include "doctor/fix.h"

/*
 * What doctor says, repository by repository, so that nothing of one is kept:
 *
 *	doctor_report_server(&report, &problems);
 *	doctor_report_repository(&report, &d, &fixes) ..
 *	status = doctor_report_end(&report);
 */
struct doctor_report {
	struct admin *admin;
	struct doctor_server *server;
	bool verbose;
	bool many; /* a line for each, and findings only where there are any */
	size_t repositories, sick, errors, warnings, notes, fixed;
	bool unseen;
	json_t *json_server, *json_repositories; /* with --json */
};

/* problems: directories that could not be looked into. */
void doctor_report_server(
    struct doctor_report *report, const struct strings *problems);
void doctor_report_repository(struct doctor_report *report,
    const struct doctor *d, const struct fixes *fixes);
/* The sum; an exit code. */
int doctor_report_end(struct doctor_report *report);

#endif
