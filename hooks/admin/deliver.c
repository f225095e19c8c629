#include "notify/sender.h"
#include "open.h"
#include "outboxlook.h"

#define BUSY_WAIT_MS 60000u /* for the sender of a push to end */

struct deliver_options {
	bool once, due, retry_dead;
};

static const struct option options[] = {
	{ "once", 0, OPTION_FLAG, offsetof(struct deliver_options, once), NULL,
	    "only what waits now, not what is added meanwhile" },
	{ "due", 0, OPTION_FLAG, offsetof(struct deliver_options, due), NULL,
	    "keep the pauses after failures, as the hooks do: for a timer" },
	{ "retry-dead", 0, OPTION_FLAG,
	    offsetof(struct deliver_options, retry_dead), NULL,
	    "first what was given up, once each, until three in a row fail" },
	{ .name = NULL },
};

static void print_text(struct admin *admin, const struct sender_result *result,
    const struct outbox_look *look)
{
	buf_addf(&admin->out,
	    "%zu delivered, %zu given up, %zu still waiting, %zu dead\n",
	    result->delivered, result->given_up, result->waiting, look->dead.n);
	outbox_print_trouble(admin, look);
}

static void print_json(struct admin *admin, const struct sender_result *result,
    const struct outbox_look *look)
{
	json_t *object = outbox_json(admin, look);

	json_object_set_new(
	    object, "delivered", json_integer((json_int_t)result->delivered));
	json_object_set_new(
	    object, "failed", json_integer((json_int_t)result->failed));
	admin_json(admin, object);
}

static int send_all(struct admin *admin, const struct deliver_options *opts)
{
	struct sender sender = { .arena = admin->arena,
		.repo = admin->session.repo,
		.policy = admin->session.policy,
		.due_only = opts->due,
		.retry_dead = opts->retry_dead,
		.once = opts->once,
		.wait_ms = BUSY_WAIT_MS };
	struct sender_result result;
	struct outbox_look look;
	struct err err;

	if (sender_run(&sender, &result, &err) < 0 ||
	    outbox_look(admin, &look, &err) < 0)
		return admin_fail(admin, &err);
	if (result.busy) {
		admin_note(admin, "error: ",
		    "another process delivers, and has not come to an end");
		return EXIT_UNDECIDED;
	}
	if (admin->json)
		print_json(admin, &result, &look);
	else
		print_text(admin, &result, &look);
	return result.failed > 0 || result.waiting > 0 ? EXIT_REFUSED
						       : EXIT_ALLOWED;
}

static int run_deliver(struct admin *admin, const void *given)
{
	int status = open_all(admin, NULL, NULL);

	if (status != EXIT_ALLOWED)
		return status;
	if (!is_server(admin)) {
		admin_note(admin, "error: ",
		    "what waits to be told is the server's: this is done in "
		    "its repository");
		return EXIT_UNDECIDED;
	}
	return send_all(admin, given);
}

const struct verb verb_deliver = {
	.name = "deliver",
	.arguments = "",
	.summary = "tell now what waits to be told",
	.options = options,
	.options_size = sizeof(struct deliver_options),
	.run = run_deliver,
	.json = true,
	.help =
	    "On the server, under the account of the hooks: delivers what "
	    "'stagegate outbox' shows, whatever pause there would be after a "
	    "failure. The hook of any push does the same, with the pauses; a "
	    "timer may, with --due.\n"
	    "Exits 1 when something was not delivered.\n",
};
