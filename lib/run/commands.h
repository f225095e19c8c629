#ifndef RUN_COMMANDS_H
#define RUN_COMMANDS_H

#include "git/repo.h"
#include "judge/judge.h"
#include "judge/view.h"

/*
 * The programs of `command` gates: the view's command_begin and command_end.
 * Each runs in a jail (base/jail.h) and a private folder of its own
 * (git/scratch.h, git/checkout.h), as many side by side as there are
 * processors; what is asked for again is answered as before.
 *
 *	commands = commands_new(arena, repo);
 *	.. say what else is known, below
 *	commands_bind(commands, &view);
 *	judge(..);
 *	commands_close(commands);	ends what still runs
 */
#define COMMANDS_AT_ONCE_MAX 16

struct commands;

struct commands *commands_new(struct arena *arena, struct repo *repo);
void commands_close(struct commands *commands); /* NULL is allowed */
void commands_bind(struct commands *commands, struct view *view);

/* No program runs on after that (clock_monotonic_ms); env (may be NULL) is told
 * how it goes on. */
void commands_watch(struct commands *commands, uint64_t deadline_ms,
    const struct judge_env *env);
/* A file that no program may see, beside the repository. */
void commands_hide(struct commands *commands, const char *path);
/* Keys of runs that have exited 0 before. */
void commands_remember(struct commands *commands, const struct strings *keys);
/* None is run here: why, for the row. */
void commands_forbid(struct commands *commands, const char *why);

/* Keys of all that have exited 0. */
void commands_passed(
    const struct commands *commands, struct arena *arena, struct strings *ret);

#endif
