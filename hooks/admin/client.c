#include "client.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"

/* Our child runner wants an absolute path, which execvp(3) would find. */
static int find_git(struct arena *arena, const char **ret, struct err *err)
{
	const char *path = getenv("PATH");

	if (!path || !*path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (*path) {
		size_t len = strcspn(path, ":");
		const char *file = arena_printf(
		    arena, "%.*s/git", (int)len, path);

		if (file[0] == '/' && access(file, X_OK) == 0) {
			*ret = file;
			return 0;
		}
		path += path[len] ? len + 1 : len;
	}
	return err_set(err, ERR_NOTFOUND, "there is no git in PATH");
}

static int make_argv(struct admin *admin, const char *const *args,
    const char *argv[CLIENT_ARGS_MAX], struct err *err)
{
	size_t n = 0;

	if (find_git(admin->arena, &argv[n++], err) < 0)
		return -1;
	argv[n++] = "-C";
	argv[n++] = admin->dir;
	while (*args && n + 1 < CLIENT_ARGS_MAX)
		argv[n++] = *args++;
	argv[n] = NULL;
	return 0;
}

static int run_git(struct admin *admin, const char *const *args,
    const char *input, bool with_errors, struct process_result *ret,
    struct err *err)
{
	const char *argv[CLIENT_ARGS_MAX];
	struct process process = { .argv = argv,
		.envp = (const char *const *)environ,
		.input = input,
		.input_len = input ? strlen(input) : 0,
		.output_max = CLIENT_OUTPUT_MAX,
		.timeout_ms = CLIENT_TIMEOUT_MS,
		.merge_stderr = with_errors };

	if (make_argv(admin, args, argv, err) < 0)
		return -1;
	return process_run(admin->arena, &process, ret, err);
}

/* Warnings must not get into what git answers; so where it fails it is asked
 * once more, for its words. */
int client_git(struct admin *admin, const char *const *args, const char *input,
    const char **ret_line, struct err *err)
{
	struct process_result result;
	const char *line;
	bool failed;

	if (run_git(admin, args, input, false, &result, err) < 0)
		return -1;
	failed = result.timed_out || result.status != 0;
	if (failed && run_git(admin, args, input, true, &result, err) < 0)
		return -1;
	line = arena_strndup(
	    admin->arena, result.output, strcspn(result.output, "\n"));
	if (failed)
		return err_set(err, ERR_FORMAT, "git %s: %s", args[0],
		    *line ? line : "failed");
	*ret_line = line;
	return 0;
}

int client_git_on_terminal(struct admin *admin, const char *const *args,
    int *ret_status, struct err *err)
{
	const char *argv[CLIENT_ARGS_MAX];
	char *copy[CLIENT_ARGS_MAX];
	size_t n = 0;
	int status, code;
	pid_t pid;

	if (make_argv(admin, args, argv, err) < 0)
		return -1;
	do
		copy[n] = arena_strdup(admin->arena, argv[n]);
	while (argv[++n]);
	copy[n] = NULL;
	code = posix_spawn(&pid, copy[0], NULL, NULL, copy, environ);
	if (code != 0)
		return err_set(err, ERR_IO, "cannot start '%s': %s", argv[0],
		    strerror(code));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, ERR_IO, "cannot wait for git: %s",
			    strerror(errno));
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status)
					: 128 + WTERMSIG(status);
	return 0;
}
