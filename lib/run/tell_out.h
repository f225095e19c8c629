#ifndef RUN_TELL_OUT_H
#define RUN_TELL_OUT_H

#include "base/diag.h"
#include "judge/verdict.h"
#include "judge/view.h"

/*
 * What the hooks say to the pusher, on standard error; in JSON where the push
 * asked for that.  Each returns the exit code that goes with it (base/exit.h).
 */
struct teller {
	struct arena *arena;
	bool json;
	/* Put before each line of a refusal that people read, or NULL
	 * (run/hosting.h); counted in the ceiling of the output. */
	const char *prefix;
};

int say_undecided(const struct teller *teller, const char *why);
int say_policy_broken(const struct teller *teller, const struct diags *diags);
int say_policy_unusable(const struct teller *teller, const char *why);
/* What post-receive could not record now; the next hook does. */
int say_unrecorded(const struct teller *teller, const char *why);
/* What was recorded, but could not be told of or closed. */
void say_incident_trouble(const struct teller *teller, const char *why);
/* What nobody could be told of. */
void say_telling_trouble(const struct teller *teller, const char *why);
/* An incident that this push has opened, and what it wants; one that closed. */
void say_opened(
    const struct teller *teller, const struct view_incident *incident);
void say_closed(
    const struct teller *teller, const struct view_incident *incident);
int say_verdict(const struct teller *teller, const struct verdict *verdict);

#endif
