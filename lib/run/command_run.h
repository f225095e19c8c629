#ifndef RUN_COMMAND_RUN_H
#define RUN_COMMAND_RUN_H

#include "base/buf.h"
#include "base/jail.h"
#include "git/repo.h"
#include "judge/view.h"

/*
 * One program on its way: private to lib/run.  The folder is there from
 * command_run_start to command_run_finish, whatever happens in between.
 */
struct command_place { /* what runs have in common */
	struct arena *arena;
	struct repo *repo;
	struct strings hidden;
	unsigned processors;
	uint64_t deadline_ms; /* of the push */
};

struct command_run {
	const struct view_command *command;
	struct jail_run jail;
	const char *folder; /* NULL: none */
	int lock;
	uint64_t deadline_ms;
	bool of_push; /* the deadline is the push's */
	bool late;    /* it was ended */
	struct buf output;
	struct view_command_end end;
};

/* On failure nothing is left. */
int command_run_start(struct command_place *place,
    const struct view_command *command, struct command_run *ret,
    struct err *err);
/* Takes what output there is. */
void command_run_take(struct command_run *run);
/* Once its pidfd can be read: fills run->end and removes the folder. */
int command_run_finish(struct command_run *run, struct err *err);

#endif
