#include <string.h>

#include "base/process.h"
#include "base/program.h"
#include "notify/deliver.h"

static const char *hex_of(struct arena *arena, const struct oid *oid)
{
	return oid_is_zero(oid) ? "" : arena_strdup(arena, oid_hex(oid).s);
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

static const char *const *environment(const struct parcel *parcel)
{
	struct arena *arena = parcel->arena;
	const struct event *event = parcel->event;
	const char *const entries[] = {
		arena_printf(arena, "PATH=%s", PROGRAM_PATH),
		"LC_ALL=C.UTF-8",
		arena_printf(
		    arena, "STAGEGATE_EVENT=%s", notify_words[event->kind]),
		arena_printf(arena, "STAGEGATE_ID=%s", event->id),
		arena_printf(
		    arena, "STAGEGATE_REPOSITORY=%s", repo_path(parcel->repo)),
		arena_printf(arena, "STAGEGATE_REF=%s", or_nothing(event->ref)),
		arena_printf(
		    arena, "STAGEGATE_STAGE=%s", or_nothing(event->stage)),
		arena_printf(
		    arena, "STAGEGATE_OLD=%s", hex_of(arena, &event->old)),
		arena_printf(
		    arena, "STAGEGATE_NEW=%s", hex_of(arena, &event->new)),
		arena_printf(arena, "STAGEGATE_ATTEMPT=%llu",
		    (unsigned long long)parcel->attempt),
		deliver_home(arena),
	};
	size_t n = sizeof(entries) / sizeof(*entries);
	const char **list = arena_array(arena, n + 1, sizeof(*list));

	memcpy(list, entries, sizeof(entries));
	return list;
}

int deliver_exec(const struct parcel *parcel, struct err *err)
{
	struct arena *arena = parcel->arena;
	const struct notify_rule *rule = parcel->destination->rule;
	const char **argv = arena_array(arena, rule->exec.n + 1, sizeof(*argv));
	struct process process = { .argv = argv,
		.envp = environment(parcel),
		.cwd = repo_path(parcel->repo),
		.input = parcel->bytes,
		.input_len = parcel->len,
		.memory = rule->limits.memory,
		.output_max = rule->limits.output,
		.timeout_ms = (unsigned)rule->limits.timeout_s * 1000,
		.merge_stderr = true };
	struct process_result result;

	for (size_t i = 0; i < rule->exec.n; i++)
		argv[i] = rule->exec.v[i];
	if (program_find(arena, rule->exec.v[0], &argv[0], err) < 0 ||
	    process_run(arena, &process, &result, err) < 0)
		return -1;
	if (result.status == 0 && !result.timed_out)
		return 0;
	return deliver_failed(parcel, rule->exec.v[0], &result, err);
}
