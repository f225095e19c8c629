#include "run/chain.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/process.h"
#include "tell/output.h"

#define CHAINED_SUFFIX ".chained"
#define EXE_PATH_MAX 4096

/* The file that runs is the hook itself, whatever directory core.hooksPath
 * names: hooks are real files, never links. */
static const char *chained_path(struct arena *arena)
{
	char path[EXE_PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	if (n <= 0 || (size_t)n == sizeof(path))
		return NULL;
	return arena_printf(arena, "%.*s" CHAINED_SUFFIX, (int)n, path);
}

int chain_run(const struct teller *teller,
    const struct environment *environment, const struct chain_input *input)
{
	struct arena *arena = teller->arena;
	const char *path = chained_path(arena);
	const char *argv[] = { path, input->args[0], input->args[1],
		input->args[2], NULL };
	struct process process = { .argv = argv,
		.envp = environment_list(arena, environment),
		.input = input->input,
		.input_len = input->len,
		.output_max = CHAIN_OUTPUT_MAX,
		.merge_stderr = true };
	struct process_result result;
	struct stat st;
	struct err err;

	if (!path)
		return say_undecided(teller, "cannot read /proc/self/exe");
	/* A link that leads nowhere is a hook that can't be run. */
	if (lstat(path, &st) < 0 && errno == ENOENT)
		return EXIT_ALLOWED;
	if (access(path, X_OK) < 0)
		return say_undecided(teller,
		    arena_printf(arena, "the chained hook can't be run: %s",
			strerror(errno)));
	if (process_run(arena, &process, &result, &err) < 0)
		return say_undecided(teller, err.text);
	output_write(STDERR_FILENO, result.output, result.output_len);
	return result.status == 0 ? EXIT_ALLOWED : EXIT_REFUSED;
}
