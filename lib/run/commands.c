#include "run/commands.h"

#include <poll.h>
#include <sched.h>
#include <string.h>

#include "base/clock.h"
#include "git/scratch.h"
#include "run/command_run.h"

#define LOOK_EVERY_MS 500 /* for the progress that is shown */
#define GRACE_MS 20000    /* for one that sees to its children first */

enum job_state {
	JOB_WAITS,
	JOB_RUNS,
	JOB_DONE
};

struct job {
	struct view_command command;
	enum job_state state;
	struct command_run run; /* JOB_RUNS */
	struct view_command_end end;
	bool failed;
	struct err err; /* why it could not be run */
};

struct commands {
	struct command_place place;
	const struct judge_env *env;
	const char *forbidden; /* why none is run; NULL: they are */
	struct strings remembered;
	struct {
		struct job **v;
		size_t n, cap;
	} jobs;
	size_t running, done;
};

/* ---- making ----------------------------------------------------------- */

static unsigned processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set)
							     : 1;

	return n < 1 ? 1 : (unsigned)n;
}

struct commands *commands_new(struct arena *arena, struct repo *repo)
{
	struct commands *c = ARENA_NEW(arena, struct commands);

	c->place.arena = arena;
	c->place.repo = repo;
	c->place.processors = processors();
	c->place.deadline_ms = UINT64_MAX;
	commands_hide(c, repo_path(repo));
	commands_hide(c, STAGEGATE_SYSCONFDIR "/stagegate");
	return c;
}

void commands_watch(struct commands *commands, uint64_t deadline_ms,
    const struct judge_env *env)
{
	commands->place.deadline_ms = deadline_ms;
	commands->env = env;
}

void commands_hide(struct commands *commands, const char *path)
{
	strings_add(commands->place.arena, &commands->place.hidden, path);
}

void commands_remember(struct commands *commands, const struct strings *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		strings_add(
		    commands->place.arena, &commands->remembered, keys->v[i]);
}

void commands_forbid(struct commands *commands, const char *why)
{
	commands->forbidden = why;
}

void commands_passed(
    const struct commands *commands, struct arena *arena, struct strings *ret)
{
	for (size_t i = 0; i < commands->jobs.n; i++) {
		const struct job *job = commands->jobs.v[i];

		if (job->state == JOB_DONE && !job->failed &&
		    job->end.state == COMMAND_EXITED && job->end.status == 0)
			strings_add(arena, ret, job->command.key);
	}
}

/* ---- starting --------------------------------------------------------- */

static void finish_job(struct commands *c, struct job *job)
{
	if (job->state == JOB_RUNS) {
		job->failed = command_run_finish(&job->run, &job->err) < 0;
		job->end = job->run.end;
		c->running--;
	}
	job->state = JOB_DONE;
	c->done++;
}

static void start_job(struct commands *c, struct job *job)
{
	if (command_run_start(&c->place, &job->command, &job->run, &job->err) <
	    0) {
		job->failed = true;
		finish_job(c, job);
		return;
	}
	job->state = JOB_RUNS;
	c->running++;
}

static void start_some(struct commands *c)
{
	size_t most = c->place.processors < COMMANDS_AT_ONCE_MAX
	    ? c->place.processors
	    : COMMANDS_AT_ONCE_MAX;

	for (size_t i = 0; i < c->jobs.n && c->running < most; i++)
		if (c->jobs.v[i]->state == JOB_WAITS)
			start_job(c, c->jobs.v[i]);
}

static struct job *find_job(const struct commands *c, const char *key)
{
	for (size_t i = 0; i < c->jobs.n; i++)
		if (strcmp(c->jobs.v[i]->command.key, key) == 0)
			return c->jobs.v[i];
	return NULL;
}

static struct job *add_job(
    struct commands *c, const struct view_command *command)
{
	struct job *job = find_job(c, command->key);

	if (job)
		return job;
	/* What was killed in a clone has no next hook to clear up. */
	if (c->jobs.n == 0)
		scratch_clear(c->place.repo, c->place.arena, 0);
	job = ARENA_NEW(c->place.arena, struct job);
	job->command = *command;
	ARRAY_PUSH(c->place.arena, &c->jobs, job);
	start_some(c);
	return job;
}

/* ---- while they run --------------------------------------------------- */

static void end_late(struct job *job)
{
	uint64_t now = clock_monotonic_ms();

	if (now < job->run.deadline_ms)
		return;
	if (!job->run.late)
		jail_end(&job->run.jail);
	else if (now >= job->run.deadline_ms + GRACE_MS)
		jail_kill(&job->run.jail);
	job->run.late = true;
}

/* Milliseconds until somebody's time is over. */
static int patience(const struct commands *c)
{
	uint64_t now = clock_monotonic_ms(), least = LOOK_EVERY_MS;

	for (size_t i = 0; i < c->jobs.n; i++) {
		const struct job *job = c->jobs.v[i];
		uint64_t end = job->run.deadline_ms;

		if (job->state != JOB_RUNS || job->run.late)
			continue;
		if (end <= now)
			return 0;
		if (end - now < least)
			least = end - now;
	}
	return (int)least;
}

/* Waits until something happens to one of them. */
static void attend(struct commands *c)
{
	struct pollfd fds[2 * COMMANDS_AT_ONCE_MAX];
	struct job *jobs[COMMANDS_AT_ONCE_MAX];
	nfds_t n = 0;

	for (size_t i = 0; i < c->jobs.n; i++) {
		struct job *job = c->jobs.v[i];

		if (job->state != JOB_RUNS || n == COMMANDS_AT_ONCE_MAX)
			continue;
		jobs[n] = job;
		fds[2 * n] = (struct pollfd){ .fd = job->run.jail.pidfd,
			.events = POLLIN };
		fds[2 * n + 1] = (struct pollfd){ .fd = job->run.jail.out,
			.events = POLLIN };
		n++;
	}
	if (poll(fds, 2 * n, patience(c)) < 0)
		return;
	for (nfds_t i = 0; i < n; i++) {
		if (fds[2 * i + 1].revents)
			command_run_take(&jobs[i]->run);
		if (fds[2 * i].revents)
			finish_job(c, jobs[i]);
		else
			end_late(jobs[i]);
	}
}

static void show_progress(const struct commands *c)
{
	if (c->env && c->env->progress)
		c->env->progress(
		    c->env->ctx, "Running programs", c->done, c->jobs.n);
}

/* ---- the view --------------------------------------------------------- */

static int begin_command(
    void *commands, const struct view_command *command, struct err *err)
{
	struct commands *c = commands;

	(void)err; /* told by end_command */
	if (!c->forbidden && !strings_have(&c->remembered, command->key))
		(void)add_job(c, command);
	return 0;
}

static int end_command(void *commands, struct arena *arena,
    const struct view_command *command, struct view_command_end *ret,
    struct err *err)
{
	struct commands *c = commands;
	struct job *job;

	(void)arena; /* what the answer holds is in the run's own */
	*ret = (struct view_command_end){ .output = "" };
	if (strings_have(&c->remembered, command->key)) {
		ret->state = COMMAND_REMEMBERED;
		return 0;
	}
	if (c->forbidden) {
		ret->state = COMMAND_NOT_HERE;
		ret->output = c->forbidden;
		ret->output_len = strlen(c->forbidden);
		return 0;
	}
	job = add_job(c, command);
	while (job->state != JOB_DONE) {
		show_progress(c);
		attend(c);
		start_some(c);
	}
	if (job->failed) {
		*err = job->err;
		return -1;
	}
	*ret = job->end;
	return 0;
}

void commands_bind(struct commands *commands, struct view *view)
{
	view->commands = commands;
	view->command_begin = begin_command;
	view->command_end = end_command;
}

void commands_close(struct commands *commands)
{
	if (!commands)
		return;
	for (size_t i = 0; i < commands->jobs.n; i++) {
		struct job *job = commands->jobs.v[i];

		if (job->state != JOB_RUNS)
			continue;
		jail_end(&job->run.jail);
		finish_job(commands, job);
	}
}
