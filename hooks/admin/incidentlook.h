#ifndef ADMIN_INCIDENTLOOK_H
#define ADMIN_INCIDENTLOOK_H

#include "admin.h"

/*
 * Incidents as `incidents` and `status` tell of them.
 */

/* All that are recorded, or those of a ref, in order. */
int incidents_read(struct admin *admin, const char *ref,
    struct view_incidents *ret, struct err *err);

/* How one stands that is open. */
struct incident_look {
	bool judged; /* else: a clone that lacks its subject can't say */
	struct gate_rows rows;  /* of `then`, when judged */
	struct strings missing; /* those that have not passed; all gates of
				 * `then` when not judged */
	struct strings running; /* clients that still run what was rolled back
				 * from, or something made on top of it */
};
int incident_look(struct admin *admin, const struct view_incident *incident,
    struct incident_look *ret, struct err *err);

/* "rollback of refs/heads/main (deployment)" */
const char *incident_title(
    struct arena *arena, const struct view_incident *incident);
/* "1a2b3c4d -> 5e6f7a8b, restored by 9abcdef0" */
const char *incident_move(
    struct arena *arena, const struct view_incident *incident);
/* look NULL: it is closed. */
json_t *incident_json(struct arena *arena, const struct view_incident *incident,
    const struct incident_look *look);
/* "missing for 1a2b3c4d: root-cause and prevention", as a line. */
void incident_print_missing(struct admin *admin,
    const struct view_incident *incident, const struct incident_look *look);

#endif
