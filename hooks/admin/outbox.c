#include "open.h"
#include "outboxlook.h"

static int outbox(struct admin *admin, const void *options)
{
	struct outbox_look look;
	struct err err;
	int status = open_repository(admin);

	(void)options;
	if (status != EXIT_ALLOWED)
		return status;
	if (!is_server(admin)) {
		admin_note(admin, "error: ",
		    "what waits to be told is the server's: this is asked in "
		    "its repository");
		return EXIT_UNDECIDED;
	}
	if (outbox_look(admin, &look, &err) < 0)
		return admin_fail(admin, &err);
	if (admin->json)
		admin_json(admin, outbox_json(admin, &look));
	else if (look.waiting.n + look.dead.n + look.damaged.n > 0)
		outbox_print(admin, &look);
	else
		admin_note(admin, "hint: ", "nothing waits to be told");
	return EXIT_ALLOWED;
}

const struct verb verb_outbox = {
	.name = "outbox",
	.arguments = "",
	.summary = "what waits to be told, and what was given up",
	.run = outbox,
	.json = true,
	.help =
	    "On the server: events that the policy's 'notify' wants told and "
	    "that are not delivered yet, by destination, with what went wrong "
	    "when it was tried last; then what was given up.\n"
	    "With --json: waiting is a list of {destination, events, failures, "
	    "next, why}, events and dead are lists of {id, event, ref, stage, "
	    "at}; dead ones have destination, attempts, given_up and why "
	    "too.\n",
};
