#include <string.h>

#include "gates/gate.h"
#include "rejudge.h"

/*
 * Programs of `command` gates are not run again: their verdict was of a server
 * as it was then.  They are taken to have ended as was recorded, so that all
 * else can be judged, and it is said that this much can't be shown.
 */
static int begin_nothing(
    void *commands, const struct view_command *command, struct err *err)
{
	(void)commands;
	(void)command;
	(void)err;
	return 0;
}

static int end_as_then(void *commands, struct arena *arena,
    const struct view_command *command, struct view_command_end *ret,
    struct err *err)
{
	bool refused;

	(void)arena;
	if (rejudge_was_refused(
		commands, command->ref, command->gate, &refused, err) < 0)
		return -1;
	*ret = (struct view_command_end){ .state = COMMAND_REMEMBERED,
		.output = "" };
	if (refused)
		*ret = (struct view_command_end){
			.state = COMMAND_EXITED, .status = 1, .output = ""
		};
	return 0;
}

void rejudge_commands(struct rejudge_push *push, struct view *view)
{
	view->commands = push;
	view->command_begin = begin_nothing;
	view->command_end = end_as_then;
}

/* Is a program asked, by the gate or by one that can stand in for it? */
static bool asks_program(const struct policy *policy, const char *name)
{
	const struct gate *gate = policy_gate(policy, name);

	for (size_t i = 0; gate && i < policy->ngates; i++) {
		const struct gate *other = &policy->gates[i];

		if (other->form == &gate_command.form &&
		    (other == gate || gate_names(gate, other)))
			return true;
	}
	return false;
}

void rejudge_commands_say(const struct rejudge_push *push,
    const struct ref_verdict *ref, struct complaints *ret)
{
	for (size_t i = 0; i < ref->gates.n; i++)
		if (ref->gates.v[i].state == GATE_PASSED &&
		    asks_program(push->policy, ref->gates.v[i].name))
			complain(push, ret, VERIFY_UNSHOWN,
			    "that gate %s passed for %s: its program is not "
			    "run again",
			    ref->gates.v[i].name, ref->ref);
}
