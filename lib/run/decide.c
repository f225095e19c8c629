#include "run/decide.h"

#include "base/clock.h"
#include "tell/progress.h"

struct watch {
	uint64_t deadline_ms;
	struct progress progress;
};

static void watch_progress(
    void *ctx, const char *what, size_t done, size_t total)
{
	struct watch *watch = ctx;

	progress_step(&watch->progress, what, done, total);
}

static bool watch_expired(void *ctx)
{
	const struct watch *watch = ctx;

	return clock_monotonic_ms() >= watch->deadline_ms;
}

static bool is_in_flight(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->nrefs; i++)
		if (verdict->refs[i].in_flight)
			return true;
	return false;
}

int decide(struct session *session, const struct push *push,
    struct verdict *ret, struct err *err)
{
	uint64_t start = clock_monotonic_ms();
	struct watch watch = { .deadline_ms = start +
		    session->policy->limit_time_s * 1000 };
	const struct judge_env env = { watch_progress, watch_expired, &watch };

	progress_init(&watch.progress);
	if (!session->commands)
		session->commands = commands_new(session->arena, session->repo);
	commands_watch(session->commands, watch.deadline_ms, &env);
	if (session->policy->sign_key)
		commands_hide(session->commands, session->policy->sign_key);
	for (;;) {
		commands_bind(session->commands, &session->view);
		judge(session->arena, session->policy, push, &session->view,
		    session->now, &env, ret);
		if (!ret->refused || !is_in_flight(ret) ||
		    clock_monotonic_ms() - start >= FLIGHT_WAIT_MS)
			break;
		clock_sleep_ms(FLIGHT_POLL_MS);
		if (session_open_ledger(session, err) < 0)
			return -1;
	}
	progress_end(&watch.progress);
	commands_watch(session->commands, watch.deadline_ms, NULL);
	return 0;
}
