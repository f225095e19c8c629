#ifndef RUN_INCIDENTS_H
#define RUN_INCIDENTS_H

#include "record/plan.h"
#include "run/session.h"
#include "run/tell_out.h"

/*
 * Incidents close by themselves: whoever has recorded something that may have
 * been the last statement asks their gates again, and records the closing.
 * Asked by post-receive about the subjects of the statements that it recorded;
 * by pre-receive about the refs that a push moves, which makes up for a
 * post-receive that was killed.  The lock itself does not wait for it: the
 * judge asks the gates each time (judge/incident.h).
 *
 * The session's policy is loaded where there is an open incident; one that is
 * broken closes nothing.  After something was closed the session's ledger is
 * opened again.
 */

/* Of these commits; ret_closed gets the incidents that were closed. */
int incidents_close_about(struct session *session, const struct oids *subjects,
    struct view_incidents *ret_closed, struct err *err);
/* Of these refs. */
int incidents_close_on(struct session *session, const struct updates *updates,
    struct view_incidents *ret_closed, struct err *err);

/* Tells the pusher which incidents the plan has opened, what they want, and
 * which were closed. */
int incidents_tell(struct session *session, const struct teller *teller,
    const struct plan *plan, const struct view_incidents *closed,
    struct err *err);

#endif
