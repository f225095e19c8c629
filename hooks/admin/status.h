#ifndef ADMIN_STATUS_H
#define ADMIN_STATUS_H

#include "admin.h"
#include "incidentlook.h"

/* Where everything stands: each stage ref with its tip, and pushes that are
 * under way. */
int status_of_all(struct admin *admin);
/* Incidents that are open, with how they stand. */
struct open_incident {
	struct view_incident incident;
	struct incident_look look;
};
struct open_incidents {
	struct open_incident *v;
	size_t n, cap;
};
int open_incidents_find(
    struct admin *admin, struct open_incidents *ret, struct err *err);
void open_incidents_print(
    struct admin *admin, const struct open_incidents *open);
json_t *open_incidents_json(
    struct arena *arena, const struct open_incidents *open);
/* The first one that locks the ref, or NULL. */
const struct open_incident *open_incident_of(
    const struct open_incidents *open, const char *ref);
/* Those that a commit is the subject of, by what its note says. */
int subject_incidents(struct admin *admin, const struct note *note,
    struct view_incidents *ret, struct err *err);
void subject_incidents_print(
    struct admin *admin, const struct view_incidents *incidents);

/* What a commit still needs for the stages that it may enter next. `as`: who
 * would push; NULL: somebody who may. */
int status_next(struct admin *admin, const struct commit *commit,
    const char *as, json_t *ret_json);

#endif
